//! One text as the rules read it: folded, cut into tokens and sentences, quotations known.

use super::{
    fold::{Folded, fold},
    quote::{self, Quote},
    sentence::{self, Sentence},
    span::{Folded as FoldedText, Span},
    token::{Token, tokenize},
};

/// A segment's text, read once for all rules.
#[derive(Debug)]
pub struct Reading<'t> {
    /// The folded text and the way back.
    pub folded: Folded<'t>,
    /// Its tokens, in order.
    pub tokens: Vec<Token>,
    /// Its sentences, in order; each token names its own.
    pub sentences: Vec<Sentence>,
    /// Quotations and titles.
    pub quotes: Vec<Quote>,
}

impl<'t> Reading<'t> {
    /// Folds and splits `text`.
    pub fn new(text: &'t str) -> Self {
        let folded = fold(text);
        let mut tokens = tokenize(&folded.text);
        let sentences = sentence::split(&folded.text, &mut tokens);
        let quotes = quote::find(&folded.text);
        Self { folded, tokens, sentences, quotes }
    }

    /// The same text with other tokens: some of them joined, say.
    #[must_use]
    pub fn with_tokens(&self, mut tokens: Vec<Token>) -> Self {
        let sentences = sentence::split(&self.folded.text, &mut tokens);
        Self { folded: self.folded.clone(), tokens, sentences, quotes: self.quotes.clone() }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.folded.text
    }

    /// The folded text at `span`.
    pub fn at(&self, span: Span<FoldedText>) -> &str {
        span.of(&self.folded.text)
    }

    /// Index of the first token that ends behind byte `at`.
    pub fn token_from(&self, at: usize) -> usize {
        self.tokens.partition_point(|t| t.span.end <= at)
    }

    /// The tokens that `span` touches, as a range of indices.
    pub fn tokens_in(&self, span: Span<FoldedText>) -> std::ops::Range<usize> {
        let from = self.token_from(span.start);
        let to = self.tokens.partition_point(|t| t.span.start < span.end);
        from..to.max(from)
    }

    /// The sentence at byte `at`: the one that holds it, else the one before.
    pub fn sentence_at(&self, at: usize) -> usize {
        self.sentences.partition_point(|s| s.span.start <= at).saturating_sub(1)
    }

    /// The quotations that `span` overlaps, in order.
    pub fn quotes_in(&self, span: Span<FoldedText>) -> impl Iterator<Item = &Quote> {
        // They are in order and apart.
        let from = self.quotes.partition_point(|q| q.span.end <= span.start);
        let rest = self.quotes.get(from..).unwrap_or_default();
        rest.iter().take_while(move |q| q.span.start < span.end)
    }

    /// Whether `span` lies in words that are somebody else's.
    pub fn is_quoted(&self, span: Span<FoldedText>) -> bool {
        // Quotations are in order and apart: only the last that begins before the span can hold it.
        let next = self.quotes.partition_point(|q| q.span.start <= span.start);
        let quote = next.checked_sub(1).and_then(|i| self.quotes.get(i));
        quote.is_some_and(|q| q.attributed && q.span.contains(span))
    }

    /// Whether `span` touches a URL, e-mail address, mention, hashtag or reference.
    pub fn touches_opaque(&self, span: Span<FoldedText>) -> bool {
        self.tokens.get(self.tokens_in(span)).unwrap_or_default().iter().any(|t| t.kind.is_opaque())
    }

    /// Whether the text of `span` was disguised: look-alike letters, invisible characters, full-width digits.
    pub fn is_disguised(&self, span: Span<FoldedText>) -> bool {
        let disguised = &self.folded.disguised;
        if disguised.is_empty() {
            return false;
        }
        let from = disguised.partition_point(|d| d.end <= span.start);
        disguised.get(from).is_some_and(|d| d.overlaps(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where `words` stand in the folded text.
    fn span(reading: &Reading<'_>, words: &str) -> Span<FoldedText> {
        let at = reading.text().find(words).unwrap();
        Span::new(at, at + words.len())
    }

    #[test]
    fn only_attributed_words_are_somebody_elses() {
        let reading = Reading::new("Our so-called 'gain' is big. Dot told us: 'It does not hurt to ask'. We ask.");
        let quoted = |words| reading.is_quoted(span(&reading, words));
        assert!(quoted("It does") && quoted("hurt to ask"));
        assert!(!quoted("gain") && !quoted("is big") && !quoted("We ask"));
        assert!(!quoted("us: 'It does"), "a span that begins outside is ours");
    }

    #[test]
    fn tokens_and_sentences_are_found_by_their_place() {
        let reading = Reading::new("Bins are out. See https://a.uk/b or #BinDay now.");
        let words = |text| {
            reading.tokens_in(span(&reading, text)).map(|i| reading.at(reading.tokens[i].span)).collect::<Vec<_>>()
        };
        assert_eq!(words("ins are o"), ["Bins", "are", "out"]);
        assert_eq!(words(" now"), ["now"]);
        assert_eq!([0, 11, 14, 30].map(|at| reading.sentence_at(at)), [0, 0, 1, 1]);
        let opaque = |text| reading.touches_opaque(span(&reading, text));
        assert!(opaque("a.uk") && opaque("or #Bin") && !opaque("Bins are out. See ") && !opaque("or"));
    }

    #[test]
    fn a_disguise_is_where_it_is() {
        let reading = Reading::new("a b\u{200b}c d");
        let disguised = |words| reading.is_disguised(span(&reading, words));
        assert!(disguised("bc") && disguised("a bc") && !disguised("a") && !disguised("d"));
    }

    #[test]
    fn quotations_are_those_that_a_span_overlaps() {
        let reading = Reading::new("'One is here', said Dot. 'Two is there', said Sam. 'Three is gone', said Kim.");
        let said = |from: &str, to: &str| {
            let part = span(&reading, from).cover(span(&reading, to));
            reading.quotes_in(part).map(|q| reading.at(q.span)).collect::<Vec<_>>()
        };
        assert_eq!(said("One", "Kim").len(), 3);
        assert_eq!(said("there", "Three"), ["Two is there,", "Three is gone,"].map(|q| q.trim_end_matches(',')));
        assert_eq!(said("said Dot", "said Dot"), [""; 0]);
        assert_eq!(said("said Sam", "said Kim"), ["Three is gone"]);
    }
}

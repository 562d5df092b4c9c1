//! Where sentences begin and end, decided on tokens.
//!
//! Drafts are not tidy prose: lower case after a full stop, an emoji instead of a stop, a list of lines. The splitter
//! prefers to break: a composition that runs over two sentences raises false alarms, one cut in half only stays silent.

use super::span::{Folded, Span};
use super::token::{Token, TokenKind};
use std::ops::Range;

/// One sentence of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From its first token to its last, closing mark and emoji included.
    pub span: Span<Folded>,
    /// Its tokens, as indices.
    pub tokens: Range<usize>,
    /// The first of them in which something is said, which marks and emoji do not; their end where there is none.
    pub said: usize,
}

/// Splits `tokens` of `text` into sentences and notes in each token which it belongs to.
pub fn split(text: &str, tokens: &mut [Token]) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut from = 0;
    for i in 0..tokens.len() {
        if ends_after(text, tokens, from, i) {
            close(tokens, from..i + 1, &mut sentences);
            from = i + 1;
        }
    }
    sentences
}

fn close(tokens: &mut [Token], range: Range<usize>, sentences: &mut Vec<Sentence>) {
    let number = u32::try_from(sentences.len()).unwrap_or(u32::MAX);
    let Some(part) = tokens.get_mut(range.clone()) else { return };
    let says = |token: &Token| !matches!(token.kind, TokenKind::Mark(_) | TokenKind::Emoji);
    let said = range.start + part.iter().take_while(|t| !says(t)).count();
    for (i, token) in range.clone().zip(part.iter_mut()) {
        token.sentence = number;
        token.first = i == said;
    }
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return };
    sentences.push(Sentence { span: first.span.cover(last.span), tokens: range, said });
}

/// Whether the sentence that began at token `from` ends with token `i`.
fn ends_after(text: &str, tokens: &[Token], from: usize, i: usize) -> bool {
    let (Some(here), Some(next)) = (tokens.get(i), tokens.get(i + 1)) else { return true };
    if next.new_line && !is_wrapped(text, tokens, i) {
        return true;
    }
    // Emoji and closing marks behind a stop still belong to the sentence.
    if matches!(next.kind, TokenKind::Emoji | TokenKind::Mark(')' | '!' | '?' | '.' | '…' | ']')) {
        return false;
    }
    match here.kind {
        TokenKind::Mark('.') => next.spaced && !is_abbreviation(text, tokens, i) || is_glued(here, next),
        TokenKind::Mark('!' | '?') => true,
        TokenKind::Mark('…') | TokenKind::Emoji => next.capital || stopped(tokens, from, i),
        TokenKind::Mark(')' | ']') => stopped(tokens, from, i),
        _ => false,
    }
}

/// `collected.It`: a stop with no space before a capital.
fn is_glued(here: &Token, next: &Token) -> bool {
    here.span.end == next.span.start
        && next.capital
        && !next.upper
        && next.kind == TokenKind::Word
        && next.span.len() > 1
}

/// Whether a stop was met before the run of emoji and closing marks that ends at token `i`.
fn stopped(tokens: &[Token], from: usize, i: usize) -> bool {
    let part = tokens.get(from..i).unwrap_or_default();
    part.iter()
        .rev()
        .find(|t| !matches!(t.kind, TokenKind::Emoji | TokenKind::Mark(')' | ']')))
        .is_some_and(|t| matches!(t.kind, TokenKind::Mark('.' | '!' | '?')))
}

/// A line end inside a hard-wrapped paragraph: a long line without a closing mark, continued in lower case.
fn is_wrapped(text: &str, tokens: &[Token], i: usize) -> bool {
    let (Some(here), Some(next)) = (tokens.get(i), tokens.get(i + 1)) else { return false };
    let between = text.get(here.span.end..next.span.start).unwrap_or_default();
    let line = text.get(..here.span.end).and_then(|t| t.rsplit('\n').next()).unwrap_or_default();
    let open = matches!(here.kind, TokenKind::Word | TokenKind::Number | TokenKind::Mark(','));
    let small = next.kind == TokenKind::Word && !next.capital;
    open && small && line.len() >= 50 && between.matches('\n').count() == 1
}

/// Abbreviations that carry a stop inside a sentence, and initials.
fn is_abbreviation(text: &str, tokens: &[Token], i: usize) -> bool {
    const SHORT: &[&str] = &[
        "mr", "mrs", "ms", "dr", "prof", "rev", "cllr", "st", "no", "nos", "approx", "est", "e.g", "i.e", "eg", "ie",
        "vs", "cf", "al", "inc", "tel", "dept", "rd", "ave", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
        "sept", "oct", "nov", "dec", "hon", "sgt", "insp", "capt", "p", "pp", "para", "sch", "art", "vol", "fig",
    ];
    let Some(word) = i.checked_sub(1).and_then(|k| tokens.get(k)) else { return false };
    if word.span.end != tokens.get(i).map_or(0, |t| t.span.start) || word.kind != TokenKind::Word {
        return false;
    }
    let said = word.span.of(text);
    let initial = said.len() == 1 && word.capital && said != "I";
    // `a.m.`, `e.g.`: a single letter behind another stop.
    let dotted = said.len() == 1 && i >= 2 && tokens.get(i - 2).is_some_and(|t| t.kind == TokenKind::Mark('.'));
    // After these something always follows, in capitals or not: `e.g. QQ 12 34 56 C`.
    let example = dotted
        && i >= 3
        && tokens.get(i - 3).is_some_and(|t| matches!(t.span.cover(word.span).of(text), "e.g" | "i.e" | "E.g"));
    let next_small = tokens.get(i + 1).is_some_and(|t| !t.capital);
    let name_follows =
        matches!(said.to_ascii_lowercase().as_str(), "mr" | "mrs" | "ms" | "dr" | "prof" | "rev" | "cllr" | "st");
    let numbered = said.eq_ignore_ascii_case("no") && tokens.get(i + 1).is_some_and(|t| t.kind == TokenKind::Number);
    let short = SHORT.iter().any(|s| s.eq_ignore_ascii_case(said)) && said.len() <= 6;
    initial
        || example
        || numbered
        || (dotted && next_small)
        || (short && (next_small || name_follows || said.starts_with(char::is_uppercase)))
            && !matches!(said, "no" | "No" | "mar" | "art" | "may" | "sat" | "sun")
}

#[cfg(test)]
mod tests {
    use super::super::token::tokenize;
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut tokens = tokenize(text);
        split(text, &mut tokens).iter().map(|s| s.span.of(text)).collect()
    }

    #[test]
    fn stops_emoji_and_lines_end_sentences() {
        assert_eq!(sentences("Bins out. ring us! Yes"), ["Bins out.", "ring us!", "Yes"]);
        assert_eq!(sentences("Done 🎉 Finally sense"), ["Done 🎉", "Finally sense"]);
        assert_eq!(sentences("One. 😂 Two"), ["One. 😂", "Two"]);
        assert_eq!(sentences("Line one\nLine two"), ["Line one", "Line two"]);
        assert_eq!(sentences("Ring us (today!) and ask"), ["Ring us (today!)", "and ask"]);
    }

    #[test]
    fn emoji_and_brackets_inside_a_sentence_do_not() {
        assert_eq!(sentences("We laughed 😂 and went home").len(), 1);
        assert_eq!(sentences("Ring us (free) and ask").len(), 1);
    }

    #[test]
    fn abbreviations_and_numbers_do_not() {
        assert_eq!(sentences("Mrs. Okafor of St. Mary's, at 7.30pm e.g. today.").len(), 1);
        assert_eq!(sentences("A number, e.g. QQ 12 34 56 C, is enough.").len(), 1);
        assert_eq!(sentences("J. Smith spoke. Then left.").len(), 2);
    }

    #[test]
    fn a_wrapped_paragraph_stays_whole() {
        let text = "this is a rather long line that somebody wrapped by hand\nand it goes on here";
        assert_eq!(sentences(text).len(), 1);
    }

    #[test]
    fn tokens_know_their_sentence() {
        let text = "A b. C d.";
        let mut tokens = tokenize(text);
        split(text, &mut tokens);
        let firsts: Vec<_> = tokens.iter().filter(|t| t.first).map(|t| t.span.of(text)).collect();
        assert_eq!(firsts, ["A", "C"]);
    }

    #[test]
    fn a_stop_without_a_space_ends_a_sentence_before_a_capitalised_word() {
        assert_eq!(sentences("Collected.It was late"), ["Collected.", "It was late"]);
        assert_eq!(sentences("Ask Bob.I did").len(), 1, "a letter is no word");
        assert_eq!(sentences("Ask at the P.LO desk").len(), 1);
    }

    #[test]
    fn a_stop_behind_an_abbreviation_ends_a_sentence_where_a_capital_follows() {
        assert_eq!(sentences("Bring approx. ten bags. Then go.").len(), 2);
        assert_eq!(sentences("Open at 9 a.m. until noon. Then go.").len(), 2);
        assert_eq!(sentences("Open at 9 a.m. Then go.").len(), 2);
        assert_eq!(sentences("Ring the dept. They know.").len(), 2);
        assert_eq!(sentences("Ask Cllr. Pell. He knows.").len(), 2);
        assert_eq!(sentences("See no. 5 first. Then no. Then go.").len(), 3);
        assert_eq!(sentences("It is e.g. A5 in size.").len(), 1);
    }
}

//! Which words of a sentence moved its score: the window that a finding covers, and the words that its reasons name.

use super::{Model, Text, classes};
use crate::text::{
    names::is_first_name,
    span::{Folded, Span},
    spelling::meant,
    token::{Token, TokenKind},
};
use std::ops::Range;

/// What a word must add to be worth covering. It keeps words that say next to nothing out of the window.
const WORTH: f32 = 0.05;
/// The fewest words of a window, if the sentence has as many.
const FEWEST: usize = 4;
/// Words that explain nothing when they are named.
const SILENT: &[&str] = &["a", "an", "and", "are", "as", "at", "in", "is", "of", "on", "the", "to", "with"];
/// How many words a finding names.
const NAMED: usize = 4;

/// The window of `sentence` with the most weight, and the words in it that moved the score most.
pub(super) fn narrow(
    text: &Text<'_, '_>,
    sentence: usize,
    moved: &[f32],
    model: &Model,
) -> (Span<Folded>, Vec<String>) {
    let tokens = text.tokens(sentence);
    let window = trim(tokens, widen(tokens, heaviest(moved)));
    let part = tokens.get(window.clone()).unwrap_or_default();
    let span = match (part.first(), part.last()) {
        (Some(first), Some(last)) => first.span.cover(last.span),
        _ => Span::new(0, 0),
    };
    let mut best: Vec<usize> = window.filter(|i| moved.get(*i).is_some_and(|m| *m > WORTH)).collect();
    best.sort_by(|a, b| moved.get(*b).partial_cmp(&moved.get(*a)).unwrap_or(std::cmp::Ordering::Equal).then(a.cmp(b)));
    let mut words: Vec<String> = Vec::new();
    for i in best {
        if let Some(word) = shown(text, sentence, i, model).filter(|w| !words.contains(w)) {
            words.push(word);
        }
        if words.len() == NAMED {
            break;
        }
    }
    (span, words)
}

/// The run of words with the largest sum; the single best one where none is worth covering.
fn heaviest(moved: &[f32]) -> Range<usize> {
    let (mut best, mut window) = (f32::MIN, 0..moved.len().min(1));
    let (mut sum, mut from) = (0.0, 0);
    for (i, weight) in moved.iter().enumerate() {
        if sum <= 0.0 {
            (sum, from) = (0.0, i);
        }
        sum += weight - WORTH;
        if sum > best {
            (best, window) = (sum, from..i + 1);
        }
    }
    window
}

/// Takes in neighbours until the window has a few words; it never leaves the sentence.
fn widen(tokens: &[Token], mut window: Range<usize>) -> Range<usize> {
    let words = |w: &Range<usize>| tokens.get(w.clone()).unwrap_or_default().iter().filter(|t| is_word(t)).count();
    while words(&window) < FEWEST && (window.start > 0 || window.end < tokens.len()) {
        window = window.start.saturating_sub(1)..(window.end + 1).min(tokens.len());
    }
    window
}

/// Leaves marks at the ends out.
fn trim(tokens: &[Token], window: Range<usize>) -> Range<usize> {
    let kept = |i: &usize| tokens.get(*i).is_some_and(|t| !matches!(t.kind, TokenKind::Mark(_)));
    let start = window.clone().find(kept).unwrap_or(window.start);
    let end = window.clone().rev().find(kept).map_or(window.end, |i| i + 1);
    start..end.max(start)
}

fn is_word(token: &Token) -> bool {
    !matches!(token.kind, TokenKind::Mark(_))
}

/// A word as a finding may name it. What may be somebody's secret is called by its kind: only a plain word that the
/// model has met in other drafts is named.
fn shown(text: &Text<'_, '_>, sentence: usize, word: usize, model: &Model) -> Option<String> {
    let token = text.tokens(sentence).get(word)?;
    let said = text.reading().at(token.span);
    if token.kind != TokenKind::Word || said.bytes().any(|b| b.is_ascii_digit()) {
        let kind = classes::kind_name(text.classes(sentence, word));
        return kind.map(str::to_owned).or_else(|| (token.kind == TokenKind::Emoji).then(|| said.to_owned()));
    }
    let lower = said.to_lowercase();
    if token.capital && (!token.first || is_first_name(&lower)) && said != "I" && !said.starts_with("I'") {
        return Some("a name".to_owned());
    }
    if SILENT.contains(&lower.as_str()) {
        return None;
    }
    let known = text.word_hash(sentence, word).is_some_and(|h| model.knows(h));
    known.then(|| format!("'{}'", meant(&lower).unwrap_or(&lower)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_run_wins() {
        assert_eq!(heaviest(&[-0.5, 0.4, -0.1, 0.6, -0.9, 0.3]), 1..4);
        assert_eq!(heaviest(&[-0.5, -0.2, -0.4]), 1..2);
        assert_eq!(heaviest(&[]), 0..0);
    }

    /// One word takes in a neighbour on each side until it has company enough; marks do not count, the sentence is the limit.
    #[test]
    fn a_window_has_a_few_words_and_no_marks_at_its_ends() {
        let reading = crate::text::reading::Reading::new("One, two three, four five.");
        let widened = |from: usize, to: usize| {
            let window = trim(&reading.tokens, widen(&reading.tokens, from..to));
            reading.tokens[window].iter().map(|t| reading.at(t.span)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(widened(0, 1), "One , two three , four");
        assert_eq!(widened(3, 4), "One , two three , four five");
        assert_eq!(widened(6, 7), "two three , four five");
        assert_eq!(widened(2, 8), "two three , four five", "enough as it is");
        let short = crate::text::reading::Reading::new("One, two.");
        assert_eq!(widen(&short.tokens, 0..1), 0..short.tokens.len(), "never more than there is");
    }
}

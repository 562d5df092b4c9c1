//! Signs that a writer hides words from a filter: what no word of the sentence says any more.

use crate::text::{
    reading::Reading,
    span::{Folded, Span},
    token::TokenKind,
};

/// A way of hiding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guise {
    /// Look-alike letters, invisible characters, full width: what folding undoes.
    Undone = 1,
    /// Signs set apart: `D.a.r.r.o.n`, `t h i s`.
    Apart,
    /// A figure or sign for a letter: `p@ss`, `l0ser`.
    Figured,
}

/// So many signs in a row, set apart, are no initials.
const ROW: usize = 4;

/// The guises in `span`, each with a byte of the word that wears it, in the order of the kinds.
pub(super) fn guises(reading: &Reading<'_>, span: Span<Folded>) -> Vec<(Guise, usize)> {
    let text = reading.at(span);
    let mut found = Vec::new();
    let tokens = reading.tokens.get(reading.tokens_in(span)).unwrap_or_default();
    let is_word = |kind| matches!(kind, TokenKind::Word | TokenKind::Number);
    let undone = tokens.iter().find(|t| is_word(t.kind) && reading.is_disguised(t.span));
    found.extend(undone.map(|t| (Guise::Undone, t.span.start)));
    found.extend(apart(text).map(|at| (Guise::Apart, span.start + at)));
    let opaque = |at: usize| {
        let here = reading.tokens.get(reading.tokens_in(Span::new(at, at + 1))).unwrap_or_default();
        here.iter().any(|t| matches!(t.kind, TokenKind::Url | TokenKind::Email))
    };
    found.extend(figured(text).map(|at| span.start + at).find(|at| !opaque(*at)).map(|at| (Guise::Figured, at)));
    found
}

/// Where a row of signs begins that stand apart from each other, if there is one.
fn apart(text: &str) -> Option<usize> {
    if text.is_ascii() {
        row(text.bytes().map(|b| b.is_ascii_alphanumeric()).enumerate())
    } else {
        row(text.char_indices().map(|(at, c)| (at, c.is_alphanumeric())))
    }
}

/// The same for signs that are given by their place, and whether they are letters or figures.
fn row(signs: impl Iterator<Item = (usize, bool)>) -> Option<usize> {
    let (mut word, mut at) = (0, 0);
    let (mut row, mut start, mut gap) = (0, 0, 0);
    for (here, is_said) in signs.chain([(0, false)]) {
        if is_said {
            at = if word == 0 { here } else { at };
            word += 1;
            continue;
        }
        if word > 0 {
            (row, start) = match word {
                1 if row > 0 && gap <= 3 => (row + 1, start),
                1 => (1, at),
                _ => (0, at),
            };
            (word, gap) = (0, 0);
        }
        if row == ROW {
            return Some(start);
        }
        gap += 1;
    }
    None
}

/// Whether a byte is a figure or sign that may stand for a letter.
#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
const FIGURES: [bool; 256] = {
    let (mut table, mut all) = ([false; 256], b"0134579@$!|".as_slice());
    while let [figure, rest @ ..] = all {
        table[*figure as usize] = true;
        all = rest;
    }
    table
};

/// Where a figure or sign stands between two small letters.
fn figured(text: &str) -> impl Iterator<Item = usize> {
    let is_figure = |b: u8| FIGURES.get(usize::from(b)).is_some_and(|is| *is);
    let small = u8::is_ascii_lowercase;
    let windows = text.as_bytes().windows(3).enumerate();
    windows.filter(move |(_, w)| matches!(w, [a, b, c] if is_figure(*b) && small(a) && small(c))).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Guise> {
        let reading = Reading::new(text);
        let span = Span::new(0, reading.text().len());
        guises(&reading, span).into_iter().map(|(guise, _)| guise).collect()
    }

    #[test]
    fn hidden_words_are_seen() {
        assert_eq!(found("what a sh\u{200B}ambles"), [Guise::Undone]);
        assert_eq!(found("ask D.a.r.r.o.n about it"), [Guise::Apart]);
        assert_eq!(found("i c a n t even"), [Guise::Apart]);
        assert_eq!(found("what a l0ser"), [Guise::Figured]);
        assert_eq!(found("the p@ssword"), [Guise::Figured]);
    }

    #[test]
    fn plain_writing_hides_nothing() {
        for text in [
            "Open 9 to 5, see unit 4a",
            "the Y.M.C.",
            "write to jo@example.org or a1b@example.org",
            "3 - 2 at full time",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_guise_is_at_the_word_that_wears_it() {
        let reading =
            Reading::new("So. Ask D.a.r.r.o.n, that l0ser, a sh\u{200B}ambles, by https://a1b.example.org now");
        let start = reading.text().find("Ask").unwrap();
        let all = guises(&reading, Span::new(start, reading.text().len()));
        let at = |word: &str| reading.text().find(word).unwrap();
        let want = [(Guise::Undone, at("shambles")), (Guise::Apart, at("D.a")), (Guise::Figured, at("l0ser"))];
        assert_eq!(all, want);
    }
}

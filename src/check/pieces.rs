//! A text in pieces of whole lines: what most patterns can be looked for in one by one, and need not be where a piece has
//! not what they need.

use super::{
    gate::{Gate, Prospects},
    pattern::Suits,
};
use std::ops::Range;

/// From this length on, in bytes, a piece ends with its line.
const PIECE: usize = 1024;

/// A piece of a text.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// What may be found in it.
    pub(super) prospects: Prospects,
    /// The engines that suit it.
    pub(super) suits: Suits,
}

impl Piece {
    fn new(text: &str, range: Range<usize>, gate: &Gate) -> Self {
        let own = text.get(range.clone()).unwrap_or_default();
        Self { prospects: gate.read(own), suits: Suits::of(own), range }
    }
}

/// A text in pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    /// From left to right; a line end is in the piece that it ends.
    pub(super) lines: Vec<Piece>,
    /// The text as one piece, where it is more than one.
    whole: Option<Piece>,
}

impl Pieces {
    /// Cuts `text`; `gate` says what may be found where.
    pub(super) fn new(text: &str, gate: &Gate) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        for end in ends.filter(|end| text.len() - end >= PIECE) {
            if end - start >= PIECE {
                lines.push(Piece::new(text, start..end, gate));
                start = end;
            }
        }
        lines.push(Piece::new(text, start..text.len(), gate));
        let whole = (lines.len() > 1).then(|| Piece::new(text, 0..text.len(), gate));
        Self { lines, whole }
    }

    /// The whole text, for what may reach over the end of a line.
    pub(super) fn whole(&self) -> &[Piece] {
        self.whole.as_ref().map_or(&self.lines, std::slice::from_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{pattern::Pattern, prefilter::Prefilter},
        *,
    };
    use proptest::prelude::*;

    /// All matches of a pattern, looked for in the whole text or in those pieces that may have one.
    fn found(pattern: &Pattern, prefilter: &Prefilter, text: &str, whole: bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let pieces = Pieces::new(text, &Gate::new([prefilter]));
        for piece in if whole { pieces.whole() } else { &pieces.lines } {
            let prospects = &piece.prospects;
            if prefilter.allows(&prospects.print) && prospects.patterns.has(0) {
                pattern.captures(text, piece, &mut |hit, _| found.push(hit.range()));
            }
        }
        found
    }

    #[test]
    fn only_a_pattern_with_a_line_end_reaches_over_one() {
        let in_one_line = |pattern| Prefilter::new(pattern).in_one_line;
        assert!(in_one_line(r"\b[0-9]+[^\n.]{0,9}.x") && in_one_line("(?m)^a$"));
        assert!(!in_one_line(r"a\sb") && !in_one_line("a[^b]c") && !in_one_line("(?s)a.c"));
    }

    proptest! {
        #[test]
        fn a_pattern_finds_the_same_in_pieces(
            lines in proptest::collection::vec("([a-c0-9é]{1,3} ?){0,200}", 0..12),
            source in proptest::sample::select(&[r"\ba[a-c]", r"\b[0-9]{2}\b", "(?m)^[a-c]+$", "b[0-9]+é?$", r"^\w+"][..]),
        ) {
            let text = lines.join("\n");
            let (pattern, prefilter) = (Pattern::new(source.to_owned(), Pattern::automaton(source)), Prefilter::new(source));
            prop_assert!(prefilter.in_one_line);
            let whole = found(&pattern, &Prefilter::default(), &text, true);
            prop_assert_eq!(found(&pattern, &prefilter, &text, false), whole);
        }

        #[test]
        fn pieces_are_the_text_in_whole_lines(lines in proptest::collection::vec("[a-z é]{0,700}", 0..12)) {
            let text = lines.join("\n");
            let pieces = Pieces::new(&text, &Gate::new([]));
            let own = |piece: &Piece| text.get(piece.range.clone()).unwrap();
            let joined: String = pieces.lines.iter().map(own).collect();
            prop_assert_eq!(&joined, &text);
            let (last, others) = pieces.lines.split_last().unwrap();
            prop_assert!(others.iter().all(|p| p.range.len() >= PIECE && own(p).ends_with('\n')));
            prop_assert!(others.is_empty() || last.range.len() >= PIECE);
            let whole: Vec<_> = pieces.whole().iter().map(|p| (p.range.start, p.range.end)).collect();
            prop_assert_eq!(whole, [(0, text.len())]);
        }
    }
}

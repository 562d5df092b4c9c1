//! A text in pieces of whole lines: what most patterns can be looked for in one by one, and need not be where a piece has
//! not what they need.

use super::{
    gate::{Gate, Prospects, Set},
    pattern::Suits,
    prefilter::{Print, holds},
};
use regex_syntax::hir::{Hir, HirKind};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// From this length on, in bytes, a piece ends with its line.
const PIECE: usize = 512;

/// How far a match may reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the end of its line.
    Line,
    /// Into the next piece.
    Near,
    /// Anywhere.
    #[default]
    Far,
}

impl Reach {
    pub(super) const ALL: [Self; 3] = [Self::Line, Self::Near, Self::Far];

    /// How far matches of a pattern reach.
    pub(super) fn of(hir: &Hir) -> Self {
        match over_lines(hir) {
            Some(0) => Self::Line,
            // No piece fits between the first and the last line end of a match.
            Some(..=PIECE) => Self::Near,
            _ => Self::Far,
        }
    }
}

/// The most bytes from the first line end of a match to its last, both included; nothing where there is no limit.
fn over_lines(hir: &Hir) -> Option<usize> {
    let in_one_line = |hir: &Hir| !holds(hir, &['\n']);
    match hir.kind() {
        _ if in_one_line(hir) => Some(0),
        HirKind::Capture(capture) => over_lines(&capture.sub),
        HirKind::Concat(parts) => {
            let first = parts.iter().position(|part| !in_one_line(part)).unwrap_or_default();
            let last = parts.iter().rposition(|part| !in_one_line(part)).unwrap_or_default();
            let among = parts.get(first..=last).unwrap_or_default();
            among.iter().try_fold(0_usize, |sum, part| Some(sum.saturating_add(part.properties().maximum_len()?)))
        }
        _ => hir.properties().maximum_len(),
    }
}

/// A part of a text that a pattern is looked for in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// The engines that suit it.
    pub(super) suits: Suits,
}

impl Part {
    /// The part from the beginning of `self` to the end of `last`.
    pub(super) fn to(&self, last: &Self) -> Self {
        let range = self.range.start..last.range.end;
        Self { suits: self.suits.max(last.suits).in_all(range.len()), range }
    }
}

/// A part of whole lines.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) part: Part,
    /// What may be found in it.
    pub(super) prospects: Prospects,
}

/// A text in pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    /// From left to right; a line end is in the piece that it ends.
    pub(super) lines: Vec<Piece>,
    /// Each two neighbours of these as one.
    pub(super) pairs: Vec<Piece>,
    /// The text as one piece, where it is more than one.
    pub(super) whole: Option<Piece>,
}

impl Pieces {
    /// Cuts `text`; `gate` says what may be found where.
    pub(super) fn new(text: &str, gate: &Gate) -> Self {
        let (mut lines, mut pairs): (Vec<Piece>, Vec<Piece>) = (Vec::new(), Vec::new());
        let (mut all, mut before) = (gate.nothing(), gate.nothing());
        for range in cuts(text) {
            let own = text.get(range.clone()).unwrap_or_default();
            let look = gate.look(own, &before);
            let piece = Piece { prospects: gate.prospects(&look), part: Part { suits: Suits::of(own), range } };
            all.join(&look);
            if let Some(last) = lines.last() {
                before.join(&look);
                pairs.push(Piece { prospects: gate.prospects(&before), part: last.part.to(&piece.part) });
            }
            before = look;
            lines.push(piece);
        }
        let whole = pairs.iter().map(|pair| pair.part.clone()).reduce(|all, pair| all.to(&pair));
        let whole = whole.map(|part| Piece { prospects: gate.prospects(&all), part });
        Self { lines, pairs, whole }
    }

    /// The parts of a text of several pieces in which patterns may match that reach over the end of one, by number of the
    /// pattern and in order: stretches of pairs for those of `near`, the whole for those of `far`.
    pub(super) fn over_lines(
        &self,
        near: &Set,
        far: &Set,
        may_match: impl Fn(usize, &Print) -> bool,
    ) -> Vec<(usize, Part)> {
        let mut parts: Vec<(usize, Part)> = Vec::new();
        // By pattern: the pair that comes next, and the stretch that it goes on.
        let mut next: FxHashMap<usize, (usize, usize)> = FxHashMap::default();
        for (at, pair) in self.pairs.iter().enumerate() {
            for number in pair.prospects.of(near, &may_match) {
                let begun = next.get(&number).filter(|(next, _)| *next == at).map(|(_, stretch)| *stretch);
                if let Some((_, part)) = begun.and_then(|stretch| parts.get_mut(stretch)) {
                    *part = part.to(&pair.part);
                } else {
                    parts.push((number, pair.part.clone()));
                }
                next.insert(number, (at + 1, begun.unwrap_or(parts.len() - 1)));
            }
        }
        if let Some(whole) = &self.whole {
            parts.extend(whole.prospects.of(far, &may_match).map(|number| (number, whole.part.clone())));
        }
        parts
    }
}

/// The pieces of a text: whole lines, none shorter than [`PIECE`] unless it is the only one.
fn cuts(text: &str) -> Vec<Range<usize>> {
    let (mut cuts, mut start) = (Vec::new(), 0);
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    for end in ends.filter(|end| text.len() - end >= PIECE) {
        if end - start >= PIECE {
            cuts.push(start..end);
            start = end;
        }
    }
    cuts.push(start..text.len());
    cuts
}

#[cfg(test)]
mod tests {
    use super::{
        super::{pattern::Pattern, prefilter::Prefilter},
        *,
    };
    use proptest::prelude::*;

    /// All matches of a pattern, looked for where it may have one.
    fn found(source: &str, text: &str) -> Vec<Range<usize>> {
        let (pattern, prefilter) =
            (Pattern::new(source.to_owned().into(), Pattern::automaton(source)), Prefilter::new(source));
        let pieces = Pieces::new(text, &Gate::new([&prefilter]));
        let (one, none) = (Set::new(1, |_| true), Set::new(1, |_| false));
        let may_match = |_, print: &Print| prefilter.allows(print);
        let (near, far) = if prefilter.reach == Reach::Near { (&one, &none) } else { (&none, &one) };
        let parts: Vec<Part> = if prefilter.reach == Reach::Line || pieces.whole.is_none() {
            let lines = pieces.lines.iter().filter(|piece| piece.prospects.of(&one, may_match).next().is_some());
            lines.map(|piece| piece.part.clone()).collect()
        } else {
            pieces.over_lines(near, far, may_match).into_iter().map(|(_, part)| part).collect()
        };
        let mut found = Vec::new();
        for part in &parts {
            pattern.find(text, part, &mut |hit| found.push(hit));
        }
        found
    }

    #[test]
    fn only_a_pattern_with_a_line_end_reaches_over_one() {
        let reach = |pattern| Prefilter::new(pattern).reach;
        assert_eq!([r"\b[0-9]+[^\n.]{0,9}.x", "(?m)^a$"].map(reach), [Reach::Line; 2]);
        assert_eq!([r"a\sb", "a[^b]c", "(?s)a.{99}", r".*(x\s[a-z])b+"].map(reach), [Reach::Near; 4]);
        assert_eq!([r"a\s+b", "a[^b]{300}"].map(reach), [Reach::Far; 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_pattern_finds_the_same_in_pieces(
            lines in proptest::collection::vec("([a-c0-9é]{1,3} ?){0,200}x?", 0..12),
            source in proptest::sample::select(SOURCES),
        ) {
            let text = lines.join("\n");
            let naive = regex::Regex::new(source).unwrap();
            let naive: Vec<_> = naive.find_iter(&text).map(|hit| hit.range()).filter(|hit| !hit.is_empty()).collect();
            prop_assert_eq!(found(source, &text), naive);
        }

        #[test]
        fn pieces_are_the_text_in_whole_lines(lines in proptest::collection::vec("[a-z é]{0,700}", 0..12)) {
            let text = lines.join("\n");
            let pieces = Pieces::new(&text, &Gate::new([]));
            let own = |piece: &Piece| text.get(piece.part.range.clone()).unwrap();
            let joined: String = pieces.lines.iter().map(own).collect();
            prop_assert_eq!(&joined, &text);
            let (last, others) = pieces.lines.split_last().unwrap();
            prop_assert!(others.iter().all(|p| p.part.range.len() >= PIECE && own(p).ends_with('\n')));
            prop_assert!(others.is_empty() || last.part.range.len() >= PIECE);
            prop_assert_eq!(pieces.pairs.len(), others.len());
            prop_assert_eq!(pieces.whole.map(|all| all.part.range), (!others.is_empty()).then_some(0..text.len()));
        }
    }

    /// Patterns of every reach.
    const SOURCES: &[&str] = &[
        r"\ba[a-c]",
        r"\b[0-9]{2}\b",
        "(?m)^[a-c]+$",
        "b[0-9]+é?$",
        r"^\w+",
        r"\bx\s",
        r"[a-c]{2}\sx\b",
        r"x[^0-4]{1,30}[a-c]",
        r"(?s)x.{0,200}x",
        r"\bx\s+\w+",
        "(?s)x.*x",
        r"[a-c]x\s[a-z]+",
        r"\s\s",
    ];
}

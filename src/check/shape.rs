//! The shape of a text: which kinds of characters stand side by side in it.
//!
//! A number plate is two capitals and two digits, whichever they are, and most posts have no such thing. Characters are of
//! sixteen kinds (capitals, small letters, digits, full stops, …); the kinds of three characters in a row are a gram. Of a
//! pattern the rarest set of grams is read off of which every match has one, looked for from each of its parts onwards and
//! backwards: `LDD`, `-DD` for `(?:web|db)-?[0-9]{2}`. Where a match has ended, or not yet begun, any kind may stand.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// How many grams there are.
pub(super) const GRAMS: usize = 1 << 12;
/// The kind of a line end, and of what is before and behind a text.
pub(super) const EDGE: u8 = 0;
/// The kind of white space in a line.
pub(super) const SPACE: u8 = 1;
/// The kind of digits.
pub(super) const DIGIT: u8 = 4;
/// The kind of characters beyond ASCII.
const BEYOND: u8 = 15;
/// Any kind.
const ANY: u16 = u16::MAX;
/// How often a kind is met in English text, in thousandths.
const COMMONNESS: [u64; 16] = [10, 165, 30, 720, 15, 12, 4, 2, 2, 1, 12, 10, 2, 1, 3, 5];
/// Grams that are met more often than this, in thousand millionths, say nothing.
const COMMON: u64 = 60_000_000;
/// How many parts of a pattern are read, for all of its grams. The dearest built-in pattern takes 7,484.
const PATIENCE: u32 = 20_000;

/// The kind of a byte; all bytes of a character beyond ASCII are of one.
#[inline]
pub(super) const fn kind(byte: u8) -> u8 {
    match byte {
        b'\n' => EDGE,
        b' ' | b'\t' | b'\r' => SPACE,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        b'0'..=b'9' => DIGIT,
        b'.' => 5,
        b'-' => 6,
        b'/' => 7,
        b':' => 8,
        b'@' => 9,
        b',' | b';' | b'!' | b'?' => 10,
        b'\'' | b'"' | b'(' | b')' => 11,
        b'#' => 12,
        b'_' => 13,
        0x80.. => BEYOND,
        _ => 14,
    }
}

/// `gram` with a kind behind it, and without its first.
#[inline]
pub(super) fn next(gram: u16, kind: u8) -> u16 {
    (gram << 4 | u16::from(kind)) & 0xFFF
}

/// A set of grams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grams(Box<[u64; GRAMS / 64]>);

impl Grams {
    /// No grams.
    pub(super) fn none() -> Self {
        Self(Box::new([0; GRAMS / 64]))
    }

    #[inline]
    pub(super) fn add(&mut self, gram: u16) {
        if let Some(word) = self.0.get_mut(usize::from(gram >> 6)) {
            *word |= 1 << (gram & 63);
        }
    }

    /// The grams, in order.
    pub(super) fn each(&self) -> impl Iterator<Item = u16> {
        let after = |word: &u64| Some(word & (word - 1)).filter(|word| *word != 0);
        self.0.iter().zip(0_u16..).flat_map(move |(word, row)| {
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), after);
            words.map(move |word| row << 6 | u16::try_from(word.trailing_zeros()).unwrap_or_default())
        })
    }

    /// Adds the grams that begin with two kinds and end with one of a mask.
    fn add_all(&mut self, first: u8, second: u8, lasts: u16) {
        let row = u16::from(first) << 4 | u16::from(second);
        if let Some(word) = self.0.get_mut(usize::from(row >> 2)) {
            *word |= u64::from(lasts) << (16 * (row & 3));
        }
    }

    /// Adds the grams of another set.
    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0.iter()).for_each(|(a, b)| *a |= b);
    }

    /// The same grams, each read backwards.
    fn turned(&self) -> Self {
        let mut turned = Self::none();
        self.each().for_each(|gram| turned.add((gram & 15) << 8 | gram & 0xF0 | gram >> 8));
        turned
    }

    /// How often one of them is met, in thousand millionths.
    fn commonness(&self) -> u64 {
        let of = |kind: usize| COMMONNESS.get(kind).copied().unwrap_or_default();
        let of_half = |half: usize, lasts: u8| COMMONNESS_OF.get(half)?.get(usize::from(lasts)).copied();
        let of_all =
            |[low, high, ..]: [u8; 8]| of_half(0, low).zip(of_half(1, high)).map_or(0, |(low, high)| low + high);
        let met = self.0.iter().enumerate().filter(|(_, word)| **word != 0);
        let rows = met.flat_map(|(at, word)| (0..4).map(move |i| (4 * at + i, (word >> (16 * i)).to_le_bytes())));
        rows.map(|(row, lasts)| of(row >> 4) * of(row & 15) * of_all(lasts)).sum()
    }
}

/// How often any kind of a mask is met, for each half of the mask.
#[expect(clippy::indexing_slicing, reason = "worked out while compiling")]
const COMMONNESS_OF: [[u64; 256]; 2] = {
    let mut sums = [[0; 256]; 2];
    let mut at = 1_usize;
    while at < 2 * 256 {
        let (half, mask) = (at / 256, at % 256);
        if mask != 0 {
            let kind = 8 * half + mask.trailing_zeros() as usize;
            sums[half][mask] = sums[half][mask & (mask - 1)] + COMMONNESS[kind];
        }
        at += 1;
    }
    sums
};

/// The kinds of a mask.
fn each_kind(mask: u16) -> impl Iterator<Item = u8> {
    let after = |mask: &u16| Some(mask & (mask - 1)).filter(|mask| *mask != 0);
    let masks = std::iter::successors(Some(mask).filter(|mask| *mask != 0), after);
    masks.map(|mask| u8::try_from(mask.trailing_zeros()).unwrap_or_default())
}

/// Grams of which every match of `hir` has one, in order; empty where that says nothing, or takes too long to tell.
pub(super) fn needed(hir: &Hir) -> Vec<u16> {
    let mut patience = PATIENCE;
    let (commonness, grams) = rarest(hir, &mut patience);
    if commonness > COMMON || patience == 0 { Vec::new() } else { grams.each().collect() }
}

/// Grams with their commonness.
type Weighed = (u64, Grams);

fn rarest(hir: &Hir, patience: &mut u32) -> Weighed {
    let rarer = |a: Weighed, b: Weighed| if b.0 < a.0 { b } else { a };
    match hir.kind() {
        HirKind::Capture(capture) => rarest(&capture.sub, patience),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            rarer(Reader::onwards(patience).grams([hir]), rarest(&repetition.sub, patience))
        }
        HirKind::Concat(parts) => {
            let mut best = Reader::onwards(patience).grams(parts);
            for (i, part) in parts.iter().enumerate() {
                if *patience == 0 {
                    break;
                }
                let (before, after) = (parts.iter().take(i + 1).rev(), parts.iter().skip(i));
                best = rarer(best, Reader::onwards(patience).grams(after));
                let (commonness, backwards) = Reader::backwards(patience).grams(before);
                if commonness < best.0 {
                    best = (commonness, backwards.turned());
                }
                best = rarer(best, rarest(part, patience));
            }
            best
        }
        HirKind::Alternation(ways) => {
            let mut all = Grams::none();
            for way in ways {
                all.join(&rarest(way, patience).1);
            }
            (all.commonness(), all)
        }
        _ => Reader::onwards(patience).grams([hir]),
    }
}

/// Beginnings of grams, by how many kinds were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Begun {
    none: bool,
    /// The first kind, as a mask.
    one: u16,
    /// The second kind, as a mask, for each first one.
    two: [u16; 16],
}

impl Begun {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn join(&mut self, other: &Self) {
        self.none |= other.none;
        self.one |= other.one;
        self.two.iter_mut().zip(other.two).for_each(|(a, b)| *a |= b);
    }

    /// With one more character, of one of the kinds of a mask; what is a whole gram by then goes to `whole`.
    fn step(&self, mask: u16, whole: &mut Grams) -> Self {
        for (first, seconds) in (0..).zip(self.two) {
            each_kind(seconds).for_each(|second| whole.add_all(first, second, mask));
        }
        let mut longer = Self { one: if self.none { mask } else { 0 }, ..Self::default() };
        for (first, two) in longer.two.iter_mut().enumerate() {
            *two = if self.one >> first & 1 == 1 { mask } else { 0 };
        }
        longer
    }
}

/// Reads the grams of a pattern, onwards or backwards.
struct Reader<'p> {
    is_onwards: bool,
    /// The whole grams that were read.
    whole: Grams,
    /// How many parts may still be read.
    patience: &'p mut u32,
}

impl<'p> Reader<'p> {
    fn onwards(patience: &'p mut u32) -> Self {
        Self { is_onwards: true, whole: Grams::none(), patience }
    }

    fn backwards(patience: &'p mut u32) -> Self {
        Self { is_onwards: false, ..Self::onwards(patience) }
    }

    /// The grams that may be read where `parts` begin, in the order of reading: of a backwards reader they are still to be
    /// turned.
    fn grams<'h>(mut self, parts: impl IntoIterator<Item = &'h Hir>) -> Weighed {
        let mut begun = Begun { none: true, ..Begun::default() };
        for part in parts {
            begun = self.read(part, begun);
            if begun.is_empty() {
                break;
            }
        }
        while !begun.is_empty() {
            begun = begun.step(ANY, &mut self.whole);
        }
        (self.whole.commonness(), self.whole)
    }

    /// What `begun` may be behind `hir`.
    fn read(&mut self, hir: &Hir, begun: Begun) -> Begun {
        *self.patience = self.patience.saturating_sub(1);
        if begun.is_empty() || *self.patience == 0 {
            return Begun::default();
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => begun,
            HirKind::Literal(literal) => {
                let is_first = |byte: &&u8| **byte & 0xC0 != 0x80;
                let kinds = literal.0.iter().filter(is_first).map(|byte| 1 << kind(*byte));
                let step = |begun: Begun, mask| begun.step(mask, &mut self.whole);
                if self.is_onwards { kinds.fold(begun, step) } else { kinds.rev().fold(begun, step) }
            }
            HirKind::Class(class) => begun.step(kinds(class), &mut self.whole),
            HirKind::Capture(capture) => self.read(&capture.sub, begun),
            HirKind::Concat(parts) => {
                let is_onwards = self.is_onwards;
                let read = |begun: Begun, part| self.read(part, begun);
                if is_onwards { parts.iter().fold(begun, read) } else { parts.iter().rev().fold(begun, read) }
            }
            HirKind::Alternation(ways) => {
                let mut all = Begun::default();
                for way in ways {
                    all.join(&self.read(way, begun));
                }
                all
            }
            HirKind::Repetition(repetition) => self.repeat(repetition, begun),
        }
    }

    fn repeat(&mut self, repetition: &Repetition, mut begun: Begun) -> Begun {
        let mut done = if repetition.min == 0 { begun } else { Begun::default() };
        for times in 1..=repetition.max.unwrap_or(u32::MAX) {
            let before = begun;
            begun = self.read(&repetition.sub, begun);
            if times >= repetition.min || begun == before {
                done.join(&begun);
            }
            // A gram is whole after three characters, and reading what may be none leads nowhere else after three times.
            if begun.is_empty() || begun == before {
                break;
            }
        }
        done
    }
}

/// The kinds of a class, as a mask.
fn kinds(class: &Class) -> u16 {
    let of = |range: std::ops::RangeInclusive<u8>| range.fold(0, |mask, byte| mask | 1 << kind(byte));
    match class {
        Class::Bytes(class) => class.iter().fold(0, |mask, r| mask | of(r.start()..=r.end())),
        Class::Unicode(class) => class.iter().fold(0, |mask, r| {
            let byte = |c: char| u8::try_from(u32::from(c)).unwrap_or(u8::MAX);
            mask | of(byte(r.start())..=byte(r.end()))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pattern: &str) -> Vec<String> {
        let name = |kind: u16| "|_ULD.-/:@,'#~+X".chars().nth(usize::from(kind & 15)).unwrap();
        let grams = needed(&regex_syntax::parse(pattern).unwrap());
        grams.iter().map(|gram| [gram >> 8, gram >> 4, *gram].map(name).into_iter().collect()).collect()
    }

    #[test]
    fn the_rarest_grams_of_a_pattern_are_those_it_needs() {
        assert_eq!(written(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b"), ["UDD"]);
        assert_eq!(written(r"\b[a-z]{2,12}-?(?:web|db)-?[0-9]{2}\b"), ["LDD", "-DD"]);
        assert_eq!(written(r"(?i)\bfile://[^\s]+"), ["://"]);
        assert_eq!(written("[a-z]+"), [""; 0]);
        assert_eq!(written("(?:[A-Z][0-9]?){2}-"), ["UU-", "UD-", "DU-"]);
    }

    #[test]
    fn no_pattern_is_read_for_ever() {
        assert_eq!(written("(?:A?){1000}{1000}{1000}@"), written("A*@"));
        let nested = (0..80).fold("@@@".to_owned(), |inner, _| format!("(?:{inner}a?)+"));
        assert_eq!(written(&nested), [""; 0]);
        assert_eq!(written(&("a?".repeat(20_000) + "@@@")), [""; 0]);
    }

    /// Ranges of one kind in a class add up, whichever way round they are written.
    #[test]
    fn a_class_has_the_kinds_of_all_its_ranges() {
        assert_eq!(written("[0-35-9]@[0-4]"), written("[0-9]@[0-9]"));
        assert_eq!(written("(?-u:[a-cx-z]@[0-35-9])"), written("[a-z]@[0-9]"));
        assert_eq!(written("[A-Z0-9]@@"), ["U@@", "D@@"]);
    }
}

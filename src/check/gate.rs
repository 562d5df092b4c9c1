//! Which of all patterns may match a text: one look at each of its bytes instead of a question for each pattern.
//!
//! The last three bytes read are looked up among those that literals are known by (the rarest three of each), and where
//! they are known the literal itself is compared. The kinds of the last three characters are a gram ([`shape`]), and each
//! gram that occurs has a set of patterns that need one like it. A pattern is let through where both its literal and its
//! gram, if it needs them, were met.

use super::{
    literal::ODD,
    prefilter::{Prefilter, Print, commonness},
    shape::{self, EDGE, GRAMS, Grams},
};
use std::ops::Range;

/// Numbers that three bytes are hashed to.
const SLOTS: usize = 1 << 12;
/// Finer numbers that they are hashed to, most of which no literal has.
const TRACES: usize = 1 << 16;

/// A set of patterns, by number: bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Set(Box<[u64]>);

impl Set {
    /// The numbers below `len` that `is_in` says are in it.
    pub(super) fn new(len: usize, is_in: impl Fn(usize) -> bool) -> Self {
        let word =
            |start: usize| (start..len.min(start + 64)).fold(0, |word, n| word | u64::from(is_in(n)) << (n % 64));
        Self((0..len).step_by(64).map(word).collect())
    }

    /// Adds what is in another set of as many numbers.
    fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// Whether it has no number.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Whether a number is in it.
    pub(super) fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// The numbers that are in both sets, in order.
    pub(super) fn both(&self, other: &Self) -> impl Iterator<Item = usize> {
        let after = |word: &u64| Some(word & (word - 1)).filter(|word| *word != 0);
        self.0.iter().zip(&other.0).map(|(a, b)| a & b).zip((0..).step_by(64)).flat_map(move |(word, start)| {
            let words = std::iter::successors(Some(word).filter(|word| *word != 0), after);
            words.map(move |word| start + word.trailing_zeros() as usize)
        })
    }
}

/// The literals and grams of all patterns.
#[derive(Debug)]
pub(super) struct Gate {
    /// Patterns that need no gram, and those that need no literal.
    shapeless: Set,
    wordless: Set,
    /// The row of each gram, 0 for none, and rows of patterns that need one of some grams.
    row_of: Vec<u16>,
    rows: Vec<Set>,
    /// Literals by the slots of their keys, and where those of each slot begin.
    literals: Vec<Literal>,
    starts: Vec<u32>,
    /// The traces of all keys.
    traces: Set,
    /// The texts of literals, one behind the other.
    texts: Vec<u8>,
}

/// A literal of a pattern.
#[derive(Debug)]
struct Literal {
    pattern: usize,
    /// Its rarest three bytes.
    key: u32,
    /// How many of its bytes are read when its key is.
    read: usize,
    /// Where its text is.
    text: Range<usize>,
}

/// What was seen in a text, or in several that follow each other.
#[derive(Debug)]
pub(super) struct Look {
    print: Print,
    /// Patterns one of whose literals was met.
    worded: Set,
    grams: Grams,
    /// The gram that was read last.
    last: u16,
    /// A letter that is another one in the other case.
    odd: bool,
}

/// What is known of a text before patterns are run.
#[derive(Debug)]
pub(super) struct Prospects {
    /// What occurs in it.
    pub(super) print: Print,
    /// The patterns whose literals and grams it has.
    pub(super) patterns: Set,
}

impl Gate {
    /// A gate for patterns, numbered as they come.
    pub(super) fn new<'p>(patterns: impl IntoIterator<Item = &'p Prefilter>) -> Self {
        let patterns: Vec<&Prefilter> = patterns.into_iter().collect();
        let set = |is_in: &dyn Fn(&Prefilter) -> bool| {
            Set::new(patterns.len(), |n| patterns.get(n).is_some_and(|p| is_in(p)))
        };
        let none = set(&|_| false);
        let (mut row_of, mut rows) = (vec![0_u16; GRAMS], vec![none.clone()]);
        let (mut literals, mut texts, mut starts) = (Vec::new(), Vec::new(), vec![0; SLOTS + 1]);
        for (number, pattern) in patterns.iter().enumerate() {
            for gram in pattern.grams.iter() {
                let Some(row) = row_of.get_mut(*gram as usize) else { continue };
                if *row == 0 {
                    *row = u16::try_from(rows.len()).unwrap_or_default();
                    rows.push(none.clone());
                }
                rows.get_mut(usize::from(*row)).into_iter().for_each(|row| row.insert(number));
            }
            for text in pattern.literals().map(str::as_bytes) {
                let literal = Literal::new(number, text, texts.len());
                texts.extend(text);
                starts.iter_mut().skip(slot(literal.key) + 1).take(1).for_each(|count| *count += 1);
                literals.push(literal);
            }
        }
        literals.sort_by_key(|literal| slot(literal.key));
        starts.iter_mut().fold(0, |sum, start| {
            *start += sum;
            *start
        });
        let (shapeless, wordless) = (set(&|p| p.grams.is_empty()), set(&|p| p.literals().next().is_none()));
        let mut traces = Set::new(TRACES, |_| false);
        for literal in &literals {
            traces.insert(trace(literal.key));
        }
        Self { shapeless, wordless, row_of, rows, literals, starts, traces, texts }
    }

    /// What is seen where nothing was read.
    pub(super) fn nothing(&self) -> Look {
        let none = Set::new(64 * self.wordless.0.len(), |_| false);
        Look { print: Print::default(), worded: none, grams: Grams::none(), last: 0, odd: false }
    }

    /// Reads a text that stands behind one of which `before` is what was seen.
    pub(super) fn look(&self, text: &str, before: &Look) -> Look {
        let Look { mut print, mut worded, mut grams, .. } = self.nothing();
        let (mut gram, mut three) = (before.last, 0);
        for (byte, read) in text.bytes().zip(1..) {
            print.add(byte);
            // Only the first byte of a character counts.
            if byte & 0xC0 != 0x80 {
                gram = shape::next(gram, shape::kind(byte));
                grams.add(gram);
            }
            three = next(three, byte);
            if self.traces.has(trace(three)) {
                for literal in self.known_by(three) {
                    if literal.key == three && self.is_at(literal, text.as_bytes(), read) {
                        worded.insert(literal.pattern);
                    }
                }
            }
        }
        let odd = (print.has(0xC5) || print.has(0xE2)) && text.contains(ODD);
        Look { print, worded, grams, last: gram, odd }
    }

    /// What may be found in a text in which that was seen.
    pub(super) fn prospects(&self, look: &Look) -> Prospects {
        let mut grams = look.grams.clone();
        grams.add(shape::next(look.last, EDGE));
        grams.add(shape::next(shape::next(look.last, EDGE), EDGE));
        let mut patterns = self.shapeless.clone();
        for row in grams.each().filter_map(|gram| self.row_of.get(usize::from(gram))).filter(|row| **row != 0) {
            self.rows.get(usize::from(*row)).into_iter().for_each(|row| patterns.join(row));
        }
        if !look.odd {
            let words = look.worded.0.iter().zip(&self.wordless.0).map(|(met, free)| met | free);
            patterns.0.iter_mut().zip(words).for_each(|(a, b)| *a &= b);
        }
        Prospects { print: look.print.clone(), patterns }
    }

    /// Reads a text by itself.
    pub(super) fn read(&self, text: &str) -> Prospects {
        self.prospects(&self.look(text, &self.nothing()))
    }

    /// Literals whose key may be these three bytes.
    fn known_by(&self, three: u32) -> &[Literal] {
        let Some([from, to]) = self.starts.get(slot(three)..).and_then(<[u32]>::first_chunk) else { return &[] };
        self.literals.get(*from as usize..*to as usize).unwrap_or_default()
    }

    /// Whether a literal is in `text`, the bytes of its key being the last of those read.
    fn is_at(&self, literal: &Literal, text: &[u8], read: usize) -> bool {
        let there = read.checked_sub(literal.read).and_then(|start| text.get(start..start + literal.text.len()));
        let wanted = self.texts.get(literal.text.clone());
        there.zip(wanted).is_some_and(|(there, wanted)| there.eq_ignore_ascii_case(wanted))
    }
}

impl Prospects {
    /// Those of `own` patterns that may match: it is `may_match` that asks for all else than literals and grams.
    pub(super) fn of(&self, own: &Set, may_match: impl Fn(usize, &Print) -> bool) -> impl Iterator<Item = usize> {
        self.patterns.both(own).filter(move |number| may_match(*number, &self.print))
    }
}

impl Look {
    /// Adds what was seen in the text behind this one, which ends with its line.
    pub(super) fn join(&mut self, next: &Self) {
        self.print.join(&next.print);
        self.worded.join(&next.worded);
        self.grams.join(&next.grams);
        self.last = next.last;
        self.odd |= next.odd;
    }
}

impl Literal {
    /// A literal of a pattern, whose text begins at `start` among all.
    fn new(pattern: usize, text: &[u8], start: usize) -> Self {
        let common = |three: &[u8]| three.iter().map(|byte| commonness(*byte)).product::<u32>();
        let keys = text.windows(3).zip(3..).min_by_key(|(three, _)| common(three));
        let (key, read) = keys.unwrap_or((text, text.len()));
        let key = key.iter().fold(0, |three, byte| next(three, *byte));
        Self { pattern, key, read, text: start..start + text.len() }
    }
}

/// The last three bytes with another one behind them, letters in lower case.
#[inline]
fn next(three: u32, byte: u8) -> u32 {
    (three << 8 | u32::from(byte.to_ascii_lowercase())) & 0xFF_FFFF
}

#[inline]
fn slot(three: u32) -> usize {
    trace(three) / (TRACES / SLOTS)
}

#[inline]
fn trace(three: u32) -> usize {
    (three.wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERNS: &[&str] =
        &["(?i)pass(?:word|code)s?", "[A-Z]{2}[0-9]{2}", "a+", "(?i)skip", "[a-d]{2}@|d!", "[0-9] ?[a-c]", "the end$"];

    proptest! {
        #[test]
        fn patterns_are_let_through_as_each_by_itself(
            words in proptest::collection::vec(
                proptest::sample::select(&["Pass", "word", "CODES", "AB12", "1 c", "ſkip", "d!", "é", "@", "the end"][..]),
                0..6,
            ),
        ) {
            let text = words.concat();
            let filters: Vec<Prefilter> = PATTERNS.iter().map(|pattern| Prefilter::new(pattern)).collect();
            let all = Set::new(filters.len(), |_| true);
            let together: Vec<usize> = Gate::new(&filters).read(&text).patterns.both(&all).collect();
            let alone = |n: &usize| Gate::new(filters.get(*n)).read(&text).patterns.has(0);
            prop_assert_eq!(&together, &(0..filters.len()).filter(alone).collect::<Vec<_>>());
            for (n, pattern) in PATTERNS.iter().enumerate() {
                prop_assert!(together.contains(&n) || !regex::Regex::new(pattern).unwrap().is_match(&text));
            }
        }
    }
}

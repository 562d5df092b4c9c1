//! Whether a pattern can match a text at all: the cheap question before it is run, or even compiled.
//!
//! Read off the parsed pattern is what every match of it has: a number of digits, a stretch without white space, a literal of
//! several ([`literal`]); without literals, bytes of a few sets (an `@`), a gram of kinds of characters ([`shape`]). All these
//! only ever leave out texts that the pattern cannot match: a property test compares with the pattern itself. Literals and
//! grams are looked for by [`Gate`](super::gate::Gate), for all patterns at once.

use super::{literal, pattern::is_small, pieces::Reach, shape, store::Reader};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::{ops::RangeInclusive, sync::Arc};

/// Sets of bytes that are kept of a pattern, the rarest.
const SETS: usize = 3;
/// A set of bytes that is more common than this says nothing.
const COMMON: u32 = 90;
/// White space of ASCII.
const SPACES: &[char] = &[' ', '\t', '\n', '\x0B', '\x0C', '\r'];

/// How often a byte is met in English text, about in thousandths.
pub(super) fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' => 170,
        b'a' | b'e' | b'i' | b'n' | b'o' | b'r' | b's' | b't' => 60,
        b'a'..=b'z' => 20,
        b'.' | b',' => 10,
        b'A'..=b'Z' | b'0'..=b'9' | b'\'' | b'-' => 3,
        _ => 1,
    }
}

/// A set of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) [u64; 4]);

impl Bytes {
    #[inline]
    pub(super) fn add(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    pub(super) fn has(self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    fn with(self, other: Self) -> Self {
        let mut both = self;
        both.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        both
    }

    /// How often one of these is met.
    fn commonness(self) -> u32 {
        self.each().map(commonness).sum()
    }

    /// The bytes of the set, in order.
    fn each(self) -> impl Iterator<Item = u8> {
        let after = |word: &u64| Some(word & (word - 1)).filter(|word| *word != 0);
        self.0.into_iter().zip([0, 64, 128, 192]).flat_map(move |(word, start)| {
            let words = std::iter::successors(Some(word).filter(|word| *word != 0), after);
            words.map(move |word| start + u8::try_from(word.trailing_zeros()).unwrap_or_default())
        })
    }
}

/// What occurs in a text, as far as one look at each byte tells.
#[derive(Debug, Clone, Default)]
pub(super) struct Print {
    bytes: Bytes,
    /// ASCII digits in the text.
    digits: u32,
    /// Bytes of the longest stretch without white space, and of the one that is being read.
    stretch: u32,
    run: u32,
}

impl Print {
    /// Takes note of the next byte of the text.
    #[inline]
    pub(super) fn add(&mut self, byte: u8) {
        self.bytes.add(byte);
        self.digits += u32::from(byte.is_ascii_digit());
        self.run = if matches!(byte, b' ' | b'\t'..=b'\r') { 0 } else { self.run + 1 };
        self.stretch = self.stretch.max(self.run);
    }

    /// Adds what occurs in the text behind this one, which ends with white space.
    pub(super) fn join(&mut self, next: &Self) {
        self.bytes = self.bytes.with(next.bytes);
        self.digits += next.digits;
        self.stretch = self.stretch.max(next.stretch);
        self.run = next.run;
    }

    /// Whether the byte is in the text.
    pub(super) fn has(&self, byte: u8) -> bool {
        self.bytes.has(byte)
    }
}

/// What a text must hold for a pattern to match.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefilter {
    /// Of each of these one byte.
    sets: Arc<[Bytes]>,
    /// At least so many ASCII digits.
    digits: u32,
    /// At least so many bytes without white space between them.
    stretch: u32,
    /// One of these, in whatever case of ASCII letters, each with a line end behind it; empty where no literal is needed.
    literals: Arc<str>,
    /// One of these grams; empty where none is needed.
    pub(super) grams: Arc<[u32]>,
    /// How far a match may reach.
    pub(super) reach: Reach,
    /// The pattern parses, and is not so large that it has to be tried whether it compiles.
    pub(super) is_sound: bool,
}

impl Prefilter {
    /// Reads off a pattern what it needs. A pattern that does not parse needs nothing.
    pub(super) fn new(pattern: &str) -> Self {
        let Ok(hir) = regex_syntax::parse(pattern) else { return Self::default() };
        let literals = literal::needed(&hir);
        // A literal is rarer than all else: what else the pattern needs is not worth the time that it takes to find out.
        let (sets, grams) =
            if literals.is_empty() { (rarest_sets(&hir), shape::needed(&hir)) } else { Default::default() };
        let literals = literals.iter().flat_map(|literal| [literal, "\n"]).collect::<String>();
        Self {
            sets: Arc::from(sets),
            digits: digits(&hir),
            stretch: stretch(&hir),
            literals: Arc::from(literals),
            grams: grams.into_iter().map(u32::from).collect(),
            reach: Reach::of(&hir),
            is_sound: is_small(&hir),
        }
    }

    #[cfg(test)]
    pub(super) fn store(&self, to: &mut super::store::Writer) {
        to.keys(&self.sets.iter().flat_map(|set| set.0).collect::<Vec<_>>());
        to.numbers(&[self.digits, self.stretch, self.reach as u32]);
        to.text(&self.literals);
        to.numbers(&self.grams);
    }

    pub(super) fn load(from: &mut Reader) -> Option<Self> {
        let sets = from.keys()?.as_chunks().0.iter().map(|set| Bytes(*set)).collect();
        let [digits, stretch, reach] = *from.numbers()?.first_chunk()?;
        let (literals, grams) = (Arc::from(from.text()?), Arc::from(from.numbers()?));
        let reach = Reach::ALL.into_iter().find(|known| *known as u32 == reach)?;
        Some(Self { sets, digits, stretch, literals, grams, reach, is_sound: true })
    }

    /// The literals of which a text must hold one, with ASCII letters in lower case.
    pub(super) fn literals(&self) -> impl Iterator<Item = &str> {
        self.literals.lines()
    }

    /// Whether the pattern may match a text of this print, as far as a print tells.
    pub(super) fn allows(&self, print: &Print) -> bool {
        self.digits <= print.digits
            && self.stretch <= print.stretch
            && self.sets.iter().all(|set| set.meets(print.bytes))
    }
}

/// The rarest of [`sets`], each once.
fn rarest_sets(hir: &Hir) -> Vec<Bytes> {
    let mut sets = sets(hir);
    sets.retain(|s| s.commonness() <= COMMON);
    sets.sort_by_cached_key(|s| (s.commonness(), s.0));
    sets.dedup();
    sets.truncate(SETS);
    sets
}

/// Sets of bytes of which every match has one each.
fn sets(hir: &Hir) -> Vec<Bytes> {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().map(|b| class_of(&[(*b, *b)])).collect(),
        HirKind::Class(Class::Bytes(class)) => {
            vec![class_of(&class.iter().map(|r| (r.start(), r.end())).collect::<Vec<_>>())]
        }
        HirKind::Class(Class::Unicode(class)) => {
            let mut ranges = Vec::new();
            for range in class.iter() {
                let ascii = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
                if let Some(start) = ascii(range.start()) {
                    ranges.push((start, ascii(range.end()).unwrap_or(0x7F)));
                }
                if !range.end().is_ascii() {
                    ranges.push((0x80, 0xFF));
                }
            }
            vec![class_of(&ranges)]
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => sets(&repetition.sub),
        HirKind::Capture(capture) => sets(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(sets).collect(),
        HirKind::Alternation(ways) => {
            let rarest = |way| sets(way).into_iter().min_by_key(|s| s.commonness());
            let all: Option<Vec<Bytes>> = ways.iter().map(rarest).collect();
            all.into_iter().map(|sets| sets.into_iter().fold(Bytes::default(), Bytes::with)).collect()
        }
        _ => Vec::new(),
    }
}

/// How many ASCII digits every match has at least.
fn digits(hir: &Hir) -> u32 {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().map(|b| u32::from(b.is_ascii_digit())).sum(),
        HirKind::Class(Class::Bytes(class)) => {
            class.iter().all(|r| r.start().is_ascii_digit() && r.end().is_ascii_digit()).into()
        }
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().all(|r| r.start().is_ascii_digit() && r.end().is_ascii_digit()).into()
        }
        HirKind::Repetition(repetition) => digits(&repetition.sub).saturating_mul(repetition.min),
        HirKind::Capture(capture) => digits(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(digits).fold(0, u32::saturating_add),
        HirKind::Alternation(ways) => ways.iter().map(digits).min().unwrap_or_default(),
        _ => 0,
    }
}

/// Whether a match may hold one of `chars`, which are of ASCII.
pub(super) fn holds(hir: &Hir, chars: &[char]) -> bool {
    let among = |range: RangeInclusive<char>| chars.iter().any(|c| range.contains(c));
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(|b| chars.contains(&char::from(*b))),
        HirKind::Class(Class::Bytes(class)) => class.iter().any(|r| among(r.start().into()..=r.end().into())),
        HirKind::Class(Class::Unicode(class)) => class.iter().any(|r| among(r.start()..=r.end())),
        HirKind::Repetition(repetition) => holds(&repetition.sub, chars),
        HirKind::Capture(capture) => holds(&capture.sub, chars),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(|part| holds(part, chars)),
        _ => false,
    }
}

/// How many bytes without white space between them every match has at least.
fn stretch(hir: &Hir) -> u32 {
    let solid = |hir: &Hir| {
        let len = hir.properties().minimum_len().unwrap_or_default();
        (!holds(hir, SPACES)).then(|| u32::try_from(len).unwrap_or(u32::MAX))
    };
    match hir.kind() {
        HirKind::Concat(parts) => {
            let (mut longest, mut run) = (0, 0_u32);
            for part in parts {
                let len = solid(part);
                longest = longest.max(if len.is_none() { stretch(part) } else { 0 });
                run = len.map_or(0, |len| run.saturating_add(len));
                longest = longest.max(run);
            }
            longest
        }
        HirKind::Alternation(ways) => ways.iter().map(stretch).min().unwrap_or_default(),
        HirKind::Capture(capture) => stretch(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => solid(hir).unwrap_or_else(|| stretch(&repetition.sub)),
        _ => solid(hir).unwrap_or_default(),
    }
}

fn class_of(ranges: &[(u8, u8)]) -> Bytes {
    let mut set = Bytes::default();
    ranges.iter().flat_map(|(from, to)| *from..=*to).for_each(|byte| set.add(byte));
    set
}

#[cfg(test)]
mod tests {
    use super::{super::gate::Gate, *};
    use proptest::prelude::*;

    fn allows(pattern: &str, text: &str) -> bool {
        let prefilter = Prefilter::new(pattern);
        let prospects = Gate::new([&prefilter]).read(text);
        prospects.patterns.has(0) && prefilter.allows(&prospects.print)
    }

    #[test]
    fn a_text_without_digits_or_words_is_left_out() {
        assert!(!allows(r"\b[0-9]{3}\b", "no digits here"));
        assert!(!allows(r"(?i)\bpass(?:word|code)s?\b", "the park is open again"));
        assert!(!allows(r"(?i)\b(?:sort ?code|s/c): [0-9]{2}", "Open 24 hours"));
        assert!(allows(r"(?i)\bpass(?:word|code)s?\b", "the PASSCODE is out"));
        assert!(!allows(r"\b[0-9](?:[ -]?[0-9]){9}\b", "open at 9, call 01632 960"));
        assert!(allows(r"\b(?:[0-9]{3}|x)\b", "x marks the spot"));
        assert!(!allows(r"\b[A-Z]{2}[0-9]{2} ?[A-Z]{3}\b", "Call 01632 960 about the BINS on the 26th"));
        assert!(!allows("[a-z+/]{9,} [a-z]+", "words of a few letters"));
    }

    fn pattern() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-d]{1,4}",
            Just("[0-9]{2}".to_owned()),
            Just("(?:0|[0-9]a){2}".to_owned()),
            Just("(?i:cab)".to_owned()),
            Just("(?i:sk)".to_owned()),
            Just("[A-D][0-9] ?".to_owned()),
            Just("[!?](?:ab|c)".to_owned()),
            Just("[0-9a-d]{3,}".to_owned()),
            Just("[^a]".to_owned()),
            Just("é".to_owned()),
            Just(r"\b".to_owned()),
            Just(" ?".to_owned()),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 1..4).prop_map(|p| p.concat()),
                proptest::collection::vec(inner.clone(), 2..4).prop_map(|p| format!("(?:{})", p.join("|"))),
                inner.clone().prop_map(|p| format!("(?:{p})?")),
                inner.prop_map(|p| format!("({p})+")),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_text_that_matches_is_left_out(pattern in pattern(), text in "[a-dA-D0-3skſKé!? \n]{0,12}") {
            let regex = regex::Regex::new(&pattern).unwrap();
            let found = regex.find(&text).is_some_and(|m| !m.is_empty());
            prop_assert!(!found || allows(&pattern, &text), "{pattern} on {text:?}");
        }
    }
}

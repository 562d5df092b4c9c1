//! Which patterns can match a text at all: the cheap question before a pattern is run, or even compiled.
//!
//! A text has a print: the bytes that occur in it, how many of them are digits, and its runs of three bytes (letters in
//! lower case), hashed to a few thousand bits. A pattern needs sets of bytes of which one each must occur (an `@`), a
//! number of digits, and one of several literals (`password`, `passcode`). All three are read off the parsed pattern, and
//! only ever leave out texts that the pattern cannot match: a property test compares with the pattern itself.

use super::store::Reader;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Bits of a print for runs of three bytes.
const GRAMS: usize = 4096;
/// Most literals that a pattern is told by; more of them say little.
const MOST: usize = 80;
/// Sets of bytes that are kept of a pattern, the rarest.
const SETS: usize = 3;
/// A set of bytes that is more common than this says nothing.
const COMMON: u32 = 90;

/// A set of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Bytes([u64; 4]);

impl Bytes {
    fn add(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    fn meets(self, other: Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    fn with(self, other: Self) -> Self {
        let mut both = self;
        both.0.iter_mut().zip(other.0).for_each(|(a, b)| *a |= b);
        both
    }

    /// How often one of these is met in English text, about in thousandths.
    fn commonness(self) -> u32 {
        let weight = |byte| match byte {
            b' ' => 170,
            b'a' | b'e' | b'i' | b'n' | b'o' | b'r' | b's' | b't' => 60,
            b'a'..=b'z' => 20,
            b'.' | b',' => 10,
            b'A'..=b'Z' | b'0'..=b'9' | b'\'' | b'-' => 3,
            _ => 1,
        };
        self.each().map(weight).sum()
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

/// What occurs in a text.
#[derive(Debug, Clone)]
pub(super) struct Print {
    bytes: Bytes,
    /// ASCII digits in the text.
    digits: u32,
    grams: Box<[u64; GRAMS / 64]>,
}

impl Print {
    /// The print of `text`.
    pub(super) fn new(text: &str) -> Self {
        let mut print = Self { bytes: Bytes::default(), digits: 0, grams: Box::new([0; GRAMS / 64]) };
        let mut last = (0, 0);
        for byte in text.bytes() {
            print.bytes.add(byte);
            print.digits = print.digits.saturating_add(byte.is_ascii_digit().into());
            let byte = byte.to_ascii_lowercase();
            let bit = gram([last.0, last.1, byte]);
            if let Some(word) = print.grams.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
            last = (last.1, byte);
        }
        print
    }

    fn has_gram(&self, bit: u16) -> bool {
        let bit = usize::from(bit);
        self.grams.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }
}

fn gram(bytes: [u8; 3]) -> usize {
    let [a, b, c] = bytes.map(u32::from);
    ((a << 16 | b << 8 | c).wrapping_mul(0x9E37_79B1) >> 20) as usize
}

/// The runs of three bytes of a literal in lower case.
fn grams(literal: &str) -> Vec<u16> {
    literal.as_bytes().windows(3).filter_map(|w| u16::try_from(gram(w.try_into().ok()?)).ok()).collect()
}

/// A literal that may be in a text.
#[derive(Debug, Clone)]
pub(super) struct Needle {
    text: String,
    grams: Vec<u16>,
}

impl Needle {
    /// `text`, looked for without regard to the case of ASCII letters.
    pub(super) fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        Self { grams: grams(&text), text }
    }

    /// Whether it is in a text, given the text's print and the text in lower case.
    pub(super) fn is_in(&self, print: &Print, lower: &str) -> bool {
        self.grams.iter().all(|bit| print.has_gram(*bit)) && lower.contains(&self.text)
    }
}

/// What a text must hold for a pattern to match.
#[derive(Debug, Clone, Default)]
pub(super) struct Prefilter {
    /// Of each of these one byte.
    sets: Vec<Bytes>,
    /// At least so many ASCII digits.
    digits: u32,
    /// All runs of one of these; nothing where no literal is needed.
    literals: Vec<Vec<u16>>,
    /// No match holds a line end.
    pub(super) in_one_line: bool,
}

impl Prefilter {
    /// Reads off a pattern what it needs; `folded` says that it is run on folded text, in which only ASCII letters are
    /// taken for ASCII letters. A pattern that does not parse needs nothing.
    pub(super) fn new(pattern: &str, folded: bool) -> Self {
        let Ok(hir) = regex_syntax::parse(pattern) else { return Self::default() };
        let mut sets = sets(&hir);
        sets.sort_by_cached_key(|s| (s.commonness(), s.0));
        sets.dedup();
        sets.retain(|s| s.commonness() <= COMMON);
        sets.truncate(SETS);
        let literals = folded.then(|| literals(&hir)).flatten().filter(|all| all.iter().all(|l| l.len() >= 3));
        let literals = literals.unwrap_or_default().iter().map(|literal| grams(literal)).collect();
        Self { sets, digits: digits(&hir), literals, in_one_line: !holds_line_end(&hir) }
    }

    #[cfg(test)]
    pub(super) fn store(&self, to: &mut super::store::Writer) {
        to.keys(&self.sets.iter().flat_map(|set| set.0).collect::<Vec<_>>());
        to.numbers(&[self.digits, self.in_one_line.into()]);
        let grams = |literal: &Vec<u16>| literal.iter().copied().map(u32::from).chain([u32::MAX]).collect::<Vec<_>>();
        to.numbers(&self.literals.iter().flat_map(grams).collect::<Vec<_>>());
    }

    pub(super) fn load(from: &mut Reader<'_>) -> Option<Self> {
        let sets = from.keys()?.as_chunks().0.iter().map(|set| Bytes(*set)).collect();
        let [digits, in_one_line] = *from.numbers()?.first_chunk()?;
        let mut literals: Vec<Vec<u16>> = Vec::new();
        let numbers = from.numbers()?;
        for literal in numbers.split_inclusive(|n| *n == u32::MAX) {
            literals.push(literal.iter().filter_map(|n| u16::try_from(*n).ok()).collect());
        }
        Some(Self { sets, digits, literals, in_one_line: in_one_line == 1 })
    }

    /// Whether the pattern may match a text of this print.
    pub(super) fn allows(&self, print: &Print) -> bool {
        self.digits <= print.digits
            && self.sets.iter().all(|set| set.meets(print.bytes))
            && (self.literals.is_empty() || self.literals.iter().any(|l| l.iter().all(|bit| print.has_gram(*bit))))
    }
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

/// Whether a match may hold a line end.
fn holds_line_end(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(Class::Bytes(class)) => class.iter().any(|r| (r.start()..=r.end()).contains(&b'\n')),
        HirKind::Class(Class::Unicode(class)) => class.iter().any(|r| (r.start()..=r.end()).contains(&'\n')),
        HirKind::Repetition(repetition) => holds_line_end(&repetition.sub),
        HirKind::Capture(capture) => holds_line_end(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(holds_line_end),
        _ => false,
    }
}

fn class_of(ranges: &[(u8, u8)]) -> Bytes {
    let mut set = Bytes::default();
    ranges.iter().flat_map(|(from, to)| *from..=*to).for_each(|byte| set.add(byte));
    set
}

/// Literals in lower case of which every match has one; nothing where there is no such set.
fn literals(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => literals(&repetition.sub),
        HirKind::Capture(capture) => literals(&capture.sub),
        HirKind::Concat(parts) => {
            let (mut best, mut run) = (None, String::new());
            for part in parts {
                if let Some(text) = plain(part) {
                    run.push_str(&text);
                    continue;
                }
                best = better(best, Some(vec![std::mem::take(&mut run)]));
                best = better(best, literals(part));
            }
            better(best, Some(vec![run]))
        }
        HirKind::Alternation(ways) => {
            let all: Option<Vec<Vec<String>>> = ways.iter().map(literals).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        }
        _ => plain(hir).map(|text| vec![text]),
    }
}

/// Of two sets of literals, the one whose shortest literal is longer.
fn better(a: Option<Vec<String>>, b: Option<Vec<String>>) -> Option<Vec<String>> {
    let worth = |set: &Option<Vec<String>>| {
        set.as_ref().and_then(|s| s.iter().map(String::len).min().map(|len| (len.min(6), MOST.saturating_sub(s.len()))))
    };
    if worth(&b) > worth(&a) { b } else { a }
}

/// The ASCII text in lower case that is all that `hir` matches, but for case.
fn plain(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).ok().filter(|t| t.is_ascii()).map(str::to_ascii_lowercase)
        }
        HirKind::Class(Class::Unicode(class)) => {
            let mut letter = None;
            for c in class.iter().flat_map(|r| (r.start()..=r.end()).take(4)) {
                let lower = match c {
                    // What `(?i)` adds to `s` and `k`; folding makes them plain.
                    'ſ' => 's',
                    '\u{212A}' => 'k',
                    c => c.to_ascii_lowercase(),
                };
                if !lower.is_ascii_alphabetic() || letter.is_some_and(|l| l != lower) {
                    return None;
                }
                letter = Some(lower);
            }
            letter.map(String::from)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allows(pattern: &str, text: &str) -> bool {
        Prefilter::new(pattern, true).allows(&Print::new(text))
    }

    #[test]
    fn a_text_without_digits_or_words_is_left_out() {
        assert!(!allows(r"\b[0-9]{3}\b", "no digits here"));
        assert!(!allows(r"(?i)\bpass(?:word|code)s?\b", "the park is open again"));
        assert!(!allows(r"(?i)\b(?:sort ?code|s/c): [0-9]{2}", "Open 24 hours"));
        assert!(allows(r"(?i)\bpass(?:word|code)s?\b", "the PASSCODE is out"));
        assert!(!allows(r"\b[0-9](?:[ -]?[0-9]){9}\b", "open at 9, call 01632 960"));
        assert!(allows(r"\b(?:[0-9]{3}|x)\b", "x marks the spot"));
    }

    fn pattern() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "[a-d]{1,4}",
            Just("[0-9]{2}".to_owned()),
            Just("(?:0|[0-9]a){2}".to_owned()),
            Just("(?i:cab)".to_owned()),
            Just("(?i:sk)".to_owned()),
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
        fn no_text_that_matches_is_left_out(pattern in pattern(), text in "[a-dA-D0-9skSKé ]{0,12}") {
            let regex = regex::Regex::new(&pattern).unwrap();
            let found = regex.find(&text).is_some_and(|m| !m.is_empty());
            prop_assert!(!found || allows(&pattern, &text), "{pattern} on {text:?}");
        }
    }
}

//! What the scorer sees of a sentence: its words, their classes, their company.
//!
//! A feature is the hash of what it says, with a value by its kind and the words that it stands on, so that a score can
//! be led back to words:
//!
//! | kind | what | value |
//! |---|---|---|
//! | word | a word as meant (`u` is `you`), a mark, an emoji; numbers, links, names of accounts by their kind | 1 |
//! | pair | two in a row; the edges of the sentence are words too | 1 |
//! | prefix | the first four letters of a longer word | 0.6 |
//! | class | a class of `classes` is there | 0.5 |
//! | company | two classes are there | 0.3 |
//! | beside | a class beside a word, or beside a class | 0.5 |
//! | field, fields, field beside | the same for the fields of meaning, which know phrases too | 0.5, 0.3, 0.5 |
//! | around | a word of another sentence of the post | 0.4 |
//! | before, after | a word of the sentence before, after | 0.4 |
//! | guise | words are hidden from a filter: look-alike letters, signs set apart, figures for letters | 1 |
//! | place | first, last, only sentence; how many there are; how long it is; whether it quotes | 1 |

use super::{
    bytes::{fnv, mix},
    guise::guises,
    word::{self, Word},
};
use crate::text::{reading::Reading, span::Span, token::Token};
use std::ops::Range;

/// How far around a sentence its company is looked for, in sentences.
pub(super) const REACH: usize = 8;

/// Something that is true of a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// What it says.
    pub hash: u32,
    /// By its kind.
    pub value: f32,
    /// The words that it stands on, counted from the start of the sentence.
    pub from: [Option<u16>; 2],
}

/// What a feature speaks of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Word = 1,
    Pair,
    Prefix,
    Class,
    Company,
    Beside,
    Around,
    Before,
    After,
    Place,
    Field,
    Fields,
    FieldBeside,
    Guise,
}

/// Kinds of feature that sets of classes give: a class there, two together, one beside a word.
type SetKinds = [Kind; 3];

/// Those of the classes of words.
const BY_CLASS: SetKinds = [Kind::Class, Kind::Company, Kind::Beside];
/// Those of the fields of meaning.
const BY_FIELD: SetKinds = [Kind::Field, Kind::Fields, Kind::FieldBeside];

impl Kind {
    /// What a feature of this kind counts, in tenths.
    #[inline]
    pub(super) const fn tenths(self) -> u8 {
        match self {
            Self::Word | Self::Pair | Self::Place | Self::Guise => 10,
            Self::Prefix => 6,
            Self::Class | Self::Beside | Self::Field | Self::FieldBeside => 5,
            Self::Around | Self::Before | Self::After => 4,
            Self::Company | Self::Fields => 3,
        }
    }
}

/// The words of a reading, sentence by sentence.
pub struct Text<'r, 't> {
    reading: &'r Reading<'t>,
    words: Vec<Word>,
    /// The token that is the first of `words`.
    first: usize,
}

impl<'r, 't> Text<'r, 't> {
    /// Reads the words of `reading`.
    pub fn new(reading: &'r Reading<'t>) -> Self {
        Self::part(reading, 0..reading.sentences.len())
    }

    /// The same, of which only some sentences are asked for: no others are read, but those around them.
    pub fn part(reading: &'r Reading<'t>, sentences: Range<usize>) -> Self {
        let around = sentences.start.saturating_sub(REACH)..reading.sentences.len().min(sentences.end + REACH);
        let sentences = reading.sentences.get(around).unwrap_or_default();
        let first = sentences.first().map_or(0, |s| s.tokens.start);
        Self { reading, words: word::read(reading, sentences), first }
    }

    /// The reading behind it.
    pub fn reading(&self) -> &'r Reading<'t> {
        self.reading
    }

    /// Number of sentences.
    pub fn sentences(&self) -> usize {
        self.reading.sentences.len()
    }

    /// Number of words and marks of a sentence.
    pub fn len(&self, sentence: usize) -> usize {
        self.reading.sentences.get(sentence).map_or(0, |s| s.tokens.len())
    }

    /// The tokens of a sentence.
    pub fn tokens(&self, sentence: usize) -> &'r [Token] {
        let range = self.reading.sentences.get(sentence).map_or(0..0, |s| s.tokens.clone());
        self.reading.tokens.get(range).unwrap_or_default()
    }

    fn words(&self, sentence: usize) -> &[Word] {
        let range = self.reading.sentences.get(sentence).map_or(0..0, |s| s.tokens.clone());
        let range = range.start.checked_sub(self.first).map(|start| start..start + range.len());
        range.and_then(|range| self.words.get(range)).unwrap_or_default()
    }

    /// The classes of a word of a sentence.
    pub fn classes(&self, sentence: usize, word: usize) -> u64 {
        self.words(sentence).get(word).map_or(0, |w| w.classes)
    }

    /// The feature that says that a word is there: what a model must know to name the word.
    pub fn word_hash(&self, sentence: usize, word: usize) -> Option<u32> {
        self.words(sentence).get(word).map(|w| hash(about(Kind::Word, w.key), 0))
    }

    /// Everything that is true of a sentence, each once, by hash.
    pub fn features(&self, sentence: usize) -> Vec<Feature> {
        let mut features = Vec::with_capacity(self.len(sentence) * 10 + 60);
        self.tell_own(sentence, &mut features);
        self.tell_beside(sentence, &mut features);
        let around = sentence.saturating_sub(REACH)..self.sentences().min(sentence + REACH + 1);
        for hash in around.filter(|other| *other != sentence).flat_map(|other| self.hashes(other, Kind::Around)) {
            features.add(hash, Kind::Around, [None; 2]);
        }
        // The first of equals stays: a word that is said twice counts once.
        features.sort_by_key(|f| f.hash);
        features.dedup_by_key(|f| f.hash);
        features
    }

    /// Tells `bag` what is true of a sentence itself, what is said twice also twice.
    pub(super) fn tell_own(&self, sentence: usize, bag: &mut impl Bag) {
        let words = self.words(sentence);
        own(words, bag);
        by_set(words, |w| u128::from(w.classes), BY_CLASS, bag);
        by_set(words, |w| w.fields, BY_FIELD, bag);
        self.place(sentence, bag);
    }

    /// Tells `bag` the words of the sentences before and after.
    pub(super) fn tell_beside(&self, sentence: usize, bag: &mut impl Bag) {
        let before = sentence.checked_sub(1).map(|before| (before, Kind::Before));
        for (other, kind) in before.into_iter().chain([(sentence + 1, Kind::After)]) {
            self.hashes(other, kind).for_each(|hash| bag.add(hash, kind, [None; 2]));
        }
    }

    /// The features of `kind` that the words of a sentence are.
    pub(super) fn hashes(&self, sentence: usize, kind: Kind) -> impl Iterator<Item = u32> {
        self.words(sentence).iter().map(move |word| hash(about(kind, word.key), 0))
    }

    fn place(&self, sentence: usize, bag: &mut impl Bag) {
        let total = self.sentences();
        let mut say = |what: u64, number: usize| bag.say(Kind::Place, what, number as u64, [None; 2]);
        if sentence == 0 {
            say(1, 0);
        }
        if sentence + 1 == total {
            say(2, 0);
        }
        if total == 1 {
            say(3, 0);
        }
        say(4, total.min(5));
        say(5, (self.len(sentence) / 4).min(8));
        let Some(here) = self.reading.sentences.get(sentence) else { return };
        for quote in self.reading.quotes_in(here.span) {
            say(6, usize::from(quote.attributed));
        }
        for (guise, at) in guises(self.reading, here.span) {
            let word = self.reading.tokens_in(Span::new(at, at + 1)).start.saturating_sub(here.tokens.start);
            bag.say(Kind::Guise, guise as u64, 0, [number(word), None]);
        }
    }
}

/// What is told the features of a sentence.
pub(super) trait Bag {
    /// A feature is there.
    fn add(&mut self, hash: u32, kind: Kind, from: [Option<u16>; 2]);

    /// A feature of `kind` about `a` and `b` is there.
    #[inline]
    fn say(&mut self, kind: Kind, a: u64, b: u64, from: [Option<u16>; 2]) {
        self.add(hash(about(kind, a), b), kind, from);
    }
}

impl Bag for Vec<Feature> {
    fn add(&mut self, hash: u32, kind: Kind, from: [Option<u16>; 2]) {
        self.push(Feature { hash, value: f32::from(kind.tenths()) / 10.0, from });
    }
}

/// The first half of a feature's hash: its kind, and what it is about.
#[inline]
fn about(kind: Kind, a: u64) -> u64 {
    mix(kind as u64, a)
}

/// The hash of a feature that is `about` something, and `b`.
#[inline]
fn hash(about: u64, b: u64) -> u32 {
    (mix(about, b) >> 32) as u32
}

fn number(i: usize) -> Option<u16> {
    u16::try_from(i).ok()
}

/// Words, pairs and prefixes.
fn own(words: &[Word], bag: &mut impl Bag) {
    let (start, end) = (fnv(b"^"), fnv(b"$"));
    let mut before = (start, None);
    for (i, word) in words.iter().enumerate() {
        let here = (word.key, number(i));
        bag.say(Kind::Word, word.key, 0, [here.1, None]);
        bag.say(Kind::Pair, before.0, here.0, [before.1, here.1]);
        if let Some(prefix) = word.prefix {
            bag.say(Kind::Prefix, prefix, 0, [here.1, None]);
        }
        before = here;
    }
    bag.say(Kind::Pair, before.0, end, [before.1, None]);
}

/// Members of the words' sets that are there, two that are there together, and members beside words.
fn by_set(words: &[Word], set: impl Fn(&Word) -> u128, kinds: SetKinds, bag: &mut impl Bag) {
    let [one, two, beside] = kinds;
    let mut there = 0;
    let mut first = [None; 128];
    for (i, word) in words.iter().enumerate() {
        let set = set(word);
        for member in each(set & !there) {
            if let Some(from) = first.get_mut(member as usize) {
                *from = number(i);
            }
        }
        there |= set;
    }
    let from = |member: u32| first.get(member as usize).copied().flatten();
    let mut left = there;
    for a in each(there) {
        left &= left.wrapping_sub(1);
        bag.say(one, a.into(), 0, [from(a), None]);
        let about = about(two, a.into());
        for b in each(left) {
            bag.add(hash(about, b.into()), two, [from(a), from(b)]);
        }
    }
    for (i, pair) in words.windows(2).enumerate() {
        let [left, right] = pair else { continue };
        let (own, theirs) = (set(left), set(right));
        let from = [number(i), number(i + 1)];
        for a in each(own) {
            let about = about(beside, a.into());
            bag.add(hash(about, right.key), beside, from);
            for b in each(theirs) {
                bag.add(hash(about, b.into()), beside, from);
            }
        }
        if theirs != 0 {
            let about = about(beside, left.key);
            for b in each(theirs) {
                bag.add(hash(about, b.into()), beside, from);
            }
        }
    }
}

/// The members of a set, by number.
#[inline]
fn each(mut set: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < u128::BITS).then_some(lowest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<u32> {
        let reading = Reading::new(text);
        Text::new(&reading).features(0).iter().map(|f| f.hash).collect()
    }

    #[test]
    fn text_speak_and_capitals_say_the_same() {
        assert_eq!(hashes("u are late"), hashes("You are late"));
    }

    #[test]
    fn a_feature_is_there_once_and_in_order() {
        assert!(hashes("no no no no").is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_stands_around_matters() {
        let reading = Reading::new("He is ill. See the page.");
        let text = Text::new(&reading);
        let alone = hashes("See the page.");
        assert!(text.features(1).len() > alone.len());
    }

    #[test]
    fn nothing_said_is_no_trouble() {
        let reading = Reading::new("");
        assert_eq!(Text::new(&reading).sentences(), 0);
        assert!(!hashes("!").is_empty());
    }

    /// A model knows features by their hashes: where one changes, the shipped model has unlearned it, and must be trained anew
    /// before this number is.
    #[test]
    fn the_features_are_those_that_the_shipped_model_was_trained_on() {
        let reading = Reading::new(
            "Cllr Priya Pell was ill on 12 May 2027! \"I can't wait,\" said her GP in Mill Lane, ME19 4LZ (or so). u r a \
             l0ser, D.a.r.r.o.n 😀 – see https://example.org/a1b or #BinDay. We owe £1,984.12, 15% of it at 7.30pm? The \
             binmen from Wexcombe hate their horrible, useless boss and 3 of the residents; ring 01632 960001.",
        );
        let text = Text::new(&reading);
        let features = (0..text.sentences()).flat_map(|sentence| text.features(sentence));
        let (mut count, mut all) = (0, fnv(b""));
        for feature in features {
            count += 1;
            all = mix(mix(all, u64::from(feature.hash)), u64::from(feature.value.to_bits()));
        }
        assert_eq!((text.sentences(), count, all), (5, 1195, 16_965_050_234_872_637_890));
    }
}

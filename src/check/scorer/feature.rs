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
    classes, fields,
    guise::guises,
};
use crate::text::{
    names::is_first_name,
    reading::Reading,
    span::Span,
    spelling::meant,
    token::{Token, TokenKind},
};
use std::borrow::Cow;

/// How far around a sentence its company is looked for, in sentences.
const REACH: usize = 8;

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

#[derive(Debug, Clone, Copy)]
enum Kind {
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
    const fn value(self) -> f32 {
        match self {
            Self::Word | Self::Pair | Self::Place | Self::Guise => 1.0,
            Self::Prefix => 0.6,
            Self::Class | Self::Beside | Self::Field | Self::FieldBeside => 0.5,
            Self::Around | Self::Before | Self::After => 0.4,
            Self::Company | Self::Fields => 0.3,
        }
    }
}

/// A token as the scorer reads it.
#[derive(Debug, Clone, Copy)]
struct Word {
    /// Hash of what it says.
    key: u64,
    /// Hash of its first letters, for a longer word.
    prefix: Option<u64>,
    /// Hash by which its fields are looked up.
    look: u64,
    /// Its classes.
    classes: u64,
    /// Its fields of meaning; in the upper bits the kind of token that its classes name.
    fields: u128,
}

impl Word {
    fn new(key: &str, classes: u64) -> Self {
        let key = fnv(key.as_bytes());
        Self { key, prefix: None, look: key, classes, fields: 0 }
    }
}

/// The words of a reading, sentence by sentence.
pub struct Text<'r, 't> {
    reading: &'r Reading<'t>,
    words: Vec<Word>,
}

impl<'r, 't> Text<'r, 't> {
    /// Reads the words of `reading`.
    pub fn new(reading: &'r Reading<'t>) -> Self {
        let mut words: Vec<Word> = reading.tokens.iter().map(|t| word(reading, t)).collect();
        mark_streets(reading, &mut words);
        for sentence in &reading.sentences {
            mark_fields(words.get_mut(sentence.tokens.clone()).unwrap_or_default());
        }
        Self { reading, words }
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
        self.words.get(range).unwrap_or_default()
    }

    /// The classes of a word of a sentence.
    pub fn classes(&self, sentence: usize, word: usize) -> u64 {
        self.words(sentence).get(word).map_or(0, |w| w.classes)
    }

    /// The feature that says that a word is there: what a model must know to name the word.
    pub fn word_hash(&self, sentence: usize, word: usize) -> Option<u32> {
        self.words(sentence).get(word).map(|w| hash(Kind::Word, w.key, 0))
    }

    /// Everything that is true of a sentence, each once.
    pub fn features(&self, sentence: usize) -> Vec<Feature> {
        let words = self.words(sentence);
        let mut bag = Bag(Vec::with_capacity(words.len() * 10 + 60));
        own(words, &mut bag);
        by_set(words, |w| u128::from(w.classes), BY_CLASS, &mut bag);
        by_set(words, |w| w.fields, BY_FIELD, &mut bag);
        self.around(sentence, &mut bag);
        self.place(sentence, &mut bag);
        let mut features = bag.0;
        // The first of equals stays: a word that is said twice counts once.
        features.sort_by_key(|f| f.hash);
        features.dedup_by_key(|f| f.hash);
        features
    }

    fn around(&self, sentence: usize, bag: &mut Bag) {
        let to = self.sentences().min(sentence + REACH + 1);
        for other in (sentence.saturating_sub(REACH)..to).filter(|o| *o != sentence) {
            for word in self.words(other) {
                bag.add(Kind::Around, word.key, 0, [None; 2]);
                if other + 1 == sentence {
                    bag.add(Kind::Before, word.key, 0, [None; 2]);
                } else if other == sentence + 1 {
                    bag.add(Kind::After, word.key, 0, [None; 2]);
                }
            }
        }
    }

    fn place(&self, sentence: usize, bag: &mut Bag) {
        let total = self.sentences();
        let mut say = |what: u64, number: usize| bag.add(Kind::Place, what, number as u64, [None; 2]);
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
        let span = self.reading.sentences.get(sentence).map(|s| s.span);
        for quote in self.reading.quotes.iter().filter(|q| span.is_some_and(|s| s.overlaps(q.span))) {
            say(6, usize::from(quote.attributed));
        }
        let first = self.reading.sentences.get(sentence).map_or(0, |s| s.tokens.start);
        for (guise, at) in span.into_iter().flat_map(|span| guises(self.reading, span)) {
            let word = self.reading.tokens_in(Span::new(at, at + 1)).start.saturating_sub(first);
            bag.add(Kind::Guise, guise as u64, 0, [u16::try_from(word).ok(), None]);
        }
    }
}

/// Gives the last word of a street's name its class.
fn mark_streets(reading: &Reading<'_>, words: &mut [Word]) {
    for (tokens, word) in reading.tokens.windows(2).zip(words.iter_mut().skip(1)) {
        let [before, here] = tokens else { continue };
        let is_street = || classes::is_street(&reading.at(here.span).to_lowercase());
        if before.capital && here.kind == TokenKind::Word && is_street() {
            word.classes |= classes::STREET;
        }
    }
}

/// Gives the words of a sentence their fields, and the kinds of token that their classes name.
fn mark_fields(words: &mut [Word]) {
    let looks: Vec<u64> = words.iter().map(|w| w.look).collect();
    for (word, fields) in words.iter_mut().zip(fields::mark(&looks)) {
        word.fields = fields | (u128::from(word.classes >> classes::LISTS) << fields::LISTS);
    }
}

struct Bag(Vec<Feature>);

impl Bag {
    fn add(&mut self, kind: Kind, a: u64, b: u64, from: [Option<u16>; 2]) {
        self.0.push(Feature { hash: hash(kind, a, b), value: kind.value(), from });
    }
}

fn hash(kind: Kind, a: u64, b: u64) -> u32 {
    let mixed = mix(mix(kind as u64, a), b);
    u32::try_from(mixed >> 32).unwrap_or_default()
}

fn number(i: usize) -> Option<u16> {
    u16::try_from(i).ok()
}

/// Words, pairs and prefixes.
fn own(words: &[Word], bag: &mut Bag) {
    let (start, end) = (fnv(b"^"), fnv(b"$"));
    let mut before = (start, None);
    for (i, word) in words.iter().enumerate() {
        let here = (word.key, number(i));
        bag.add(Kind::Word, word.key, 0, [here.1, None]);
        bag.add(Kind::Pair, before.0, here.0, [before.1, here.1]);
        if let Some(prefix) = word.prefix {
            bag.add(Kind::Prefix, prefix, 0, [here.1, None]);
        }
        before = here;
    }
    bag.add(Kind::Pair, before.0, end, [before.1, None]);
}

/// Members of the words' sets that are there, two that are there together, and members beside words.
fn by_set(words: &[Word], set: impl Fn(&Word) -> u128, kinds: SetKinds, bag: &mut Bag) {
    let [one, two, beside] = kinds;
    let mut first = [None; 128];
    for (i, word) in words.iter().enumerate() {
        for member in each(set(word)) {
            if let Some(from @ None) = first.get_mut(member as usize) {
                *from = number(i);
            }
        }
    }
    let there: Vec<(u64, Option<u16>)> = (0..).zip(first).filter(|(_, from)| from.is_some()).collect();
    for (i, (member, from)) in there.iter().enumerate() {
        bag.add(one, *member, 0, [*from, None]);
        for (other, also) in there.iter().skip(i + 1) {
            bag.add(two, *member, *other, [*from, *also]);
        }
    }
    for (i, pair) in words.windows(2).enumerate() {
        let [left, right] = pair else { continue };
        let from = [number(i), number(i + 1)];
        for a in each(set(left)).map(u64::from) {
            bag.add(beside, a, right.key, from);
            for b in each(set(right)).map(u64::from) {
                bag.add(beside, a, b, from);
            }
        }
        for b in each(set(right)).map(u64::from) {
            bag.add(beside, left.key, b, from);
        }
    }
}

/// The members of a set, by number.
fn each(mut set: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < u128::BITS).then_some(lowest)
    })
}

fn word(reading: &Reading<'_>, token: &Token) -> Word {
    let said = reading.at(token.span);
    match token.kind {
        TokenKind::Word => spoken(said, token),
        TokenKind::Number => {
            let year = said.len() == 4 && (said.starts_with("19") || said.starts_with("20"));
            let word =
                if year { Word::new("<year>", classes::YEAR) } else { Word::new(&digits(said), classes::NUMBER) };
            Word { look: fnv(said.as_bytes()), ..word }
        }
        TokenKind::Money => Word::new("<money>", classes::MONEY),
        TokenKind::Percent => Word::new("<percent>", classes::NUMBER),
        TokenKind::Time => Word::new("<time>", classes::TIME),
        TokenKind::Date => Word::new("<date>", classes::NUMBER),
        TokenKind::Url => Word::new("<url>", 0),
        TokenKind::Email => Word::new("<email>", classes::EMAIL),
        TokenKind::Handle => Word::new("<handle>", classes::HANDLE),
        TokenKind::Hashtag => Word::new("<hashtag>", 0),
        TokenKind::Reference => Word::new("<reference>", 0),
        // An emoji without its skin tone.
        TokenKind::Emoji => {
            let first = said.chars().next().map_or(0, char::len_utf8);
            let key = said.get(..first).unwrap_or(said);
            Word::new(key, classes::of(key))
        }
        TokenKind::Mark(c) => Word::new(c.encode_utf8(&mut [0; 4]), classes::of_mark(c)),
    }
}

/// `<1>` to `<5>` by the number of digits, `<n>` for anything longer or with marks in it.
fn digits(said: &str) -> Cow<'static, str> {
    match said.len() {
        n @ 1..=4 if said.bytes().all(|b| b.is_ascii_digit()) => format!("<{n}>").into(),
        _ if said.bytes().all(|b| b.is_ascii_digit()) => "<5>".into(),
        _ => "<n>".into(),
    }
}

fn spoken(said: &str, token: &Token) -> Word {
    let lower = said.to_lowercase();
    let plain = meant(&lower).unwrap_or(&lower);
    if plain.bytes().any(|b| b.is_ascii_digit()) {
        return Word::new("<n>", classes::NUMBER);
    }
    let mut classes = classes::of(plain);
    if classes == 0 && token.capital && !token.first && !token.upper {
        classes |= if is_first_name(said) { classes::NAME } else { classes::CAPITAL };
    }
    let cut = plain.char_indices().nth(4).map(|(i, _)| i);
    let prefix = cut.and_then(|i| plain.get(..i)).filter(|_| plain.chars().all(char::is_alphabetic));
    let prefix = prefix.map(|p| fnv(p.as_bytes()));
    Word { prefix, look: fields::key(plain), ..Word::new(plain, classes) }
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
}

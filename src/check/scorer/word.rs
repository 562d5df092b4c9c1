//! A text's tokens as the scorer reads them: what each says, its classes, its fields of meaning.

use super::{bytes::fnv, classes, fields};
use crate::text::{
    names::is_first_name,
    reading::Reading,
    sentence::Sentence,
    spelling::meant,
    token::{Token, TokenKind},
};

/// A token as the scorer reads it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Hash of what it says.
    pub(super) key: u64,
    /// Hash of its first letters, for a longer word.
    pub(super) prefix: Option<u64>,
    /// Hash by which its fields are looked up.
    look: u64,
    /// Its classes.
    pub(super) classes: u64,
    /// Its fields of meaning; in the upper bits the kind of token that its classes name.
    pub(super) fields: u128,
}

impl Word {
    fn new(key: &str, classes: u64) -> Self {
        let key = fnv(key.as_bytes());
        Self { key, prefix: None, look: key, classes, fields: 0 }
    }
}

/// The tokens of some sentences of `reading` in a row, read.
pub(super) fn read(reading: &Reading<'_>, sentences: &[Sentence]) -> Vec<Word> {
    let (first, end) = sentences.first().zip(sentences.last()).map_or((0, 0), |(a, b)| (a.tokens.start, b.tokens.end));
    let tokens = reading.tokens.get(first..end).unwrap_or_default();
    let mut lower = String::new();
    let mut words: Vec<Word> = tokens.iter().map(|t| word(reading, t, &mut lower)).collect();
    mark_streets(reading, tokens, &mut words);
    let (mut looks, mut marks) = (Vec::new(), Vec::new());
    for sentence in sentences {
        let own = sentence.tokens.start - first..sentence.tokens.end - first;
        words.get_mut(own).into_iter().for_each(|own| mark_fields(own, &mut looks, &mut marks));
    }
    words
}

/// Gives the last word of a street's name its class.
fn mark_streets(reading: &Reading<'_>, tokens: &[Token], words: &mut [Word]) {
    for (tokens, word) in tokens.windows(2).zip(words.iter_mut().skip(1)) {
        let [before, here] = tokens else { continue };
        if before.capital && here.kind == TokenKind::Word && classes::is_street(reading.at(here.span)) {
            word.classes |= classes::STREET;
        }
    }
}

/// Gives the words of a sentence their fields, and the kinds of token that their classes name; `looks` and `marks` are
/// buffers.
fn mark_fields(words: &mut [Word], looks: &mut Vec<u64>, marks: &mut Vec<u128>) {
    looks.clear();
    looks.extend(words.iter().map(|word| word.look));
    marks.clear();
    marks.resize(words.len(), 0);
    fields::mark(looks, marks);
    for (word, fields) in words.iter_mut().zip(marks) {
        word.fields = *fields | (u128::from(word.classes >> classes::LISTS) << fields::LISTS);
    }
}

/// Reads one token; `lower` is a buffer.
fn word(reading: &Reading<'_>, token: &Token, lower: &mut String) -> Word {
    let said = reading.at(token.span);
    match token.kind {
        TokenKind::Word => spoken(said, token, lower),
        TokenKind::Number => {
            let year = said.len() == 4 && (said.starts_with("19") || said.starts_with("20"));
            let word = if year { Word::new("<year>", classes::YEAR) } else { Word::new(digits(said), classes::NUMBER) };
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
            Word::new(key, classes::of(key, fnv(key.as_bytes())))
        }
        TokenKind::Mark(c) => Word::new(c.encode_utf8(&mut [0; 4]), classes::of_mark(c)),
    }
}

/// `<1>` to `<5>` by the number of digits, `<n>` for anything longer or with marks in it.
fn digits(said: &str) -> &'static str {
    if !said.bytes().all(|b| b.is_ascii_digit()) {
        return "<n>";
    }
    ["<1>", "<2>", "<3>", "<4>"].get(said.len().wrapping_sub(1)).unwrap_or(&"<5>")
}

fn spoken(said: &str, token: &Token, lower: &mut String) -> Word {
    if said.is_ascii() {
        lower.clear();
        lower.push_str(said);
        lower.make_ascii_lowercase();
    } else {
        *lower = said.to_lowercase();
    }
    let plain = meant(lower).unwrap_or(lower);
    if plain.bytes().any(|b| b.is_ascii_digit()) {
        return Word::new("<n>", classes::NUMBER);
    }
    let key = fnv(plain.as_bytes());
    let mut classes = classes::of(plain, key);
    if classes == 0 && token.capital {
        classes = match is_first_name(plain) {
            true => classes::NAME,
            false if token.first || token.upper => 0,
            false => classes::CAPITAL,
        };
    }
    let prefix = prefix(plain).map(|p| fnv(p.as_bytes()));
    Word { key, prefix, look: fields::key(plain, key), classes, fields: 0 }
}

/// The first four letters of a longer word.
fn prefix(word: &str) -> Option<&str> {
    let (cut, _) = word.char_indices().nth(4)?;
    word.get(..cut).filter(|_| word.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_length() {
        assert_eq!(
            ["7", "12", "1234", "12345", "123456", "3,000"].map(digits),
            ["<1>", "<2>", "<4>", "<5>", "<5>", "<n>"]
        );
    }

    #[test]
    fn longer_words_have_a_prefix() {
        assert_eq!(["bins", "binmen", "naïveté", "don't"].map(prefix), [None, Some("binm"), Some("naïv"), None]);
    }

    #[test]
    fn a_first_name_is_one_wherever_it_stands() {
        let reading = Reading::new("Priya and PRIYA met Priya by Wexcombe. Wexcombe shut. priya");
        let names: Vec<u64> =
            read(&reading, &reading.sentences).iter().map(|w| w.classes & (classes::NAME | classes::CAPITAL)).collect();
        let (name, capital) = (classes::NAME, classes::CAPITAL);
        assert_eq!(names, [name, 0, name, 0, name, 0, capital, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_street_is_known_by_the_name_before_it() {
        let reading = Reading::new("on Mill LANE and the lane");
        let is_street: Vec<bool> =
            read(&reading, &reading.sentences).iter().map(|w| w.classes & classes::STREET != 0).collect();
        assert_eq!(is_street, [false, false, true, false, false, false]);
    }

    /// Whether the sentences before it are read too changes nothing in a sentence.
    #[test]
    fn a_sentence_reads_the_same_by_itself() {
        let reading = Reading::new("Bins are out. His poor wife is ill. The manager is lazy!");
        let all = read(&reading, &reading.sentences);
        let said = |words: &[Word]| words.iter().map(|w| (w.key, w.classes, w.fields)).collect::<Vec<_>>();
        for sentence in &reading.sentences {
            let alone = read(&reading, std::slice::from_ref(sentence));
            assert_eq!(said(&alone), said(&all[sentence.tokens.clone()]));
        }
        assert!(all.iter().any(|w| w.fields != 0));
        let last_two = read(&reading, &reading.sentences[1..]);
        assert_eq!(said(&last_two), said(&all[reading.sentences[1].tokens.start..]));
    }
}

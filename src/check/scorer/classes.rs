//! Classes of words: what a sentence is about, and in what voice, whatever the words. The lists stand in `classes.txt`.

use super::bytes::fnv;

/// A sum.
pub const MONEY: u64 = 1 << 63;
/// A number, a date, a code.
pub const NUMBER: u64 = 1 << 62;
/// A time of day.
pub const TIME: u64 = 1 << 61;
/// A year.
pub const YEAR: u64 = 1 << 60;
/// An e-mail address.
pub const EMAIL: u64 = 1 << 59;
/// A mention of an account.
pub const HANDLE: u64 = 1 << 58;
/// A question mark.
const ASKED: u64 = 1 << 57;
/// An exclamation mark.
const CALLED: u64 = 1 << 56;
/// A comma.
const COMMA: u64 = 1 << 55;
/// An opening bracket.
const BRACKET: u64 = 1 << 54;
/// A capitalised word inside the sentence.
pub const CAPITAL: u64 = 1 << 53;
/// A first name.
pub const NAME: u64 = 1 << 52;
/// The last word of a street's name.
pub const STREET: u64 = 1 << 51;
/// How many lists there may be; the bits above are for kinds of token.
pub const LISTS: usize = 51;

/// The table that `build.rs` makes of the lists: words by their hash.
#[expect(clippy::unreadable_literal, reason = "hashes and sets of bits")]
mod table {
    include!(concat!(env!("OUT_DIR"), "/classes.rs"));
}

const STREETS: &[&str] = &[
    "street", "road", "lane", "close", "avenue", "drive", "way", "court", "crescent", "terrace", "grove", "gardens",
    "place", "row", "hill", "walk", "mews", "rise", "square", "green", "park", "view",
];

/// The classes of a word in lower case, whose hash is `key`; `boss's` has those of `boss`.
pub(super) fn of(word: &str, key: u64) -> u64 {
    let classes = table::KEYS.place(key).or_else(|| table::KEYS.place(fnv(word.strip_suffix("'s")?.as_bytes())));
    classes.and_then(|at| table::CLASSES.get(at)).copied().unwrap_or(0)
}

/// The classes of a mark.
pub fn of_mark(mark: char) -> u64 {
    match mark {
        '?' => ASKED,
        '!' => CALLED,
        ',' => COMMA,
        '(' => BRACKET,
        _ => 0,
    }
}

/// Whether a word ends the names of streets, however it is written.
pub fn is_street(word: &str) -> bool {
    STREETS.iter().any(|street| street.eq_ignore_ascii_case(word))
}

/// What a word that must not be shown is called instead: its kind.
pub fn kind_name(classes: u64) -> Option<&'static str> {
    let names = [
        (MONEY, "a sum"),
        (NUMBER | YEAR, "a number"),
        (TIME, "a time"),
        (EMAIL, "an e-mail address"),
        (HANDLE, "an account"),
        (NAME | CAPITAL, "a name"),
    ];
    names.iter().find(|(class, _)| classes & class != 0).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The lists, each a name and its words.
    fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
        let lists = include_str!("classes.txt").lines().filter(|l| !l.starts_with('#'));
        lists.filter_map(|l| l.split_once(':'))
    }

    fn classes(word: &str) -> u64 {
        of(word, fnv(word.as_bytes()))
    }

    #[test]
    fn the_lists_fit_and_have_names_of_their_own() {
        assert!(lists().count() <= LISTS);
        assert_eq!(lists().map(|(name, _)| name).collect::<HashSet<_>>().len(), lists().count());
    }

    #[test]
    fn every_word_is_in_the_table() {
        for (number, (name, words)) in lists().enumerate() {
            for word in words.split_whitespace() {
                assert!(classes(word) >> number & 1 == 1, "{name}: {word}");
            }
        }
    }

    #[test]
    fn words_have_classes() {
        assert_ne!(classes("wife"), 0);
        assert_eq!(classes("wife's"), classes("wife"));
        assert_eq!(classes("lamp"), 0);
        assert_ne!(of_mark('?'), 0);
    }

    /// A trained model knows a class by its bit, so that none may change.
    #[test]
    fn classes_of_tokens_keep_their_bits() {
        let kinds = [MONEY, NUMBER, TIME, YEAR, EMAIL, HANDLE, ASKED, CALLED, COMMA, BRACKET, CAPITAL, NAME, STREET];
        assert_eq!(kinds, std::array::from_fn(|n| 1 << (63 - n)));
        assert!(kinds.iter().all(|kind| kind.trailing_zeros() as usize >= LISTS), "apart from the lists");
        assert_eq!(['?', '!', ',', '(', '.'].map(of_mark), [ASKED, CALLED, COMMA, BRACKET, 0]);
    }

    #[test]
    fn what_is_not_shown_has_the_name_of_its_kind() {
        let told = [MONEY, NUMBER, YEAR, TIME, EMAIL, HANDLE, NAME, CAPITAL, STREET, ASKED].map(kind_name);
        let number = Some("a number");
        let (mail, name) = (Some("an e-mail address"), Some("a name"));
        let wanted = [Some("a sum"), number, number, Some("a time"), mail, Some("an account"), name, name, None, None];
        assert_eq!(told, wanted);
        assert_eq!(kind_name(0), None);
    }
}

//! Classes of words: what a sentence is about, and in what voice, whatever the words. The lists stand in `classes.txt`.

use super::bytes::fnv;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

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

/// The lists: a name, a colon, and its words.
const SOURCE: &str = include_str!("classes.txt");

const STREETS: &[&str] = &[
    "street", "road", "lane", "close", "avenue", "drive", "way", "court", "crescent", "terrace", "grove", "gardens",
    "place", "row", "hill", "walk", "mews", "rise", "square", "green", "park", "view",
];

/// Names of the lists, in the order of the file.
fn lists() -> impl Iterator<Item = (&'static str, &'static str)> {
    SOURCE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(':')).take(LISTS)
}

/// The classes of a word in lower case; `boss's` has those of `boss`.
pub fn of(word: &str) -> u64 {
    static TABLE: OnceLock<FxHashMap<u64, u64>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = FxHashMap::default();
        for (number, (_, words)) in lists().enumerate() {
            for word in words.split_whitespace() {
                *table.entry(fnv(word.as_bytes())).or_insert(0) |= 1 << number;
            }
        }
        table
    });
    let look = |w: &str| table.get(&fnv(w.as_bytes())).copied();
    look(word).or_else(|| look(word.strip_suffix("'s")?)).unwrap_or(0)
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

/// Whether a word ends the names of streets.
pub fn is_street(word: &str) -> bool {
    STREETS.contains(&word)
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

    #[test]
    fn the_lists_fit_and_have_names_of_their_own() {
        let all = SOURCE.lines().filter(|l| l.contains(':') && !l.starts_with('#')).count();
        assert_eq!(all, lists().count());
        assert_eq!(lists().map(|(name, _)| name).collect::<HashSet<_>>().len(), all);
    }

    #[test]
    fn words_have_classes() {
        assert_ne!(of("wife"), 0);
        assert_eq!(of("wife's"), of("wife"));
        assert_eq!(of("lamp"), 0);
        assert!(is_street("close") && !is_street("lamp"));
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

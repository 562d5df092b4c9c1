//! Fields of meaning: words and phrases that speak of one thing, or in one tone. Where [`super::classes`] knows words, a
//! field also knows phrases, and there are more of them. The lists stand in `fields.txt`.

use super::bytes::{fnv, mix};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// How many lists there may be; the upper bits of a set are for the kinds of token that [`super::classes`] names.
pub(super) const LISTS: usize = 115;

/// The lists, one a line: a name, a colon, and words or phrases between commas.
const SOURCE: &str = include_str!("fields.txt");

/// What is known of a word, or of the words of a phrase.
#[derive(Default)]
struct Entry {
    /// The fields that it is in, one bit each.
    fields: u128,
    /// Number of words of the longest phrase that begins with it.
    longest: usize,
}

/// Words by their hash, phrases by the hashes of their words, mixed in order.
type Table = FxHashMap<u64, Entry>;

/// The lists, each a name and its words or phrases.
fn lists() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lists = SOURCE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(':'));
    lists.map(|(name, phrases)| (name, phrases.split(',').map(str::trim).filter(|p| !p.is_empty())))
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        for (number, (_, phrases)) in lists().enumerate().take(LISTS) {
            for phrase in phrases {
                enter(&mut table, phrase, 1 << number);
            }
        }
        table
    })
}

fn enter(table: &mut Table, phrase: &str, field: u128) {
    let words: Vec<u64> = phrase.split_whitespace().map(|w| fnv(w.as_bytes())).collect();
    let Some((first, rest)) = words.split_first() else { return };
    // Every word of a phrase is known by itself, so that `mum's` in `mum's the word` is not read as `mum`.
    for word in rest {
        table.entry(*word).or_default();
    }
    let start = table.entry(*first).or_default();
    start.longest = start.longest.max(words.len());
    let whole = rest.iter().fold(*first, |hash, word| mix(hash, *word));
    table.entry(whole).or_default().fields |= field;
}

/// The hash by which a word in lower case is looked up: `boss's` is `boss` where no list knows it better.
pub(super) fn key(word: &str) -> u64 {
    let whole = fnv(word.as_bytes());
    match word.strip_suffix("'s") {
        Some(bare) if !table().contains_key(&whole) => fnv(bare.as_bytes()),
        _ => whole,
    }
}

/// The fields of each word of a sentence, the words given by [`key`]. A phrase marks its first word and its last.
pub(super) fn mark(words: &[u64]) -> Vec<u128> {
    let table = table();
    let mut marks = vec![0_u128; words.len()];
    for (start, word) in words.iter().enumerate() {
        let Some(entry) = table.get(word) else { continue };
        let mut here = entry.fields;
        let mut hash = *word;
        for end in start + 1..(start + entry.longest).min(words.len()) {
            hash = words.get(end).map_or(hash, |w| mix(hash, *w));
            let phrase = table.get(&hash).map_or(0, |e| e.fields);
            here |= phrase;
            if let Some(last) = marks.get_mut(end) {
                *last |= phrase;
            }
        }
        if let Some(first) = marks.get_mut(start) {
            *first |= here;
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn fields(text: &str) -> Vec<u128> {
        mark(&text.split_whitespace().map(key).collect::<Vec<_>>())
    }

    #[test]
    fn the_lists_fit_and_have_names_of_their_own() {
        let names: HashSet<&str> = lists().map(|(name, _)| name).collect();
        assert_eq!(names.len(), lists().count());
        assert!(names.len() <= LISTS);
        assert!(lists().all(|(_, phrases)| phrases.count() > 10));
    }

    #[test]
    fn a_phrase_marks_its_ends() {
        let [behind, with, the, rent] = fields("behind with the rent")[..] else { panic!() };
        assert_ne!(behind & rent, 0);
        assert_eq!(the, 0);
        assert_ne!(behind & with, 0, "`behind with` is a phrase too");
    }

    #[test]
    fn a_possessive_is_read_as_its_word() {
        assert_ne!(fields("grandad's")[0], 0);
        assert_eq!(fields("grandad's"), fields("grandad"));
        assert_ne!(key("mum's"), key("mum"), "`mum's the word` is a phrase");
    }

    #[test]
    fn what_no_list_knows_has_no_field() {
        assert_eq!(fields("lamina ok'd"), [0, 0]);
    }
}

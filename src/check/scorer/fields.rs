//! Fields of meaning: words and phrases that speak of one thing, or in one tone. Where [`super::classes`] knows words, a
//! field also knows phrases, and there are more of them. The lists stand in `fields.txt`.

use super::bytes::{fnv, mix};

/// How many lists there may be; the upper bits of a set are for the kinds of token that [`super::classes`] names.
pub(super) const LISTS: usize = 115;

/// The table that `build.rs` makes of the lists: words by their hash, phrases by the hashes of their words, mixed in order.
#[expect(clippy::unreadable_literal, reason = "hashes and sets of bits")]
mod table {
    include!(concat!(env!("OUT_DIR"), "/fields.rs"));
}

/// What is known of a word, or of the words of a phrase.
struct Entry {
    /// The fields that it is in, one bit each.
    fields: u128,
    /// Number of words of the longest phrase that begins with it.
    longest: usize,
}

fn entry(key: u64) -> Option<Entry> {
    let (set, longest) = table::ENTRIES.get(table::KEYS.place(key)?)?;
    Some(Entry { fields: *table::SETS.get(usize::from(*set))?, longest: usize::from(*longest) })
}

/// The hash by which a word in lower case, whose own hash is `whole`, is looked up: `boss's` is `boss` where no list knows
/// it better.
pub(super) fn key(word: &str, whole: u64) -> u64 {
    match word.strip_suffix("'s") {
        Some(bare) if entry(whole).is_none() => fnv(bare.as_bytes()),
        _ => whole,
    }
}

/// Adds to `marks` the fields of each word of a sentence, the words given by [`key`]. A phrase marks its first word and
/// its last.
pub(super) fn mark(words: &[u64], marks: &mut [u128]) {
    for (start, word) in words.iter().enumerate() {
        let Some(begins) = entry(*word) else { continue };
        let mut here = begins.fields;
        let mut hash = *word;
        for end in start + 1..(start + begins.longest).min(words.len()) {
            hash = words.get(end).map_or(hash, |w| mix(hash, *w));
            let phrase = entry(hash).map_or(0, |e| e.fields);
            here |= phrase;
            if let Some(last) = marks.get_mut(end) {
                *last |= phrase;
            }
        }
        if let Some(first) = marks.get_mut(start) {
            *first |= here;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The lists, each a name and its words or phrases.
    fn lists() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
        let lists = include_str!("fields.txt").lines().filter(|l| !l.starts_with('#'));
        let lists = lists.filter_map(|l| l.split_once(':'));
        lists.map(|(name, phrases)| (name, phrases.split(',').map(str::trim).filter(|p| !p.is_empty())))
    }

    fn fields(text: &str) -> Vec<u128> {
        marks(&text.split_whitespace().map(own).collect::<Vec<_>>())
    }

    fn marks(words: &[u64]) -> Vec<u128> {
        let mut marks = vec![0; words.len()];
        mark(words, &mut marks);
        marks
    }

    fn own(word: &str) -> u64 {
        key(word, fnv(word.as_bytes()))
    }

    #[test]
    fn the_lists_fit_and_have_names_of_their_own() {
        let names: HashSet<&str> = lists().map(|(name, _)| name).collect();
        assert_eq!(names.len(), lists().count());
        assert!(names.len() <= LISTS);
        assert!(lists().all(|(_, phrases)| phrases.count() > 10));
    }

    #[test]
    fn every_word_and_phrase_is_in_the_table() {
        for (number, (name, phrases)) in lists().enumerate() {
            for phrase in phrases {
                let words: Vec<u64> = phrase.split_whitespace().map(|w| fnv(w.as_bytes())).collect();
                let marks = marks(&words);
                assert!(marks.last().unwrap() >> number & 1 == 1, "{name}: {phrase}");
            }
        }
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
        assert_ne!(own("mum's"), own("mum"), "`mum's the word` is a phrase");
    }

    #[test]
    fn what_no_list_knows_has_no_field() {
        assert_eq!(fields("lamina ok'd"), [0, 0]);
    }
}

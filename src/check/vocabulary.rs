//! Words as numbers: every word that any rule names gets an id, and a text's tokens are looked up once for all rules.

use super::{
    hash::hash,
    store::{Numbers, Reader},
};
use crate::text::{reading::Reading, spelling, token::TokenKind};
use rustc_hash::FxHashMap;
use std::{borrow::Cow, sync::LazyLock};

/// Id of a word that some rule names; 0 is no word.
pub type WordId = u32;

/// What a token may be read as: itself, without its `'s`, the word that was meant. Zeros are empty places.
pub type Readings = [WordId; 4];

/// The words of all rules: one text, and a table of ids by the hash of their words, with open addressing.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// All words, one behind the other.
    text: Cow<'static, str>,
    /// Where each word ends in `text`, by its id less one.
    ends: Numbers,
    /// Ids by hash; a power of two long, at most half full.
    table: Numbers,
}

/// Common words of drafts, each with how often it stands in 100,000 words.
/// *Source:* counted in the labelled drafts by `fixtures/accuracy/common-words.py`.
static COMMON: LazyLock<FxHashMap<&str, u32>> = LazyLock::new(|| {
    let rows = include_str!("common.txt").lines().filter_map(|row| row.split_once(' '));
    rows.filter_map(|(word, times)| Some((word, times.parse().ok()?))).collect()
});

/// How often all other words stand there, each by itself; as a guess.
const SELDOM: u32 = 2;

impl Vocabulary {
    /// The id of `word` (lower case), new if need be. Used while compiling.
    pub fn intern(&mut self, word: &str) -> WordId {
        let known = self.get(word);
        if known != 0 {
            return known;
        }
        if self.table.len() < 2 * (self.ends.len() + 1) {
            self.grow();
        }
        self.text.to_mut().push_str(word);
        self.ends.to_mut().push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.put(word, id);
        id
    }

    fn grow(&mut self) {
        self.table = vec![0; (self.table.len() * 2).max(64)].into();
        let words: Vec<(String, WordId)> = self.iter().map(|(w, id)| (w.to_owned(), id)).collect();
        for (word, id) in &words {
            self.put(word, *id);
        }
    }

    fn put(&mut self, word: &str, id: WordId) {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = index(word) & mask;
        let table = self.table.to_mut();
        while let Some(place) = table.get_mut(at) {
            if *place == 0 {
                *place = id;
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// The id of `word` (lower case), 0 if no rule names it.
    pub fn get(&self, word: &str) -> WordId {
        let mask = self.table.len().wrapping_sub(1);
        let mut at = index(word) & mask;
        while let Some(id) = self.table.get(at).copied().filter(|id| *id != 0) {
            if self.is(id, word) {
                return id;
            }
            at = (at + 1) & mask;
        }
        0
    }

    /// Whether `id` is that of `word`.
    fn is(&self, id: WordId, word: &str) -> bool {
        let end = self.ends.get(id.wrapping_sub(1) as usize).map_or(0, |end| *end as usize);
        let own = end.checked_sub(word.len()).and_then(|start| self.text.as_bytes().get(start..end));
        // Only of words of the same length is the beginning to be looked up.
        own == Some(word.as_bytes()) && self.word(id).len() == word.len()
    }

    /// The word of an id.
    pub(super) fn word(&self, id: WordId) -> &str {
        let end = |i: u32| self.ends.get(i as usize).map_or(0, |e| *e as usize);
        let Some(i) = id.checked_sub(1) else { return "" };
        self.text.get(i.checked_sub(1).map_or(0, end)..end(i)).unwrap_or_default()
    }

    /// How often a word is met in 100,000 words; used to look first for the rarest word of a phrase.
    pub(super) fn weight(&self, id: WordId) -> u32 {
        COMMON.get(self.word(id)).copied().unwrap_or(SELDOM)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no rule names any word.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All words and their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, WordId)> {
        (1..).take(self.ends.len()).map(|id| (self.word(id), id))
    }

    #[cfg(test)]
    pub(super) fn store(&self, to: &mut super::store::Writer) {
        to.text(&self.text);
        to.numbers(&self.ends);
        to.numbers(&self.table);
    }

    pub(super) fn load(from: &mut Reader) -> Option<Self> {
        Some(Self { text: from.text()?.into(), ends: from.numbers()?, table: from.numbers()? })
    }

    /// What each token of `reading` may be read as.
    pub fn look_up(&self, reading: &Reading<'_>) -> Vec<Readings> {
        let mut lower = String::new();
        reading
            .tokens
            .iter()
            .map(|token| match token.kind {
                TokenKind::Mark(_) | TokenKind::Url | TokenKind::Email | TokenKind::Handle => [0; 4],
                _ => {
                    let text = reading.at(token.span);
                    lower.clear();
                    if text.is_ascii() {
                        if !text.bytes().any(|b| b.is_ascii_uppercase()) {
                            return self.readings(text);
                        }
                        lower.push_str(text);
                        lower.make_ascii_lowercase();
                    } else {
                        lower.extend(text.chars().flat_map(char::to_lowercase));
                    }
                    self.readings(&lower)
                }
            })
            .collect()
    }

    /// What a word (lower case) may be read as.
    fn readings(&self, word: &str) -> Readings {
        let own = self.get(word);
        let base = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).map_or(0, |base| self.get(base));
        let Some(meant) = spelling::meant(word) else { return [own, base, 0, 0] };
        [own, base, self.get(meant), meant.strip_suffix("'s").map_or(0, |base| self.get(base))]
    }
}

/// An index from the hash of a word.
#[expect(clippy::cast_possible_truncation, reason = "an index keeps the lower half, mixed with the upper")]
fn index(word: &str) -> usize {
    hash(0, word) as u32 as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_once_and_by_its_number() {
        let mut words = Vocabulary::default();
        assert!(words.is_empty());
        let ids = ["bins", "tip", "bins"].map(|word| words.intern(word));
        assert_eq!((words.is_empty(), words.len()), (false, 2));
        assert_eq!(ids.map(|id| words.word(id)), ["bins", "tip", "bins"]);
        assert!(words.weight(ids[0]) > 0 && words.word(0).is_empty());
    }
}

//! Words as numbers: every word that any rule names gets an id, and a text's tokens are looked up once for all rules.

use crate::text::{reading::Reading, spelling, token::TokenKind};
use rustc_hash::FxHashMap;

/// Id of a word that some rule names; 0 is no word.
pub type WordId = u32;

/// What a token may be read as: itself, without its `'s`, the word that was meant. Zeros are empty places.
pub type Readings = [WordId; 4];

/// The words of all rules.
#[derive(Debug, Default)]
pub struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// How common each word is, by its id less one.
    weights: Vec<u32>,
}

/// The most common words of English, the most common first.
/// *Source:* common knowledge of word counts; only the rough order matters.
const COMMON: &str = "the of and to a in is that for it on be with as i you we this are was have not but they at by or from \
    all an your will our can has if up do so what out there more no one about been when who their his her would just like \
    get he she me my them than then now how some over into also which other its could make time had were may us please any \
    people see new only here day week need know today good back go think first after next before us council school home";

impl Vocabulary {
    /// The id of `word` (lower case), new if need be. Used while compiling.
    pub fn intern(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = WordId::try_from(self.ids.len() + 1).unwrap_or(WordId::MAX);
        self.ids.insert(word.into(), id);
        let rank = COMMON.split_whitespace().position(|common| common == word);
        self.weights.push(rank.map_or(4, |rank| 20 + 4000 / (rank as u32 + 2)));
        id
    }

    /// The id of `word` (lower case), 0 if no rule names it.
    pub fn get(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// How common a word is, on a scale of its own; a guess, used to look for the rarest word of a phrase.
    pub(super) fn weight(&self, id: WordId) -> u32 {
        id.checked_sub(1).and_then(|i| self.weights.get(i as usize)).copied().unwrap_or(0)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether no rule names any word.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All words and their ids, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, WordId)> {
        self.ids.iter().map(|(w, id)| (w.as_ref(), *id))
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
                    lower.clear();
                    lower.extend(reading.at(token.span).chars().flat_map(char::to_lowercase));
                    self.readings(&lower)
                }
            })
            .collect()
    }

    fn readings(&self, word: &str) -> Readings {
        let own = self.get(word);
        let base = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).map_or(0, |base| self.get(base));
        let meant = spelling::meant(word);
        let meant_base = meant.and_then(|m| m.strip_suffix("'s")).map_or(0, |base| self.get(base));
        [own, base, meant.map_or(0, |m| self.get(m)), meant_base]
    }
}

//! Words that may be disguised, found by what is left of them to see.

use super::{
    phrase::Compiler,
    program::Node,
    store::Numbers,
    vocabulary::{Vocabulary, WordId},
};
use rustc_hash::FxHashSet;
use std::{cmp::Ordering, ops::Range, sync::OnceLock};

/// No stretch that is taken for a word has so many characters, and none has fewer than the shortest.
const LONGEST: usize = 64;
pub(super) const SHORTEST: usize = 3;

/// Words that may be disguised.
#[derive(Debug)]
pub(super) struct Targets {
    /// By their length in characters, those of one length in the order of their letters.
    ids: Numbers,
    /// Where those of each length are, looked for when the first text asks.
    by_len: [OnceLock<Range<usize>>; LONGEST],
    /// By their first two letters, the lengths of words: bit n for n characters.
    openings: OnceLock<Vec<u64>>,
}

/// The same, with their letters at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelled<'t> {
    targets: &'t Targets,
    words: &'t Vocabulary,
}

/// One character of a disguised word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    /// This letter, or one that it is written for.
    Like(char),
    /// Any letter.
    Hidden,
}

impl Compiler {
    /// All words that phrases name, lists included, each once and in the order in which they are found.
    pub(super) fn targets(&mut self, mut phrases: Vec<Node>) -> Numbers {
        // Packs may come in any order.
        phrases.sort_unstable();
        phrases.dedup();
        if let Some(kept) = self.store.targets(&phrases) {
            return kept;
        }
        let (mut seen, mut words) = (FxHashSet::default(), Vec::new());
        for node in &phrases {
            self.program.words(*node, &mut seen, &mut words);
        }
        words.sort_unstable();
        words.dedup();
        sort(&mut words, &self.words);
        let words = Numbers::from(words);
        self.store.new_targets = Some((phrases, words.clone()));
        words
    }
}

/// Puts words in the order in which they are found.
pub(super) fn sort(ids: &mut [WordId], words: &Vocabulary) {
    ids.sort_by_cached_key(|id| (words.word(*id).chars().count(), words.word(*id)));
}

impl Targets {
    /// Words that were put in order by [`sort`].
    pub(super) fn new(ids: Numbers) -> Self {
        Self { ids, by_len: [const { OnceLock::new() }; LONGEST], openings: OnceLock::new() }
    }

    /// The words with their letters, which `words` knows.
    pub(super) fn among<'t>(&'t self, words: &'t Vocabulary) -> Spelled<'t> {
        Spelled { targets: self, words }
    }
}

impl<'t> Spelled<'t> {
    /// Where those of sorted `ids` are of which `order` says that they are what is looked for, neither less nor greater.
    fn range(self, ids: &[WordId], order: impl Fn(&str) -> Ordering) -> Range<usize> {
        let start = ids.partition_point(|id| order(self.words.word(*id)) < Ordering::Equal);
        start..ids.partition_point(|id| order(self.words.word(*id)) <= Ordering::Equal)
    }

    /// The words of so many characters, in order.
    fn of_len(self, len: usize) -> &'t [WordId] {
        let Some(known) = self.targets.by_len.get(len).filter(|_| len >= SHORTEST) else { return &[] };
        let find = || self.range(&self.targets.ids, |word| word.chars().count().cmp(&len));
        self.targets.ids.get(known.get_or_init(find).clone()).unwrap_or_default()
    }

    /// The lengths of words that may begin with two letters: bit n for n characters.
    pub(super) fn lengths(self, first: Letter, second: Letter) -> u64 {
        let openings = self.targets.openings.get_or_init(|| {
            let mut lengths = vec![0; OPENINGS];
            for word in self.targets.ids.iter().map(|id| self.words.word(*id)) {
                let mut letters = word.chars();
                let own = opening(letters.next(), letters.next()).and_then(|own| lengths.get_mut(own));
                if let Some(own) = own {
                    *own |= 1 << word.chars().count().min(LONGEST - 1);
                }
            }
            lengths
        });
        let (Letter::Like(first), Letter::Like(second)) = (first, second) else { return u64::MAX };
        let meant = |c: char| leet(c).chars().chain([c]);
        let pairs = meant(first).flat_map(|a| meant(second).map(move |b| opening(Some(a), Some(b))));
        pairs
            .map(|own| own.and_then(|own| openings.get(own)).copied().unwrap_or(u64::MAX))
            .fold(0, |all, own| all | own)
    }

    /// The first word in the order of letters that `shape` may be; 0 for none.
    pub(super) fn find(self, shape: &[Letter]) -> WordId {
        let words = self.of_len(shape.len());
        // Letters that are written for no others are one word.
        if shape.iter().all(|letter| matches!(letter, Letter::Like(c) if leet(*c).is_empty())) {
            let like = |letter: &Letter| if let Letter::Like(c) = letter { Some(*c) } else { None };
            let seen: String = shape.iter().filter_map(like).collect();
            // Most are no word of any rule, which one look tells.
            if self.words.get(&seen) == 0 {
                return 0;
            }
            let at = words.binary_search_by(|id| self.words.word(*id).cmp(&seen));
            return at.ok().and_then(|at| words.get(at)).copied().unwrap_or(0);
        }
        let fits = |id: &&WordId| self.words.word(**id).chars().zip(shape).all(|(c, letter)| letter.reads(c));
        let first = |words: &[WordId]| words.iter().find(fits).copied();
        let Some(Letter::Like(c)) = shape.first() else { return first(words).unwrap_or(0) };
        // A letter that is seen leaves only words that begin with it, or with what it is written for.
        let mut meant = leet(*c).chars();
        let mut initials = [Some(*c), meant.next(), meant.next()];
        initials.sort_unstable();
        let beginning = |c: char| words.get(self.range(words, |word| word.chars().next().cmp(&Some(c))));
        initials.into_iter().flatten().find_map(|c| first(beginning(c)?)).unwrap_or(0)
    }
}

/// How many openings there are: pairs of small letters of ASCII, and all others as one.
const OPENINGS: usize = 26 * 26 + 1;

/// The number of an opening; nothing for a word of fewer letters.
fn opening(first: Option<char>, second: Option<char>) -> Option<usize> {
    let letter = |c: char| c.is_ascii_lowercase().then(|| c as usize - 'a' as usize);
    let (first, second) = first.zip(second)?;
    Some(letter(first).zip(letter(second)).map_or(OPENINGS - 1, |(a, b)| 26 * a + b))
}

impl Letter {
    fn reads(self, c: char) -> bool {
        match self {
            Self::Hidden => c.is_alphabetic(),
            Self::Like(l) => l == c || leet(l).contains(c),
        }
    }
}

/// Letters that a digit or sign is written for.
fn leet(c: char) -> &'static str {
    match c {
        '0' => "o",
        '1' | '!' | '|' => "il",
        '3' | '€' => "e",
        '4' | '@' => "a",
        '5' | '$' | 'z' => "s",
        '6' | '9' => "g",
        '7' | '+' => "t",
        '8' => "b",
        'v' => "u",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Words of a vocabulary, all of which may be disguised.
    fn targets(all: impl IntoIterator<Item = String>) -> (Targets, Vocabulary) {
        let mut words = Vocabulary::default();
        let mut ids: Vec<WordId> = all.into_iter().map(|word| words.intern(&word)).collect();
        sort(&mut ids, &words);
        (Targets::new(ids.into()), words)
    }

    #[test]
    fn no_letter_is_written_for_more_than_two() {
        assert!(('\0'..'\u{ffff}').all(|c| leet(c).chars().count() <= 2));
    }

    proptest! {
        #[test]
        fn a_word_has_the_length_of_its_opening(word in "[a-is-v13é]{2,9}", leet in proptest::bool::ANY) {
            let (targets, words) = targets([word.clone()]);
            let typed: String = if leet { word.replace('s', "$").replace('i', "1") } else { word };
            let letters: Vec<Letter> = typed.chars().map(Letter::Like).collect();
            let lengths = targets.among(&words).lengths(letters[0], letters[1]);
            prop_assert_eq!(lengths >> letters.len() & 1, 1);
        }

        #[test]
        fn a_word_is_found_as_by_looking_at_all(
            all in proptest::collection::btree_set("[a-is-v13é]{2,5}", 1..60),
            shape in "[a-is-v013!|48*é]{2,5}",
        ) {
            let (targets, mut words) = targets(all.iter().cloned());
            let letter = |c| if c == '*' { Letter::Hidden } else { Letter::Like(c) };
            let shape: Vec<Letter> = shape.chars().map(letter).collect();
            let fits = |word: &&String| {
                let is_as_long = shape.len() >= SHORTEST && word.chars().count() == shape.len();
                is_as_long && word.chars().zip(&shape).all(|(c, letter)| letter.reads(c))
            };
            let naive = all.iter().find(fits).map_or(0, |word| words.intern(word));
            prop_assert_eq!(targets.among(&words).find(&shape), naive);
        }
    }
}

//! Whether one phrase matches whatever another matches.
//!
//! The covered phrase is written out as sequences of symbols: a word, a mark, a gap, a class, a list. The covering one
//! walks over each sequence as it walks over tokens, and must arrive at its end. A symbol that stands for many words is
//! taken only by a part that takes all of them, so that *yes* is always right; *no* may be wrong, for example where a
//! list is spelled out.

use super::{
    super::{class::Class, phrase::Tree, vocabulary::WordId},
    Wording,
};
use rustc_hash::FxHashSet;

/// The most sequences that a phrase is written out as.
const MOST: usize = 512;
/// The most symbols of a sequence: places are bits of a `u64`.
const LONGEST: usize = 60;

/// A part of a phrase as it is written out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Symbol<'t> {
    Word(WordId),
    Prefix(&'t str),
    Any,
    Mark(char),
    Emoji(&'t str),
    Gap(usize),
    Start,
    End,
    Class(Class),
    List(usize),
}

/// All sequences of `tree`; nothing where they are too many. Lists are not written out.
pub(super) fn written_out(tree: &Tree) -> Option<Vec<Vec<Symbol<'_>>>> {
    let all = some(tree, MOST + 1);
    (all.len() <= MOST).then_some(all)
}

/// Sequences of `tree`, at most `most`: all of them, or some from all over it.
pub(super) fn some(tree: &Tree, most: usize) -> Vec<Vec<Symbol<'_>>> {
    let one = |symbol| vec![vec![symbol]];
    let words = |words: &FxHashSet<WordId>| {
        let mut words: Vec<WordId> = words.iter().copied().collect();
        words.sort_unstable();
        words.into_iter().map(|word| vec![Symbol::Word(word)]).collect()
    };
    match tree {
        Tree::Words(set) => spread(words(set), most),
        Tree::Prefix(text) => one(Symbol::Prefix(text)),
        Tree::Any => one(Symbol::Any),
        Tree::Mark(c) => one(Symbol::Mark(*c)),
        Tree::Emoji(text) => one(Symbol::Emoji(text)),
        Tree::Gap(n) => one(Symbol::Gap(*n)),
        Tree::Start => one(Symbol::Start),
        Tree::End => one(Symbol::End),
        Tree::Class(class) => one(Symbol::Class(*class)),
        Tree::List(n) => one(Symbol::List(*n)),
        Tree::Seq(parts) => parts.iter().fold(vec![Vec::new()], |sofar, part| {
            let next = some(part, most);
            let pairs = sofar.iter().flat_map(|a| next.iter().map(move |b| [a.as_slice(), b].concat()));
            spread(pairs.collect(), most)
        }),
        Tree::Alt(alt) => {
            let mut all: Vec<Vec<Symbol<'_>>> = words(&alt.words);
            all.extend(alt.longer.iter().flat_map(|longer| some(longer, most)));
            all.extend(alt.empty.then(Vec::new));
            spread(all, most)
        }
    }
}

/// At most `most` of `all`, evenly.
fn spread<T>(all: Vec<T>, most: usize) -> Vec<T> {
    let len = all.len();
    let kept = |n: usize| len <= most || n * most / len != (n + 1) * most / len;
    all.into_iter().enumerate().filter(|(n, _)| kept(*n)).map(|(_, item)| item).collect()
}

/// Places in a sequence, as bits.
type Places = u64;

impl Wording<'_> {
    /// Whether each sequence of `tree` is taken, from end to end, by one of `others`.
    pub(super) fn covers(&self, others: &[&Tree], tree: &Tree) -> bool {
        written_out(tree).is_some_and(|sequences| self.takes(others, &sequences))
    }

    /// Whether each of `sequences` is taken, from end to end, by one of `others`.
    pub(super) fn takes(&self, others: &[&Tree], sequences: &[Vec<Symbol<'_>>]) -> bool {
        let taken = |symbols: &Vec<Symbol<'_>>| {
            let walk = Walk { wording: self, symbols };
            symbols.len() <= LONGEST
                && others.iter().any(|other| walk.settled(walk.ends(other, walk.settled(1))) >> symbols.len() & 1 == 1)
        };
        !sequences.is_empty() && sequences.iter().all(taken)
    }
}

struct Walk<'w, 's> {
    wording: &'w Wording<'w>,
    symbols: &'s [Symbol<'s>],
}

impl Walk<'_, '_> {
    /// Adds the places behind starts and ends of sentences: they take no room.
    fn settled(&self, from: Places) -> Places {
        self.symbols.iter().enumerate().fold(from, |at, (n, symbol)| {
            let free = at >> n & 1 == 1 && matches!(symbol, Symbol::Start | Symbol::End);
            at | Places::from(free) << (n + 1)
        })
    }

    /// Where `tree` can end if it begins in `from`.
    fn ends(&self, tree: &Tree, from: Places) -> Places {
        match tree {
            Tree::Words(words) => self.step(from, |s| matches!(s, Symbol::Word(w) if words.contains(&w))),
            Tree::Prefix(text) => self.step(from, |s| match s {
                Symbol::Word(w) => self.wording.compiler.words.word(w).starts_with(&**text),
                Symbol::Prefix(longer) => longer.starts_with(&**text),
                _ => false,
            }),
            Tree::Any => self.step(from, is_word),
            Tree::Mark(c) => self.step(from, |s| s == Symbol::Mark(*c)),
            Tree::Emoji(text) => self.step(from, |s| s == Symbol::Emoji(text)),
            Tree::Gap(most) => self.gap(from, *most),
            Tree::Start => self.beside(from, Symbol::Start),
            Tree::End => self.beside(from, Symbol::End),
            Tree::Class(class) => self.step(from, |s| s == Symbol::Class(*class)),
            Tree::List(n) => {
                let inside = self.wording.compiler.list_tree(*n).map_or(0, |list| self.ends(list, from));
                inside | self.step(from, |s| s == Symbol::List(*n))
            }
            Tree::Seq(parts) => parts.iter().fold(from, |at, part| if at == 0 { 0 } else { self.ends(part, at) }),
            Tree::Alt(alt) => {
                let words = self.step(from, |s| matches!(s, Symbol::Word(w) if alt.words.contains(&w)));
                let longer = alt.longer.iter().fold(words, |at, tree| at | self.ends(tree, from));
                if alt.empty { longer | from } else { longer }
            }
        }
    }

    fn step(&self, from: Places, takes: impl Fn(Symbol<'_>) -> bool) -> Places {
        let places = self.symbols.iter().enumerate().filter(|(n, symbol)| from >> n & 1 == 1 && takes(**symbol));
        self.settled(places.fold(0, |at, (n, _)| at | 1 << (n + 1)))
    }

    /// Up to `most` words; a gap of the sequence takes as much as it is wide.
    fn gap(&self, from: Places, most: usize) -> Places {
        let mut ends = from;
        for start in (0..self.symbols.len()).filter(|n| from >> n & 1 == 1) {
            let mut left = most;
            for (n, symbol) in self.symbols.iter().enumerate().skip(start) {
                let width = match symbol {
                    Symbol::Gap(width) => *width,
                    Symbol::Mark(',') => 0,
                    symbol if is_word(*symbol) => 1,
                    _ => break,
                };
                let Some(rest) = left.checked_sub(width) else { break };
                left = rest;
                ends |= 1 << (n + 1);
            }
        }
        self.settled(ends)
    }

    /// Places right before or behind `mark`.
    fn beside(&self, from: Places, mark: Symbol<'_>) -> Places {
        let is = |n: usize| self.symbols.get(n) == Some(&mark);
        (0..=self.symbols.len())
            .filter(|n| from >> n & 1 == 1 && (is(*n) || n.checked_sub(1).is_some_and(is)))
            .fold(0, |at, n| at | 1 << n)
    }
}

fn is_word(symbol: Symbol<'_>) -> bool {
    matches!(symbol, Symbol::Word(_) | Symbol::Prefix(_) | Symbol::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_many_are_taken_evenly() {
        assert_eq!(spread((0..10).collect(), 5), [1, 3, 5, 7, 9]);
        assert_eq!(spread((0..10).collect(), 3), [3, 6, 9]);
        assert_eq!(spread((0..4).collect(), 4), [0, 1, 2, 3]);
        assert_eq!(spread((0..3).collect(), 9), [0, 1, 2]);
        for (len, most) in [(7, 3), (100, 48), (49, 48)] {
            assert_eq!(spread((0..len).collect(), most).len(), most);
        }
    }
}

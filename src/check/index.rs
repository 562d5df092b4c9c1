//! Many phrases in one pass: which phrases can begin at a token, and which can be in a sentence at all.
//!
//! Two cheap questions stand before any matching. A phrase is tried only at a token that it can begin with, found by the
//! token's word or by the lists that the word opens. And it is tried only in a sentence that holds something of each of
//! its required parts: parts and sentences have signatures of 256 bits, and the phrase's must be within the sentence's.

use super::{
    matcher::Words,
    phrase::{Compiler, Node},
    vocabulary::{Readings, WordId},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A set of words and lists, hashed to 256 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Signature([u64; 4]);

impl Signature {
    fn add(&mut self, number: u64) {
        // Fibonacci hashing: the upper bits of the product are well mixed.
        let hash = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        if let Some(word) = self.0.get_mut((hash >> 6) as usize) {
            *word |= 1 << (hash & 63);
        }
    }

    fn add_word(&mut self, word: WordId) {
        self.add(u64::from(word));
    }

    fn add_list(&mut self, list: usize) {
        self.add(u64::MAX - list as u64);
    }

    fn within(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(need, have)| need & !have == 0)
    }
}

struct Entry {
    rule: usize,
    node: Node,
    needs: Signature,
}

/// Phrases of many rules, ready to be looked for together.
#[derive(Default)]
pub(super) struct PhraseIndex {
    entries: Vec<Entry>,
    by_word: FxHashMap<WordId, Vec<usize>>,
    by_list: FxHashMap<usize, Vec<usize>>,
    /// The lists that each word opens.
    opens: FxHashMap<WordId, Vec<usize>>,
    /// Phrases that can begin with anything.
    open: Vec<usize>,
    closed_lists: FxHashSet<usize>,
}

impl PhraseIndex {
    /// Adds a phrase of rule `rule`. A phrase that is a choice is split, so that each of its ways is found by its own
    /// first word.
    pub(super) fn add(&mut self, rule: usize, node: Node, compiler: &Compiler) {
        let number = self.entries.len();
        let mut needs = Signature::default();
        self.require(&node, &mut needs, compiler);
        let first = match &node {
            Node::Seq(parts) => parts.iter().find(|p| !matches!(p, Node::Start)),
            other => Some(other),
        };
        match first {
            Some(Node::List(list)) if self.close(*list, compiler) => {
                self.by_list.entry(*list).or_default().push(number);
            }
            _ => match compiler.first_words(&node) {
                Some(words) => words.iter().for_each(|w| self.by_word.entry(*w).or_default().push(number)),
                None => self.open.push(number),
            },
        }
        self.entries.push(Entry { rule, node, needs });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All words that the phrases name, lists included.
    pub(super) fn words(&self, lists: &[Node]) -> FxHashSet<WordId> {
        let mut words = FxHashSet::default();
        self.entries.iter().for_each(|e| collect(&e.node, lists, &mut words));
        words
    }

    /// Makes a list findable by the words that open it; false for a list that can begin with anything.
    fn close(&mut self, list: usize, compiler: &Compiler) -> bool {
        if self.closed_lists.contains(&list) {
            return true;
        }
        let Some(words) = compiler.first_words(&Node::List(list)) else { return false };
        let mut words: Vec<WordId> = words.iter().copied().collect();
        words.sort_unstable();
        for word in words {
            self.opens.entry(word).or_default().push(list);
        }
        self.closed_lists.insert(list);
        true
    }

    /// Adds to `needs` what a text must hold for `node` to match.
    fn require(&mut self, node: &Node, needs: &mut Signature, compiler: &Compiler) {
        match node {
            Node::Words(words) if words.len() == 1 => words.iter().for_each(|w| needs.add_word(*w)),
            Node::List(list) if self.close(*list, compiler) => needs.add_list(*list),
            Node::Seq(parts) => parts.iter().for_each(|part| self.require(part, needs, compiler)),
            _ => {}
        }
    }

    /// Calls `found` for each phrase that matches, with its rule and tokens. After a match a phrase goes on behind it.
    pub(super) fn scan(
        &self,
        words: &Words<'_, '_>,
        holds: &dyn Fn(usize) -> bool,
        found: &mut dyn FnMut(usize, Range<usize>),
    ) {
        for sentence in &words.reading.sentences {
            let have = self.signature(words.ids.get(sentence.tokens.clone()).unwrap_or_default());
            for at in sentence.tokens.clone() {
                let Some(ids) = words.ids.get(at) else { continue };
                self.candidates(ids, &mut |number| {
                    let Some(entry) = self.entries.get(number) else { return };
                    if entry.needs.within(&have)
                        && holds(entry.rule)
                        && let Some(hit) = words.match_at(&entry.node, at)
                    {
                        found(entry.rule, hit);
                    }
                });
            }
        }
    }

    fn signature(&self, ids: &[Readings]) -> Signature {
        let mut have = Signature::default();
        for id in ids.iter().flatten().filter(|id| **id != 0) {
            have.add_word(*id);
            self.opens.get(id).into_iter().flatten().for_each(|list| have.add_list(*list));
        }
        have
    }

    fn candidates(&self, ids: &Readings, visit: &mut dyn FnMut(usize)) {
        self.open.iter().for_each(|n| visit(*n));
        for id in ids.iter().filter(|id| **id != 0) {
            self.by_word.get(id).into_iter().flatten().for_each(|n| visit(*n));
            for list in self.opens.get(id).into_iter().flatten() {
                self.by_list.get(list).into_iter().flatten().for_each(|n| visit(*n));
            }
        }
    }
}

fn collect(node: &Node, lists: &[Node], words: &mut FxHashSet<WordId>) {
    match node {
        Node::Words(set) => words.extend(set),
        Node::List(n) => lists.get(*n).into_iter().for_each(|list| collect(list, lists, words)),
        Node::Seq(parts) => parts.iter().for_each(|p| collect(p, lists, words)),
        Node::Alt(alt) => {
            words.extend(&alt.words);
            alt.longer.iter().for_each(|n| collect(n, lists, words));
        }
        _ => {}
    }
}

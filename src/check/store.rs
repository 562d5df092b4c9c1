//! Compiled phrases and patterns, kept: what [`Compiler`](super::phrase::Compiler) made of the built-in packs, in a file
//! that is part of the program.
//!
//! Compiling all phrases takes longer than anything else that a short run does. So each compiled phrase is kept under a
//! key, the hash of its text and of all that the text may refer to (the lists in reach). A phrase whose key is known is
//! not read again; any other, of a user's pack or of a rule that was changed since, is compiled as ever and joins the
//! others. So the file can be out of date, and is then only less useful. What it cannot know is a change of the compiler:
//! a test compiles everything anew and compares, and with `POSTLINT_WRITE=1` writes the file.

use super::{
    automaton::Automaton,
    hash::hash,
    need::{Groups, Needs},
    prefilter::Prefilter,
    program::{Node, Program},
    share::in_shares,
    vocabulary::Vocabulary,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The file, empty while it is being made anew.
static KEPT: &[u8] = include_bytes!("compiled.bin");

/// Patterns that one thread reads at a time.
const SHARE: usize = 64;

/// What a kept thing is found by.
pub(super) type Key = u64;

/// The key of a text that stands for something else in each `place`.
pub(super) fn key(place: Key, text: &str) -> Key {
    hash(place ^ 0xCBF2_9CE4_8422_2325, text).rotate_left(17)
}

/// Compiled phrases and patterns, by key.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Sorted keys and their phrases, of the file.
    keys: Vec<Key>,
    nodes: Vec<u32>,
    /// Sorted nodes and what they need, of the file.
    needy: Vec<u32>,
    needs: Vec<Needs>,
    /// Sorted keys of patterns and what is kept of them, of the file.
    patterns: Vec<Key>,
    known: Vec<Known>,
    /// What was compiled in this run.
    pub(super) new_phrases: FxHashMap<Key, Node>,
    pub(super) new_needs: FxHashMap<Node, Needs>,
    pub(super) new_patterns: FxHashMap<Key, (String, Prefilter)>,
}

/// What is known of a pattern before it is compiled; an automaton only where one was kept.
type Known = (Prefilter, Option<Automaton>);

/// What the file holds.
pub(super) struct Kept {
    pub(super) words: Vocabulary,
    pub(super) program: Program,
    pub(super) groups: Groups,
    pub(super) store: Store,
}

/// Reads the file; nothing where it is empty or damaged.
pub(super) fn load() -> Option<Kept> {
    read(KEPT)
}

fn read(bytes: &'static [u8]) -> Option<Kept> {
    let from = &mut Reader(bytes);
    let (words, program, groups) = (Vocabulary::load(from)?, Program::load(from)?, Groups::load(from)?);
    let (keys, nodes, needy) = (from.keys()?, from.numbers()?, from.numbers()?);
    let required = (0..needy.len()).map(|_| Needs::load(from)).collect::<Option<_>>()?;
    let patterns = from.keys()?;
    let mut known = || Some((Prefilter::load(from)?, Some(Automaton::load(from)?).filter(Automaton::is_kept)));
    let known = (0..patterns.len()).map(|_| known()).collect::<Option<_>>()?;
    let store = Store { keys, nodes, needy, needs: required, patterns, known, ..Store::default() };
    Some(Kept { words, program, groups, store })
}

impl Store {
    pub(super) fn phrase(&self, key: Key) -> Option<Node> {
        let at = self.keys.binary_search(&key).ok();
        at.and_then(|at| self.nodes.get(at)).map(|n| Node(*n)).or_else(|| self.new_phrases.get(&key).copied())
    }

    pub(super) fn needs(&self, node: Node) -> Option<Needs> {
        let at = self.needy.binary_search(&node.0).ok();
        at.and_then(|at| self.needs.get(at)).or_else(|| self.new_needs.get(&node)).cloned()
    }

    /// Reads off the patterns that are not known yet what they need, many of them side by side.
    pub(super) fn prepare(&mut self, sources: &[String]) {
        let new = |source: &&String| self.patterns.binary_search(&key(0, source)).is_err();
        let new: Vec<&String> = sources.iter().filter(new).collect();
        let made = in_shares(new.len(), SHARE, |share| {
            let sources = new.get(share).unwrap_or_default().iter();
            sources.map(|source| (key(0, source), ((*source).clone(), Prefilter::new(source)))).collect()
        });
        self.new_patterns.extend(made);
    }

    /// What is known of a pattern.
    pub(super) fn pattern(&mut self, source: &str) -> Known {
        let key = key(0, source);
        if let Some(known) = self.patterns.binary_search(&key).ok().and_then(|at| self.known.get(at)) {
            return known.clone();
        }
        let new = || (source.to_owned(), Prefilter::new(source));
        (self.new_patterns.entry(key).or_insert_with(new).1.clone(), None)
    }
}

/// What a compiler made without the file, as the bytes of the file.
#[cfg(test)]
pub(super) fn bytes(words: &Vocabulary, program: &Program, groups: &Groups, store: &Store) -> Vec<u8> {
    let to = &mut Writer::default();
    words.store(to);
    program.store(to);
    groups.store(to);
    let mut phrases: Vec<(Key, u32)> = store.new_phrases.iter().map(|(k, n)| (*k, n.0)).collect();
    phrases.sort_unstable();
    to.keys(&phrases.iter().map(|p| p.0).collect::<Vec<_>>());
    to.numbers(&phrases.iter().map(|p| p.1).collect::<Vec<_>>());
    let mut needs: Vec<(u32, &Needs)> = store.new_needs.iter().map(|(n, needs)| (n.0, needs)).collect();
    needs.sort_unstable_by_key(|n| n.0);
    to.numbers(&needs.iter().map(|n| n.0).collect::<Vec<_>>());
    for (_, needs) in &needs {
        needs.store(to);
    }
    let mut patterns: Vec<(&Key, &(String, Prefilter))> = store.new_patterns.iter().collect();
    patterns.sort_unstable_by_key(|p| p.0);
    to.keys(&patterns.iter().map(|p| *p.0).collect::<Vec<_>>());
    for (_, (source, prefilter)) in &patterns {
        prefilter.store(to);
        Automaton::store(super::pattern::Pattern::automaton(source), to);
    }
    std::mem::take(&mut to.0)
}

impl Needs {
    #[cfg(test)]
    fn store(&self, to: &mut Writer) {
        to.numbers(&[self.first.map_or(0, |f| f + 1), self.reach]);
        to.numbers(&self.groups);
    }

    fn load(from: &mut Reader<'_>) -> Option<Self> {
        let [first, reach] = *from.numbers()?.first_chunk()?;
        Some(Self { first: first.checked_sub(1), reach, groups: Arc::from(from.numbers()?) })
    }
}

/// Puts numbers and texts one behind the other, little end first, each with its length.
#[cfg(test)]
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

#[cfg(test)]
impl Writer {
    pub(super) fn numbers(&mut self, numbers: &[u32]) {
        self.len(numbers.len());
        for n in numbers {
            self.0.extend(n.to_le_bytes());
        }
    }

    pub(super) fn keys(&mut self, keys: &[u64]) {
        self.len(keys.len());
        for n in keys {
            self.0.extend(n.to_le_bytes());
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.len(bytes.len());
        self.0.extend(bytes);
    }

    fn len(&mut self, len: usize) {
        self.0.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    }
}

/// Takes them out again; nothing at the end.
pub(super) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn numbers(&mut self) -> Option<Vec<u32>> {
        let bytes = self.take(4)?;
        Some(bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect())
    }

    pub(super) fn keys(&mut self) -> Option<Vec<u64>> {
        let bytes = self.take(8)?;
        Some(bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b)).collect())
    }

    pub(super) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        self.take(1)
    }

    /// The bytes of a length and so many things of `size` bytes.
    fn take(&mut self, size: usize) -> Option<&'b [u8]> {
        let (len, rest) = self.0.split_first_chunk()?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize * size)?;
        self.0 = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Checks, phrase::Compiler, scorer};
    use super::*;
    use crate::pack;

    /// The file that belongs to the packs and the compiler as they are.
    fn wanted() -> Vec<u8> {
        let all: Vec<pack::Request> = pack::names().iter().map(|n| pack::Request::Name((*n).to_owned())).collect();
        let set = pack::load(&all).unwrap();
        let mut compiler = Compiler::anew(scorer::Options::default());
        let packs: Vec<_> = set.packs.iter().collect();
        let checks = Checks::compile_with(&mut compiler, &packs, &set.shared, &[]).unwrap();
        let lexicon = checks.lexicon;
        bytes(&lexicon.words, &lexicon.program, &lexicon.groups, &compiler.store)
    }

    #[test]
    fn the_file_is_in_step_with_the_packs_and_the_compiler() {
        let wanted = wanted();
        if std::env::var_os("POSTLINT_WRITE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/compiled.bin");
            std::fs::write(path, &wanted).unwrap();
        } else {
            assert!(
                wanted == KEPT,
                "src/check/compiled.bin is out of date: run POSTLINT_WRITE=1 cargo test --lib in_step"
            );
        }
    }

    #[test]
    fn a_damaged_file_is_not_used() {
        let wanted = wanted().leak();
        assert!(read(wanted).is_some());
        for len in (0..wanted.len()).step_by(wanted.len() / 50) {
            assert!(read(wanted.get(..len).unwrap()).is_none(), "{len} bytes");
        }
    }
}

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
use bytemuck::AnyBitPattern;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The file, empty while it is being made anew. Its numbers are read where they lie, so it begins where a number may.
static KEPT: &Aligned<[u8]> = &Aligned(*include_bytes!("compiled.bin"));

#[repr(C, align(8))]
struct Aligned<B: ?Sized>(B);

/// Numbers that lie in the file until something joins them.
pub(super) type Numbers = Cow<'static, [u32]>;

/// Patterns that one thread reads at a time.
pub(super) const SHARE: usize = 64;

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
    keys: Cow<'static, [Key]>,
    nodes: Numbers,
    /// Sorted nodes; where in `needs` what each needs begins, and behind them where the last one ends; and the first group
    /// and one more, the reach and the groups of each.
    in_need: Numbers,
    starts: Numbers,
    needs: Numbers,
    /// The phrases whose words may be disguised, sorted, and their words.
    disguised: Numbers,
    targets: Numbers,
    /// Sorted keys of patterns and what is kept of them, of the file.
    patterns: Cow<'static, [Key]>,
    known: Vec<Known>,
    /// What was compiled in this run.
    pub(super) new_phrases: FxHashMap<Key, Node>,
    pub(super) new_needs: FxHashMap<Node, Needs>,
    pub(super) new_targets: Option<(Vec<Node>, Numbers)>,
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
    read(&KEPT.0)
}

fn read(bytes: &'static [u8]) -> Option<Kept> {
    let from = &mut Reader { bytes, at: 0 };
    let (words, program, groups) = (Vocabulary::load(from)?, Program::load(from)?, Groups::load(from)?);
    let (keys, nodes) = (from.keys()?, from.numbers()?);
    let (in_need, starts, needs) = (from.numbers()?, from.numbers()?, from.numbers()?);
    let (disguised, targets, patterns) = (from.numbers()?, from.numbers()?, from.keys()?);
    let mut known = || Some((Prefilter::load(from)?, Some(Automaton::load(from)?).filter(Automaton::is_kept)));
    let known = (0..patterns.len()).map(|_| known()).collect::<Option<_>>()?;
    let store = Store { keys, nodes, in_need, starts, needs, disguised, targets, patterns, known, ..Store::default() };
    Some(Kept { words, program, groups, store })
}

impl Store {
    pub(super) fn phrase(&self, key: Key) -> Option<Node> {
        let at = self.keys.binary_search(&key).ok();
        at.and_then(|at| self.nodes.get(at)).map(|n| Node(*n)).or_else(|| self.new_phrases.get(&key).copied())
    }

    pub(super) fn needs(&self, node: Node) -> Option<Needs> {
        let at = self.in_need.binary_search(&node.0).ok();
        at.and_then(|at| self.kept_needs(at)).or_else(|| self.new_needs.get(&node).cloned())
    }

    /// What the phrase that stands `at` among `in_need` needs.
    fn kept_needs(&self, at: usize) -> Option<Needs> {
        let start = |at: usize| self.starts.get(at).map(|n| *n as usize);
        let range = start(at)?..start(at + 1)?;
        let [first, reach, ..] = *self.needs.get(range.clone())? else { return None };
        let groups = range.start + 2..range.end;
        let groups = match &self.needs {
            Cow::Borrowed(all) => Cow::Borrowed(all.get(groups)?),
            Cow::Owned(all) => Cow::Owned(all.get(groups)?.to_vec()),
        };
        Some(Needs { first: first.checked_sub(1), reach, groups })
    }

    /// The words of sorted phrases, in the order of [`targets`](super::targets), if those of just these were kept.
    pub(super) fn targets(&self, phrases: &[Node]) -> Option<Numbers> {
        self.disguised.iter().copied().eq(phrases.iter().map(|node| node.0)).then(|| self.targets.clone())
    }

    /// Those patterns that are not known yet.
    pub(super) fn unknown<'s>(&self, sources: impl Iterator<Item = &'s Cow<'static, str>>) -> Vec<&'s str> {
        sources.map(AsRef::as_ref).filter(|source| self.patterns.binary_search(&key(0, source)).is_err()).collect()
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

/// What patterns need, read off many of them side by side.
pub(super) fn read_off(patterns: &[&str]) -> Vec<(Key, (String, Prefilter))> {
    in_shares(patterns.len(), SHARE, |share| {
        let patterns = patterns.get(share).unwrap_or_default().iter();
        patterns.map(|source| (key(0, source), ((*source).to_owned(), Prefilter::new(source)))).collect()
    })
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
    let (mut starts, mut all) = (vec![0], Vec::new());
    for (_, needs) in &needs {
        all.extend([needs.first.map_or(0, |first| first + 1), needs.reach]);
        all.extend(needs.groups.iter());
        starts.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
    }
    to.numbers(&starts);
    to.numbers(&all);
    let (disguised, targets) = store.new_targets.as_ref().map_or((&[][..], &[][..]), |(nodes, words)| (nodes, words));
    to.numbers(&disguised.iter().map(|node| node.0).collect::<Vec<_>>());
    to.numbers(targets);
    let mut patterns: Vec<(&Key, &(String, Prefilter))> = store.new_patterns.iter().collect();
    patterns.sort_unstable_by_key(|p| p.0);
    to.keys(&patterns.iter().map(|p| *p.0).collect::<Vec<_>>());
    for (_, (source, prefilter)) in &patterns {
        prefilter.store(to);
        Automaton::store(super::pattern::Pattern::automaton(source), to);
    }
    std::mem::take(&mut to.0)
}

/// Puts numbers and texts one behind the other, little end first, each with its length; in front of that what it takes to
/// have numbers stand where their size divides the place.
#[cfg(test)]
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

#[cfg(test)]
impl Writer {
    pub(super) fn numbers(&mut self, numbers: &[u32]) {
        self.len(numbers.len(), 4);
        self.0.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
    }

    pub(super) fn keys(&mut self, keys: &[u64]) {
        self.len(keys.len(), 8);
        self.0.extend(keys.iter().flat_map(|n| n.to_le_bytes()));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.len(bytes.len(), 1);
        self.0.extend(bytes);
    }

    fn len(&mut self, len: usize, size: usize) {
        self.0.resize(self.0.len() + gap(self.0.len(), size), 0);
        self.0.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    }
}

/// Bytes between `at` and the length of things of `size` bytes.
fn gap(at: usize, size: usize) -> usize {
    (at + 4).next_multiple_of(size) - at - 4
}

/// Takes them out again; nothing at the end.
pub(super) struct Reader {
    bytes: &'static [u8],
    at: usize,
}

impl Reader {
    pub(super) fn numbers(&mut self) -> Option<Numbers> {
        let bytes = self.take(4)?;
        Some(in_place(bytes).unwrap_or_else(|| bytes.as_chunks().0.iter().map(|b| u32::from_le_bytes(*b)).collect()))
    }

    pub(super) fn keys(&mut self) -> Option<Cow<'static, [u64]>> {
        let bytes = self.take(8)?;
        Some(in_place(bytes).unwrap_or_else(|| bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b)).collect()))
    }

    pub(super) fn text(&mut self) -> Option<&'static str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn bytes(&mut self) -> Option<&'static [u8]> {
        self.take(1)
    }

    /// The bytes of a length and so many things of `size` bytes.
    fn take(&mut self, size: usize) -> Option<&'static [u8]> {
        let start = self.at + gap(self.at, size);
        let (len, rest) = self.bytes.get(start..)?.split_first_chunk()?;
        let bytes = rest.get(..u32::from_le_bytes(*len) as usize * size)?;
        self.at = start + len.len() + bytes.len();
        Some(bytes)
    }
}

/// Numbers where they lie, if they lie as this machine reads them.
fn in_place<N: AnyBitPattern>(bytes: &'static [u8]) -> Option<Cow<'static, [N]>> {
    let numbers = bytemuck::try_cast_slice(bytes).ok();
    numbers.filter(|_| cfg!(target_endian = "little")).map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::super::{Checks, phrase::Compiler, scorer};
    use super::*;
    use crate::pack;

    /// All built-in packs, compiled.
    fn compiled(compiler: &mut Compiler) -> Checks {
        let all: Vec<pack::Request> = pack::names().iter().map(|n| pack::Request::Name((*n).to_owned())).collect();
        let set = pack::load(&all).unwrap();
        Checks::compile_with(compiler, &set.packs.iter().collect::<Vec<_>>(), &set.shared, &[]).unwrap()
    }

    /// The file that belongs to the packs and the compiler as they are.
    fn wanted() -> Vec<u8> {
        let mut compiler = Compiler::anew(scorer::Options::default());
        let lexicon = compiled(&mut compiler).lexicon;
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
                wanted == KEPT.0,
                "src/check/compiled.bin is out of date: run POSTLINT_WRITE=1 cargo test --lib in_step"
            );
        }
    }

    #[test]
    fn nothing_of_the_built_in_packs_is_compiled_anew() {
        let mut compiler = Compiler::new(scorer::Options::default());
        compiled(&mut compiler);
        let Store { new_phrases, new_needs, new_targets, new_patterns, .. } = compiler.store;
        assert!(new_phrases.is_empty() && new_needs.is_empty() && new_targets.is_none() && new_patterns.is_empty());
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

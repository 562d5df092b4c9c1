//! Compiled phrases: all of them together are one array of numbers, and a phrase is the place where it begins.
//!
//! The parser's trees ([`Tree`]) are convenient to make and slow to walk, with a hash set at every other node. Here a node
//! is a head (its kind in the low byte, a count above) and its operands behind it; nodes that are the same are stored
//! once, and a list is simply a node that several others point to. An alternative of several words stands there with the
//! group that it needs most, since most alternatives of a long list are ruled out by that alone. Nothing in here needs to be built before it is used,
//! so that the packs that come with the program can be compiled ahead of time.

use super::{
    class::Class,
    need::{Group, Groups},
    phrase::{Alternatives, Tree},
    store::{Numbers, Reader},
    vocabulary::{Vocabulary, WordId},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// A compiled phrase or a part of one: where it begins in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub(super) u32);

/// A node, taken apart. Word sets are sorted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'p> {
    Words(&'p [WordId]),
    Prefix(&'p str),
    Any,
    Mark(char),
    Emoji(&'p str),
    Gap(usize),
    Start,
    End,
    Class(Class),
    Seq(Nodes<'p>),
    Alt(Alt<'p>),
    /// A node that is not in the program; matches nothing.
    Nothing,
}

/// Alternatives; see [`Alternatives`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Alt<'p> {
    pub(super) empty: bool,
    pub(super) words: &'p [WordId],
    open: &'p [u32],
    open_needs: &'p [u32],
    first_words: &'p [WordId],
    first_nodes: &'p [u32],
    first_needs: &'p [u32],
}

impl<'p> Alt<'p> {
    /// The longer alternatives that begin with `word`, each with what it needs most.
    #[inline]
    pub(super) fn starting(self, word: WordId) -> impl Iterator<Item = (Node, Option<Group>)> + 'p {
        let from = self.first_words.partition_point(|w| *w < word);
        let len = self.first_words.get(from..).unwrap_or_default().iter().take_while(|w| **w == word).count();
        with_needs(self.first_nodes.get(from..from + len), self.first_needs.get(from..from + len))
    }

    /// The longer alternatives that do not begin with a known word, each with what it needs most.
    pub(super) fn open(self) -> impl Iterator<Item = (Node, Option<Group>)> + 'p {
        with_needs(Some(self.open), Some(self.open_needs))
    }

    /// Whether every longer alternative begins with something other than a word.
    pub(super) fn is_unindexed(self) -> bool {
        self.first_words.is_empty()
    }

    /// Whether there are many longer alternatives, and none is empty.
    pub(super) fn is_a_list(self) -> bool {
        !self.empty && self.open.len() + self.first_words.len() >= MANY
    }

    /// All longer alternatives, each once.
    pub(super) fn longer(self) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.nodes().collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// The same, some of them several times.
    fn nodes(self) -> impl Iterator<Item = Node> + 'p {
        Nodes(self.open).iter().chain(Nodes(self.first_nodes).iter())
    }
}

/// Longer alternatives from which on it pays to remember where none of them is.
const MANY: usize = 8;

/// Stands for no group.
const NO_GROUP: u32 = u32::MAX;

fn with_needs<'p>(
    nodes: Option<&'p [u32]>,
    needs: Option<&'p [u32]>,
) -> impl Iterator<Item = (Node, Option<Group>)> + 'p {
    let nodes = nodes.unwrap_or_default().iter().zip(needs.unwrap_or_default());
    nodes.map(|(node, need)| (Node(*node), (*need != NO_GROUP).then_some(*need)))
}

/// Several nodes in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nodes<'p>(&'p [u32]);

impl<'p> Nodes<'p> {
    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = Node> + 'p {
        self.0.iter().map(|n| Node(*n))
    }
}

/// All compiled phrases.
#[derive(Debug, Default)]
pub struct Program {
    code: Numbers,
    texts: Vec<Box<str>>,
    /// The numbers of texts, and the places of nodes, that are stored once.
    numbers: FxHashMap<Box<str>, u32>,
    known: FxHashMap<Box<[u32]>, Node>,
}

const WORDS: u32 = 0;
const PREFIX: u32 = 1;
const ANY: u32 = 2;
const MARK: u32 = 3;
const EMOJI: u32 = 4;
const GAP: u32 = 5;
const START: u32 = 6;
const END: u32 = 7;
const CLASS: u32 = 8;
const SEQ: u32 = 9;
const ALT: u32 = 10;

impl Program {
    /// Adds a phrase; `lists` are the nodes of the lists that it may name, by number; what its alternatives need joins
    /// `groups`.
    pub(super) fn add(&mut self, tree: &Tree, lists: &[Node], groups: &mut Groups, words: &Vocabulary) -> Node {
        let node = match tree {
            Tree::Words(set) => {
                let mut words: Vec<u32> = set.iter().copied().collect();
                words.sort_unstable();
                with_head(WORDS, words.len(), words)
            }
            Tree::Prefix(text) => vec![PREFIX | self.text(text) << 8],
            Tree::Any => vec![ANY],
            Tree::Mark(c) => vec![MARK | u32::from(*c) << 8],
            Tree::Emoji(text) => vec![EMOJI | self.text(text) << 8],
            Tree::Gap(most) => vec![head(GAP, *most)],
            Tree::Start => vec![START],
            Tree::End => vec![END],
            Tree::Class(class) => {
                vec![head(CLASS, Class::NAMES.iter().position(|(_, c)| c == class).unwrap_or_default())]
            }
            Tree::List(n) => return lists.get(*n).copied().unwrap_or(Node(u32::MAX)),
            Tree::Seq(parts) => {
                let parts: Vec<u32> = parts.iter().map(|part| self.add(part, lists, groups, words).0).collect();
                with_head(SEQ, parts.len(), parts)
            }
            Tree::Alt(alt) => self.alternatives(alt, lists, groups, words),
        };
        self.place(node)
    }

    fn alternatives(
        &mut self,
        alt: &Alternatives,
        lists: &[Node],
        groups: &mut Groups,
        words: &Vocabulary,
    ) -> Vec<u32> {
        let longer: Vec<u32> = alt.longer.iter().map(|tree| self.add(tree, lists, groups, words).0).collect();
        let node = |i: &usize| longer.get(*i).copied().unwrap_or(u32::MAX);
        let mut single: Vec<WordId> = alt.words.iter().copied().collect();
        single.sort_unstable();
        let open: Vec<u32> = alt.open.iter().map(node).collect();
        let mut firsts: Vec<(WordId, u32)> =
            alt.by_first.iter().flat_map(|(word, all)| all.iter().map(|i| (*word, node(i)))).collect();
        firsts.sort_unstable();
        let mut code = vec![head(ALT, usize::from(alt.empty)), len(&single), len(&open), len(&firsts)];
        let mut need = |node: &u32| groups.rarest_of(Node(*node), self, words).unwrap_or(NO_GROUP);
        let open_needs: Vec<u32> = open.iter().map(&mut need).collect();
        let first_needs: Vec<u32> = firsts.iter().map(|(_, node)| need(node)).collect();
        code.extend(single);
        code.extend(open);
        code.extend(open_needs);
        code.extend(firsts.iter().map(|(word, _)| word));
        code.extend(firsts.iter().map(|(_, node)| node));
        code.extend(first_needs);
        code
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let number = len(&self.texts);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn place(&mut self, node: Vec<u32>) -> Node {
        if let Some(known) = self.known.get(node.as_slice()) {
            return *known;
        }
        let at = Node(len(&self.code));
        self.code.to_mut().extend(&node);
        self.known.insert(node.into(), at);
        at
    }

    #[cfg(test)]
    pub(super) fn store(&self, to: &mut super::store::Writer) {
        to.numbers(&self.code);
        to.numbers(&[len(&self.texts)]);
        self.texts.iter().for_each(|text| to.text(text));
    }

    pub(super) fn load(from: &mut Reader) -> Option<Self> {
        let code = from.numbers()?;
        let texts = *from.numbers()?.first()?;
        let texts = (0..texts).map(|_| from.text().map(Into::into)).collect::<Option<_>>()?;
        // Texts and nodes that join them later are not compared with these: a few may be there twice.
        Some(Self { code, texts, numbers: FxHashMap::default(), known: FxHashMap::default() })
    }

    /// Takes a node apart.
    #[inline]
    pub(super) fn part(&self, node: Node) -> Part<'_> {
        self.read(node).unwrap_or(Part::Nothing)
    }

    #[inline]
    fn read(&self, node: Node) -> Option<Part<'_>> {
        let (head, rest) = self.code.get(node.0 as usize..)?.split_first()?;
        let count = (head >> 8) as usize;
        let text = || self.texts.get(count).map(AsRef::as_ref);
        Some(match head & 0xFF {
            WORDS => Part::Words(rest.get(..count)?),
            PREFIX => Part::Prefix(text()?),
            ANY => Part::Any,
            MARK => Part::Mark(char::from_u32(head >> 8)?),
            EMOJI => Part::Emoji(text()?),
            GAP => Part::Gap(count),
            START => Part::Start,
            END => Part::End,
            CLASS => Part::Class(Class::NAMES.get(count)?.1),
            SEQ => Part::Seq(Nodes(rest.get(..count)?)),
            ALT => {
                let [words, open, firsts, rest @ ..] = rest else { return None };
                let (words, rest) = rest.split_at_checked(*words as usize)?;
                let (opens, firsts) = (*open as usize, *firsts as usize);
                let (open, rest) = rest.split_at_checked(opens)?;
                let (open_needs, rest) = rest.split_at_checked(opens)?;
                let (first_words, rest) = rest.split_at_checked(firsts)?;
                let (first_nodes, rest) = rest.split_at_checked(firsts)?;
                let first_needs = rest.get(..firsts)?;
                Part::Alt(Alt { empty: count == 1, words, open, open_needs, first_words, first_nodes, first_needs })
            }
            _ => return None,
        })
    }

    /// Adds all words that `node` names to `words`, some of them several times; `seen` are the nodes that were visited.
    pub(super) fn words(&self, node: Node, seen: &mut FxHashSet<Node>, words: &mut Vec<WordId>) {
        if !seen.insert(node) {
            return;
        }
        match self.part(node) {
            Part::Words(set) => words.extend(set),
            Part::Seq(parts) => parts.iter().for_each(|part| self.words(part, seen, words)),
            Part::Alt(alt) => {
                words.extend(alt.words);
                alt.nodes().for_each(|node| self.words(node, seen, words));
            }
            _ => {}
        }
    }
}

fn len<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

fn head(kind: u32, count: usize) -> u32 {
    kind | u32::try_from(count).unwrap_or(0) << 8
}

fn with_head(kind: u32, count: usize, operands: Vec<u32>) -> Vec<u32> {
    let mut node = vec![head(kind, count)];
    node.extend(operands);
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_many_phrases_name_is_stored_once() {
        let mut program = Program::default();
        let numbers: Vec<u32> = ["evict", "rent", "evict", "bin", "rent"].map(|text| program.text(text)).into();
        assert_eq!(numbers, [0, 1, 0, 2, 1]);
        assert_eq!(program.texts.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["evict", "rent", "bin"]);
    }
}

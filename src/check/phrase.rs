//! The phrase syntax of packs, parsed into trees, which become nodes of the program that the matcher walks.
//!
//! ```text
//! "{person} ..3 (was|were) evict+ (, again)"
//!   Seq[ List(person), Gap(3), Alt{was, were}, Alt{evict, evicts, …}, Alt{Seq[Mark(','), again], nothing} ]
//! ```
//!
//! Words are ids of the [`Vocabulary`]; an alternative of single words is one set, so that a list of three hundred words
//! costs one look-up. Lists are compiled once and referred to by number.

use super::{
    class::Class,
    need::{Groups, Needs},
    parse::parse,
    program::{Node, Program},
    store::{self, Kept, Key, Store},
    vocabulary::{Vocabulary, WordId},
};
use crate::model::{
    rule::Lists,
    value::{At, Fault, Texts, nearest},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// A part of a phrase.
#[derive(Debug, Clone)]
pub enum Tree {
    /// One token that may be read as one of these words.
    Words(FxHashSet<WordId>),
    /// One token whose lower-case text begins so.
    Prefix(Box<str>),
    /// Any one word.
    Any,
    /// A mark.
    Mark(char),
    /// This emoji.
    Emoji(Box<str>),
    /// Up to so many words.
    Gap(usize),
    /// Start of a sentence.
    Start,
    /// End of a sentence.
    End,
    /// A built-in class.
    Class(Class),
    /// A compiled list.
    List(usize),
    /// One after the other.
    Seq(Vec<Tree>),
    /// One of these.
    Alt(Box<Alternatives>),
}

/// Alternatives, those that begin with a known word found by it.
#[derive(Debug, Clone, Default)]
pub struct Alternatives {
    /// Single words.
    pub words: FxHashSet<WordId>,
    /// Longer ones by their first word: indices into `longer`.
    pub by_first: FxHashMap<WordId, Vec<usize>>,
    /// Those that begin with anything but a word: indices into `longer`.
    pub open: Vec<usize>,
    /// The alternatives that are not single words.
    pub longer: Vec<Tree>,
    /// Whether nothing at all is one of them.
    pub empty: bool,
}

/// Compiles phrases against one vocabulary and the lists that are in reach.
#[derive(Debug, Default)]
pub struct Compiler {
    /// The words of all phrases so far.
    pub words: Vocabulary,
    /// All compiled phrases.
    pub program: Program,
    /// What phrases need.
    pub groups: Groups,
    /// What is compiled already.
    pub(super) store: Store,
    /// Keys of the lists in reach of each pack, and of those that all share.
    places: FxHashMap<String, Key>,
    shared: Option<Key>,
    /// Lists in order of their first use, and their nodes.
    lists: Vec<List>,
    list_nodes: Vec<Node>,
    /// What settings say of the learned scorer.
    pub scorer: super::scorer::Options,
    known: FxHashMap<(String, String), ListState>,
    /// How many lists are being compiled, each named by the one before.
    depth: usize,
}

/// Lists that name lists go so deep at most.
const DEEPEST: usize = 16;

/// The most parts that a phrase may have, those of its lists counted as often as they are named: so many may have to be
/// looked at for one place of a text. The largest phrase of the built-in packs has 902; a list of 60,000 names of streets has
/// 180,000.
const LARGEST: usize = 200_000;

/// A compiled list.
#[derive(Debug)]
struct List {
    tree: Tree,
    /// The words that it can begin with; nothing where it can begin with anything.
    openers: Option<Rc<FxHashSet<WordId>>>,
    /// How many parts it has.
    size: usize,
}

#[derive(Debug, Clone, Copy)]
enum ListState {
    Open,
    Done(usize),
}

/// The lists that a phrase may name: its pack's own, then the shared ones.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'l> {
    /// Name of the pack.
    pub pack: &'l str,
    /// Its lists.
    pub own: &'l Lists,
    /// The lists of all packs.
    pub shared: &'l Lists,
    /// The pack is shipped with postlint.
    pub builtin: bool,
}

impl Compiler {
    /// A compiler without any words yet.
    pub fn new(scorer: super::scorer::Options) -> Self {
        let Some(Kept { words, program, groups, store }) = store::load() else { return Self::anew(scorer) };
        Self { words, program, groups, store, ..Self::anew(scorer) }
    }

    /// A compiler that knows nothing of what is compiled already.
    pub(super) fn anew(scorer: super::scorer::Options) -> Self {
        Self { scorer, ..Self::default() }
    }

    /// What a phrase of this scope may refer to, as a key. All scopes of a compiler share the same lists.
    fn place(&mut self, scope: Scope<'_>) -> Key {
        if let Some(known) = self.places.get(scope.pack) {
            return *known;
        }
        let shared = *self.shared.get_or_insert_with(|| key_of(0, scope.shared));
        let place = key_of(shared, scope.own);
        self.places.insert(scope.pack.to_owned(), place);
        place
    }

    /// Compiles one phrase.
    ///
    /// # Errors
    /// A fault at `at` for an unbalanced bracket, an unknown list, a list that names itself, or an empty phrase.
    pub fn phrase(&mut self, text: &str, at: At, scope: Scope<'_>) -> Result<Node, Fault> {
        let key = store::key(self.place(scope), text);
        if let Some(known) = self.store.phrase(key) {
            return Ok(known);
        }
        let tree = self.tree(text, at, scope)?;
        let node = self.program.add(&tree, &self.list_nodes, &mut self.groups, &self.words);
        self.store.new_phrases.insert(key, node);
        Ok(node)
    }

    /// A phrase as a tree and compiled, for questions about the phrase itself.
    ///
    /// # Errors
    /// As [`Self::phrase`].
    pub(super) fn with_tree(&mut self, text: &str, at: At, scope: Scope<'_>) -> Result<(Tree, Node), Fault> {
        let tree = self.tree(text, at, scope)?;
        let node = self.program.add(&tree, &self.list_nodes, &mut self.groups, &self.words);
        Ok((tree, node))
    }

    /// The entries of list `number`, as a tree.
    pub(super) fn list_tree(&self, number: usize) -> Option<&Tree> {
        self.lists.get(number).map(|list| &list.tree)
    }

    /// What must be in a text for `node` to match.
    pub(super) fn needs(&mut self, node: Node) -> Needs {
        if let Some(known) = self.store.needs(node) {
            return known;
        }
        let needs = self.groups.of_phrase(node, &self.program, &self.words);
        self.store.new_needs.insert(node, needs.clone());
        needs
    }

    fn tree(&mut self, text: &str, at: At, scope: Scope<'_>) -> Result<Tree, Fault> {
        let folded = crate::text::fold::fold(text).text.into_owned();
        let node = parse(&folded, at, self, scope)?;
        if self.size(&node) > LARGEST {
            let fault = Fault::new(at, format!("the phrase `{text}` has more than {LARGEST} parts"));
            return Err(fault.help("its lists name other lists again and again: name each once, or write fewer"));
        }
        if says_nothing(&node) {
            let fault = Fault::new(at, format!("the phrase `{text}` can match without a word of its own"));
            return Err(fault.help("brackets without `|` are optional: leave out those around what must be there"));
        }
        Ok(node)
    }

    /// Compiles several phrases into one node that matches any of them.
    ///
    /// # Errors
    /// All faults of all phrases.
    pub fn any(&mut self, phrases: &Texts, scope: Scope<'_>) -> Result<Node, Vec<Fault>> {
        // Another start than that of one phrase: of the same text another node is made.
        let place = !self.place(scope);
        let key = phrases.iter().fold(place, |place, (text, _)| store::key(place, text));
        if let Some(known) = self.store.phrase(key) {
            return Ok(known);
        }
        let tree = self.any_tree(phrases, scope)?;
        let node = self.program.add(&tree, &self.list_nodes, &mut self.groups, &self.words);
        self.store.new_phrases.insert(key, node);
        Ok(node)
    }

    fn any_tree(&mut self, phrases: &Texts, scope: Scope<'_>) -> Result<Tree, Vec<Fault>> {
        let (mut nodes, mut faults) = (Vec::new(), Vec::new());
        for (text, at) in phrases {
            match self.tree(text, *at, scope) {
                Ok(node) => nodes.push(node),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(self.alternatives(nodes)) } else { Err(faults) }
    }

    pub(super) fn list(&mut self, name: &str, at: At, scope: Scope<'_>) -> Result<Tree, Fault> {
        if let Some((_, class)) = Class::NAMES.iter().find(|(n, _)| *n == name) {
            return Ok(Tree::Class(*class));
        }
        let (owner, entries) = match (scope.own.get(name), scope.shared.get(name)) {
            (Some(entries), _) => (scope.pack, entries),
            (None, Some(entries)) => ("", entries),
            (None, None) => return Err(unknown_list(name, at, scope)),
        };
        let key = (owner.to_owned(), name.to_owned());
        match self.known.get(&key) {
            Some(ListState::Done(number)) => return Ok(Tree::List(*number)),
            Some(ListState::Open) => return Err(Fault::new(at, format!("list `{{{name}}}` contains itself"))),
            None => {}
        }
        if self.depth == DEEPEST {
            return Err(Fault::new(at, format!("lists name each other more than {DEEPEST} deep")));
        }
        self.known.insert(key.clone(), ListState::Open);
        self.depth += 1;
        let tree = self.any_tree(entries, scope).map_err(|mut faults| faults.swap_remove(0));
        self.depth -= 1;
        let tree = tree?;
        self.list_nodes.push(self.program.add(&tree, &self.list_nodes, &mut self.groups, &self.words));
        let number = self.lists.len();
        self.lists.push(List { openers: self.first_words(&tree), size: self.size(&tree), tree });
        self.known.insert(key, ListState::Done(number));
        Ok(Tree::List(number))
    }

    /// How many parts `tree` has, with those of its lists.
    fn size(&self, tree: &Tree) -> usize {
        let of_all = |trees: &[Tree]| trees.iter().map(|t| self.size(t)).fold(1, usize::saturating_add);
        match tree {
            Tree::Seq(parts) => of_all(parts),
            Tree::Alt(alt) => of_all(&alt.longer),
            Tree::List(n) => self.lists.get(*n).map_or(1, |list| list.size),
            _ => 1,
        }
    }

    /// One node for several: single words become one set, the others are found by their first word.
    pub(super) fn alternatives(&self, nodes: Vec<Tree>) -> Tree {
        let mut alt = Alternatives::default();
        for node in nodes {
            self.add(&mut alt, node);
        }
        if alt.longer.is_empty() && !alt.empty {
            return Tree::Words(alt.words);
        }
        Tree::Alt(Box::new(alt))
    }

    fn add(&self, alt: &mut Alternatives, node: Tree) {
        match node {
            Tree::Words(words) => alt.words.extend(words),
            Tree::Seq(parts) if parts.is_empty() => alt.empty = true,
            Tree::Alt(inner) => {
                alt.words.extend(inner.words.iter());
                alt.empty |= inner.empty;
                for node in inner.longer {
                    self.add(alt, node);
                }
            }
            node => {
                let at = alt.longer.len();
                match self.first_words(&node) {
                    Some(words) => words.iter().for_each(|w| alt.by_first.entry(*w).or_default().push(at)),
                    None => alt.open.push(at),
                }
                alt.longer.push(node);
            }
        }
    }

    /// The words that `node` can begin with; nothing where it can begin with something else or be empty.
    fn first_words(&self, node: &Tree) -> Option<Rc<FxHashSet<WordId>>> {
        match node {
            Tree::Words(words) => Some(Rc::new(words.clone())),
            Tree::List(n) => self.lists.get(*n).and_then(|list| list.openers.clone()),
            Tree::Alt(alt) if alt.empty || !alt.open.is_empty() => None,
            Tree::Alt(alt) => Some(Rc::new(alt.words.iter().chain(alt.by_first.keys()).copied().collect())),
            Tree::Seq(parts) => self.first_of_sequence(parts),
            _ => None,
        }
    }

    fn first_of_sequence(&self, parts: &[Tree]) -> Option<Rc<FxHashSet<WordId>>> {
        let mut words = FxHashSet::default();
        for part in parts {
            match part {
                Tree::Start => {}
                Tree::Alt(alt) if alt.empty && alt.open.is_empty() => {
                    words.extend(alt.words.iter().chain(alt.by_first.keys()));
                }
                _ if words.is_empty() => return self.first_words(part),
                _ => {
                    words.extend(self.first_words(part)?.iter());
                    return Some(Rc::new(words));
                }
            }
        }
        None
    }
}

/// The key of lists that are in reach together with what `place` stands for.
fn key_of(place: Key, lists: &Lists) -> Key {
    // With the number of lists and entries nothing is taken for the name or entry of another list.
    lists.iter().fold(store::key(place, &lists.len().to_string()), |place, (name, entries)| {
        let place = store::key(place, &format!("{name} {}", entries.len()));
        entries.iter().fold(place, |place, (text, _)| store::key(place, text))
    })
}

fn unknown_list(name: &str, at: At, scope: Scope<'_>) -> Fault {
    let mut names: Vec<&str> = scope.own.keys().chain(scope.shared.keys()).map(String::as_str).collect();
    names.extend(Class::NAMES.iter().map(|(n, _)| *n));
    let fault = Fault::new(at, format!("unknown list `{{{name}}}`"));
    match nearest(name, &names) {
        Some(near) => fault.help(format!("did you mean `{{{near}}}`?")),
        None => fault.help("define it under [lists], or use a built-in class such as {NAME}"),
    }
}

/// Whether `node` can match nothing, or any word at all. A list cannot: its phrases may not either.
fn says_nothing(node: &Tree) -> bool {
    match node {
        Tree::Any | Tree::Gap(_) | Tree::Start | Tree::End => true,
        Tree::Seq(parts) => parts.iter().all(says_nothing),
        Tree::Alt(alt) => alt.empty || alt.longer.iter().any(says_nothing),
        _ => false,
    }
}

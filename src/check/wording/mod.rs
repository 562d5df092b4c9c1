//! The wording of match rules, one phrase or pattern at a time: what an author asks about a pack, beside what a draft asks.
//!
//! Everything here is compiled from nothing, with trees kept, since the questions are about the phrases themselves: which
//! of them meets a text, whether another one covers it (`cover`), whether any text can match it at all (`sample`).

mod cover;
mod sample;
mod split;

use super::{
    Scope,
    gate::{Gate, Prospects},
    matcher::Words,
    phrase::{Compiler, Tree},
    prefilter::Prefilter,
    program::Node,
};
use crate::{
    model::{
        rule::{Lists, Pack, RuleSpec},
        value::{At, Value},
    },
    text::reading::Reading,
};
use cover::written_out;
use regex::Regex;
use std::collections::BTreeSet;

/// The wording of all match rules of some packs.
pub struct Wording<'p> {
    compiler: Compiler,
    gate: Gate,
    /// The rules, in the order of the packs.
    pub rules: Vec<RuleWording<'p>>,
}

/// The wording of a rule.
pub struct RuleWording<'p> {
    /// The rule.
    pub spec: &'p RuleSpec,
    /// Its phrases, then its patterns.
    pub pieces: Vec<Piece>,
}

/// A phrase or a pattern.
pub struct Piece {
    /// As its author wrote it.
    pub text: String,
    /// Where it stands in its pack.
    pub at: At,
    form: Form,
}

enum Form {
    Phrase {
        tree: Tree,
        node: Node,
        parts: Vec<Part>,
    },
    /// The pattern with this number among all.
    Pattern {
        regex: Regex,
        prefilter: Prefilter,
        number: usize,
    },
}

/// One alternative of a phrase.
struct Part {
    /// As it is written: `we promise` of `(we promise|you have our word)`.
    text: String,
    /// The phrase with this alternative only.
    only: (Tree, Node),
    /// The phrase without it; nothing where there is none.
    rest: Option<Tree>,
}

/// Something that need not be in a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needless {
    /// Where the phrase stands.
    pub at: At,
    /// The phrase, or one alternative of it.
    pub text: String,
    /// Why it is needless.
    pub why: Why,
}

/// Why something need not be in a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// No text can match it.
    Dead,
    /// Another alternative of its own phrase matches the same.
    Twice,
    /// This phrase matches the same.
    Covered(String),
}

impl<'p> Wording<'p> {
    /// Takes packs that compile apart; `shared` are the lists that every pack may name. What does not compile is left out.
    pub fn of(packs: &[&'p Pack], shared: &Lists) -> Self {
        let mut compiler = Compiler::anew(super::scorer::Options::default());
        let (mut rules, mut patterns) = (Vec::new(), Vec::new());
        for pack in packs {
            let scope = Scope { pack: &pack.name, own: &pack.lists, shared, builtin: false };
            for spec in pack.rules.iter().filter(|rule| rule.kind == crate::pack::DEFAULT_KIND) {
                rules.push(RuleWording { spec, pieces: pieces(spec, scope, &mut compiler, &mut patterns) });
            }
        }
        Self { compiler, gate: Gate::new(&patterns), rules }
    }

    /// Whether each piece of `rule` meets `text`, whatever the rule's guards say.
    pub fn met(&self, rule: &RuleWording<'_>, text: &str) -> Vec<bool> {
        let reading = Reading::new(text);
        let ids = self.compiler.words.look_up(&reading);
        let words =
            Words { reading: &reading, ids: &ids, program: &self.compiler.program, groups: &self.compiler.groups };
        let all = 0..reading.tokens.len();
        let meets = |piece: &Piece| match &piece.form {
            Form::Phrase { node, .. } => words.find_in(*node, all.clone()).is_some(),
            Form::Pattern { regex, .. } => regex.is_match(reading.text()) || regex.is_match(text),
        };
        rule.pieces.iter().map(meets).collect()
    }

    /// The words that the phrases of `rule` name, in lower case, those of their lists too.
    pub fn words(&self, rule: &RuleWording<'_>) -> BTreeSet<&str> {
        let (mut seen, mut words) = Default::default();
        for piece in &rule.pieces {
            if let Form::Phrase { node, .. } = &piece.form {
                self.compiler.program.words(*node, &mut seen, &mut words);
            }
        }
        let mut names: Vec<_> = words.into_iter().map(|id| self.compiler.words.word(id)).collect();
        names.sort_unstable();
        names.into_iter().collect()
    }

    /// Phrases of `rule`, and alternatives of them, that match nothing or nothing of their own.
    pub fn needless(&self, rule: &RuleWording<'_>) -> Vec<Needless> {
        let mut found = Vec::new();
        let trees: Vec<(usize, &Tree)> =
            rule.pieces.iter().enumerate().filter_map(|(n, piece)| Some((n, piece.tree()?))).collect();
        let text = |number: usize| rule.pieces.get(number).map_or("", |piece| piece.text.as_str()).to_owned();
        let cover = |tree: &Tree, usable: &dyn Fn(usize) -> bool| {
            let sequences = written_out(tree)?;
            let others = trees.iter().filter(|(n, _)| usable(*n));
            others.map(|(n, other)| (*n, other)).find(|(_, other)| self.takes(&[other], &sequences)).map(|(n, _)| n)
        };
        // Of two phrases that mean the same only one is needless.
        let mut given_up = BTreeSet::new();
        for (number, piece) in rule.pieces.iter().enumerate() {
            let Form::Phrase { tree, node, .. } = &piece.form else { continue };
            let why = if self.can_match(tree, *node) {
                cover(tree, &|n| n != number && !given_up.contains(&n)).map(|by| Why::Covered(text(by)))
            } else {
                Some(Why::Dead)
            };
            found.extend(why.map(|why| {
                given_up.insert(number);
                Needless { at: piece.at, text: piece.text.clone(), why }
            }));
        }
        // So too of two phrases with the same alternative.
        let mut leaning = BTreeSet::new();
        for (number, piece) in rule.pieces.iter().enumerate().filter(|(n, _)| !given_up.contains(n)) {
            let Form::Phrase { parts, .. } = &piece.form else { continue };
            for part in parts {
                let (tree, node) = &part.only;
                let usable = |n| n != number && !given_up.contains(&n) && !leaning.contains(&(n, number));
                let why = if !self.can_match(tree, *node) {
                    Some(Why::Dead)
                } else if part.rest.as_ref().is_some_and(|rest| self.covers(&[rest], tree)) {
                    Some(Why::Twice)
                } else {
                    cover(tree, &usable).map(|by| {
                        leaning.insert((number, by));
                        Why::Covered(text(by))
                    })
                };
                found.extend(why.map(|why| Needless { at: piece.at, text: part.text.clone(), why }));
            }
        }
        found
    }

    /// Whether everything that `rule` matches is matched by `other` too, piece for piece.
    pub fn hides(&self, other: &RuleWording<'_>, rule: &RuleWording<'_>) -> bool {
        let trees: Vec<&Tree> = other.pieces.iter().filter_map(Piece::tree).collect();
        let hidden = |piece: &Piece| match &piece.form {
            Form::Phrase { tree, .. } => self.covers(&trees, tree),
            Form::Pattern { .. } => other.pieces.iter().any(|o| o.tree().is_none() && o.text == piece.text),
        };
        !rule.pieces.is_empty() && rule.pieces.iter().all(hidden)
    }
}

impl Piece {
    fn tree(&self) -> Option<&Tree> {
        match &self.form {
            Form::Phrase { tree, .. } => Some(tree),
            Form::Pattern { .. } => None,
        }
    }

    /// Whether it is a regular expression.
    pub fn is_pattern(&self) -> bool {
        self.tree().is_none()
    }

    /// Runs a pattern over a text as a check does: only where the cheap question does not rule it out.
    pub fn run(&self, text: &str, print: &TextPrint) {
        if let Form::Pattern { regex, prefilter, number } = &self.form
            && print.0.patterns.has(*number)
            && prefilter.allows(&print.0.print)
        {
            std::hint::black_box(regex.captures_iter(text).count());
        }
    }
}

/// What occurs in a text, for the cheap question before a pattern.
pub struct TextPrint(Prospects);

impl TextPrint {
    /// The print of `text`, for the patterns of `wording`.
    pub fn new(text: &str, wording: &Wording<'_>) -> Self {
        Self(wording.gate.read(text))
    }
}

fn pieces(spec: &RuleSpec, scope: Scope<'_>, compiler: &mut Compiler, patterns: &mut Vec<Prefilter>) -> Vec<Piece> {
    let read = |key: &str| spec.params.read(key, Value::strings).ok().flatten().unwrap_or_default();
    let phrases = read("phrases").into_iter().filter_map(|(text, at)| {
        let (tree, node) = compiler.with_tree(&text, at, scope).ok()?;
        let parts = split::alternatives(&text).into_iter().filter_map(|alternative| {
            let only = compiler.with_tree(&alternative.only, at, scope).ok()?;
            let rest = compiler.with_tree(&alternative.rest, at, scope).ok().map(|(tree, _)| tree);
            Some(Part { text: alternative.text, only, rest })
        });
        let parts = parts.collect();
        Some(Piece { text: text.into_owned(), at, form: Form::Phrase { tree, node, parts } })
    });
    let phrases: Vec<Piece> = phrases.collect();
    let own = read("patterns").into_iter().filter_map(|(text, at)| {
        let (regex, prefilter, number) = (Regex::new(&text).ok()?, Prefilter::new(&text), patterns.len());
        patterns.push(prefilter.clone());
        Some(Piece { text: text.into_owned(), at, form: Form::Pattern { regex, prefilter, number } })
    });
    phrases.into_iter().chain(own).collect()
}

#[cfg(test)]
mod tests;

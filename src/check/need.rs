//! What a text must hold for a phrase to match: the cheap question before the dear one.
//!
//! A token has features: the words that it may be read as, and what it is (a number, a capitalised word, a comma). A group
//! is a set of features, and a phrase needs groups: each of them must have a feature among the tokens that the phrase
//! reaches over. `{person} ..3 (was|were) evict+` needs three: the words that open the list, {was, were}, and the forms
//! of *evict*. What a phrase can begin with is a group too.

use super::{
    class::Class,
    program::{Node, Part, Program},
    store::Reader,
    vocabulary::{Readings, Vocabulary},
};
use crate::text::token::{Token, TokenKind};
use rustc_hash::FxHashMap;
use std::sync::Arc as Rc;

/// Something that is true of a token: a word (its id and [`WORDS`] more), or one of the numbers below.
pub(super) type Feature = u32;

/// Number of a group.
pub(super) type Group = u32;

const CAPITAL: Feature = 0;
const STARTS_WITH_DIGIT: Feature = 1;
const HAS_DIGIT: Feature = 2;
const NUMBER: Feature = 3;
const MONEY: Feature = 4;
const PERCENT: Feature = 5;
const TIME: Feature = 6;
const DATE: Feature = 7;
const HANDLE: Feature = 8;
const HASHTAG: Feature = 9;
const URL: Feature = 10;
const EMAIL: Feature = 11;
const EMOJI: Feature = 12;
const STARTS_BEYOND_ASCII: Feature = 13;
/// First of the marks, in the order of [`MARKS`].
const MARK: Feature = 16;
/// Marks that phrases can name; all others share the number behind them.
const MARKS: &str = ",?!:;-.&/%…";
/// First of the pairs of letters that tokens begin with; see [`letters`].
const LETTERS: Feature = 32;
/// First of the words.
const WORDS: Feature = 1024;

/// Calls `visit` for each feature of a token.
pub(super) fn features(token: &Token, text: &str, ids: &Readings, visit: &mut dyn FnMut(Feature)) {
    ids.iter().filter(|id| **id != 0).for_each(|id| visit(WORDS + id));
    match token.kind {
        TokenKind::Word if token.capital => visit(CAPITAL),
        TokenKind::Number => visit(NUMBER),
        TokenKind::Money => visit(MONEY),
        TokenKind::Percent => visit(PERCENT),
        TokenKind::Time => visit(TIME),
        TokenKind::Date => visit(DATE),
        TokenKind::Handle => visit(HANDLE),
        TokenKind::Hashtag => visit(HASHTAG),
        TokenKind::Url => visit(URL),
        TokenKind::Email => visit(EMAIL),
        TokenKind::Emoji => visit(EMOJI),
        TokenKind::Mark(c) => visit(mark(c)),
        TokenKind::Word | TokenKind::Reference => {}
    }
    if let Some(pair) = letters(text) {
        visit(pair);
    }
    if text.starts_with(|c: char| !c.is_ascii()) {
        visit(STARTS_BEYOND_ASCII);
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        visit(STARTS_WITH_DIGIT);
        visit(HAS_DIGIT);
    } else if text.bytes().any(|b| b.is_ascii_digit()) {
        visit(HAS_DIGIT);
    }
}

/// The first two characters of a text, where both are ASCII letters.
fn letters(text: &str) -> Option<Feature> {
    let letter = |b: &u8| b.is_ascii_alphabetic().then(|| Feature::from(b.to_ascii_lowercase() - b'a'));
    match text.as_bytes() {
        [a, b, ..] => Some(LETTERS + letter(a)? * 26 + letter(b)?),
        _ => None,
    }
}

fn mark(c: char) -> Feature {
    let at = MARKS.chars().position(|m| m == c).unwrap_or(MARKS.chars().count());
    MARK + u32::try_from(at).unwrap_or(0)
}

/// Features of which one must be there for `class` to match; nothing where that cannot be said.
fn class_needs(class: Class) -> Option<&'static [Feature]> {
    match class {
        // The house number may be the second token, behind `flat`.
        Class::Address => Some(&[STARTS_WITH_DIGIT]),
        other => class_firsts(other),
    }
}

/// Features of which the first token of `class` has one; nothing where that cannot be said.
fn class_firsts(class: Class) -> Option<&'static [Feature]> {
    Some(match class {
        Class::Name | Class::FirstName | Class::CapWord | Class::Street => &[CAPITAL],
        Class::Number => &[NUMBER],
        Class::Money => &[MONEY],
        Class::Percent => &[PERCENT],
        Class::Time => &[TIME],
        Class::Date => &[DATE, NUMBER, CAPITAL],
        Class::Year => &[STARTS_WITH_DIGIT],
        Class::Postcode | Class::Ref => &[HAS_DIGIT],
        Class::Handle => &[HANDLE],
        Class::Hashtag => &[HASHTAG],
        Class::Url => &[URL],
        Class::Email => &[EMAIL],
        Class::Emoji => &[EMOJI],
        Class::Address | Class::Word => return None,
    })
}

/// What one phrase needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// What it begins with, where that is known.
    pub(super) first: Option<Group>,
    /// What must be there, the rarest first.
    pub(super) groups: Rc<[Group]>,
    /// Over how many tokens it reaches at most, those not counted that its gaps skip for nothing: marks and emoji.
    pub(super) reach: u32,
}

/// The groups of all phrases.
#[derive(Debug, Default)]
pub struct Groups {
    known: FxHashMap<Rc<[Feature]>, Group>,
    /// The features of each group, and how common it is, as a guess.
    all: Vec<(Rc<[Feature]>, u32)>,
    needs: FxHashMap<Node, Rc<[Group]>>,
    reaches: FxHashMap<Node, u32>,
    firsts: FxHashMap<Node, First>,
    /// The features of the groups that were kept; new ones are numbered behind them.
    kept: Kept,
}

/// Sorted features by group, those of group `g` from `starts[g]` to `starts[g + 1]`.
#[derive(Debug, Default)]
struct Kept {
    starts: Vec<u32>,
    features: Vec<Feature>,
}

impl Kept {
    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn of(&self, group: Group) -> &[Feature] {
        let at = |i: usize| self.starts.get(i).map_or(0, |n| *n as usize);
        let group = group as usize;
        self.features.get(at(group)..at(group + 1)).unwrap_or_default()
    }
}

/// What a node can begin with: sorted features, nothing where it can begin with anything.
type First = Option<Rc<[Feature]>>;

impl Groups {
    /// Number of groups.
    pub(super) fn len(&self) -> usize {
        self.kept.len() + self.all.len()
    }

    /// The features of `group`, sorted.
    pub(super) fn features(&self, group: Group) -> &[Feature] {
        self.own(group).map_or_else(|| self.kept.of(group), |(features, _)| features)
    }

    #[cfg(test)]
    pub(super) fn store(&self, to: &mut super::store::Writer) {
        let ends = self.all.iter().scan(0, |end, (features, _)| {
            *end += u32::try_from(features.len()).unwrap_or(u32::MAX);
            Some(*end)
        });
        to.numbers(&std::iter::once(0).chain(ends).collect::<Vec<_>>());
        to.numbers(&self.all.iter().flat_map(|(features, _)| features.iter().copied()).collect::<Vec<_>>());
    }

    pub(super) fn load(from: &mut Reader<'_>) -> Option<Self> {
        let kept = Kept { starts: from.numbers()?, features: from.numbers()? };
        Some(Self { kept, ..Self::default() })
    }

    /// What a phrase needs.
    pub(super) fn of_phrase(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Needs {
        let first = self.first(node, program).map(|features| self.group(features, words));
        let mut groups: Vec<Group> = self.needs(node, program, words).to_vec();
        groups.sort_by_key(|g| (self.weight(*g), *g));
        groups.dedup();
        Needs { first, groups: groups.into(), reach: self.reach(node, program) }
    }

    /// A group that is new in this run.
    fn own(&self, group: Group) -> Option<&(Rc<[Feature]>, u32)> {
        self.all.get((group as usize).checked_sub(self.kept.len())?)
    }

    fn weight(&self, group: Group) -> u32 {
        self.own(group).map_or(u32::MAX, |(_, weight)| *weight)
    }

    fn group(&mut self, features: Rc<[Feature]>, words: &Vocabulary) -> Group {
        if let Some(known) = self.known.get(&features) {
            return *known;
        }
        let group = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let weight =
            features.iter().map(|f| f.checked_sub(WORDS).map_or_else(|| commonness(*f), |id| words.weight(id)));
        let weight = weight.fold(0, u32::saturating_add);
        self.all.push((Rc::clone(&features), weight));
        self.known.insert(features, group);
        group
    }

    /// Groups that must all be there for `node` to match.
    fn needs(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Rc<[Group]> {
        if let Some(known) = self.needs.get(&node) {
            return Rc::clone(known);
        }
        let one = |own: &mut Self, features: Rc<[Feature]>| Rc::from([own.group(features, words)]);
        let empty: Rc<[Group]> = Rc::from([]);
        let needs = match program.part(node) {
            Part::Words(set) => one(self, set.iter().map(|w| WORDS + w).collect()),
            Part::Mark(c) => one(self, Rc::from([mark(c)])),
            Part::Prefix(text) => letters(text).map_or(empty, |pair| one(self, Rc::from([pair]))),
            Part::Emoji(text) if !text.starts_with(|c: char| c.is_ascii()) => {
                one(self, Rc::from([STARTS_BEYOND_ASCII]))
            }
            Part::Class(class) => class_needs(class).map_or(empty, |features| one(self, sorted(features))),
            Part::Seq(parts) => {
                let all: Vec<_> = parts.iter().map(|part| self.needs(part, program, words)).collect();
                all.iter().flat_map(|groups| groups.iter().copied()).collect()
            }
            Part::Alt(alt) if !alt.empty => {
                let mut all: Option<Vec<Feature>> = Some(alt.words.iter().map(|w| WORDS + w).collect());
                for other in alt.longer() {
                    all = all.zip(self.rarest(other, program, words)).map(|(mut all, more)| {
                        all.extend(more.iter());
                        all
                    });
                }
                all.map_or(empty, |features| one(self, sorted(&features)))
            }
            _ => empty,
        };
        self.needs.insert(node, Rc::clone(&needs));
        needs
    }

    /// The most tokens of a match of `node`; see [`Needs::reach`].
    fn reach(&mut self, node: Node, program: &Program) -> u32 {
        if let Some(known) = self.reaches.get(&node) {
            return *known;
        }
        let reach = match program.part(node) {
            Part::Words(_) | Part::Prefix(_) | Part::Any | Part::Mark(_) | Part::Emoji(_) => 1,
            Part::Gap(most) => u32::try_from(most).unwrap_or(u32::MAX),
            Part::Start | Part::End | Part::Nothing => 0,
            Part::Class(class) => class.longest(),
            Part::Seq(parts) => parts.iter().fold(0, |sum: u32, part| sum.saturating_add(self.reach(part, program))),
            Part::Alt(alt) => alt.longer().into_iter().map(|other| self.reach(other, program)).fold(1, u32::max),
        };
        self.reaches.insert(node, reach);
        reach
    }

    /// The features of the rarest group that `node` needs.
    fn rarest(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Option<Rc<[Feature]>> {
        let groups = self.needs(node, program, words);
        let rarest = *groups.iter().min_by_key(|g| self.weight(**g))?;
        self.own(rarest).map(|(features, _)| Rc::clone(features))
    }

    /// What `node` can begin with.
    fn first(&mut self, node: Node, program: &Program) -> First {
        if let Some(known) = self.firsts.get(&node) {
            return known.clone();
        }
        let first = match program.part(node) {
            Part::Words(set) => Some(set.iter().map(|w| WORDS + w).collect()),
            Part::Mark(c) => Some(Rc::from([mark(c)])),
            Part::Prefix(text) => letters(text).map(|pair| Rc::from([pair])),
            Part::Emoji(text) if !text.starts_with(|c: char| c.is_ascii()) => Some(Rc::from([STARTS_BEYOND_ASCII])),
            Part::Class(class) => class_firsts(class).map(sorted),
            Part::Start | Part::End => Some(Rc::from([])),
            Part::Alt(alt) => {
                let mut all: Option<Vec<Feature>> = Some(alt.words.iter().map(|w| WORDS + w).collect());
                for other in alt.longer() {
                    all = all.zip(self.first(other, program)).map(|(mut all, more)| {
                        all.extend(more.iter());
                        all
                    });
                }
                all.map(|features| sorted(&features))
            }
            Part::Seq(parts) => {
                let mut all: Option<Vec<Feature>> = Some(Vec::new());
                let mut ended = false;
                for part in parts.iter() {
                    all = all.zip(self.first(part, program)).map(|(mut all, more)| {
                        all.extend(more.iter());
                        all
                    });
                    if !is_nullable(part, program) {
                        ended = true;
                        break;
                    }
                }
                all.filter(|_| ended).map(|features| sorted(&features))
            }
            _ => None,
        };
        self.firsts.insert(node, first.clone());
        first
    }
}

/// Whether `node` can match nothing at all.
fn is_nullable(node: Node, program: &Program) -> bool {
    match program.part(node) {
        Part::Gap(_) | Part::Start | Part::End => true,
        Part::Seq(parts) => parts.iter().all(|part| is_nullable(part, program)),
        Part::Alt(alt) => alt.empty || alt.longer().into_iter().any(|node| is_nullable(node, program)),
        _ => false,
    }
}

fn sorted(features: &[Feature]) -> Rc<[Feature]> {
    let mut all = features.to_vec();
    all.sort_unstable();
    all.dedup();
    all.into()
}

/// How common a feature that is no word is, on the scale of [`Vocabulary::weight`].
fn commonness(feature: Feature) -> u32 {
    match feature {
        CAPITAL => 3000,
        NUMBER | STARTS_WITH_DIGIT | HAS_DIGIT => 900,
        MARK..LETTERS => 1500,
        LETTERS.. => 300,
        _ => 150,
    }
}

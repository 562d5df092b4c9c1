//! What a text must hold for a phrase to match: the cheap question before the dear one.
//!
//! A token has features: the words that it may be read as, and what it is (a number, a capitalised word, a comma). A group
//! is a set of features, and a phrase needs groups: each of them must have a feature among the tokens that the phrase
//! reaches over. `{person} ..3 (was|were) evict+` needs three: the words that open the list, {was, were}, and the forms
//! of *evict*. What a phrase can begin with is a group too.

use super::{
    class::Class,
    program::{Node, Part, Program},
    store::{Numbers, Reader},
    vocabulary::{Readings, Vocabulary, WordId},
};
use crate::text::token::{Token, TokenKind};
use rustc_hash::FxHashMap;
use std::{borrow::Cow, sync::Arc as Rc};

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
/// First of the marks, in the order of [`MARKS`].
const MARK: Feature = 16;
/// Marks that phrases can name; all others share the number behind them.
const MARKS: &str = ",?!:;-.&/%…";
/// First of the pairs of letters that tokens begin with; see [`letters`].
const LETTERS: Feature = 32;
/// First of the characters beyond ASCII that tokens begin with; see [`beyond`].
const BEYOND: Feature = 720;
/// First of the words.
const WORDS: Feature = 1024;

/// The feature of tokens that may be read as a word.
pub(super) fn word(id: WordId) -> Feature {
    WORDS + id
}

/// Calls `visit` for each feature of a token.
#[inline]
pub(super) fn features(token: &Token, text: &str, ids: &Readings, mut visit: impl FnMut(Feature)) {
    ids.iter().filter(|id| **id != 0).for_each(|id| visit(word(*id)));
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
    if let Some(first) = beyond(text) {
        visit(first);
    }
    if text.bytes().any(|b| b.is_ascii_digit()) {
        visit(HAS_DIGIT);
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        visit(STARTS_WITH_DIGIT);
    }
}

/// The first two characters of a text, where both are ASCII letters.
#[inline]
fn letters(text: &str) -> Option<Feature> {
    let letter = |b: &u8| (b | 0x20).wrapping_sub(b'a');
    match text.as_bytes() {
        [a, b, ..] if letter(a) < 26 && letter(b) < 26 => {
            Some(LETTERS + Feature::from(letter(a)) * 26 + Feature::from(letter(b)))
        }
        _ => None,
    }
}

/// The first character of a text, where it is beyond ASCII; some characters share a number.
#[inline]
fn beyond(text: &str) -> Option<Feature> {
    // The byte is asked first: hardly any text begins beyond ASCII.
    let first = text.bytes().next().filter(|b| !b.is_ascii()).and_then(|_| text.chars().next());
    first.map(|c| BEYOND + u32::from(c) % (WORDS - BEYOND))
}

fn mark(c: char) -> Feature {
    let at = MARKS.chars().position(|m| m == c).unwrap_or(MARKS.chars().count());
    MARK + u32::try_from(at).unwrap_or(0)
}

/// Features of which the first token of a part that is no word has one, some of them twice; nothing where that cannot be
/// said.
pub(super) fn opening(part: Part<'_>) -> Option<[Feature; 3]> {
    let one = |feature| Some([feature; 3]);
    match part {
        Part::Mark(c) => one(mark(c)),
        Part::Prefix(text) if text.starts_with(|c: char| c.is_ascii_digit()) => one(STARTS_WITH_DIGIT),
        Part::Prefix(text) => letters(text).and_then(one),
        Part::Emoji(text) => beyond(text).and_then(one),
        Part::Class(class) => match class {
            Class::Name | Class::FirstName | Class::CapWord | Class::Street => one(CAPITAL),
            Class::Number => one(NUMBER),
            Class::Money => one(MONEY),
            Class::Percent => one(PERCENT),
            Class::Time => one(TIME),
            Class::Date => Some([DATE, NUMBER, CAPITAL]),
            Class::Year => one(STARTS_WITH_DIGIT),
            Class::Postcode | Class::Ref => one(HAS_DIGIT),
            Class::Handle => one(HANDLE),
            Class::Hashtag => one(HASHTAG),
            Class::Url => one(URL),
            Class::Email => one(EMAIL),
            Class::Emoji => one(EMOJI),
            Class::Address | Class::Word => None,
        },
        _ => None,
    }
}

/// Features of which one must be there for a part that is no word to match.
fn shape_needs(part: Part<'_>) -> Option<[Feature; 3]> {
    match part {
        // The house number may be the second token, behind `flat`.
        Part::Class(Class::Address) => Some([STARTS_WITH_DIGIT; 3]),
        other => opening(other),
    }
}

/// What one phrase needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// What it begins with, where that is known.
    pub(super) first: Option<Group>,
    /// What must be there, the rarest first.
    pub(super) groups: Cow<'static, [Group]>,
    /// Over how many tokens it reaches at most, those not counted that its gaps skip for nothing: marks and emoji.
    pub(super) reach: u32,
}

/// The most tokens of a match of `node`; see [`Needs::reach`].
pub(super) fn reach(node: Node, program: &Program, known: &mut FxHashMap<Node, u32>) -> u32 {
    if let Some(known) = known.get(&node) {
        return *known;
    }
    let reach = match program.part(node) {
        Part::Words(_) | Part::Prefix(_) | Part::Any | Part::Mark(_) | Part::Emoji(_) => 1,
        Part::Gap(most) => u32::try_from(most).unwrap_or(u32::MAX),
        Part::Start | Part::End | Part::Nothing => 0,
        Part::Class(class) => class.longest(),
        Part::Seq(parts) => parts.iter().fold(0, |sum: u32, part| sum.saturating_add(reach(part, program, known))),
        Part::Alt(alt) => alt.longer().into_iter().map(|other| reach(other, program, known)).fold(1, u32::max),
    };
    known.insert(node, reach);
    reach
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
    starts: Numbers,
    features: Numbers,
}

impl Kept {
    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    #[inline]
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
    #[inline]
    pub(super) fn features(&self, group: Group) -> &[Feature] {
        if (group as usize) < self.kept.len() {
            return self.kept.of(group);
        }
        self.own(group).map_or(&[], |(features, _)| features)
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

    pub(super) fn load(from: &mut Reader) -> Option<Self> {
        let kept = Kept { starts: from.numbers()?, features: from.numbers()? };
        Some(Self { kept, ..Self::default() })
    }

    /// What a phrase needs.
    pub(super) fn of_phrase(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Needs {
        let first = self.first(node, program).map(|features| self.group(features, words));
        let mut groups: Vec<Group> = self.needs(node, program, words).to_vec();
        groups.sort_by_key(|g| (self.weight(*g), *g));
        groups.dedup();
        Needs { first, groups: groups.into(), reach: reach(node, program, &mut self.reaches) }
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
            Part::Words(set) => one(self, set.iter().map(|w| word(*w)).collect()),
            Part::Seq(parts) => {
                let all: Vec<_> = parts.iter().map(|part| self.needs(part, program, words)).collect();
                all.iter().flat_map(|groups| groups.iter().copied()).collect()
            }
            Part::Alt(alt) if !alt.empty => {
                let mut all: Option<Vec<Feature>> = Some(alt.words.iter().map(|w| word(*w)).collect());
                for other in alt.longer() {
                    all = all.zip(self.rarest(other, program, words)).map(|(mut all, more)| {
                        all.extend(more.iter());
                        all
                    });
                }
                all.map_or(empty, |features| one(self, sorted(&features)))
            }
            Part::Alt(_) => empty,
            other => shape_needs(other).map_or(empty, |features| one(self, sorted(&features))),
        };
        self.needs.insert(node, Rc::clone(&needs));
        needs
    }

    /// The rarest group that `node` needs.
    pub(super) fn rarest_of(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Option<Group> {
        let groups = self.needs(node, program, words);
        groups.iter().copied().min_by_key(|g| self.weight(*g))
    }

    /// Its features.
    fn rarest(&mut self, node: Node, program: &Program, words: &Vocabulary) -> Option<Rc<[Feature]>> {
        let rarest = self.rarest_of(node, program, words)?;
        self.own(rarest).map(|(features, _)| Rc::clone(features))
    }

    /// What `node` can begin with.
    fn first(&mut self, node: Node, program: &Program) -> First {
        if let Some(known) = self.firsts.get(&node) {
            return known.clone();
        }
        let first = match program.part(node) {
            Part::Words(set) => Some(set.iter().map(|w| word(*w)).collect()),
            Part::Start | Part::End => Some(Rc::from([])),
            Part::Alt(alt) => {
                let mut all: Option<Vec<Feature>> = Some(alt.words.iter().map(|w| word(*w)).collect());
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
            other => opening(other).map(|features| sorted(&features)),
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

/// How often a feature that is no word is met in 100,000 words of drafts, as [`Vocabulary::weight`] says it of words.
/// *Source:* counted in the labelled drafts, and rounded; of marks it is the comma.
fn commonness(feature: Feature) -> u32 {
    match feature {
        CAPITAL => 17_000,
        NUMBER | STARTS_WITH_DIGIT | HAS_DIGIT => 4000,
        MARK..LETTERS => 6000,
        LETTERS..BEYOND => 250,
        _ => 300,
    }
}

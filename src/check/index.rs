//! Many phrases in one pass.
//!
//! Two cheap questions stand before any matching. A phrase is thought of only where its rarest need is met, so that
//! `{person} ..3 (was|were) evict+` costs nothing in a text without *evict*; and it is tried only where all its needs are
//! met (see [`need`](super::need)), at tokens that it can begin with, and first at all of these at once
//! ([`Words::is_in`]). A text is looked at in blocks, since a phrase reaches over no more than [`REACH`] tokens: a block is
//! the tokens where phrases begin, and those that they reach. Of a block only its features are noted, a few for each
//! token; where a group is met is worked out for those groups that a phrase asks about, once.

use super::{
    marks::{Marks, Places, Triggers},
    matcher::{REACH, Words, is_word},
    need::{self, Group, Groups, Needs},
    phrase::Compiler,
    program::Node,
    share::in_shares,
    view::Asked,
};
use std::{cell::RefCell, ops::Range};

/// Tokens of a block where phrases may begin.
const BLOCK: usize = 64;
/// Sentences that one thread reads at a time.
const SHARE: usize = 256;

/// Words that a phrase can begin with, from which on it takes longer to look for them all than to try the phrase.
const OPENERS: usize = 64;

struct Entry {
    rule: usize,
    node: Node,
    needs: Needs,
    /// The next entry with the same rarest need.
    next: Option<usize>,
}

/// Phrases of many rules, ready to be looked for together.
#[derive(Default)]
pub(super) struct PhraseIndex {
    entries: Vec<Entry>,
    /// The last entry whose rarest need is the group.
    by_need: Vec<Option<usize>>,
    /// Entries that need nothing in particular.
    open: Vec<usize>,
    /// The groups of `by_need` by the features that meet them.
    triggers: Triggers,
}

thread_local! {
    /// What is met in the block at hand. Empty between blocks, kept to save its making.
    static MARKS: RefCell<Marks> = const { RefCell::new(Marks::new()) };
}

impl PhraseIndex {
    /// Adds a phrase of rule `rule`.
    pub(super) fn add(&mut self, rule: usize, node: Node, compiler: &mut Compiler) {
        let number = self.entries.len();
        let needs = compiler.needs(node);
        let mut next = None;
        match needs.groups.first() {
            Some(rarest) => {
                let at = *rarest as usize;
                if at >= self.by_need.len() {
                    self.by_need.resize(compiler.groups.len(), None);
                }
                if let Some(last) = self.by_need.get_mut(at) {
                    next = last.replace(number);
                }
            }
            None => self.open.push(number),
        }
        self.entries.push(Entry { rule, node, needs, next });
    }

    /// Makes the phrases findable, once all are there.
    pub(super) fn finish(&mut self, groups: &Groups) {
        let rarest = (0..).zip(&self.by_need).filter_map(|(group, last)| last.map(|_| group));
        self.triggers = Triggers::new(&rarest.collect::<Vec<_>>(), groups);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The phrases, in the order of [`Self::add`].
    pub(super) fn nodes(&self) -> Vec<Node> {
        self.entries.iter().map(|entry| entry.node).collect()
    }

    /// Calls `found` for each phrase that matches, with its rule, its number in the order of [`Self::add`] and its tokens,
    /// in the order of the text.
    pub(super) fn scan(
        &self,
        words: &Words<'_, '_>,
        asked: &Asked<'_>,
        found: &mut dyn FnMut(usize, usize, Range<usize>),
    ) {
        self.scan_where(words, asked, |_| true, found);
    }

    /// The same; in ranges of tokens that are not `wanted` a match need not be found.
    pub(super) fn scan_where(
        &self,
        words: &Words<'_, '_>,
        asked: &Asked<'_>,
        wanted: impl Fn(Range<usize>) -> bool + Sync,
        found: &mut dyn FnMut(usize, usize, Range<usize>),
    ) {
        if self.is_empty() {
            return;
        }
        let sentences = &words.reading.sentences;
        let mut hits = in_shares(sentences.len(), SHARE, |share| {
            let mut hits = Vec::new();
            MARKS.with_borrow_mut(|marks| {
                for sentence in sentences.get(share).unwrap_or_default() {
                    for from in sentence.tokens.clone().step_by(BLOCK) {
                        let tokens = from..sentence.tokens.end.min(from + BLOCK + REACH);
                        if !wanted(tokens.clone()) {
                            continue;
                        }
                        let block = Block { index: self, words, tokens };
                        block.look(marks);
                        let met = marks.trigger(&self.triggers);
                        block.scan(&met, marks, asked, &mut hits);
                        marks.clear();
                    }
                }
            });
            hits
        });
        hits.sort_unstable();
        for (start, number, end) in hits {
            self.entries.get(number).into_iter().for_each(|entry| found(entry.rule, number, start..end));
        }
    }
}

/// A block of a sentence.
struct Block<'b, 'r, 't> {
    index: &'b PhraseIndex,
    words: &'b Words<'r, 't>,
    /// Phrases begin at the first [`BLOCK`] of them.
    tokens: Range<usize>,
}

impl Block<'_, '_, '_> {
    /// Notes what is met.
    fn look(&self, marks: &mut Marks) {
        let tokens = self.words.reading.tokens.get(self.tokens.clone()).unwrap_or_default();
        let ids = self.words.ids.get(self.tokens.clone()).unwrap_or_default();
        let (mut place, mut said) = (1, 0);
        for (token, ids) in tokens.iter().zip(ids) {
            said |= if is_word(token) { place } else { 0 };
            need::features(token, self.words.reading.at(token.span), ids, |feature| marks.note(feature, place));
            place <<= 1;
        }
        marks.note_said(said);
    }

    /// Tries the phrases whose rarest need is one of `met`, in no order.
    fn scan(&self, met: &[Group], marks: &Marks, asked: &Asked<'_>, hits: &mut Vec<(usize, usize, usize)>) {
        let index = self.index;
        for group in met {
            let mut next = index.by_need.get(*group as usize).copied().flatten();
            while let Some((number, entry)) = next.and_then(|n| Some((n, index.entries.get(n)?))) {
                if asked.holds(entry.rule) {
                    asked.timed(entry.rule, || self.try_entry((number, entry), marks, hits));
                }
                next = entry.next;
            }
        }
        for number in &index.open {
            let Some(entry) = index.entries.get(*number).filter(|entry| asked.holds(entry.rule)) else { continue };
            asked.timed(entry.rule, || self.try_entry((*number, entry), marks, hits));
        }
    }

    /// Tries one phrase where its needs are met within its reach.
    fn try_entry(&self, (number, entry): (usize, &Entry), marks: &Marks, hits: &mut Vec<(usize, usize, usize)>) {
        let mut left = self.beginnings(&entry.needs, marks);
        if left == 0 || !self.words.is_in(self.tokens.clone(), marks, entry.node, left) {
            return;
        }
        while left != 0 {
            let at = self.tokens.start + left.trailing_zeros() as usize;
            left &= left - 1;
            hits.extend(self.words.match_at(entry.node, at).map(|hit| (at, number, hit.end)));
        }
    }

    /// The places where a phrase with these needs may begin.
    fn beginnings(&self, needs: &Needs, marks: &Marks) -> Places {
        let groups = self.words.groups;
        // The rarest is met, or the phrase would not be thought of.
        if needs.groups.iter().skip(1).any(|group| marks.places(*group, groups) == 0) {
            return 0;
        }
        let len = self.tokens.len();
        // Marks and emoji do not count for the reach.
        let reach = len - marks.said().count_ones() as usize + needs.reach as usize;
        let mut left = Places::MAX >> (Places::BITS as usize - len.min(BLOCK));
        for group in needs.groups.iter() {
            left &= within(marks.places(*group, groups), reach, len);
            if left == 0 {
                return 0;
            }
        }
        match needs.first {
            Some(group) if groups.features(group).len() < OPENERS => left & marks.places(group, groups),
            _ => left,
        }
    }
}

/// Those places that have one of `places` among the `reach` tokens from there on, in a block of `len` tokens.
fn within(mut places: Places, reach: usize, len: usize) -> Places {
    if places == 0 || reach >= len {
        return Places::MAX.checked_shr(places.leading_zeros()).unwrap_or(0);
    }
    let mut done = 1;
    while done < reach {
        let step = done.min(reach - done);
        places |= places >> step;
        done += step;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::{Lexicon, phrase::Scope};
    use super::*;
    use crate::{
        model::{rule::Lists, value::At},
        text::reading::Reading,
    };
    use proptest::prelude::*;

    /// What the index finds, and what is found by trying every phrase at every token.
    fn both(phrases: &[String], text: &str) -> [Vec<(usize, Range<usize>)>; 2] {
        let mut own = Lists::new();
        let people = ["he", "she", "our (new) starter", "{NAME}"].map(|s| (s.to_owned().into(), At::default()));
        own.insert("person".into(), people.to_vec());
        own.insert("many".into(), MANY.iter().map(|s| ((*s).into(), At::default())).collect());
        let shared = Lists::new();
        let mut compiler = Compiler::default();
        let scope = Scope { pack: "p", own: &own, shared: &shared, builtin: false };
        let (mut index, mut nodes) = (PhraseIndex::default(), Vec::new());
        for (rule, phrase) in phrases.iter().enumerate() {
            let Ok(node) = compiler.phrase(phrase, At::default(), scope) else { continue };
            index.add(rule, node, &mut compiler);
            nodes.push((rule, node));
        }
        index.finish(&compiler.groups);
        let lexicon = Lexicon { words: compiler.words, program: compiler.program, groups: compiler.groups };
        let reading = Reading::new(text);
        let ids = lexicon.words.look_up(&reading);
        let words = lexicon.read(&reading, &ids);
        let (mut found, mut naive) = (Vec::new(), Vec::new());
        let asked = Asked { active: &vec![true; phrases.len()], meter: None };
        index.scan(&words, &asked, &mut |rule, _, tokens| found.push((rule, tokens)));
        for at in 0..reading.tokens.len() {
            naive.extend(nodes.iter().filter_map(|(rule, node)| Some((*rule, words.match_at(*node, at)?))));
        }
        [found, naive]
    }

    /// A list that is long enough for its absence to be remembered.
    const MANY: &[&str] = &[
        "he is",
        "she (is|was) a bin",
        "a tip",
        "a very",
        "bin bins",
        "was evict+",
        "is ..2 bin",
        "{NUMBER} bins",
        "{NAME} was",
        "very {DATE}",
        "{person} evict+",
        "xylophone , u",
        "bins $",
    ];
    /// Parts of phrases and of texts.
    const PARTS: &[&str] = &[
        "he",
        "she",
        "is",
        "was",
        "a",
        "bin",
        "bins",
        "evict+",
        "(very)",
        "(bin|tip|skip lorry)",
        "(was|is|)",
        "..3",
        "*",
        "{person}",
        "{many}",
        "({many}|tip {many}|{person} is)",
        "{NAME}",
        "{FIRSTNAME}",
        "{CAPWORD}",
        "{STREET}",
        "{NUMBER}",
        "{DATE}",
        "{ADDRESS}",
        "{POSTCODE}",
        "{MONEY}",
        "{REF}",
        "{WORD}",
        ",",
        "?",
        "^",
        "$",
        "ev*",
        "x*",
        "1*",
        "🤫",
        "{EMOJI}",
        "{HASHTAG}",
        "our (new) starter",
    ];
    const WORDS: &[&str] = &[
        "he",
        "She",
        "is",
        "was",
        "a",
        "bin",
        "bins",
        "evicted",
        "evict",
        "very",
        "tip",
        "skip lorry",
        "Priya Nair",
        "Mrs",
        "14",
        "5 May",
        "£20",
        "ME19 4LZ",
        "AB1234",
        "Curlew Close",
        "flat",
        ",",
        "?",
        ".",
        "!",
        "🤫",
        "🎉",
        "#bins",
        "our",
        "new",
        "starter",
        "xylophone",
        "u",
        "\n",
        "hes",
    ];

    proptest! {
        #[test]
        fn the_index_finds_what_the_naive_loop_finds(
            phrases in proptest::collection::vec(proptest::collection::vec(proptest::sample::select(PARTS), 1..5), 1..8),
            text in proptest::collection::vec(proptest::sample::select(WORDS), 0..160),
        ) {
            let phrases: Vec<String> = phrases.iter().map(|parts| parts.join(" ")).collect();
            let [found, naive] = both(&phrases, &text.join(" "));
            prop_assert_eq!(found, naive);
        }
    }

    #[test]
    fn a_long_sentence_is_read_in_blocks() {
        let text = format!("{} he was evicted {}", "word ".repeat(200), "word ".repeat(200));
        let [found, naive] = both(&["{person} ..2 evict+".to_owned()], &text);
        assert_eq!(found, naive);
        assert_eq!(found, [(0, 200..203)]);
    }
}

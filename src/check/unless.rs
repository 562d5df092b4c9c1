//! Phrases that excuse a hit: one that overlaps it drops it.

use super::{
    matcher::{REACH, Words, is_word},
    need,
    program::Node,
    view::View,
};
use crate::text::span::{Folded, Span};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The `unless` phrases of a rule.
pub(super) struct Unless {
    any: Node,
    /// Over how many words they reach at most, once it is asked for: most rules have no hit.
    reach: OnceLock<u32>,
}

impl Unless {
    /// The phrases that `any` is any of.
    pub(super) fn new(any: Node) -> Self {
        Self { any, reach: OnceLock::new() }
    }

    /// Whether one of the phrases overlaps `span`.
    pub(super) fn excuses(&self, view: &View<'_>, segment: usize, span: Span<Folded>) -> bool {
        view.words(segment).is_some_and(|words| self.overlaps(&words, span))
    }

    fn overlaps(&self, words: &Words<'_, '_>, span: Span<Folded>) -> bool {
        let tokens = words.reading.tokens_in(span);
        let mut places = self.earliest(words, tokens.start)..tokens.end;
        places.any(|at| words.match_at(self.any, at).is_some_and(|hit| words.span(&hit).overlaps(span)))
    }

    /// The first token from which a phrase may reach token `to`, which is of the same sentence. Gaps skip marks for
    /// nothing.
    fn earliest(&self, words: &Words<'_, '_>, to: usize) -> usize {
        let tokens = &words.reading.tokens;
        let sentence = tokens.get(to).map(|token| token.sentence);
        let mut left = *self.reach.get_or_init(|| need::reach(self.any, words.program, &mut FxHashMap::default()));
        let mut is_reached = |at: &usize| {
            let Some(token) = tokens.get(*at).filter(|t| left > 1 && Some(t.sentence) == sentence) else {
                return false;
            };
            left -= u32::from(is_word(token));
            true
        };
        (0..to).rev().take(REACH).take_while(|at| is_reached(at)).last().unwrap_or(to)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Lexicon,
            phrase::{Compiler, Scope},
        },
        *,
    };
    use crate::{
        model::{rule::Lists, value::At},
        text::reading::Reading,
    };
    use proptest::prelude::*;

    /// Whether `phrases` excuse `word` in `text`, and whether they do if they are tried from every token.
    fn excuses(phrases: &[&str], text: &str, word: &str) -> (bool, bool) {
        let lists = Lists::new();
        let mut compiler = Compiler::default();
        let scope = Scope { pack: "p", own: &lists, shared: &lists, builtin: false };
        let phrases: Vec<_> = phrases.iter().map(|p| ((*p).to_owned().into(), At::default())).collect();
        let node = compiler.any(&phrases, scope).expect("the phrases parse");
        let lexicon = Lexicon { words: compiler.words, program: compiler.program, groups: compiler.groups };
        let reading = Reading::new(text);
        let ids = lexicon.words.look_up(&reading);
        let words = lexicon.read(&reading, &ids);
        let start = reading.text().find(word).unwrap();
        let span = Span::new(start, start + word.len());
        let overlaps = |at| words.match_at(node, at).is_some_and(|hit| words.span(&hit).overlaps(span));
        (Unless::new(node).overlaps(&words, span), (0..reading.tokens.len()).any(overlaps))
    }

    #[test]
    fn a_phrase_of_any_length_excuses_a_hit_at_its_end() {
        let text = "If you should ever find that the lid of your bin is loose, then ring us for a new lid.";
        assert_eq!(excuses(&["if you ..20 a new lid"], text, "new lid"), (true, true));
        assert_eq!(excuses(&["you should ..3 new lid", "lid"], text, "a new"), (false, false));
    }

    proptest! {
        #[test]
        fn no_phrase_that_overlaps_is_missed(
            phrase in proptest::collection::vec(proptest::sample::select(&["a", "b", "(c|a b)", "..9", ",", "(b)", "*"][..]), 1..8),
            text in proptest::collection::vec(proptest::sample::select(&["a", "b", "c", ",", "!", ". A", "🎉"][..]), 0..80),
        ) {
            let phrase = format!("a {} c", phrase.join(" "));
            let text = format!("{} hit {}", text.join(" "), text.join(" "));
            let (found, naive) = excuses(&[&phrase], &text, "hit");
            prop_assert_eq!(found, naive);
        }
    }
}

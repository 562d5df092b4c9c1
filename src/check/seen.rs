//! Where guards have looked for a phrase, and what they found, so that a stretch that many hits share is read once. Without
//! it a sentence of nothing but telephone numbers is read from its beginning for each of them.

use super::{matcher::Words, program::Node};
use rustc_hash::FxHashMap;
use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
};

/// What is known of phrases in the segments of a post.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<FxHashMap<(Node, usize), Stretch>>);

/// Tokens at which a phrase was tried, and its matches that begin there, in order.
#[derive(Debug, Default)]
struct Stretch {
    tokens: Range<usize>,
    found: Vec<Range<usize>>,
}

impl Seen {
    /// The first match of `node` that begins in `window` of `words`, which are those of segment number `segment`. Takes
    /// the time of the tokens that were not tried before, if windows come in order.
    pub(super) fn find(
        &self,
        words: &Words<'_, '_>,
        segment: usize,
        node: Node,
        window: Range<usize>,
    ) -> Option<Range<usize>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry((node, segment)).or_default();
        if !(known.tokens.start..=known.tokens.end).contains(&window.start) {
            *known = Stretch { tokens: window.start..window.start, found: Vec::new() };
        }
        let next = known.found.partition_point(|hit| hit.start < window.start);
        if let Some(hit) = known.found.get(next) {
            return (hit.start < window.end).then(|| hit.clone());
        }
        while known.tokens.end < window.end {
            let hit = words.match_at(node, known.tokens.end);
            known.tokens.end += 1;
            if let Some(hit) = hit {
                known.found.push(hit.clone());
                return Some(hit);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Lexicon,
        phrase::{Compiler, Scope},
    };
    use super::*;
    use crate::{
        model::{rule::Lists, value::At},
        text::reading::Reading,
    };
    use proptest::prelude::*;

    proptest! {
        /// Windows in any order, on two segments with the same words.
        #[test]
        fn what_is_remembered_is_what_is_there(
            text in proptest::collection::vec(proptest::sample::select(&["bin", "ring", "tip", "us", "."][..]), 0..40),
            windows in proptest::collection::vec((0..2_usize, 0..44_usize, 0..20_usize), 0..30),
        ) {
            let lists = Lists::new();
            let mut compiler = Compiler::default();
            let scope = Scope { pack: "p", own: &lists, shared: &lists, builtin: false };
            let node = compiler.phrase("(ring|tip) us", At::default(), scope).expect("the phrase parses");
            let lexicon = Lexicon { words: compiler.words, program: compiler.program, groups: compiler.groups };
            let text = text.join(" ");
            let reading = Reading::new(&text);
            let ids = lexicon.words.look_up(&reading);
            let words = lexicon.read(&reading, &ids);
            let seen = Seen::default();
            for (segment, start, len) in windows {
                let window = start..start + len;
                prop_assert_eq!(seen.find(&words, segment, node, window.clone()), words.find_in(node, window));
            }
        }
    }
}

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
pub(super) struct Seen {
    stretches: Mutex<FxHashMap<(Node, usize), Stretch>>,
    posts: Mutex<FxHashMap<Node, Firsts>>,
}

/// Tokens at which a phrase was tried, and its matches that begin there, in order.
#[derive(Debug, Default)]
struct Stretch {
    tokens: Range<usize>,
    found: Vec<Range<usize>>,
}

/// The first segments of a post in which a phrase matches, each with its first match there: two of them, since one may be
/// the asking hit's own, which is no answer.
#[derive(Debug, Default)]
struct Firsts {
    found: Vec<(usize, Range<usize>)>,
    /// The segment to look at next.
    next: usize,
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
        let mut all = self.stretches.lock().unwrap_or_else(PoisonError::into_inner);
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

    /// The first of segments `0..until`, segment `own` left out, in which `node` matches, and its match there, which
    /// `look` finds. Each segment is looked at once for all hits of a post.
    pub(super) fn find_beside(
        &self,
        own: usize,
        node: Node,
        until: usize,
        look: impl Fn(usize) -> Option<Range<usize>>,
    ) -> Option<(usize, Range<usize>)> {
        let mut all = self.posts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(node).or_default();
        loop {
            if let Some(first) = known.found.iter().find(|(segment, _)| *segment != own) {
                return (first.0 < until).then(|| first.clone());
            }
            if known.next >= until {
                return None;
            }
            known.found.extend(look(known.next).map(|hit| (known.next, hit)));
            known.next += 1;
        }
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

        /// Hits of any segment that ask about those before them, or about all.
        #[test]
        fn the_first_segment_beside_a_hit_is_the_one_that_a_loop_finds(
            matches in proptest::collection::vec(proptest::option::weighted(0.3, 0..9_usize), 0..12),
            asked in proptest::collection::vec((0..12_usize, 0..14_usize), 0..30),
        ) {
            let look = |segment: usize| matches.get(segment).copied().flatten().map(|at| at..at + 1);
            let seen = Seen::default();
            for (own, until) in asked {
                let naive = (0..until).filter(|i| *i != own).find_map(|i| look(i).map(|hit| (i, hit)));
                prop_assert_eq!(seen.find_beside(own, Node(0), until, look), naive);
            }
        }

        #[test]
        fn no_segment_is_looked_at_twice(asked in proptest::collection::vec((0..12_usize, 0..14_usize), 0..30)) {
            let looks = std::cell::RefCell::new(Vec::new());
            let look = |segment: usize| {
                looks.borrow_mut().push(segment);
                (segment % 5 == 3).then_some(0..1)
            };
            let seen = Seen::default();
            for (own, until) in asked {
                seen.find_beside(own, Node(0), until, look);
            }
            prop_assert!(looks.into_inner().into_iter().eq(0..seen.posts.lock().unwrap().get(&Node(0)).map_or(0, |f| f.next)));
        }
    }
}

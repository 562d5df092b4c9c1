//! Automata of the built-in packs' patterns, kept in the program: nothing is compiled for a short text.
//!
//! An automaton is a sparse DFA of what a pattern means in texts without letters beyond ASCII, and it is anchored: it tells
//! how far a match reaches from a given place. So it is small (most have one or two kilobytes, some that have to count
//! would have megabytes and are not kept), and need not be run backwards. It is tried wherever a match can begin: at bytes
//! of a set, of which there is one for places behind a letter and one for all others.

use super::{prefilter::Bytes, store::Reader};
use regex_automata::{
    Anchored,
    dfa::{Automaton as _, sparse::DFA},
    util::{primitives::StateID, start},
};
use std::{ops::Range, sync::OnceLock};

/// How many bytes an automaton may read for each byte of a text, before a pattern is left to an engine that reads each once.
const PATIENCE: usize = 32;

/// An automaton that is kept in the program.
#[derive(Debug, Clone)]
pub(super) struct Automaton {
    bytes: &'static [u8],
    dfa: OnceLock<Option<DFA<&'static [u8]>>>,
    /// What a match can begin with behind a letter, digit or `_`, and elsewhere.
    inside: Bytes,
    outside: Bytes,
    /// Whether the pattern has captures, which an automaton cannot tell.
    pub(super) has_captures: bool,
}

impl Automaton {
    /// Reads what was kept; nothing where a pattern has no automaton.
    pub(super) fn load(from: &mut Reader<'static>) -> Option<Option<Self>> {
        let sets = from.keys()?;
        let [has_captures] = *from.numbers()?.first_chunk()?;
        let bytes = from.bytes()?;
        let [inside, outside] = *sets.as_chunks().0 else { return Some(None) };
        let (inside, outside, has_captures) = (Bytes(inside), Bytes(outside), has_captures == 1);
        Some(Some(Self { bytes, dfa: OnceLock::new(), inside, outside, has_captures }))
    }

    /// Tells `found` the matches in a part of `text` that are not empty, from left to right. Where that takes too long,
    /// says from where on they remain to be found.
    pub(super) fn find(&self, text: &[u8], part: Range<usize>, found: &mut dyn FnMut(Range<usize>)) -> Option<usize> {
        let dfa = self.dfa.get_or_init(|| DFA::from_bytes(self.bytes).ok().map(|(dfa, _)| dfa));
        let Some(dfa) = dfa else { return Some(part.start) };
        let (mut at, mut patience) = (part.start, PATIENCE * part.len());
        while at < part.end {
            let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
            let is_word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let first = if is_word { self.inside } else { self.outside };
            let end = match text.get(at) {
                Some(byte) if first.has(*byte) => reach(dfa, text, before, at..part.end, &mut patience),
                _ => None,
            };
            if patience == 0 {
                return Some(at);
            }
            if let Some(end) = end.filter(|end| *end > at) {
                found(at..end);
                at = end;
            } else {
                at += 1;
            }
        }
        None
    }
}

/// The end of the match that begins where `part` does, `before` being the byte before it; takes from `patience` the bytes
/// that it reads, and gives up where there is none left.
fn reach(dfa: &DFA<&[u8]>, text: &[u8], before: Option<u8>, part: Range<usize>, patience: &mut usize) -> Option<usize> {
    let mut state = begin(dfa, before)?;
    let mut end = None;
    // An automaton knows of a match one byte late.
    for (at, byte) in text.iter().enumerate().take(part.end + 1).skip(part.start) {
        *patience = patience.saturating_sub(1);
        state = dfa.next_state(state, *byte);
        if dfa.is_special_state(state) {
            if dfa.is_match_state(state) {
                end = Some(at);
            } else if dfa.is_dead_state(state) {
                return end;
            }
        }
        if *patience == 0 {
            return None;
        }
    }
    if part.end >= text.len() && dfa.is_match_state(dfa.next_eoi_state(state)) {
        end = Some(part.end);
    }
    end
}

fn begin(dfa: &DFA<impl AsRef<[u8]>>, before: Option<u8>) -> Option<StateID> {
    dfa.start_state(&start::Config::new().anchored(Anchored::Yes).look_behind(before)).ok()
}

#[cfg(test)]
mod making {
    use super::*;
    use crate::check::store::Writer;
    use regex_automata::{
        dfa::{StartKind, dense},
        nfa::thompson::{self, WhichCaptures},
    };
    use regex_syntax::hir::Hir;

    /// The largest automaton that is kept, in bytes, and the largest that is made on the way to it.
    const LARGEST: usize = 24 << 10;
    const LARGEST_DENSE: usize = 1 << 20;

    impl Automaton {
        /// The automaton of a pattern, as it is in texts without letters beyond ASCII; nothing where it is too large.
        pub(in crate::check) fn new(in_ascii: &Hir) -> Option<Self> {
            let captures = thompson::Config::new().which_captures(WhichCaptures::None);
            let nfa = thompson::Compiler::new().configure(captures).build_from_hir(in_ascii).ok()?;
            let limit = Some(LARGEST_DENSE);
            let config = dense::Config::new().start_kind(StartKind::Anchored).minimize(true);
            let config = config.dfa_size_limit(limit).determinize_size_limit(limit);
            let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?.to_sparse().ok()?;
            let first = |before: &[Option<u8>]| {
                let mut set = Bytes::default();
                for state in before.iter().filter_map(|before| begin(&dfa, *before)) {
                    (0..=u8::MAX).filter(|b| !dfa.is_dead_state(dfa.next_state(state, *b))).for_each(|b| set.add(b));
                }
                set
            };
            let (inside, outside) = (first(&[Some(b'a')]), first(&[None, Some(b'\n'), Some(b'\r'), Some(b' ')]));
            let has_captures = in_ascii.properties().explicit_captures_len() > 0;
            let bytes = dfa.to_bytes_little_endian();
            let bytes: &'static [u8] = if bytes.len() > LARGEST { return None } else { bytes.leak() };
            Some(Self { bytes, dfa: OnceLock::new(), inside, outside, has_captures })
        }

        pub(in crate::check) fn store(automaton: Option<&Self>, to: &mut Writer) {
            to.keys(&automaton.map_or(Vec::new(), |own| [own.inside.0, own.outside.0].concat()));
            to.numbers(&[automaton.is_some_and(|own| own.has_captures).into()]);
            to.bytes(automaton.map_or(&[], |own| own.bytes));
        }
    }
}

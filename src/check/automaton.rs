//! Automata of the built-in packs' patterns, kept in the program: nothing is compiled for a short text.
//!
//! An automaton is a table: a row for each state, in it the state that follows for each class of bytes. It stands for what
//! a pattern means in texts without letters beyond ASCII, and it is anchored: it tells how far a match reaches from a given
//! place, and is tried at every place. So it is small (most have one or two kilobytes; some that have to count would have
//! megabytes, and are not kept) and need not be run backwards.
//!
//! ```text
//! classes of bytes 256 | states to begin in, by the byte before 5×2 | width 2 | rows, width×2 each: 0 is the dead state,
//! top bits: a match may begin                                                   top bit: a match ended before the byte
//! ```

use super::store::Reader;
use std::ops::Range;

/// How many bytes an automaton may read for each byte of a text, before a pattern is left to an engine that reads each once.
const PATIENCE: usize = 32;
/// The bit of a state in which a match has ended.
const MATCH: u16 = 1 << 15;
/// The bits of a byte's class: a match may begin with it behind a letter, digit or `_`; a match may begin with it elsewhere.
const INSIDE: u8 = 1 << 7;
const OUTSIDE: u8 = 1 << 6;
/// The number in `before` of a letter, digit or `_`.
const WORD: usize = 3;

/// An automaton that is kept in the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Automaton {
    table: &'static [u8],
    /// Whether the pattern has captures, which an automaton cannot tell.
    pub(super) has_captures: bool,
}

impl Automaton {
    /// Reads what was kept.
    pub(super) fn load(from: &mut Reader) -> Option<Self> {
        let [has_captures] = *from.numbers()?.first_chunk()?;
        Some(Self { table: from.bytes()?, has_captures: has_captures == 1 })
    }

    /// Whether it has a table, or stands for a pattern that has none.
    pub(super) fn is_kept(&self) -> bool {
        !self.table.is_empty()
    }

    /// Tells `found` the matches in a part of `text` that are not empty, from left to right. Where that takes too long,
    /// says from where on they remain to be found.
    pub(super) fn find(self, text: &[u8], part: Range<usize>, found: &mut dyn FnMut(Range<usize>)) -> Option<usize> {
        let Some(table) = Table::of(self.table) else { return Some(part.start) };
        let (mut at, mut patience) = (part.start, PATIENCE * part.len());
        loop {
            at = table.chance(text, at..part.end)?;
            match table.reach(text, at..part.end, &mut patience) {
                _ if patience == 0 => return Some(at),
                Some(end) if end > at => {
                    found(at..end);
                    at = end;
                }
                _ => at += 1,
            }
        }
    }
}

/// An automaton's table, taken apart.
#[derive(Clone, Copy)]
struct Table {
    classes: &'static [u8; 256],
    starts: &'static [[u8; 2]; 5],
    width: usize,
    rows: &'static [[u8; 2]],
}

impl Table {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let (classes, rest) = bytes.split_first_chunk()?;
        let (starts, rows) = rest.as_chunks().0.split_first_chunk()?;
        let (width, rows) = rows.split_first()?;
        Some(Self { classes, starts, width: usize::from(u16::from_le_bytes(*width)), rows })
    }

    /// The first place of `part` where a match may begin.
    fn chance(self, text: &[u8], part: Range<usize>) -> Option<usize> {
        let mut side = if before(text, part.start) == WORD { INSIDE } else { OUTSIDE };
        let mut bytes = text.get(part.clone())?.iter();
        let at = bytes.position(|byte| {
            let begins = self.class(*byte) & side != 0;
            side = SIDES.get(usize::from(*byte)).copied().unwrap_or_default();
            begins
        })?;
        Some(part.start + at)
    }

    /// The end of the match that begins where `part` does; takes from `patience` the bytes that it reads, and gives up
    /// where there is none left.
    fn reach(self, text: &[u8], part: Range<usize>, patience: &mut usize) -> Option<usize> {
        let last = part.end.min(part.start.saturating_add(*patience));
        let mut state = u16::from_le_bytes(*self.starts.get(before(text, part.start))?);
        let mut end = None;
        for (byte, at) in text.get(part.start..last)?.iter().zip(part.start..) {
            state = self.next(state, usize::from(self.class(*byte) & !(INSIDE | OUTSIDE)));
            if state & MATCH != 0 {
                end = Some(at);
            }
            if state & !MATCH == 0 {
                *patience -= at - part.start;
                return end;
            }
        }
        *patience -= last - part.start;
        // What stands behind the part says whether a match ends with it.
        let behind = text.get(last).map_or(self.width - 1, |b| usize::from(self.class(*b) & !(INSIDE | OUTSIDE)));
        if self.next(state, behind) & MATCH != 0 { Some(last) } else { end }
    }

    /// The state that follows a live one.
    #[inline]
    fn next(self, state: u16, class: usize) -> u16 {
        let row = usize::from(state & !MATCH).wrapping_sub(1).wrapping_mul(self.width);
        self.rows.get(row.wrapping_add(class)).map_or(0, |bytes| u16::from_le_bytes(*bytes))
    }

    #[inline]
    fn class(self, byte: u8) -> u8 {
        self.classes.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// Which of the states to begin in is that for the place `at`.
fn before(text: &[u8], at: usize) -> usize {
    match at.checked_sub(1).and_then(|before| text.get(before)) {
        None => 0,
        Some(b'\n') => 1,
        Some(b'\r') => 2,
        Some(byte) if is_of_words(*byte) => WORD,
        Some(_) => 4,
    }
}

/// By byte, the bit of those classes with which a match may begin behind it.
#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
const SIDES: [u8; 256] = {
    let mut sides = [0; 256];
    let mut byte = 0_u8;
    loop {
        sides[byte as usize] = if is_of_words(byte) { INSIDE } else { OUTSIDE };
        byte = match byte.checked_add(1) {
            Some(next) => next,
            None => break sides,
        };
    }
};

/// Whether a byte is a letter, a digit or `_`.
#[inline]
const fn is_of_words(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod making {
    use super::*;
    use crate::check::store::Writer;
    use regex_automata::{
        Anchored,
        dfa::{Automaton as _, StartKind, dense},
        nfa::thompson::{self, WhichCaptures},
        util::{primitives::StateID, start},
    };
    use regex_syntax::hir::Hir;

    /// The largest table that is kept, in bytes, and the largest automaton that is made on the way to it.
    const LARGEST: usize = 80 << 10;
    const LARGEST_MADE: usize = 1 << 20;

    impl Automaton {
        /// The automaton of a pattern, as it is in texts without letters beyond ASCII; nothing where it is too large.
        pub(in crate::check) fn new(in_ascii: &Hir) -> Option<Self> {
            let captures = thompson::Config::new().which_captures(WhichCaptures::None);
            let nfa = thompson::Compiler::new().configure(captures).build_from_hir(in_ascii).ok()?;
            let limit = Some(LARGEST_MADE);
            let config = dense::Config::new().start_kind(StartKind::Anchored).minimize(true);
            let config = config.dfa_size_limit(limit).determinize_size_limit(limit);
            let table = table(&dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?)?;
            let has_captures = in_ascii.properties().explicit_captures_len() > 0;
            (table.len() <= LARGEST).then(|| Self { table: table.leak(), has_captures })
        }

        pub(in crate::check) fn store(automaton: Option<Self>, to: &mut Writer) {
            to.numbers(&[automaton.is_some_and(|own| own.has_captures).into()]);
            to.bytes(automaton.map_or(&[], |own| own.table));
        }
    }

    /// The table of a DFA; nothing where it tells more classes of bytes apart than there are numbers for.
    fn table(dfa: &dense::DFA<Vec<u32>>) -> Option<Vec<u8>> {
        // States in the order in which they are met; a dead one has no row.
        let mut states: Vec<StateID> = Vec::new();
        let number = |state: StateID, states: &mut Vec<StateID>| -> u16 {
            if dfa.is_dead_state(state) {
                return 0;
            }
            let at = states.iter().position(|s| *s == state).unwrap_or_else(|| {
                states.push(state);
                states.len() - 1
            });
            u16::try_from(at + 1).unwrap() | if dfa.is_match_state(state) { MATCH } else { 0 }
        };
        let state_behind = |before| {
            let config = start::Config::new().anchored(Anchored::Yes).look_behind(before);
            dfa.start_state(&config).unwrap()
        };
        let begun = [None, Some(b'\n'), Some(b'\r'), Some(b'a'), Some(b' ')].map(state_behind);
        let starts = begun.map(|state| number(state, &mut states));
        let begins = |byte: u8, before: usize| !dfa.is_dead_state(dfa.next_state(begun[before], byte));
        let mut rows: Vec<Vec<u16>> = Vec::new();
        while let Some(state) = states.get(rows.len()).copied() {
            let next = (0..=u8::MAX).map(|byte| dfa.next_state(state, byte)).chain([dfa.next_eoi_state(state)]);
            rows.push(next.map(|next| number(next, &mut states)).collect());
        }
        // Bytes that lead to the same states from everywhere are of one class; the end of the text is the last.
        let column = |byte: usize| rows.iter().map(|row| row[byte]).collect::<Vec<u16>>();
        let (mut classes, mut columns): (Vec<u8>, Vec<Vec<u16>>) = Default::default();
        for byte in 0..=u8::MAX {
            let own = column(usize::from(byte));
            let class = columns.iter().position(|other| *other == own).unwrap_or(columns.len());
            if class == columns.len() {
                columns.push(own);
            }
            let class = u8::try_from(class).ok().filter(|class| *class < OUTSIDE)?;
            let inside = if begins(byte, WORD) { INSIDE } else { 0 };
            let outside = if [0, 1, 2, 4].into_iter().any(|before| begins(byte, before)) { OUTSIDE } else { 0 };
            classes.push(class | inside | outside);
        }
        columns.push(column(256));
        let width = u16::try_from(columns.len()).unwrap();
        let rows = (0..rows.len()).flat_map(|row| columns.iter().map(move |column| column[row]));
        let numbers = starts.into_iter().chain([width]).chain(rows);
        Some(classes.iter().copied().chain(numbers.flat_map(u16::to_le_bytes)).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::pattern::Pattern;

    /// What is found in `text`, and from where on matches remain to be found.
    fn found<'t>(source: &str, text: &'t str) -> (Vec<&'t str>, Option<usize>) {
        let mut found = Vec::new();
        let automaton = Pattern::automaton(source).unwrap();
        let rest = automaton.find(text.as_bytes(), 0..text.len(), &mut |range| found.push(text.get(range).unwrap()));
        (found, rest)
    }

    #[test]
    fn matches_are_found_from_left_to_right() {
        assert_eq!(found(r"\b[a-c]+x", "ax bcx, bx dax x"), (vec!["ax", "bcx", "bx"], None));
        assert_eq!(found("b*", "abbab"), (vec!["bb", "b"], None));
        assert_eq!(found(r"(?m)^a+$", "aa\nba\na"), (vec!["aa", "a"], None));
    }

    /// Each letter of the long word may begin a match, and is read to the word's end.
    #[test]
    fn what_takes_too_long_is_left_from_a_certain_place_on() {
        let (before, after) = ("ax ", " bx");
        let text = [before, &"abc".repeat(200), after].concat();
        let (found, rest) = found("[a-c]+x", &text);
        assert_eq!(found, ["ax"]);
        assert!(rest.is_some_and(|rest| (before.len()..text.len() - after.len()).contains(&rest)), "{rest:?}");
    }
}

//! Matching phrase nodes on tokens.
//!
//! A node takes a set of places where it may begin and gives the set of places where it may end, as bits of a `u64`
//! relative to the token where the phrase began. Sets instead of backtracking keep the time linear in the length of the
//! phrase, whatever a pack's author writes; a phrase reaches over at most 63 tokens and never past its sentence.

use super::{
    need::Groups,
    program::{Alt, Node, Part, Program},
    vocabulary::{Readings, WordId},
};
use crate::text::{
    reading::Reading,
    span::{Folded, Span},
    token::{Token, TokenKind},
};
use std::ops::Range;

/// The most tokens that a phrase can reach over.
pub(super) const REACH: usize = 63;

/// A text made ready for matching.
#[derive(Debug)]
pub struct Words<'r, 't> {
    /// The text.
    pub reading: &'r Reading<'t>,
    /// What each token may be read as.
    pub ids: &'r [Readings],
    /// The compiled phrases.
    pub program: &'r Program,
    /// What they need.
    pub groups: &'r Groups,
}

/// A place set: bit n stands for the n-th token from the base.
type Places = u64;

impl Words<'_, '_> {
    /// The longest match of `node` that begins at token `base`, as a range of tokens; never empty.
    pub fn match_at(&self, node: Node, base: usize) -> Option<Range<usize>> {
        let sentence = self.reading.tokens.get(base)?.sentence;
        let end = self.reading.sentences.get(sentence as usize)?.tokens.end;
        let window = Window { words: self, base, len: (end - base).min(REACH) };
        let ends = window.ends(node, 1) & !1;
        if ends == 0 {
            return None;
        }
        let mut len = ends.ilog2() as usize;
        // A gap at the end of a phrase reads on to the end of the words, not of the marks behind them.
        while len > 1 && self.ends_in_gap(node) && window.token(len - 1).is_some_and(|t| !is_word(t)) {
            len -= 1;
        }
        Some(base..base + len)
    }

    fn ends_in_gap(&self, node: Node) -> bool {
        match self.program.part(node) {
            Part::Gap(_) => true,
            Part::Seq(parts) => parts.iter().next_back().is_some_and(|last| self.ends_in_gap(last)),
            _ => false,
        }
    }

    /// The first match of `node` that begins in `tokens`.
    pub fn find_in(&self, node: Node, tokens: Range<usize>) -> Option<Range<usize>> {
        tokens.into_iter().find_map(|at| self.match_at(node, at))
    }

    /// The text from the first to the last token of a range.
    pub fn span(&self, tokens: &Range<usize>) -> Span<Folded> {
        let first = self.reading.tokens.get(tokens.start);
        let last = tokens.end.checked_sub(1).and_then(|i| self.reading.tokens.get(i));
        match (first, last) {
            (Some(a), Some(b)) => a.span.cover(b.span),
            _ => Span::new(0, 0),
        }
    }
}

struct Window<'w, 'r, 't> {
    words: &'w Words<'r, 't>,
    base: usize,
    /// Tokens from the base to the end of the sentence.
    len: usize,
}

impl Window<'_, '_, '_> {
    fn token(&self, place: usize) -> Option<&Token> {
        (place < self.len).then(|| self.words.reading.tokens.get(self.base + place)).flatten()
    }

    fn ids(&self, place: usize) -> Readings {
        if place < self.len { self.words.ids.get(self.base + place).copied().unwrap_or_default() } else { [0; 4] }
    }

    fn ends(&self, node: Node, from: Places) -> Places {
        match self.words.program.part(node) {
            Part::Words(set) => self.step(from, |p| self.reads(p, set)),
            Part::Prefix(prefix) => self.step(from, |p| self.has_prefix(p, prefix)),
            Part::Any => self.step(from, |p| self.token(p).is_some_and(is_word)),
            Part::Mark(c) => self.step(from, |p| self.token(p).is_some_and(|t| t.kind == TokenKind::Mark(c))),
            Part::Emoji(e) => self.step(from, |p| self.text(p).is_some_and(|t| t.starts_with(e))),
            Part::Gap(most) => self.gap(most, from),
            Part::Start => keep(from, |p| self.is_start(p)),
            Part::End => keep(from, |p| self.is_end(p)),
            Part::Class(class) => each(from, |p| {
                let lengths = class.lengths(self.words.reading, self.base + p);
                if p < self.len { lengths << p & self.reachable() } else { 0 }
            }),
            Part::Seq(parts) => parts.iter().fold(from, |at, part| if at == 0 { 0 } else { self.ends(part, at) }),
            Part::Alt(alt) => self.alternatives(alt, from),
            Part::Nothing => 0,
        }
    }

    /// Whether the token at `place` may be read as one of `set`.
    fn reads(&self, place: usize, set: &[WordId]) -> bool {
        let one =
            |id: &WordId| *id != 0 && if set.len() < 8 { set.contains(id) } else { set.binary_search(id).is_ok() };
        self.ids(place).iter().any(one)
    }

    fn alternatives(&self, alt: Alt<'_>, from: Places) -> Places {
        let mut ends = if alt.empty { from } else { 0 };
        ends |= self.step(from, |p| self.reads(p, alt.words));
        for node in alt.open.iter() {
            ends |= self.ends(node, from);
        }
        if alt.is_unindexed() {
            return ends;
        }
        ends | each(from, |p| {
            let nodes = self.ids(p).into_iter().filter(|id| *id != 0).flat_map(|id| alt.starting(id).iter());
            nodes.fold(0, |ends, node| ends | self.ends(node, 1 << p))
        })
    }

    /// Places reachable in this sentence.
    fn reachable(&self) -> Places {
        if self.len >= REACH { Places::MAX } else { (1 << (self.len + 1)) - 1 }
    }

    /// One token on, from each place whose token holds.
    fn step(&self, from: Places, holds: impl Fn(usize) -> bool) -> Places {
        each(from, |p| if p < self.len && holds(p) { 1 << (p + 1) } else { 0 })
    }

    /// Up to `most` words on; marks cost nothing.
    fn gap(&self, most: usize, from: Places) -> Places {
        let mut ends = from;
        // Words left to skip at the current place, one more than that; 0: the place is not reached.
        let mut left = 0;
        for place in from.trailing_zeros() as usize..=self.len {
            if from >> place & 1 == 1 {
                left = most + 1;
            }
            if left > 0 {
                ends |= 1 << place;
                left -= usize::from(self.token(place).is_some_and(is_word));
            }
        }
        ends
    }

    fn text(&self, place: usize) -> Option<&str> {
        self.token(place).map(|t| self.words.reading.at(t.span))
    }

    fn has_prefix(&self, place: usize, prefix: &str) -> bool {
        let Some(text) = self.text(place) else { return false };
        text.get(..prefix.len()).is_some_and(|t| t.eq_ignore_ascii_case(prefix))
            && self.token(place).is_some_and(is_word)
    }

    /// Nothing is said in the sentence before this place.
    fn is_start(&self, place: usize) -> bool {
        let Some(token) = self.token(place) else { return false };
        let sentence = self.words.reading.sentences.get(token.sentence as usize);
        sentence.is_none_or(|s| self.base + place <= s.said)
    }

    /// Nothing is said in the sentence from this place on.
    fn is_end(&self, place: usize) -> bool {
        (place..self.len).all(|p| self.token(p).is_none_or(|t| !is_word(t)))
    }
}

/// Those of `from` that hold.
fn keep(from: Places, holds: impl Fn(usize) -> bool) -> Places {
    each(from, |p| if holds(p) { 1 << p } else { 0 })
}

/// The union of what `ends` gives for each place.
fn each(from: Places, ends: impl Fn(usize) -> Places) -> Places {
    let (mut left, mut all) = (from, 0);
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        left &= left - 1;
        all |= ends(place);
    }
    all
}

pub(super) fn is_word(token: &Token) -> bool {
    !matches!(token.kind, TokenKind::Mark(_) | TokenKind::Emoji)
}

#[cfg(test)]
mod tests {
    use super::super::phrase::{Compiler, Scope};
    use super::*;
    use crate::model::{rule::Lists, value::At};

    fn found(phrase: &str, text: &str) -> Vec<String> {
        let mut own = Lists::new();
        let people = ["he", "she", "neighbour(s)", "our new starter"].map(|s| (s.to_owned(), At::default()));
        own.insert("person".into(), people.to_vec());
        let shared = Lists::new();
        let mut compiler = Compiler::default();
        let scope = Scope { pack: "p", own: &own, shared: &shared, builtin: false };
        let node = compiler.phrase(phrase, At::default(), scope).expect("the phrase parses");
        let reading = Reading::new(text);
        let ids = compiler.words.look_up(&reading);
        let words = Words { reading: &reading, ids: &ids, program: &compiler.program, groups: &compiler.groups };
        let mut out = Vec::new();
        let mut at = 0;
        while at < reading.tokens.len() {
            match words.match_at(node, at) {
                Some(hit) => {
                    out.push(reading.at(words.span(&hit)).to_owned());
                    at = hit.end;
                }
                None => at += 1,
            }
        }
        out
    }

    #[test]
    fn words_match_whole_and_without_case() {
        assert_eq!(found("cat", "Cat concatenate CAT cat's"), ["Cat", "CAT", "cat's"]);
        assert_eq!(found("well known", "a well-known fact"), ["well-known"]);
        assert_eq!(found("well known", "well, known"), [""; 0]);
    }

    #[test]
    fn alternatives_options_and_endings() {
        assert_eq!(found("(a complete|an absolute) shambles", "It is an absolute shambles."), ["an absolute shambles"]);
        assert_eq!(found("(very) bad", "very bad, bad"), ["very bad", "bad"]);
        assert_eq!(found("councillor(s) sack+", "councillors sacked"), ["councillors sacked"]);
        assert_eq!(found("no (,) thanks", "no, thanks and no thanks"), ["no, thanks", "no thanks"]);
    }

    #[test]
    fn gaps_count_words_within_the_sentence() {
        assert_eq!(found("{person} ..2 evict+", "he's, sadly, been evicted"), ["he's, sadly, been evicted"]);
        assert_eq!(found("{person} ..2 evict+", "he was then quite evicted"), [""; 0]);
        assert_eq!(found("{person} ..4 evict+", "he left. They evicted"), [""; 0]);
        assert_eq!(found("{person} ..3 off", "Our new starter is off"), ["Our new starter is off"]);
    }

    #[test]
    fn anchors_hold_at_sentence_ends() {
        assert_eq!(found("^ about time", "✨ About time. It is about time"), ["About time"]);
        assert_eq!(found("about time $", "About time now. It is about time! 🎉"), ["about time"]);
    }

    #[test]
    fn classes_have_shapes() {
        assert_eq!(
            found("{NAME}", "Mrs Okafor met Priya Nair and J. Smith at Robert Street"),
            ["Mrs Okafor", "Priya Nair", "J. Smith"]
        );
        assert_eq!(found("{ADDRESS}", "at 14 Curlew Close, flat 3"), ["14 Curlew Close", "flat 3"]);
        assert_eq!(found("{MONEY} to {NUMBER} people", "£4.2m to 40 people"), ["£4.2m to 40 people"]);
        assert_eq!(found("{DATE}", "5 May 2026 or 12/05/2026"), ["5 May 2026", "12/05/2026"]);
    }

    #[test]
    fn text_speak_is_read_as_meant() {
        assert_eq!(found("i don't think you can't", "i dont think u cant"), ["i dont think u cant"]);
    }
}

//! Matching phrase nodes on tokens.
//!
//! A node takes a set of places where it may begin and gives the set of places where it may end, as bits relative to the
//! first token of a window. Sets instead of backtracking keep the time linear in the length of the phrase, whatever a
//! pack's author writes; a phrase reaches over at most 63 tokens and never past its sentence.
//!
//! Sets have a second use. A window that begins with a block of the index knows where each feature is met
//! (`Marks`), so that a word takes a whole set of places one on in a single step, and a phrase can be tried from all its
//! beginnings at once: `Words::is_in`. What comes out is the union of what each beginning would give. If that is nothing,
//! as it nearly always is, no beginning needs to be tried by itself.

use super::{
    class::Class,
    marks::{Marks, Places},
    need::{self, Group, Groups},
    program::{Alt, Node, Part, Program},
    vocabulary::{Readings, WordId},
};
use crate::text::{
    reading::Reading,
    span::{Folded, Span},
    token::{Token, TokenKind},
};
use std::{cell::OnceCell, ops::Range};

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

impl Words<'_, '_> {
    /// The longest match of `node` that begins at token `base`, as a range of tokens; never empty.
    pub fn match_at(&self, node: Node, base: usize) -> Option<Range<usize>> {
        let sentence = self.reading.tokens.get(base)?.sentence;
        let end = self.reading.sentences.get(sentence as usize)?.tokens.end;
        let window = Window::new(self, base..end.min(base + REACH), None)?;
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

    /// Whether `node` can match from any of the places `from` of a block, the tokens `block` of one sentence, with
    /// `marks`: never wrong where it says no, and seldom where it says yes.
    pub(super) fn is_in(&self, block: Range<usize>, marks: &Marks, node: Node, from: Places) -> bool {
        Window::new(self, block, Some(marks)).is_some_and(|window| window.ends(node, from) != 0)
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

/// Tokens of one sentence in which a phrase is matched. Place n is before its n-th token.
struct Window<'w, 'r, 't> {
    words: &'w Words<'r, 't>,
    base: usize,
    tokens: &'r [Token],
    ids: &'r [Readings],
    /// Places before a word, once they are asked for.
    said: OnceCell<Places>,
    /// What is met at these places, if they are those of a block.
    marks: Option<&'w Marks>,
}

impl<'w, 'r, 't> Window<'w, 'r, 't> {
    fn new(words: &'w Words<'r, 't>, range: Range<usize>, marks: Option<&'w Marks>) -> Option<Self> {
        let tokens = words.reading.tokens.get(range.clone())?;
        let ids = words.ids.get(range.clone())?;
        Some(Self { words, base: range.start, tokens, ids, said: OnceCell::new(), marks })
    }

    fn token(&self, place: usize) -> Option<&'r Token> {
        self.tokens.get(place)
    }

    fn ends(&self, node: Node, from: Places) -> Places {
        let part = self.words.program.part(node);
        match part {
            Part::Words(set) => self.step(self.read_as(set, from)),
            Part::Seq(parts) => parts.iter().fold(from, |at, part| if at == 0 { 0 } else { self.ends(part, at) }),
            Part::Alt(alt) => match self.marks {
                Some(marks) if alt.is_a_list() => self.list(node, alt, from & !marks.barren(node), marks),
                _ => self.alternatives(alt, from),
            },
            Part::Any => self.step(from & self.said()),
            Part::Gap(most) => self.gap(most, from),
            Part::Start => self.starts(from),
            Part::End => keep(from, |p| self.is_end(p)),
            Part::Nothing => 0,
            Part::Prefix(_) | Part::Mark(_) | Part::Emoji(_) | Part::Class(_) => {
                self.shaped(part, self.opened(part, from))
            }
        }
    }

    /// The parts that are no words but shapes.
    fn shaped(&self, part: Part<'_>, from: Places) -> Places {
        match part {
            Part::Prefix(prefix) => self.step(keep(from, |p| self.has_prefix(p, prefix))),
            Part::Mark(c) => self.step(keep(from, |p| self.token(p).is_some_and(|t| t.kind == TokenKind::Mark(c)))),
            Part::Emoji(e) => self.step(keep(from, |p| self.text(p).is_some_and(|t| t.starts_with(e)))),
            Part::Class(class) => self.class(class, from & low(self.tokens.len())),
            _ => 0,
        }
    }

    fn class(&self, class: Class, from: Places) -> Places {
        let ends =
            |p| (Places::from(class.lengths(self.words.reading, self.base + p)) << p) & low(self.tokens.len() + 1);
        let Some(marks) = self.marks else { return each(from, ends) };
        let all = || keep(self.opened(Part::Class(class), low(self.tokens.len())), |p| ends(p) != 0);
        let from = from & marks.class(class, all);
        if class.longest() == 1 { from << 1 } else { each(from, ends) }
    }

    /// Those of `from` whose token has a feature that `part` begins with, as far as that is known.
    fn opened(&self, part: Part<'_>, from: Places) -> Places {
        match (self.marks, need::opening(part)) {
            (Some(marks), Some(features)) => from & marks.any(features),
            _ => from,
        }
    }

    /// Those of `from` whose token may be read as one of `set`.
    fn read_as(&self, set: &[WordId], from: Places) -> Places {
        match self.marks {
            Some(marks) if set.len() < 4 || set.len() < 4 * from.count_ones() as usize => {
                from & marks.any(set.iter().map(|id| need::word(*id)))
            }
            _ => keep(from, |p| self.reads(p, set)),
        }
    }

    /// Whether the token at `place` may be read as one of `set`.
    fn reads(&self, place: usize, set: &[WordId]) -> bool {
        let one =
            |id: &WordId| *id != 0 && if set.len() < 8 { set.contains(id) } else { set.binary_search(id).is_ok() };
        self.ids.get(place).is_some_and(|ids| ids.iter().any(one))
    }

    /// Alternatives that other phrases may ask about as well: where none is, is remembered.
    fn list(&self, node: Node, alt: Alt<'_>, from: Places, marks: &Marks) -> Places {
        if from == 0 {
            return 0;
        }
        let ends = self.alternatives(alt, from);
        if ends == 0 {
            marks.note_barren(node, from);
        }
        ends
    }

    fn alternatives(&self, alt: Alt<'_>, from: Places) -> Places {
        let mut ends = if alt.empty { from } else { 0 };
        if !alt.words.is_empty() {
            ends |= self.step(self.read_as(alt.words, from));
        }
        for (node, need) in alt.open() {
            if self.may_meet(need, from.trailing_zeros()) {
                ends |= self.ends(node, from);
            }
        }
        if alt.is_unindexed() {
            return ends;
        }
        let mut left = from & low(self.tokens.len());
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            let ids = self.ids.get(place as usize).into_iter().flatten().filter(|id| **id != 0);
            for (node, need) in ids.flat_map(|id| alt.starting(*id)) {
                if self.may_meet(need, place) {
                    ends |= self.ends(node, 1 << place);
                }
            }
        }
        ends
    }

    /// Whether what an alternative needs may be met from a place on.
    fn may_meet(&self, need: Option<Group>, place: u32) -> bool {
        match (self.marks, need) {
            (Some(marks), Some(need)) => marks.places(need, self.words.groups).checked_shr(place).unwrap_or(0) != 0,
            _ => true,
        }
    }

    /// One token on.
    fn step(&self, from: Places) -> Places {
        (from & low(self.tokens.len())) << 1
    }

    /// Places before a word.
    fn said(&self) -> Places {
        *self.said.get_or_init(|| match self.marks {
            Some(marks) => marks.said(),
            None => self.tokens.iter().rev().fold(0, |said, token| said << 1 | Places::from(is_word(token))),
        })
    }

    /// Up to `most` words on; marks cost nothing.
    fn gap(&self, most: usize, from: Places) -> Places {
        let all = low(self.tokens.len());
        let said = self.said();
        let marks = all & !said;
        // Over runs of marks. A sum carries through the ones of a run, from the lowest place that is reached.
        let over_marks = |places: Places| {
            let at = places & marks;
            places | (marks & !marks.wrapping_add(at) | at) << 1
        };
        let mut ends = over_marks(from);
        for _ in 0..most {
            let more = ends | over_marks((ends & said) << 1);
            if more == ends {
                break;
            }
            ends = more;
        }
        ends
    }

    fn text(&self, place: usize) -> Option<&str> {
        self.token(place).map(|t| self.words.reading.at(t.span))
    }

    fn has_prefix(&self, place: usize, prefix: &str) -> bool {
        let Some(text) = self.text(place) else { return false };
        let begins = if prefix.is_ascii() {
            text.get(..prefix.len()).is_some_and(|t| t.eq_ignore_ascii_case(prefix))
        } else {
            let mut lower = text.chars().flat_map(char::to_lowercase);
            prefix.chars().all(|c| lower.next() == Some(c))
        };
        begins && self.token(place).is_some_and(is_word)
    }

    /// Those of `from` before which nothing is said in the sentence.
    fn starts(&self, from: Places) -> Places {
        let sentence = self.token(0).and_then(|t| self.words.reading.sentences.get(t.sentence as usize));
        let said = sentence.map_or(usize::MAX, |s| s.said);
        match said.checked_sub(self.base) {
            Some(last) => from & low(self.tokens.len().min(last.saturating_add(1))),
            None => 0,
        }
    }

    /// Nothing is said in the sentence from this place on, as far as a phrase can reach.
    fn is_end(&self, place: usize) -> bool {
        let Some(sentence) = self.token(0).map(|t| t.sentence) else { return true };
        let rest = self.words.reading.tokens.get(self.base + place..).unwrap_or_default();
        rest.iter().take(REACH).take_while(|t| t.sentence == sentence).all(|t| !is_word(t))
    }
}

/// The first `count` places.
fn low(count: usize) -> Places {
    if count < Places::BITS as usize { (1 << count) - 1 } else { Places::MAX }
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
        let people = ["he", "she", "neighbour(s)", "our new starter"].map(|s| (s.to_owned().into(), At::default()));
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
    fn a_prefix_has_no_case_whatever_its_letters() {
        assert_eq!(found("éco*", "École, ÉCOLES et économe, eco"), ["École", "ÉCOLES", "économe"]);
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
        assert_eq!(found("about time$", "About time now. About time! US$5"), ["About time"]);
        assert_eq!(found("about time $", "About time now. It is about time! 🎉"), ["about time"]);
        assert_eq!(found("about time $", &format!("It is about time {}", "🎉 ".repeat(200))), ["about time"]);
        assert_eq!(found("it ..20 ..20 ..20 $", &format!("It {}", "is ".repeat(200))), [""; 0]);
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

//! A pattern of a rule, compiled when a text needs it.
//!
//! Most patterns are never run in a short run, and then only over a post: there, half of the time that compiling takes is
//! spent on finding literals to jump to, which a post is too short to repay. And a text is seldom without a dash or an
//! emoji, at which the quick engine gives up if it has to know whether that is a letter. So a pattern has several engines
//! of one meaning, each made when the first text that it suits comes; for short texts without letters beyond ASCII an
//! [`Automaton`] is kept in the program, which need not be made. Where a text has letters beyond ASCII, a loose engine goes
//! first, which takes every place for a boundary: what it does not find is not there, and it is quick on any text. Where
//! it finds something, the pattern is tried at that place only.

use super::{automaton::Automaton, pieces::Part};
use crate::text::span::{Folded, Span};
use regex_automata::{
    Anchored, Input, PatternID,
    meta::{self, Regex},
};
use regex_syntax::{
    hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition},
    is_word_character,
};
use std::{
    borrow::Cow,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

/// The most memory that one compiled pattern may take, in bytes.
const LIMIT: usize = 2 << 20;
/// How much of what it worked out an engine may keep for the next text, in bytes, for each thread; posts are alike.
const KEPT: usize = 256 << 10;
/// From this length on, in bytes, a text repays looking for literals.
const LONG: usize = 4096;

/// A pattern may be tried so often in a part of a text, and more often if a try is short.
const TRIES: usize = 32;

/// Captures of a match: name or number, and place.
pub(super) type Captures = Vec<(String, Span<Folded>)>;

/// A pattern and its engines.
#[derive(Debug)]
pub(super) struct Pattern {
    source: Cow<'static, str>,
    /// For texts that [`Suits::Short`] is for, if one was kept.
    kept: Option<Automaton>,
    /// One for each [`Suits`].
    engines: [OnceLock<Result<Regex, String>>; 4],
    /// Nothing where the pattern asks for no boundaries of words.
    loose: OnceLock<Option<Loose>>,
}

/// An engine that finds something wherever a pattern does.
#[derive(Debug)]
struct Loose {
    engine: Regex,
    /// Whether a try of the pattern reads a limited number of bytes, whatever the text.
    is_bounded: bool,
}

/// The texts that an engine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suits {
    /// Short ones without letters and digits beyond ASCII: there an ASCII `\b` stands where any other does.
    Short,
    /// The same, but long.
    Long,
    /// Any.
    Any,
    /// Any, but quick where it is long.
    AnyLong,
}

impl Suits {
    /// What suits `text`.
    pub(super) fn of(text: &str) -> Self {
        let has_letters_beyond_ascii = !text.is_ascii() && text.chars().any(is_letter_beyond_ascii);
        if has_letters_beyond_ascii { Self::Any } else { Self::Short }.in_all(text.len())
    }

    /// What suits a text of `len` bytes, all parts of which it suits.
    pub(super) fn in_all(self, len: usize) -> Self {
        match (self.is_any(), len < LONG) {
            (false, true) => Self::Short,
            (false, false) => Self::Long,
            (true, true) => Self::Any,
            (true, false) => Self::AnyLong,
        }
    }

    fn is_any(self) -> bool {
        matches!(self, Self::Any | Self::AnyLong)
    }

    fn is_long(self) -> bool {
        matches!(self, Self::Long | Self::AnyLong)
    }
}

/// Whether a character beyond ASCII is one that words are made of.
fn is_letter_beyond_ascii(c: char) -> bool {
    // Dashes, quotation marks and dots, the most common ones, are told without a search.
    !matches!(c, '\0'..='\x7F' | '\u{2010}'..='\u{2027}') && is_word_character(c)
}

impl Pattern {
    /// A pattern that is not compiled yet, or only to what was kept.
    pub(super) const fn new(source: Cow<'static, str>, kept: Option<Automaton>) -> Self {
        Self { source, kept, engines: [const { OnceLock::new() }; 4], loose: OnceLock::new() }
    }

    /// What is wrong with it, in a few words; compiles it.
    pub(super) fn fault(&self) -> Option<&str> {
        self.engine(Suits::Any).and_then(|built| built.as_ref().err()).map(String::as_str)
    }

    fn engine(&self, suits: Suits) -> Option<&Result<Regex, String>> {
        self.engines.get(suits as usize).map(|cell| cell.get_or_init(|| build(&self.source, suits)))
    }

    fn loose(&self) -> Option<&Loose> {
        let make = || {
            let hir = regex_syntax::parse(&self.source).ok()?;
            let asks = hir.properties().look_set().contains_word_unicode();
            // A try reads no more than a match is long.
            let is_bounded = hir.properties().maximum_len().is_some_and(|longest| longest < LONG);
            let hir = asks.then(|| rewritten(hir, &without_looks))?;
            Some(Loose { engine: compile(&hir, Suits::Short).ok()?, is_bounded })
        };
        self.loose.get_or_init(make).as_ref()
    }

    /// Tells `found` the places of all matches in a part of `text` that are not empty, from left to right, in bytes of
    /// `text`. What stands around the part is seen by `\b`, `^` and `$`.
    pub(super) fn find(&self, text: &str, place: &Part, found: &mut dyn FnMut(Range<usize>)) {
        let mut part = place.range.clone();
        if let Some(kept) = self.kept.filter(|_| place.suits == Suits::Short) {
            match kept.find(text.as_bytes(), part.clone(), found) {
                Some(rest) => part.start = rest,
                None => return,
            }
        }
        if let Some(loose) = place.suits.is_any().then(|| self.loose()).flatten() {
            match self.find_tried(loose, text, place, found) {
                Some(rest) => part.start = rest,
                None => return,
            }
        }
        if let Some(Ok(engine)) = self.engine(place.suits) {
            let all = engine.find_iter(Input::new(text).range(part)).map(|m| m.range());
            all.filter(|range| !range.is_empty()).for_each(found);
        }
    }

    /// The same, where the loose engine finds something; says from where on matches remain to be found, if that takes too
    /// long.
    fn find_tried(
        &self,
        loose: &Loose,
        text: &str,
        place: &Part,
        found: &mut dyn FnMut(Range<usize>),
    ) -> Option<usize> {
        let Range { start: mut at, end } = place.range;
        // How often the pattern may be tried before it is left to an engine that reads each byte once.
        let mut patience = TRIES + if loose.is_bounded { place.range.len() / 8 } else { 0 };
        while let Some(chance) = loose.engine.find(Input::new(text).range(at..end)) {
            let Some(Ok(engine)) = self.engine(place.suits).filter(|_| patience > 0) else { return Some(at) };
            patience -= 1;
            let input = Input::new(text).range(chance.start()..end).anchored(Anchored::Yes);
            if let Some(hit) = engine.find(input).filter(|hit| !hit.is_empty()) {
                found(hit.range());
                at = hit.end();
            } else {
                let next = text.get(chance.start()..end).and_then(|rest| rest.chars().next())?;
                at = chance.start() + next.len_utf8();
            }
        }
        None
    }

    /// Tells `found` each match in a part of `text` that is not empty, with its captures.
    pub(super) fn captures(&self, text: &str, place: &Part, found: &mut dyn FnMut(Span<Folded>, Captures)) {
        // Most texts have no match, and telling that is far cheaper without captures.
        self.find(text, place, &mut |range| {
            let captures = self.captures_of(text, range.start..place.range.end, place.suits);
            found(Span::new(range.start, range.end), captures);
        });
    }

    /// The captures of the match that begins where `part` does.
    fn captures_of(&self, text: &str, part: Range<usize>, suits: Suits) -> Captures {
        let has_none = self.kept.is_some_and(|kept| !kept.has_captures);
        let Some(Ok(engine)) = Some(suits).filter(|_| !has_none).and_then(|suits| self.engine(suits)) else {
            return Vec::new();
        };
        if engine.captures_len() <= 1 {
            return Vec::new();
        }
        let mut captures = engine.create_captures();
        engine.search_captures(&Input::new(text).range(part).anchored(Anchored::Yes), &mut captures);
        let names = captures.group_info().pattern_names(PatternID::ZERO).enumerate().skip(1);
        let groups = names.filter_map(|(i, name)| {
            let group = captures.get_group(i)?;
            Some((name.map_or_else(|| i.to_string(), str::to_owned), Span::new(group.start, group.end)))
        });
        groups.collect()
    }

    /// The automaton that is kept of a pattern.
    #[cfg(test)]
    pub(super) fn automaton(source: &str) -> Option<Automaton> {
        Automaton::new(&rewritten(regex_syntax::parse(source).ok()?, &in_ascii))
    }
}

fn build(source: &str, suits: Suits) -> Result<Regex, String> {
    // The last line of a syntax error says what is wrong; those before it draw the pattern.
    let last = |text: String| text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let hir = regex_syntax::parse(source).map_err(|error| last(error.to_string()))?;
    let hir = if suits.is_any() { hir } else { rewritten(hir, &in_ascii) };
    compile(&hir, suits)
}

fn compile(hir: &Hir, suits: Suits) -> Result<Regex, String> {
    let config =
        meta::Config::new().nfa_size_limit(Some(LIMIT)).hybrid_cache_capacity(KEPT).auto_prefilter(suits.is_long());
    Regex::builder().configure(config).build_from_hir(hir).map_err(|error| match error.size_limit() {
        Some(limit) => format!("it needs more than {limit} bytes"),
        None => error.to_string(),
    })
}

/// What a part of a pattern means in texts without letters and digits beyond ASCII: boundaries and classes are ASCII's
/// where that is the same there. `\w` alone is 700 ranges that need not be compiled.
fn in_ascii(part: HirKind) -> Hir {
    static LETTERS: LazyLock<Option<Hir>> = LazyLock::new(|| regex_syntax::parse(r"\w").ok());
    match part {
        HirKind::Look(look) => Hir::look(match look {
            Look::WordUnicode => Look::WordAscii,
            Look::WordUnicodeNegate => Look::WordAsciiNegate,
            Look::WordStartUnicode => Look::WordStartAscii,
            Look::WordEndUnicode => Look::WordEndAscii,
            Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
            Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
            other => other,
        }),
        HirKind::Class(Class::Unicode(class)) if !class.is_ascii() => {
            let mut others = class.clone();
            if let Some(HirKind::Class(Class::Unicode(letters))) = LETTERS.as_ref().map(Hir::kind) {
                others.difference(letters);
            }
            let mut own = class.clone();
            own.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7F')]));
            Hir::class(Class::Unicode(if others.is_ascii() { own } else { class }))
        }
        other => leaf(other),
    }
}

/// A part of a pattern that takes every place for a boundary.
fn without_looks(part: HirKind) -> Hir {
    if let HirKind::Look(_) = part { Hir::empty() } else { leaf(part) }
}

fn leaf(part: HirKind) -> Hir {
    match part {
        HirKind::Look(look) => Hir::look(look),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        _ => Hir::empty(),
    }
}

/// `hir` with what `other` makes of its parts that have no parts themselves.
fn rewritten(hir: Hir, other: &dyn Fn(HirKind) -> Hir) -> Hir {
    let each = |parts: Vec<Hir>| parts.into_iter().map(|part| rewritten(part, other)).collect();
    match hir.into_kind() {
        HirKind::Repetition(r) => Hir::repetition(Repetition { sub: Box::new(rewritten(*r.sub, other)), ..r }),
        HirKind::Capture(c) => Hir::capture(Capture { sub: Box::new(rewritten(*c.sub, other)), ..c }),
        HirKind::Concat(parts) => Hir::concat(each(parts)),
        HirKind::Alternation(ways) => Hir::alternation(each(ways)),
        part => other(part),
    }
}

/// Whether `hir` is certain to compile to less than the limit: an estimate from above.
pub(super) fn is_small(hir: &Hir) -> bool {
    /// Bytes of a state, and states of a range of characters beyond ASCII, in either direction.
    const STATE: usize = 64;
    const RANGE: usize = 32;
    fn states(hir: &Hir) -> usize {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => 1,
            HirKind::Literal(literal) => literal.0.len(),
            HirKind::Class(Class::Bytes(class)) => class.ranges().len() + 1,
            HirKind::Class(Class::Unicode(class)) => {
                class.ranges().iter().map(|r| if r.end().is_ascii() { 1 } else { RANGE }).sum::<usize>() + 1
            }
            HirKind::Repetition(r) => states(&r.sub).saturating_mul(r.max.unwrap_or(r.min).max(1) as usize + 1),
            HirKind::Capture(capture) => states(&capture.sub).saturating_add(2),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().map(states).fold(parts.len(), usize::saturating_add)
            }
        }
    }
    states(hir).saturating_mul(STATE) < LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(pattern: &Pattern, text: &str, suits: Suits) -> Vec<(Span<Folded>, Captures)> {
        let part = Part { range: 0..text.len(), suits };
        let mut found = Vec::new();
        pattern.captures(text, &part, &mut |span, captures| found.push((span, captures)));
        found
    }

    #[test]
    fn captures_are_known_by_name_or_number() {
        let source = r"(?P<value>[0-9]+)-(b)?";
        let found = all(&Pattern::new(source.to_owned().into(), Pattern::automaton(source)), "x 12-b 3-", Suits::Short);
        assert_eq!(found[0].1, [("value".to_owned(), Span::new(2, 4)), ("2".to_owned(), Span::new(5, 6))]);
        assert_eq!(found[1].1, [("value".to_owned(), Span::new(7, 8))]);
    }

    #[test]
    fn what_is_wrong_is_told_in_a_few_words() {
        let fault = |source: &str| Pattern::new(source.to_owned().into(), None).fault().map(str::to_owned);
        assert_eq!((fault("a+"), fault("a(").as_deref()), (None, Some("unclosed group")));
        assert!(fault(r"(?:\w{90}){90}").unwrap().starts_with("it needs more than"));
    }

    #[test]
    fn a_letter_beyond_ascii_is_a_letter() {
        let pattern = Pattern::new(r"\bcaf\b".into(), Pattern::automaton(r"\bcaf\b"));
        assert_eq!(Suits::of("café"), Suits::Any);
        assert_eq!(all(&pattern, "café", Suits::Any), []);
        assert_eq!(Suits::of("caf – 🎉"), Suits::Short);
        assert_eq!(all(&pattern, "caf – 🎉", Suits::Short).len(), 1);
    }

    #[test]
    fn what_passes_for_small_compiles() {
        let small = |source: &str| is_small(&regex_syntax::parse(source).unwrap());
        assert!(!small(r"(?:\w{90}){90}") && !small(r"(?:a{900}){90}") && small(r"\b[0-9]{3} ?\d{3}"));
    }

    proptest! {
        #[test]
        fn a_pattern_that_passes_for_small_fits_the_limit(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 1..5),
            times in 1_u32..3000,
        ) {
            let source = format!("(?:{}){{{times}}}", parts.concat());
            let hir = regex_syntax::parse(&source).unwrap();
            prop_assert!(!is_small(&hir) || compile(&hir, Suits::Any).is_ok());
        }

        #[test]
        fn engines_agree_on_the_texts_that_they_suit(
            text in "[a-c0-9é –🎉]{0,30}",
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 1..5),
        ) {
            let pattern = Pattern::new(parts.concat().into(), None);
            let kept = Pattern::new(parts.concat().into(), Pattern::automaton(&parts.concat()));
            let any = all(&pattern, &text, Suits::Any);
            prop_assert_eq!(&any, &all(&pattern, &text, Suits::AnyLong));
            if Suits::of(&text) == Suits::Short {
                prop_assert_eq!(&any, &all(&pattern, &text, Suits::Short));
                prop_assert_eq!(&any, &all(&pattern, &text, Suits::Long));
                prop_assert_eq!(&any, &all(&kept, &text, Suits::Short));
            }
            let naive = regex::Regex::new(&parts.concat()).unwrap();
            let naive: Vec<_> = naive.find_iter(&text).filter(|m| !m.is_empty()).map(|m| (m.start(), m.end())).collect();
            prop_assert_eq!(any.iter().map(|(s, _)| (s.start, s.end)).collect::<Vec<_>>(), naive);
        }
    }

    const PARTS: &[&str] = &[
        "a",
        "(a|bc)",
        "[a-c]+",
        "[0-9]+",
        "é",
        "b?",
        r"\b",
        r"\B",
        "([^a]{1,3})",
        " ",
        "(?i:CA?)",
        "–",
        r"\w",
        r"\d{2}",
        "[cé–]",
        "(?i:k)",
    ];
}

//! The patterns of rules at work: which of them are run on a text, and on which reading of it.
//!
//! A [`Gate`] says which patterns may match a piece of a text; their rules' other needs are asked of those only, and then
//! the pattern is run.

use super::{
    Check, Hit, Spot,
    gate::{Gate, Set},
    pattern::{Captures, Pattern},
    pieces::{Part, Pieces, Reach},
    prefilter::{Prefilter, Print},
    share::in_shares,
    view::{SegmentView, View},
};
use crate::text::span::{Folded, Span};
use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

/// The reading of a text that a pattern is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// Folded.
    Folded,
    /// As it was typed.
    Raw,
    /// Folded, and once more with digits for `oh seven seven`.
    DigitsToo,
}

/// A pattern of a rule, and where it looks.
pub(super) struct Search {
    /// Number of the rule.
    pub(super) rule: usize,
    /// The pattern.
    pub(super) pattern: Pattern,
    /// One of these must be in the text, in whatever case; in lower case here. Not asked of raw text.
    pub(super) needs: Arc<[String]>,
    /// Where it is looked for.
    pub(super) looks: Looks,
    /// What it needs itself.
    pub(super) prefilter: Prefilter,
}

/// All patterns.
pub(super) struct Patterns {
    searches: Vec<Search>,
    gate: Gate,
    /// Those for each reading of a text.
    folded: Readers,
    raw: Readers,
    digits: Readers,
}

/// Patterns that are looked for in a reading of a text, by how far their matches may reach.
struct Readers([Set; 3]);

/// Pieces of a long text that one thread looks at, at a time, and parts for one pattern.
const SHARE: usize = 64;
const PARTS: usize = 8;

/// A hit, and the number of its pattern.
type Found = (usize, Hit);

/// Runs a pattern, of that number, on a part of a text, and hands over what it finds.
type Work<'w> = dyn Fn(usize, &Search, &Part, &mut dyn FnMut(Hit)) + Sync + 'w;

impl Readers {
    fn is_empty(&self) -> bool {
        self.0.iter().all(Set::is_empty)
    }

    fn of(&self, reach: Reach) -> &Set {
        let [line, near, far] = &self.0;
        match reach {
            Reach::Line => line,
            Reach::Near => near,
            Reach::Far => far,
        }
    }
}

impl Patterns {
    /// Patterns in the order of their rules.
    pub(super) fn new(searches: Vec<Search>) -> Self {
        let gate = Gate::new(searches.iter().map(|search| &search.prefilter));
        let readers = |look: &dyn Fn(Looks) -> bool| {
            Readers(Reach::ALL.map(|reach| {
                let is_in = |search: &Search| look(search.looks) && search.prefilter.reach == reach;
                Set::new(searches.len(), |n| searches.get(n).is_some_and(is_in))
            }))
        };
        let (folded, raw) = (readers(&|l| l != Looks::Raw), readers(&|l| l == Looks::Raw));
        let digits = readers(&|l| l == Looks::DigitsToo);
        Self { searches, gate, folded, raw, digits }
    }

    /// What `work` finds with the patterns that may match in parts of a text, told with the parts.
    fn each(&self, view: &View<'_>, readers: &Readers, text: &Pieces, work: &Work<'_>) -> Vec<Found> {
        let is_cut = text.whole.is_some();
        let in_lines: &[Reach] = if is_cut { &[Reach::Line] } else { &Reach::ALL };
        let run = |number: usize, part: &Part, found: &mut Vec<Found>| {
            let Some(search) = self.searches.get(number) else { return };
            let mut keep = |hit| found.push((number, hit));
            view.asked.timed(search.rule, || work(number, search, part, &mut keep));
        };
        let may_match = &|number: usize, print: &Print| self.may_match(view, number, print);
        let share = if view.is_long() { SHARE } else { text.lines.len() };
        let mut found = in_shares(text.lines.len(), share, |share| {
            let mut found = Vec::new();
            for piece in text.lines.get(share).unwrap_or_default() {
                for reach in in_lines {
                    let own = piece.prospects.of(readers.of(*reach), may_match);
                    own.for_each(|number| run(number, &piece.part, &mut found));
                }
            }
            found
        });
        if is_cut {
            let parts = text.over_lines(readers.of(Reach::Near), readers.of(Reach::Far), may_match);
            found.extend(in_shares(parts.len(), PARTS, |share| {
                let mut found = Vec::new();
                for (number, part) in parts.get(share).unwrap_or_default() {
                    run(*number, part, &mut found);
                }
                found
            }));
        }
        found
    }

    /// Whether a pattern is asked, and may match a text of this print.
    fn may_match(&self, view: &View<'_>, number: usize, print: &Print) -> bool {
        self.searches.get(number).is_some_and(|search| view.holds(search.rule) && search.prefilter.allows(print))
    }
}

impl Check for Patterns {
    fn name(&self) -> &'static str {
        "patterns"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        let mut found: Vec<Found> = Vec::new();
        for (number, segment) in view.segments.iter().enumerate() {
            let raw = &segment.segment.text;
            if !self.raw.is_empty() {
                found.extend(self.each(view, &self.raw, segment.raw_pieces(&self.gate), &|_, search, part, keep| {
                    search.pattern.find(raw, part, &mut |hit| keep(search.raw_hit(number, hit)));
                }));
            }
            let text = segment.reading.text();
            // What a rule needs is looked for once in a text, whatever the number of its parts.
            let needed: Vec<OnceLock<bool>> = self.searches.iter().map(|_| OnceLock::new()).collect();
            found.extend(self.each(view, &self.folded, segment.pieces(&self.gate), &|order, search, part, keep| {
                if needed.get(order).is_some_and(|known| *known.get_or_init(|| search.is_needed(segment))) {
                    search.pattern.captures(text, part, &mut |hit, captures| {
                        search.folded_hit(number, segment, hit, captures).into_iter().for_each(&mut *keep);
                    });
                }
            }));
            let Some(digits) = segment.digits() else { continue };
            let pieces = segment.digit_pieces(digits, &self.gate);
            found.extend(self.each(view, &self.digits, pieces, &|_, search, part, keep| {
                search.pattern.captures(&digits.text, part, &mut |hit, _| {
                    let changed = digits.changed.iter().any(|c| c.overlaps(hit));
                    if changed && !beside_digit(&digits.text, hit) {
                        let value = Some(hit.of(&digits.text).to_owned());
                        let span = digits.map.map(hit);
                        keep(Hit { value, obfuscated: true, ..Hit::new(search.rule, number, span) });
                    }
                });
            }));
        }
        // Of the hits of a rule at one place the first stands.
        found.sort_by_key(|(order, _)| *order);
        hits.extend(found.into_iter().map(|(_, hit)| hit));
    }
}

impl Search {
    /// Whether what the rule needs is in a segment.
    fn is_needed(&self, segment: &SegmentView<'_>) -> bool {
        // The view's own lower case is of ASCII: it keeps the places of the text.
        let holds = |need: &String| {
            let is_ascii = need.is_ascii();
            if is_ascii { segment.lower().contains(need) } else { segment.reading.text().to_lowercase().contains(need) }
        };
        self.needs.is_empty() || self.needs.iter().any(holds)
    }

    fn raw_hit(&self, number: usize, found: Range<usize>) -> Hit {
        let span = Span::new(found.start, found.end);
        Hit { spot: Spot::Raw { segment: number, span }, ..Hit::new(self.rule, number, Span::new(0, 0)) }
    }

    fn folded_hit(
        &self,
        number: usize,
        segment: &SegmentView<'_>,
        hit: Span<Folded>,
        captures: Captures,
    ) -> Option<Hit> {
        let stands = !is_digit_guarded(segment, hit);
        stands.then(|| Hit { captures, ..Hit::new(self.rule, number, hit) })
    }
}

/// Whether a hit with digits is only a part of something longer: of another number, or of a URL, e-mail address,
/// mention, hashtag or reference that it neither begins nor spells out.
fn is_digit_guarded(segment: &SegmentView<'_>, hit: Span<Folded>) -> bool {
    let text = segment.reading.at(hit);
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let tokens = segment.reading.tokens.get(segment.reading.tokens_in(hit)).unwrap_or_default();
    let inside = tokens.iter().any(|t| t.kind.is_opaque() && t.span.contains(hit) && t.span.start != hit.start);
    is_decimal(text) || inside && !text.contains('/') || beside_digit(segment.reading.text(), hit)
}

/// A decimal fraction, `53.16216667`: a measure or a coordinate, and no identifier.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str, len: std::ops::RangeInclusive<usize>| {
        len.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    text.split_once('.').is_some_and(|(whole, part)| digits(whole, 1..=3) && digits(part, 4..=18))
}

/// Whether a digit stands next to `hit`, or behind one separator.
fn beside_digit(text: &str, hit: Span<Folded>) -> bool {
    let own = hit.of(text);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let separator = |c: Option<char>| c.is_some_and(|c| "-./".contains(c));
    let mut before = text.get(..hit.start).unwrap_or_default().chars().rev();
    let mut after = text.get(hit.end..).unwrap_or_default().chars();
    let (b1, b2) = (before.next(), before.next());
    let (a1, a2) = (after.next(), after.next());
    own.starts_with(|c: char| c.is_ascii_digit()) && (digit(b1) || separator(b1) && digit(b2))
        || own.ends_with(|c: char| c.is_ascii_digit()) && (digit(a1) || separator(a1) && digit(a2))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Lexicon,
            view::{Around, Asked},
        },
        *,
    };
    use crate::{
        model::{
            document::{Post, Segment},
            facts::Facts,
        },
        text::reading::Reading,
    };
    use proptest::prelude::*;

    /// What rules of one pattern each find, by number of the rule.
    fn found(sources: &[String], text: &str, looks: Looks) -> Vec<(usize, Range<usize>)> {
        found_where(sources, &Arc::from([]), text, looks)
    }

    /// The same, where one of `needs` must be in the text.
    fn found_where(sources: &[String], needs: &Arc<[String]>, text: &str, looks: Looks) -> Vec<(usize, Range<usize>)> {
        let search = |(rule, source): (usize, &String)| {
            let (pattern, prefilter) =
                (Pattern::new(source.clone().into(), Pattern::automaton(source)), Prefilter::new(source));
            Search { rule, pattern, needs: Arc::clone(needs), looks, prefilter }
        };
        let patterns = Patterns::new(sources.iter().enumerate().map(search).collect());
        let post = Post { segments: vec![Segment::body(text)], ..Post::default() };
        let (lexicon, facts, active) = (Lexicon::default(), Facts::default(), vec![true; sources.len()]);
        let around = Around { facts: &facts, when: None, clash: None };
        let view = View::new(&post, &lexicon, Asked { active: &active, meter: None }, around);
        let mut hits = Vec::new();
        patterns.scan(&view, &mut hits);
        let place = |hit: Hit| match hit.spot {
            Spot::Text { span, .. } => (hit.rule, span.range()),
            Spot::Raw { span, .. } => (hit.rule, span.range()),
            other => panic!("a pattern found {other:?}"),
        };
        hits.into_iter().map(place).collect()
    }

    #[test]
    fn what_a_rule_needs_is_needed_in_whatever_case() {
        let needs: Arc<[String]> = Arc::new(["école".to_owned(), "gate".to_owned()]);
        let is_tried = |text| !found_where(&["bins?".to_owned()], &needs, text, Looks::Folded).is_empty();
        assert!(is_tried("The bin of the École, ÉTÉ") && is_tried("The GATE has no bin"));
        assert!(!is_tried("The bin of the eco club, été"));
    }

    /// What `found` finds, by running every pattern over the whole text.
    fn naive(sources: &[String], text: &str) -> Vec<(usize, Range<usize>)> {
        let all = |(rule, source): (usize, &String)| {
            let regex = regex::Regex::new(source).unwrap();
            let found = regex.find_iter(text).filter(|m| !m.is_empty());
            found.map(|m| (rule, m.range())).collect::<Vec<_>>()
        };
        sources.iter().enumerate().flat_map(all).collect()
    }

    const PARTS: &[&str] = &[
        "bin",
        "[Tt]ip",
        "(?i:evict)",
        "(?:skip|lorry)",
        "(?i:skip)",
        "[a-z]+",
        "[A-Z]{1,3}",
        "@",
        " ",
        r"\s",
        r"\b",
        r"\B",
        "é",
        "[^a]",
        "[^\n]",
        ".{0,3}",
        "s?",
        "(?m:^)",
        "(?m:$)",
        "^",
        "$",
        r"\w",
        "£",
    ];
    const WORDS: &[&str] = &[
        "bin",
        "Bins",
        "tip",
        "evict",
        "EVICTED",
        "skip",
        "lorry",
        "a@b.example",
        "café",
        "naïve",
        "🎉",
        "–",
        "£x",
        "\n",
        "\n\n",
        " ",
        "b\u{200b}in",
        "ſKip",
        "s\u{212A}ip",
        "ｂｉｎ",
        "x",
    ];

    proptest! {
        #[test]
        fn patterns_find_what_the_naive_loop_finds(
            sources in proptest::collection::vec(proptest::collection::vec(proptest::sample::select(PARTS), 1..5), 1..6),
            words in proptest::collection::vec(proptest::sample::select(WORDS), 0..800),
        ) {
            let sources: Vec<String> = sources.iter().map(|parts| parts.concat()).collect();
            let text = words.join(" ");
            let folded = Reading::new(&text);
            prop_assert_eq!(found(&sources, &text, Looks::Folded), naive(&sources, folded.text()));
            prop_assert_eq!(found(&sources, &text, Looks::Raw), naive(&sources, &text));
        }
    }

    #[test]
    fn a_number_with_four_places_or_more_behind_its_point_is_a_measure() {
        for text in ["53.16216667", "1.2345", "100.0000"] {
            assert!(is_decimal(text), "{text}");
        }
        for text in ["53.162", "1234.5678", "07700.900123", ".1234", "53.1621a", "a3.16216", "53,1621", "531621"] {
            assert!(!is_decimal(text), "{text}");
        }
    }

    #[test]
    fn digits_within_a_longer_number_or_a_link_are_no_match() {
        let six = ["[0-9]{6}".to_owned()];
        let found = |text: &str| found(&six, text, Looks::Folded).len();
        for text in ["123456", "ab123456", "no 123456, please", "123456/bins", "x@example.org 123456"] {
            assert_eq!(found(text), 1, "{text}");
        }
        for text in
            ["1234567", "1-123456", "123456.7", "https://example.org?n=123456", "#bins123456", "b123456@example.org"]
        {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}

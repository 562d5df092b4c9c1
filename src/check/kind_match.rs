//! The kind without a name, `match`: phrases and patterns.

use super::{
    Check, Hit, Kind, Rule, Spot,
    deobfuscate::Targets,
    index::PhraseIndex,
    pattern::{Captures, Pattern, Suits},
    phrase::Compiler,
    pieces::{Piece, Pieces},
    prefilter::{Needle, Prefilter},
    program::Node,
    share::in_shares,
    view::{Asked, SegmentView, View},
};
use crate::{
    model::value::{Fault, Read, Value},
    text::span::{Folded, Span},
};
use std::ops::Range;

/// Rules of phrases and patterns.
pub(super) struct Match;

impl Kind for Match {
    fn name(&self) -> &'static str {
        "match"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["phrases", "patterns", "needs", "deobfuscate", "raw"]
    }

    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut plain, mut disguised, mut patterns) = (PhraseIndex::default(), PhraseIndex::default(), Vec::new());
        let mut faults = Vec::new();
        for rule in rules {
            match Params::read(rule, compiler) {
                Ok(params) => {
                    for node in params.phrases {
                        if params.view == Deeper::Letters {
                            disguised.add(rule.number, node, compiler);
                        }
                        plain.add(rule.number, node, compiler);
                    }
                    patterns.extend(params.patterns);
                }
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        plain.finish(&compiler.groups);
        disguised.finish(&compiler.groups);
        let mut checks: Vec<Box<dyn Check>> = vec![Box::new(Phrases(plain))];
        if !disguised.is_empty() {
            let targets = Targets::new(&disguised.words(&compiler.program), &compiler.words);
            checks.push(Box::new(DisguisedPhrases { index: disguised, targets }));
        }
        checks.push(Box::new(Patterns(patterns)));
        Ok(checks)
    }
}

/// A view deeper than folding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deeper {
    No,
    Letters,
    Digits,
}

struct Params {
    phrases: Vec<Node>,
    patterns: Vec<Search>,
    view: Deeper,
}

impl Params {
    fn read(rule: &Rule<'_>, compiler: &mut Compiler) -> Result<Self, Vec<Fault>> {
        let params = &rule.spec.params;
        let one = |fault| vec![fault];
        let phrases = params.read("phrases", Value::strings).map_err(one)?.unwrap_or_default();
        let sources = params.read("patterns", Value::strings).map_err(one)?.unwrap_or_default();
        let needs = params.read("needs", Value::strings).map_err(one)?.unwrap_or_default();
        let view = params.read("deobfuscate", deeper).map_err(one)?.unwrap_or(Deeper::No);
        let raw = params.read("raw", Value::bool).map_err(one)?.unwrap_or(false);
        if phrases.is_empty() && sources.is_empty() {
            let fault =
                Fault::new(rule.spec.at, format!("rule `{}` has neither phrases nor patterns", rule.spec.meta.id));
            return Err(vec![fault.help("add phrases = [\"…\"] or patterns = ['…']")]);
        }
        let needs: Vec<Needle> = needs.iter().map(|(need, _)| Needle::new(need)).collect();
        let (mut nodes, mut patterns, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (text, at) in phrases {
            compiler.phrase(&text, at, rule.scope).map_or_else(|f| faults.push(f), |node| nodes.push(node));
        }
        for (source, at) in sources {
            let prefilter = compiler.store.prefilter(&source);
            let pattern = Pattern::new(source);
            // Those of the built-in packs are known to compile.
            if !rule.scope.builtin
                && let Some(error) = pattern.fault()
            {
                faults.push(Fault::new(at, format!("the pattern does not compile: {error}")));
            }
            patterns.push(Search { rule: rule.number, pattern, needs: needs.clone(), view, raw, prefilter });
        }
        if faults.is_empty() { Ok(Self { phrases: nodes, patterns, view }) } else { Err(faults) }
    }
}

fn deeper(value: &Value) -> Read<Deeper> {
    match value.str()? {
        "letters" => Ok(Deeper::Letters),
        "digits" => Ok(Deeper::Digits),
        other => {
            Err(Fault::new(value.at, format!("`deobfuscate` cannot be `{other}`"))
                .help("write \"letters\" or \"digits\""))
        }
    }
}

struct Phrases(PhraseIndex);

impl Check for Phrases {
    fn name(&self) -> &'static str {
        "phrases"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for number in 0..view.segments.len() {
            let Some(words) = view.words(number) else { continue };
            self.0.scan(&words, &view.asked, &mut |rule, _, tokens| {
                hits.push(Hit::new(rule, number, words.span(&tokens)));
            });
        }
    }
}

struct DisguisedPhrases {
    index: PhraseIndex,
    targets: Targets,
}

impl Check for DisguisedPhrases {
    fn name(&self) -> &'static str {
        "disguised phrases"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for (number, segment) in view.segments.iter().enumerate() {
            let Some(letters) = segment.letters(&self.targets) else { continue };
            let words = view.lexicon.read(&letters.reading, &letters.ids);
            let is_disguised = |tokens| letters.disguised.get(tokens).is_some_and(|d: &[bool]| d.contains(&true));
            self.index.scan_where(&words, &view.asked, is_disguised, &mut |rule, _, tokens| {
                if is_disguised(tokens.clone()) {
                    let mut hit = Hit::new(rule, number, words.span(&tokens));
                    hit.obfuscated = true;
                    hits.push(hit);
                }
            });
        }
    }
}

struct Patterns(Vec<Search>);

/// Patterns that one thread looks for in a long text at a time.
const SHARE: usize = 8;

impl Check for Patterns {
    fn name(&self) -> &'static str {
        "patterns"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        let share = if view.is_long() { SHARE } else { self.0.len() };
        hits.extend(in_shares(self.0.len(), share, |share| {
            let mut hits = Vec::new();
            let searches = self.0.get(share).unwrap_or_default();
            for search in searches.iter().filter(|s| view.holds(s.rule)) {
                for (number, segment) in view.segments.iter().enumerate() {
                    search.scan(number, segment, &view.asked, &mut hits);
                }
            }
            hits
        }));
    }
}

/// A pattern of a rule, and where it looks.
struct Search {
    rule: usize,
    pattern: Pattern,
    /// One of these must be in the text.
    needs: Vec<Needle>,
    view: Deeper,
    raw: bool,
    prefilter: Prefilter,
}

impl Search {
    /// The pieces of a text in which the pattern may match: cheap, and before the pattern is compiled.
    fn pieces<'p>(&'p self, text: &'p Pieces) -> impl Iterator<Item = &'p Piece> {
        let pieces = if self.prefilter.in_one_line { &text.lines } else { text.whole() };
        pieces.iter().filter(|piece| self.prefilter.allows(&piece.print))
    }

    /// Whether what the rule needs is in a segment.
    fn is_needed(&self, segment: &SegmentView<'_>) -> bool {
        let mut prints = segment.pieces().whole().iter().map(|piece| &piece.print);
        self.needs.is_empty() || prints.any(|print| self.needs.iter().any(|need| need.is_in(print, segment.lower())))
    }

    fn scan(&self, number: usize, segment: &SegmentView<'_>, asked: &Asked<'_>, hits: &mut Vec<Hit>) {
        if self.raw {
            let text = &segment.segment.text;
            let hit = |found: Range<usize>| Hit {
                spot: Spot::Raw { segment: number, span: Span::new(found.start, found.end) },
                ..Hit::new(self.rule, number, Span::new(0, 0))
            };
            let find = || hits.extend(self.pattern.find(text, 0..text.len(), Suits::of(text)).map(hit));
            asked.timed(self.rule, find);
            return;
        }
        if self.is_needed(segment) {
            let mut found = |hit, captures: Captures| {
                if !is_digit_guarded(segment, hit) {
                    hits.push(Hit { captures, ..Hit::new(self.rule, number, hit) });
                }
            };
            for piece in self.pieces(segment.pieces()) {
                let text = segment.reading.text();
                asked.timed(self.rule, || self.pattern.captures(text, piece, &mut found));
            }
        }
        if self.view == Deeper::Digits
            && let Some(digits) = segment.digits()
        {
            let mut found = |hit: Span<Folded>, _| {
                if digits.changed.iter().any(|c| c.overlaps(hit)) && !beside_digit(&digits.text, hit) {
                    let value = Some(hit.of(&digits.text).to_owned());
                    hits.push(Hit { value, obfuscated: true, ..Hit::new(self.rule, number, digits.map.map(hit)) });
                }
            };
            for piece in self.pieces(segment.digit_pieces(digits)) {
                asked.timed(self.rule, || self.pattern.captures(&digits.text, piece, &mut found));
            }
        }
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
        super::{Lexicon, view::Around},
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
    fn found(sources: &[String], text: &str) -> Vec<(usize, Range<usize>)> {
        let search = |(rule, source): (usize, &String)| {
            let prefilter = Prefilter::new(source, true);
            let pattern = Pattern::new(source.clone());
            Search { rule, pattern, needs: Vec::new(), view: Deeper::No, raw: false, prefilter }
        };
        let patterns = Patterns(sources.iter().enumerate().map(search).collect());
        let post = Post { segments: vec![Segment::body(text)], ..Post::default() };
        let (lexicon, facts, active) = (Lexicon::default(), Facts::default(), vec![true; sources.len()]);
        let around = Around { facts: &facts, when: None, clash: None };
        let view = View::new(&post, &lexicon, Asked { active: &active, meter: None }, around);
        let mut hits = Vec::new();
        patterns.scan(&view, &mut hits);
        let place = |hit: Hit| match hit.spot {
            Spot::Text { span, .. } => (hit.rule, span.range()),
            other => panic!("a pattern found {other:?}"),
        };
        hits.into_iter().map(place).collect()
    }

    /// The same by running every pattern over the whole folded text.
    fn naive(sources: &[String], text: &str) -> Vec<(usize, Range<usize>)> {
        let reading = Reading::new(text);
        let all = |(rule, source): (usize, &String)| {
            let regex = regex::Regex::new(source).unwrap();
            let found = regex.find_iter(reading.text()).filter(|m| !m.is_empty());
            found.map(|m| (rule, m.range())).collect::<Vec<_>>()
        };
        sources.iter().enumerate().flat_map(all).collect()
    }

    const PARTS: &[&str] = &[
        "bin",
        "[Tt]ip",
        "(?i:evict)",
        "(?:skip|lorry)",
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
            prop_assert_eq!(found(&sources, &text), naive(&sources, &text));
        }
    }
}

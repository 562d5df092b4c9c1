//! What every rule may say about a hit: what must stand near, what excuses it, what makes it likelier, who judges it.

mod read;

use super::{Hit, Rule, Spot, phrase::Compiler, program::Node, unless::Unless, view::View};
use crate::{
    model::{
        block::keep,
        document::Scope,
        rule::RuleMeta,
        value::{Fault, Value},
    },
    text::{
        lines::floor_boundary,
        reading::Reading,
        span::{Folded, Span},
        token::{Token, TokenKind},
    },
    validate::{Validator, Verdict},
};
use std::ops::Range;

/// Keys of a rule block that this file reads.
pub(super) const KEYS: &[&str] = &["near", "unless", "unless-near", "context", "validator", "quoted", "covers"];

/// How much a context word adds or takes. A choice of our own: one such word makes a warning of what is a guess.
const CONTEXT_STEP: f32 = 0.3;

/// How far from a hit a context word may be, in characters.
const CONTEXT_REACH: usize = 1000;

/// So many bytes of the name of a column or key are read for context words.
const LABEL: usize = 256;

/// The conditions of one rule.
pub(super) struct Guard {
    near: Vec<Near>,
    unless_near: Vec<Near>,
    unless: Option<Unless>,
    context: Option<Context>,
    validator: Option<&'static dyn Validator>,
    skip_quoted: bool,
    /// A hit covers its sentence, not only the words that matched.
    pub(super) covers_sentence: bool,
}

struct Near {
    any: Node,
    within: Within,
    side: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Sentences(usize),
    Post,
    Words(usize),
    Chars(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
    Either,
}

struct Context {
    raise: Option<Node>,
    lower: Option<Node>,
    before: usize,
    after: usize,
    required: bool,
}

impl Guard {
    pub(super) fn compile(rule: &Rule<'_>, excused: &[String], compiler: &mut Compiler) -> Result<Self, Vec<Fault>> {
        let params = &rule.spec.params;
        let mut faults = Vec::new();
        let near = read::nears(params, "near", rule, compiler, &mut faults);
        let unless_near = read::nears(params, "unless-near", rule, compiler, &mut faults);
        let mut unless = keep(params.read("unless", Value::strings), &mut faults).flatten().unwrap_or_default();
        unless.extend(excused.iter().map(|p| (p.clone().into(), rule.spec.at)));
        let unless = read::phrases(&unless, rule, compiler, &mut faults).map(Unless::new);
        let context = params.get("context").and_then(|v| read::context(v, rule, compiler, &mut faults));
        let validator = keep(params.read("validator", read::validator), &mut faults).flatten();
        let skip_quoted = keep(params.read("quoted", read::quoted), &mut faults).flatten();
        let skip_quoted =
            skip_quoted.unwrap_or_else(|| ["opinion", "reputation"].contains(&rule.spec.meta.category.name()));
        let covers_sentence = keep(params.read("covers", read::covers), &mut faults).flatten().unwrap_or(false);
        if faults.is_empty() {
            Ok(Self { near, unless_near, unless, context, validator, skip_quoted, covers_sentence })
        } else {
            Err(faults)
        }
    }

    /// Whether `hit` stands; completes it with its confidence, its reasons and what stood near.
    pub(super) fn judge(&self, rule: &RuleMeta, view: &View<'_>, hit: &mut Hit) -> bool {
        hit.confidence += rule.confidence;
        hit.reasons.insert(0, format!("base {:.2}", rule.confidence));
        if let Spot::Raw { segment, .. } = hit.spot
            && !rule.scopes.is_empty()
        {
            return view.segments.get(segment).is_some_and(|part| in_scope(&rule.scopes, &part.segment.scope));
        }
        let Spot::Text { segment, span } = hit.spot else { return true };
        let Some(part) = view.segments.get(segment) else { return false };
        if !in_scope(&rule.scopes, &part.segment.scope) || (self.skip_quoted && part.reading.is_quoted(span)) {
            return false;
        }
        if self.unless.as_ref().is_some_and(|unless| unless.excuses(view, segment, span)) {
            return false;
        }
        for near in &self.near {
            let Some(found) = near.find(view, segment, span) else { return false };
            hit.near = hit.near.or(Some(found));
        }
        if self.unless_near.iter().any(|near| near.find(view, segment, span).is_some()) {
            return false;
        }
        hit.obfuscated |= part.reading.is_disguised(span);
        let stands = self.weigh_context(view, segment, span, hit) && self.validate(&part.reading, span, hit);
        if stands && self.covers_sentence {
            hit.core = Some(span);
            hit.spot = Spot::Text { segment, span: sentence_around(&part.reading, span) };
        }
        stands
    }

    fn weigh_context(&self, view: &View<'_>, segment: usize, span: Span<Folded>, hit: &mut Hit) -> bool {
        let Some(context) = &self.context else { return true };
        let raised = context.raise.and_then(|node| context.find(node, view, segment, span));
        let lowered = context.lower.and_then(|node| context.find(node, view, segment, span));
        if context.required && raised.is_none() {
            return false;
        }
        if let Some(word) = raised {
            hit.confidence += CONTEXT_STEP;
            hit.reasons.push(format!("context '{word}' +{CONTEXT_STEP}"));
        }
        if let Some(word) = lowered {
            hit.confidence -= CONTEXT_STEP;
            hit.reasons.push(format!("context '{word}' -{CONTEXT_STEP}"));
        }
        true
    }

    fn validate(&self, reading: &Reading<'_>, span: Span<Folded>, hit: &mut Hit) -> bool {
        let Some(validator) = self.validator else { return true };
        let value = hit.captures.iter().find(|(name, _)| name == "value").map_or(span, |(_, s)| *s);
        let bonus = match validator.judge(hit.value.as_deref().unwrap_or_else(|| reading.at(value))) {
            Verdict::Invalid => return false,
            Verdict::Valid { bonus } => bonus,
            Verdict::Reserved { bonus } => {
                hit.reserved = true;
                bonus
            }
        };
        if bonus > 0.0 {
            hit.confidence += bonus;
            hit.reasons.push(format!("{} +{bonus}", validator.name()));
        }
        true
    }
}

/// From the first to the last word of the sentences that `span` touches, without the closing mark.
fn sentence_around(reading: &Reading<'_>, span: Span<Folded>) -> Span<Folded> {
    let at = |byte| reading.sentences.get(reading.sentence_at(byte)).map(|s| s.tokens.clone()).unwrap_or_default();
    let tokens = at(span.start).start..at(span.end.saturating_sub(1)).end;
    let said = |t: &&Token| !matches!(t.kind, TokenKind::Mark(_));
    let part = reading.tokens.get(tokens).unwrap_or_default();
    match (part.iter().find(said), part.iter().rev().find(said)) {
        (Some(first), Some(last)) => first.span.cover(last.span).cover(span),
        _ => span,
    }
}

/// Whether a rule that names `scopes` looks at `scope`.
fn in_scope(scopes: &[String], scope: &Scope) -> bool {
    if scopes.is_empty() { scope.is_read() } else { scopes.iter().any(|s| s == scope.name()) }
}

impl Near {
    fn find(&self, view: &View<'_>, segment: usize, span: Span<Folded>) -> Option<(usize, Span<Folded>)> {
        let own = || {
            let words = view.words(segment)?;
            let window = self.side_of(words.reading, span, self.window(words.reading, span));
            view.seen.find(&words, segment, self.any, window).map(|hit| (segment, words.span(&hit)))
        };
        if self.within != Within::Post {
            return own();
        }
        let last = view.segments.len();
        self.beside(view, segment, segment).or_else(own).or_else(|| self.beside(view, segment, last))
    }

    /// The first match in segments `0..until`, without the hit's own, of which only a side may count.
    fn beside(&self, view: &View<'_>, own: usize, until: usize) -> Option<(usize, Span<Folded>)> {
        let look = |i: usize| view.words(i).and_then(|words| words.find_in(self.any, 0..words.reading.tokens.len()));
        let (segment, hit) = view.seen.find_beside(own, self.any, until, look)?;
        Some((segment, view.words(segment)?.span(&hit)))
    }

    fn window(&self, reading: &Reading<'_>, span: Span<Folded>) -> Range<usize> {
        let hit = reading.tokens_in(span);
        match self.within {
            Within::Post => 0..reading.tokens.len(),
            Within::Sentences(n) => {
                let more = n.saturating_sub(1);
                let first = reading.sentence_at(span.start).saturating_sub(more);
                let last = reading.sentence_at(span.end.saturating_sub(1)).saturating_add(more);
                let start = reading.sentences.get(first).map_or(0, |s| s.tokens.start);
                let end = reading
                    .sentences
                    .get(last.min(reading.sentences.len().saturating_sub(1)))
                    .map_or(hit.end, |s| s.tokens.end);
                start..end
            }
            Within::Words(n) => {
                let is_word = |at: usize| {
                    let kind = reading.tokens.get(at).map(|t| t.kind);
                    !matches!(kind, Some(TokenKind::Mark(_) | TokenKind::Emoji))
                };
                let (mut from, mut left) = (hit.start, n);
                while from > 0 && (left > 0 || !is_word(from - 1)) {
                    from -= 1;
                    left -= usize::from(is_word(from));
                }
                let (mut to, mut left) = (hit.end, n);
                while to < reading.tokens.len() && (left > 0 || !is_word(to)) {
                    left -= usize::from(is_word(to));
                    to += 1;
                }
                from..to
            }
            Within::Chars(n) => char_window(reading, span, n, n),
        }
    }

    fn side_of(&self, reading: &Reading<'_>, span: Span<Folded>, window: Range<usize>) -> Range<usize> {
        let hit = reading.tokens_in(span);
        match self.side {
            Side::Either => window,
            Side::Before => window.start..hit.start.max(window.start),
            Side::After => hit.end.min(window.end)..window.end,
        }
    }
}

/// Tokens that begin within so many characters (of folded text) before and after `span`.
fn char_window(reading: &Reading<'_>, span: Span<Folded>, before: usize, after: usize) -> Range<usize> {
    let (head, tail) = (reading.text().get(..span.start), reading.text().get(span.end..));
    let from = head.unwrap_or_default().char_indices().rev().take(before).last().map_or(span.start, |(at, _)| at);
    let len = tail.unwrap_or_default().chars().take(after).map(char::len_utf8).sum::<usize>();
    let to = span.end.saturating_add(len);
    let start = reading.tokens.partition_point(|t| t.span.start < from);
    let end = reading.tokens.partition_point(|t| t.span.start < to);
    start..end.max(start)
}

impl Context {
    /// The context word found around `span`, clipped at its sentence, or in the name of the segment's column or key.
    fn find(&self, node: Node, view: &View<'_>, segment: usize, span: Span<Folded>) -> Option<String> {
        let words = view.words(segment)?;
        let window = char_window(words.reading, span, self.before, self.after);
        let sentence = words.reading.sentences.get(words.reading.sentence_at(span.start))?;
        let window = window.start.max(sentence.tokens.start)..window.end.min(sentence.tokens.end);
        let found = window
            .clone()
            .find_map(|at| words.match_at(node, at))
            .map(|hit| words.reading.at(words.span(&hit)).to_owned());
        found.or_else(|| {
            let label = view.segments.get(segment)?.segment.scope.label()?;
            let label = label.get(..floor_boundary(label, LABEL))?;
            let reading = Reading::new(label);
            let ids = view.lexicon.words.look_up(&reading);
            let words = view.lexicon.read(&reading, &ids);
            words.find_in(node, 0..reading.tokens.len()).map(|_| label.to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::{At, Data};

    /// The words that begin within so many characters of `word`.
    fn around(text: &str, word: &str, before: usize, after: usize) -> Vec<String> {
        let reading = Reading::new(text);
        let start = reading.text().find(word).unwrap();
        let window = char_window(&reading, Span::new(start, start + word.len()), before, after);
        reading.tokens[window].iter().map(|t| reading.at(t.span).to_owned()).collect()
    }

    #[test]
    fn a_window_counts_characters_and_not_bytes() {
        assert_eq!(around("one çédille bin été two", "bin", 8, 5), ["çédille", "bin", "été"]);
        assert_eq!(around("bin", "bin", usize::MAX, usize::MAX), ["bin"]);
    }

    #[test]
    fn any_number_of_sentences_is_a_distance() {
        let value = Value { at: At::default(), data: Data::String(format!("{} sentences", usize::MAX).into()) };
        let near = Near { any: Node(0), within: read::within(&value).unwrap(), side: Side::Either };
        let reading = Reading::new("One. Two. Three.");
        assert_eq!(near.window(&reading, Span::new(5, 8)), 0..reading.tokens.len());
    }

    /// Marks between do not count, and those beyond the last word are taken along.
    #[test]
    fn so_many_words_are_a_distance_on_either_side() {
        let reading = Reading::new("(one) two, three - four. Five, six!");
        let hit = reading.text().find("four").unwrap();
        let within = |n: usize| {
            let near = Near { any: Node(0), within: Within::Words(n), side: Side::Either };
            let window = near.window(&reading, Span::new(hit, hit + 4));
            assert!(window.end <= reading.tokens.len());
            reading.tokens[window].iter().map(|t| reading.at(t.span)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(within(0), "- four .");
        assert_eq!(within(1), ", three - four . Five ,");
        assert_eq!(within(2), ") two , three - four . Five , six !");
        assert_eq!(within(3), "( one ) two , three - four . Five , six !");
        assert_eq!(within(9), "( one ) two , three - four . Five , six !");
    }
}

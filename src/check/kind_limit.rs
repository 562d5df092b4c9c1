//! The kind `limit`: too long, or too many of something.
//!
//! ```toml
//! kind = "limit"
//! field = "text"       # what is counted: a field of channels.toml, or emoji, emoji-run, capitals,
//!                      # sentence (its words)
//! max = 3              # without it: what each channel of the post allows
//! unit = "graphemes"   # with max
//! ```
//!
//! A post for several channels is measured for each; one finding names all that it is too long for, and marks what the
//! tightest of them would cut off.

use super::{Check, Hit, Kind, Rule, Spot, phrase::Compiler, view::View};
use crate::{
    channel::{self, Field, count::Unit, measure},
    model::{
        document::Scope,
        value::{Fault, Table, Value, unknown},
    },
    text::{
        emoji::emoji_len,
        span::{Plain, Span},
        token::TokenKind,
    },
};

/// Rules about lengths and numbers.
pub(super) struct Limits;

impl Kind for Limits {
    fn name(&self) -> &'static str {
        "limit"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["field", "max", "unit"]
    }

    fn finds_words(&self) -> bool {
        false
    }

    fn says(&self, params: &Table) -> &'static [&'static str] {
        const ALL: &[&str] = &["channels", "length", "limit", "over", "unit"];
        // With a limit of its own a rule asks no channel.
        if params.get("max").is_some() { ALL.get(1..).unwrap_or_default() } else { ALL }
    }

    fn compile(&self, rules: &[Rule<'_>], _: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut limits, mut faults) = (Vec::new(), Vec::new());
        for rule in rules {
            match Limit::read(rule) {
                Ok(limit) => limits.push(limit),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(vec![Box::new(All(limits))]) } else { Err(faults) }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// A field that channels limit.
    Field(Field),
    /// All emoji of the text.
    Emoji,
    /// Emoji in a row.
    EmojiRun,
    /// Words of capitals in a row.
    Capitals,
    /// Words of one sentence.
    Sentence,
}

/// Names of measures that are no field of a channel.
const OWN: &[(&str, Measure)] = &[
    ("emoji", Measure::Emoji),
    ("emoji-run", Measure::EmojiRun),
    ("capitals", Measure::Capitals),
    ("sentence", Measure::Sentence),
];

struct Limit {
    rule: usize,
    measure: Measure,
    /// Nothing: what each channel allows.
    max: Option<(usize, Unit)>,
}

impl Limit {
    fn read(rule: &Rule<'_>) -> Result<Self, Fault> {
        let params = &rule.spec.params;
        let Some(value) = params.get("field") else {
            let fault = Fault::new(rule.spec.at, format!("rule `{}` does not say what it counts", rule.spec.meta.id));
            return Err(fault.help("add field = \"text\""));
        };
        let name = value.str()?;
        let own = OWN.iter().find(|(n, _)| *n == name).map(|(_, m)| *m);
        let Some(measure) = own.or_else(|| Field::find(name).map(Measure::Field)) else {
            let names: Vec<&str> = Field::ALL.iter().map(|f| f.name()).chain(OWN.iter().map(|(n, _)| *n)).collect();
            return Err(unknown(value.at, name, &names, "field"));
        };
        let units: Vec<&str> = Unit::ALL.iter().map(|u| u.name()).collect();
        let unit = params.read("unit", |v| v.one_of(&units, "unit"))?.and_then(Unit::find);
        let max = params.read("max", Value::count)?;
        if let (None, Some(unit)) = (max, params.get("unit")) {
            return Err(Fault::new(unit.at, "a unit without `max`").help("add max = …, or remove the unit"));
        }
        if max.is_none() && own.is_some() {
            let fault = Fault::new(value.at, format!("no channel limits `{name}`"));
            return Err(fault.help("add max = …"));
        }
        let listed = !matches!(measure, Measure::Field(field) if !field.is_listed());
        let usual = if listed { Unit::Items } else { Unit::Graphemes };
        Ok(Self { rule: rule.number, measure, max: max.map(|max| (max, unit.unwrap_or(usual))) })
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        match (self.measure, self.max) {
            (Measure::Field(field), Some((max, unit))) => {
                let length = measure::over(view.post, field, max, unit);
                hits.extend(length.map(|l| self.hit(&l, l.over, Vec::new())));
            }
            (Measure::Field(field), None) => hits.extend(self.channels(view, field)),
            (Measure::Emoji, Some((max, _))) => {
                let all: Vec<_> = (0..view.segments.len()).flat_map(|i| emoji(view, i)).collect();
                if let Some((segment, first)) = all.get(max) {
                    let last = all.iter().rev().find(|(i, _)| i == segment).map_or(*first, |(_, s)| *s);
                    hits.push(self.run(all.len(), max, *segment, first.cover(last)));
                }
            }
            (Measure::EmojiRun, Some((max, _))) => {
                for segment in 0..view.segments.len() {
                    for (length, span) in runs(view, segment) {
                        if length > max {
                            hits.push(self.run(length, max, segment, span));
                        }
                    }
                }
            }
            (Measure::Capitals, Some((max, _))) => {
                for (segment, length, span) in capitals(view) {
                    if length > max {
                        hits.push(self.run(length, max, segment, span));
                    }
                }
            }
            (Measure::Sentence, Some((max, _))) => {
                for (segment, length, span) in sentences(view) {
                    if length > max {
                        hits.push(self.run(length, max, segment, span));
                    }
                }
            }
            _ => {}
        }
    }

    /// The finding for all channels that the field is too long for.
    fn channels(&self, view: &View<'_>, field: Field) -> Option<Hit> {
        let mut over: Vec<(String, measure::Length)> = Vec::new();
        for name in &view.post.meta.channels {
            let Some(channel) = channel::find(&name.value) else { continue };
            let limits = channel.limits_with(&view.around.facts.limits);
            for limit in limits.iter().filter(|l| l.field == field) {
                let max = limit.max;
                let length = measure::over(view.post, field, max, limit.unit);
                let Some(length) = length else { continue };
                let said = format!("{} ({} of {max})", channel.title, length.length);
                if !over.iter().any(|(s, _)| *s == said) {
                    over.push((said, length));
                }
            }
        }
        let tightest = over.iter().min_by_key(|(_, l)| l.over.map(|(i, span)| (i, span.start)))?.1;
        let names: Vec<&str> = over.iter().map(|(said, _)| said.as_str()).collect();
        let channels = match names.as_slice() {
            [many @ .., last] if !many.is_empty() => format!("{} and {last}", many.join(", ")),
            all => all.join(""),
        };
        Some(self.hit(&tightest, tightest.over, vec![("channels", channels)]))
    }

    fn hit(
        &self,
        length: &measure::Length,
        over: Option<(usize, Span<Plain>)>,
        mut says: Vec<(&'static str, String)>,
    ) -> Hit {
        says.extend([
            ("length", length.length.to_string()),
            ("limit", length.max.to_string()),
            ("over", length.length.saturating_sub(length.max).to_string()),
            ("unit", length.unit.name().to_owned()),
        ]);
        let spot = over.map_or(Spot::Post, |(segment, span)| Spot::Raw { segment, span });
        Hit::apart(self.rule, spot, says)
    }

    fn run(&self, length: usize, max: usize, segment: usize, span: Span<Plain>) -> Hit {
        let length = measure::Length { length, max, unit: Unit::Items, over: None };
        self.hit(&length, Some((segment, span)), Vec::new())
    }
}

struct All(Vec<Limit>);

impl Check for All {
    fn name(&self) -> &'static str {
        "limits"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for limit in self.0.iter().filter(|l| view.holds(l.rule)) {
            limit.scan(view, hits);
        }
    }
}

/// The emoji of a segment that is published as text.
fn emoji(view: &View<'_>, segment: usize) -> Vec<(usize, Span<Plain>)> {
    let Some(part) = view.segments.get(segment).map(|s| s.segment) else { return Vec::new() };
    let text = part.text.as_str();
    let mut found = Vec::new();
    if text.is_ascii() || !matches!(part.scope, Scope::Body | Scope::Heading | Scope::Title) {
        return found;
    }
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let len = emoji_len(rest);
        found.extend(len.map(|len| (segment, Span::new(at, at + len))));
        at += len.or_else(|| rest.chars().next().map(char::len_utf8)).unwrap_or(1);
    }
    found
}

/// Emoji in a row, with nothing but space between them: how many, and where.
fn runs(view: &View<'_>, segment: usize) -> Vec<(usize, Span<Plain>)> {
    let mut runs: Vec<(usize, Span<Plain>)> = Vec::new();
    let text = view.segments.get(segment).map_or("", |s| s.segment.text.as_str());
    for (_, span) in emoji(view, segment) {
        match runs.last_mut() {
            Some((count, run)) if Span::<Plain>::new(run.end, span.start).of(text).trim_matches(' ').is_empty() => {
                *count += 1;
                *run = run.cover(span);
            }
            _ => runs.push((1, span)),
        }
    }
    runs
}

/// Words of capitals in a row; short words and abbreviations alone do not make one.
fn capitals(view: &View<'_>) -> Vec<(usize, usize, Span<Plain>)> {
    let mut found = Vec::new();
    for (number, segment) in view.segments.iter().enumerate() {
        if !segment.segment.scope.is_read() {
            continue;
        }
        let (mut count, mut long, mut span): (usize, bool, Option<Span<_>>) = (0, false, None);
        let mut close = |count: &mut usize, long: &mut bool, span: &mut Option<Span<_>>| {
            if let Some(span) = span.take().filter(|_| *long) {
                found.push((number, *count, segment.reading.folded.map.map(span)));
            }
            (*count, *long) = (0, false);
        };
        for token in &segment.reading.tokens {
            let word = segment.reading.at(token.span);
            let upper = token.kind == TokenKind::Word && token.upper;
            // `I`, `A` and numbers neither begin nor break a run.
            let neutral = count > 0 && (token.kind == TokenKind::Number || matches!(word, "I" | "A" | "&"));
            if upper {
                count += 1;
                long |= word.chars().count() > 4;
                span = Some(span.map_or(token.span, |s| s.cover(token.span)));
            } else if !neutral {
                close(&mut count, &mut long, &mut span);
            }
        }
        close(&mut count, &mut long, &mut span);
    }
    found
}

/// Sentences with the number of their words; a link, a mention or a number is one.
fn sentences(view: &View<'_>) -> Vec<(usize, usize, Span<Plain>)> {
    let mut found = Vec::new();
    for (number, segment) in view.segments.iter().enumerate().filter(|(_, s)| s.segment.scope.is_read()) {
        let reading = &segment.reading;
        for sentence in &reading.sentences {
            let tokens = reading.tokens.get(sentence.tokens.clone()).unwrap_or_default();
            let words = tokens.iter().filter(|t| !matches!(t.kind, TokenKind::Mark(_) | TokenKind::Emoji)).count();
            found.push((number, words, reading.folded.map.map(sentence.span)));
        }
    }
    found
}

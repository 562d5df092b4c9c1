//! The kind `scorer`: a learned model in the place of phrases. A rule of this kind says only what its findings mean; the
//! category picks the model's part. It stays silent in a sentence where another rule of its category has spoken.

use super::{
    Check, Hit, Kind, Rule, Spot,
    phrase::Compiler,
    scorer::{self, CATEGORIES, Model},
    view::View,
};
use crate::model::{
    rule::{RuleMeta, Severity},
    value::Fault,
};
use std::sync::Arc;

/// Its name in packs.
pub(super) const NAME: &str = "scorer";

/// Rules that a model decides.
pub(super) struct Scorer;

/// Hits of rules below this confidence are dropped later, and silence nobody.
const HEARD: f32 = 0.5;
/// The confidence of a finding is never above this: it is a guess.
const SUREST: f32 = 0.95;

impl Kind for Scorer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keys(&self) -> &'static [&'static str] {
        &[]
    }

    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut parts, mut faults) = (Vec::new(), Vec::new());
        for rule in rules {
            let meta = &rule.spec.meta;
            let Some(category) = CATEGORIES.iter().position(|c| *c == meta.category) else {
                let names: Vec<&str> = CATEGORIES.iter().map(|c| c.name()).collect();
                let fault =
                    Fault::new(rule.spec.at, format!("the model knows nothing of category `{}`", meta.category));
                faults.push(fault.help(format!("it knows {}", names.join(", "))));
                continue;
            };
            parts.push(Part { rule: rule.number, category, base: meta.confidence });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let model = if parts.is_empty() { None } else { compiler.scorer.model() };
        let Some(model) = model else { return Ok(Vec::new()) };
        let thresholds = model.thresholds(compiler.scorer.budget.unwrap_or(model.budget));
        Ok(vec![Box::new(Scored { parts, model, thresholds })])
    }
}

/// A rule and the category that it stands for.
struct Part {
    rule: usize,
    category: usize,
    base: f32,
}

struct Scored {
    parts: Vec<Part>,
    model: Arc<Model>,
    thresholds: [f32; 3],
}

impl Check for Scored {
    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        if !self.parts.iter().any(|p| view.holds(p.rule)) {
            return;
        }
        for (number, segment) in view.segments.iter().enumerate().filter(|(_, s)| s.segment.scope.is_read()) {
            for verdict in scorer::judge(&self.model, &segment.reading, self.thresholds) {
                let part = self.parts.iter().find(|p| p.category == verdict.category && view.holds(p.rule));
                let Some(part) = part else { continue };
                let mut hit = Hit::new(part.rule, number, verdict.span);
                let likely = self.model.probability(verdict.category, verdict.score).clamp(HEARD, SUREST);
                hit.confidence = likely - part.base;
                hit.reasons.push(format!("score {:.1} {:+.2}", verdict.score, hit.confidence));
                if !verdict.words.is_empty() {
                    hit.reasons.push(format!("moved by {}", verdict.words.join(", ")));
                }
                hits.push(hit);
            }
        }
    }
}

/// Drops the scorer's hits in sentences where another rule of the same category warns.
pub(super) fn yield_to_rules(hits: &mut Vec<Hit>, rules: &[Arc<RuleMeta>], scored: &[bool], view: &View<'_>) {
    let is_scored = |hit: &Hit| scored.get(hit.rule).copied().unwrap_or(false);
    if !hits.iter().any(is_scored) {
        return;
    }
    let part = |segment: usize| view.segments.get(segment).map(|s| &s.reading);
    let place = |hit: &Hit| match hit.spot {
        Spot::Text { segment, span } => Some((segment, part(segment)?.folded.map.map(span))),
        Spot::Raw { segment, span } => Some((segment, span)),
        Spot::Post => None,
    };
    let sentence = |hit: &Hit| {
        let Spot::Text { segment, span } = hit.spot else { return None };
        let reading = part(segment)?;
        let whole = reading.sentences.get(reading.sentence_at(span.start))?;
        Some((segment, reading.folded.map.map(whole.span)))
    };
    let loud = |hit: &&Hit| {
        let warns = rules.get(hit.rule).is_some_and(|r| r.severity >= Severity::Warning);
        !is_scored(hit) && warns && hit.confidence >= HEARD
    };
    let category = |hit: &Hit| rules.get(hit.rule).map(|r| r.category);
    let spoken: Vec<_> = hits.iter().filter(loud).filter_map(|h| Some((category(h)?, place(h)?))).collect();
    hits.retain(|hit| {
        let (true, Some((segment, span))) = (is_scored(hit), sentence(hit)) else { return true };
        !spoken.iter().any(|(c, (s, said))| Some(*c) == category(hit) && *s == segment && said.overlaps(span))
    });
}

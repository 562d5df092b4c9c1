//! The kind `scorer`: a learned model in the place of phrases. A rule of this kind says only what its findings mean; the
//! category picks the model's part. It stays silent in a sentence where another rule of its category has spoken.

use super::{
    Check, Heard, Hit, Kind, Rule, Spot,
    phrase::Compiler,
    scorer::{self, CATEGORIES, Model},
    view::View,
};
use crate::model::value::Fault;
use std::sync::Arc;

/// Its name in packs.
pub(super) const NAME: &str = "scorer";

/// Rules that a model decides.
pub(super) struct Scorer;

/// Hits of rules below this confidence are dropped later, and silence nobody.
const HEARD: f32 = 0.5;
/// A sentence that a rule of another category warns of needs so much less of a score to be warned of again: slips come in
/// company. In logits; *source:* the labelled drafts that were kept closed, see docs/scorer.md.
const COMPANY: f32 = 2.0;
/// Below this score in every category a sentence reads like good ones, and compositions are doubted. In logits; *source:*
/// as for `COMPANY`.
const DOUBTED: f32 = -1.0;
/// What doubt takes from a composition's confidence for each logit below `TRUSTED`. *Source:* a logistic regression of "was
/// right" on the confidence of the rule and the score, over 1,900 findings in drafts that neither had seen; see
/// docs/decisions/0006.
const DOUBT: f32 = 0.06;
/// The score from which doubt is counted. *Source:* as for `DOUBT`.
const TRUSTED: f32 = 1.3;
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
    fn name(&self) -> &'static str {
        "scorer"
    }

    /// Every sentence that the model would warn of, if only in the company of a rule; [`Check::reconsider`] decides.
    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        if !self.parts.iter().any(|p| view.holds(p.rule)) {
            return;
        }
        let floor = self.thresholds.map(|t| t - COMPANY);
        for (number, segment) in view.segments.iter().enumerate().filter(|(_, s)| s.segment.scope.is_read()) {
            for verdict in scorer::judge(&self.model, segment.scores(&self.model), &segment.reading, floor) {
                let part = self.parts.iter().find(|p| p.category == verdict.category && view.holds(p.rule));
                let Some(part) = part else { continue };
                let mut hit = Hit::new(part.rule, number, verdict.span);
                let likely = self.model.probability(verdict.category, verdict.score).clamp(HEARD, SUREST);
                hit.confidence = likely - part.base;
                hit.score = Some(verdict.score);
                hit.reasons.push(format!("score {:.1} {:+.2}", verdict.score, hit.confidence));
                if !verdict.words.is_empty() {
                    hit.reasons.push(format!("moved by {}", verdict.words.join(", ")));
                }
                hits.push(hit);
            }
        }
    }

    /// The scorer's second opinion on the hits of compositions, then its own hits where no rule of the category spoke.
    /// Where its rules do not hold it has no opinion.
    fn reconsider(&self, view: &View<'_>, heard: &Heard<'_>, hits: &mut Vec<Hit>) {
        if !self.parts.iter().any(|p| view.holds(p.rule)) {
            return;
        }
        for hit in hits.iter_mut().filter(|h| h.score.is_none() && heard.is_composition(h)) {
            self.second(view, heard, hit);
        }
        let mut spoken: Vec<_> = hits
            .iter()
            .filter(|h| h.score.is_none() && heard.warns(h) && h.confidence >= HEARD)
            .flat_map(|h| said(view, heard, h))
            .map(|(category, segment, sentence)| ((segment, sentence), category))
            .collect();
        spoken.sort_unstable();
        spoken.dedup();
        hits.retain(|hit| {
            let Some(score) = hit.score else { return true };
            let Some((category, segment, sentence)) = said(view, heard, hit).into_iter().next() else { return false };
            let place = (segment, sentence);
            let from = spoken.partition_point(|(other, _)| *other < place);
            let company = if spoken.get(from).is_some_and(|(other, _)| *other == place) { COMPANY } else { 0.0 };
            let threshold = self.thresholds.get(category).copied().unwrap_or(f32::MAX);
            score >= threshold - company && spoken.binary_search(&(place, category)).is_err()
        });
    }
}

impl Scored {
    /// Takes confidence from a composition's hit, the more the better the model likes its sentence.
    fn second(&self, view: &View<'_>, heard: &Heard<'_>, hit: &mut Hit) {
        let places = said(view, heard, hit);
        let scores = places.iter().filter_map(|(_, segment, sentence)| {
            view.segments.get(*segment)?.scores(&self.model).get(*sentence).copied()
        });
        let best = scores.flatten().fold(f32::NEG_INFINITY, f32::max);
        if !places.is_empty() && best < DOUBTED {
            let doubt = doubt(best);
            hit.confidence -= doubt;
            hit.reasons.push(format!("the sentence reads like good ones -{doubt:.2}"));
        }
    }
}

/// What is taken from the confidence of a hit whose sentence scores so much at best: all of it, at most.
fn doubt(best: f32) -> f32 {
    ((TRUSTED - best) * DOUBT).min(1.0)
}

/// The sentences that a hit touches, each with the hit's category (an index into [`CATEGORIES`]) and segment; nothing for
/// a hit of another category.
fn said(view: &View<'_>, heard: &Heard<'_>, hit: &Hit) -> Vec<(usize, usize, usize)> {
    let Spot::Text { segment, span } = hit.spot else { return Vec::new() };
    let category = heard.rules.get(hit.rule).and_then(|r| CATEGORIES.iter().position(|c| *c == r.category));
    let (Some(category), Some(part)) = (category, view.segments.get(segment)) else { return Vec::new() };
    let (first, last) = (part.reading.sentence_at(span.start), part.reading.sentence_at(span.end.saturating_sub(1)));
    (first..=last).map(|sentence| (category, segment, sentence)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_logit_less_is_more_doubt() {
        let close = |x: f32, y: f32| (x - y).abs() < 1e-6;
        assert!(
            close(doubt(TRUSTED), 0.0)
                && close(doubt(TRUSTED - 1.0), DOUBT)
                && close(doubt(TRUSTED - 5.0), 5.0 * DOUBT)
        );
        assert!(close(doubt(f32::NEG_INFINITY), 1.0));
    }
}

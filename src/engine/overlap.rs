//! Several rules on the same words: one finding a category, the others named in it.

use crate::{
    model::{finding::Finding, rule::Category},
    text::span::{Source, Span},
};
use std::collections::BTreeMap;

/// Of findings of one category that overlap, keeps the longest, then the surer, then the graver; the others become its
/// `also`. Findings of different categories stay apart: they have different reasons and different readers.
pub(super) fn settle(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let rank = |f: &Finding| (f.place.span.len(), f.severity);
        rank(b)
            .cmp(&rank(a))
            .then(b.confidence.total_cmp(&a.confidence))
            .then(a.place.span.cmp(&b.place.span))
            .then_with(|| a.rule.id.cmp(&b.rule.id))
    });
    let mut kept: Vec<Finding> = Vec::new();
    let mut places = Places::default();
    for finding in findings {
        let (category, span) = (finding.rule.category, finding.place.span);
        if let Some(longer) = places.first(category, span).and_then(|i| kept.get_mut(i)) {
            join(longer, finding);
        } else {
            places.keep(category, span, kept.len());
            kept.push(finding);
        }
    }
    kept
}

/// Where the kept findings of each category stand: by their starts, which are in the order of their ends, since no two of
/// them overlap. Empty ones overlap nothing and are left out.
#[derive(Default)]
struct Places(BTreeMap<Category, BTreeMap<usize, (usize, usize)>>);

impl Places {
    /// The first that was kept of those that overlap `span`.
    fn first(&self, category: Category, span: Span<Source>) -> Option<usize> {
        let before = self.0.get(&category)?.range(..span.end).rev();
        before.take_while(|(_, (end, _))| *end > span.start).map(|(_, (_, number))| *number).min()
    }

    fn keep(&mut self, category: Category, span: Span<Source>, number: usize) {
        if !span.is_empty() {
            self.0.entry(category).or_default().insert(span.start, (span.end, number));
        }
    }
}

/// Has `longer` take over what `other`, on the same words, knows.
fn join(longer: &mut Finding, other: Finding) {
    longer.severity = longer.severity.max(other.severity);
    if other.rule.sensitive {
        longer.hidden.push(other.place.span);
    }
    longer.hidden.extend(&other.hidden);
    // A rule that knows a fix is often the shorter one: `Honestly, ` inside a whole aside.
    longer.fixes.extend(other.fixes);
    longer.locked = longer.locked.take().or(other.locked);
    if longer.rule.id != other.rule.id && !longer.also.contains(&other.rule.id) {
        longer.also.push(other.rule.id.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What was kept first among all that overlap, looked for one by one.
        #[test]
        fn the_first_that_overlaps_is_found(spans in proptest::collection::vec((0..40_usize, 0..12_usize, 0..2_usize), 0..60)) {
            let (mut places, mut kept) = (Places::default(), Vec::new());
            let mut spans: Vec<_> = spans
                .into_iter()
                .map(|(start, len, of)| ([Category::Style, Category::Hygiene][of], Span::<Source>::new(start, start + len)))
                .collect();
            spans.sort_by_key(|(_, span)| std::cmp::Reverse(span.len()));
            for (category, span) in spans {
                let naive = kept.iter().position(|(own, k): &(Category, Span<Source>)| {
                    *own == category && !k.is_empty() && k.overlaps(span)
                });
                prop_assert_eq!(places.first(category, span), naive);
                if naive.is_none() {
                    places.keep(category, span, kept.len());
                    kept.push((category, span));
                }
            }
        }
    }
}

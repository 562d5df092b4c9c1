//! Several rules on the same words: one finding a category, the others named in it.

use crate::model::finding::Finding;

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
    for finding in findings {
        let same = |k: &&mut Finding| {
            k.rule.category == finding.rule.category
                && !k.place.span.is_empty()
                && k.place.span.overlaps(finding.place.span)
        };
        match kept.iter_mut().find(same) {
            Some(longer) => {
                longer.severity = longer.severity.max(finding.severity);
                if finding.rule.sensitive {
                    longer.hidden.push(finding.place.span);
                }
                longer.hidden.extend(&finding.hidden);
                // A rule that knows a fix is often the shorter one: `Honestly, ` inside a whole aside.
                longer.fixes.extend(finding.fixes);
                if longer.rule.id != finding.rule.id && !longer.also.contains(&finding.rule.id) {
                    longer.also.push(finding.rule.id.clone());
                }
            }
            None => kept.push(finding),
        }
    }
    kept
}

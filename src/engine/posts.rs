//! The posts of a document, checked side by side. Each is read, checked and forgotten before the next one, so that a file
//! of many posts takes the memory of its text and its findings only.

use super::{
    Linter,
    around::{self, Holds},
    finding, overlap, report, suppress,
};
use crate::{
    check::{
        meter::{Stage, timed},
        view::{Around, Asked, View},
    },
    model::{
        document::{self, Address, Document, Post},
        facts::Facts,
        finding::{FileReport, Finding, Hidden, Text},
        rule::Severity,
        rule_id,
    },
    pack,
};
use rayon::prelude::*;
use std::{borrow::Cow, ops::Range, path::Path};

/// Bytes of text that are worth giving to a thread of its own.
const SHARE: usize = 16 << 10;

/// So many shares are checked side by side before their findings are counted against the limit.
const BATCH: usize = 32;

/// A document that is being checked.
pub(super) struct Run<'r> {
    pub(super) path: &'r Path,
    pub(super) document: &'r Document,
    pub(super) facts: &'r Facts,
    /// For each post another one that goes out with it.
    pub(super) clashes: &'r [Option<String>],
    pub(super) severities: Cow<'r, [Option<Severity>]>,
}

/// What is found in the posts of a document.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    hidden: Vec<Hidden>,
    /// There were more findings than are told.
    dropped: bool,
}

/// `posts` in ranges, none of less text than [`SHARE`] but the last.
fn shares(posts: &[Post]) -> Vec<Range<usize>> {
    let (mut shares, mut start, mut bytes) = (Vec::new(), 0, 0);
    for (number, post) in posts.iter().enumerate() {
        bytes += post.segments.iter().map(|segment| segment.text.len()).sum::<usize>();
        if bytes >= SHARE {
            shares.push(start..number + 1);
            (start, bytes) = (number + 1, 0);
        }
    }
    if start < posts.len() {
        shares.push(start..posts.len());
    }
    shares
}

impl Linter {
    /// Checks a decoded file whose posts meet others: for each of them, which.
    pub(super) fn lint_among(&self, path: &Path, mut document: Document, clashes: &[Option<String>]) -> FileReport {
        let run = Run { path, document: &document, facts: &self.facts, clashes, severities: self.severities(path) };
        let Found { mut findings, mut hidden, dropped } = self.lint_posts(&run);
        if !self.options.ignore_suppressions {
            let stranger = |id: &str| self.stranger(id);
            suppress::apply(&mut findings, &document, path, &self.options.settings, self.options.today, &stranger);
        }
        if dropped {
            document.faults.push(too_many(self.options.findings));
        }
        findings.sort_by(|a, b| (a.place.span, &a.rule.id).cmp(&(b.place.span, &b.rule.id)));
        finding::number_alike(&mut findings);
        hidden.sort();
        hidden.dedup();
        report(path, document, findings, hidden)
    }

    /// What is found in all posts, in their order.
    fn lint_posts(&self, run: &Run<'_>) -> Found {
        let lint = |posts: &Range<usize>| {
            let mut hidden = Vec::new();
            let findings: Vec<Finding> = posts.clone().flat_map(|n| self.lint_post(run, n, &mut hidden)).collect();
            (findings, hidden)
        };
        let mut all = Found::default();
        for batch in shares(&run.document.posts).chunks(BATCH) {
            let found = match batch {
                [only] => vec![lint(only)],
                many => many.par_iter().with_max_len(1).map(lint).collect(),
            };
            for (findings, hidden) in found {
                let room = self.options.findings - all.findings.len();
                all.dropped |= findings.len() > room;
                all.findings.extend(findings.into_iter().take(room));
                // Posts behind the last finding are read all the same: their secrets may stand on a line that is shown.
                all.hidden.extend(hidden);
            }
        }
        all
    }

    /// Checks one post of a document.
    fn lint_post(&self, run: &Run<'_>, number: usize, hidden: &mut Vec<Hidden>) -> Vec<Finding> {
        let found = self.find(run, number, hidden);
        let (apart, words): (Vec<_>, Vec<_>) = found.into_iter().partition(|(apart, _)| *apart);
        let mut findings = overlap::settle(words.into_iter().map(|(_, f)| f).collect());
        findings.extend(apart.into_iter().map(|(_, f)| f));
        findings
    }

    /// What the rules of `run` find in one post, overlaps and all; whether each finding stands apart from the others on
    /// its words. What must be masked goes to `hidden`.
    pub(super) fn find(&self, run: &Run<'_>, number: usize, hidden: &mut Vec<Hidden>) -> Vec<(bool, Finding)> {
        let Some(post) = run.document.posts.get(number) else { return Vec::new() };
        let when = around::when(post);
        let mut active: Vec<bool> = run.severities.iter().map(Option::is_some).collect();
        // Rules that would hold in a period, of a post that does not say when it goes out.
        let mut unsure: Vec<usize> = Vec::new();
        for number in self.choosy.iter().copied() {
            let (Some(active), Some(rule)) = (active.get_mut(number), self.checks.rules.get(number)) else { continue };
            let holds = if *active { around::applies(rule, post, run.facts, when) } else { Holds::No };
            *active = holds != Holds::No;
            unsure.extend((holds == Holds::Perhaps).then_some(number));
        }
        let clash = run.clashes.get(number).and_then(Option::as_deref);
        let around = Around { facts: run.facts, when, clash };
        let view = View::new(post, &self.checks.lexicon, Asked { active: &active, meter: self.meter() }, around);
        let hits = self.checks.scan(&view);
        let maker = finding::Maker {
            path: run.path,
            document: run.document,
            post: number,
            view: &view,
            options: &self.options,
        };
        let mut made = 0;
        let found = hits.into_iter().filter_map(|hit| {
            let rule = self.checks.rules.get(hit.rule)?;
            let sure = !unsure.contains(&hit.rule);
            let severity = run.severities.get(hit.rule).copied().flatten()?;
            let severity = if sure { severity } else { Severity::Info };
            let mut finding = maker.finding(rule, severity, &hit)?;
            hidden.extend(maker.hidden(&finding, &hit));
            if !self.asked(rule) || finding.confidence < self.options.min_confidence {
                return None;
            }
            if !sure {
                finding.severity = Severity::Info;
                let period = rule.applies.period.as_deref().unwrap_or_default().replace('|', " or ");
                let reason = format!("no posting time, so it could not be told whether it goes out in {period}");
                finding.message.push(Text::Own(format!(" ({reason})")));
                finding.reasons.push(reason);
            }
            made += 1;
            (made <= self.options.findings + 1).then_some((hit.apart, finding))
        });
        timed(self.meter(), Stage::Findings, || found.collect())
    }

    /// Why no rule of the id `id` runs; nothing where one does.
    fn stranger(&self, id: &str) -> Option<String> {
        let known: Vec<&str> = self.all_rules().map(|rule| rule.id.as_str()).collect();
        if known.contains(&id) {
            return None;
        }
        let pack = rule_id::parts(id).0;
        let loaded = self.packs().iter().any(|p| p.name == pack);
        if !loaded && pack::names().contains(&pack) {
            return Some(format!("whose pack is not loaded: add `--pack {pack}`, or name it in [packs] use"));
        }
        let question = rule_id::question(id, &known).map_or_else(String::new, |question| format!(": {question}"));
        Some(format!("which is no rule of this run{question}"))
    }
}

/// What is told of a file with more findings than `most`.
fn too_many(most: usize) -> document::Fault {
    let message = format!("the number of findings is over the limit of {most}; the others are not told");
    document::Fault { address: Address::Whole, span: None, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Segment;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_post_is_in_one_share(lengths in proptest::collection::vec(0..SHARE * 2, 0..20)) {
            let post = |len: usize| Post { segments: vec![Segment::body("a".repeat(len))], ..Post::default() };
            let shares = shares(&lengths.iter().map(|len| post(*len)).collect::<Vec<_>>());
            prop_assert!(shares.iter().cloned().flatten().eq(0..lengths.len()));
            let sizes = shares.iter().map(|share| lengths[share.clone()].iter().sum::<usize>());
            prop_assert!(sizes.rev().skip(1).all(|size| size >= SHARE));
        }
    }
}

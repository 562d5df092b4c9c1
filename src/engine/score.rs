//! How well rules do on labelled drafts: what a pack's author measures after every change.
//!
//! A labelled draft names the quotes that a careful reader would stop, each with its category. *Found* is a quote that a
//! finding of its category, at warning or error, overlaps; an *alarm* is such a finding that overlaps no quote of its post.
//! *Precision* is the share of findings that overlap a quote of any category. Only the categories confidential, reputation
//! and opinion count.

use super::Linter;
use crate::model::{
    document::{Located, Meta},
    finding::Finding,
    rule::{Category, Severity},
};
use rayon::prelude::*;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    ops::Range,
};

/// A labelled draft, one line of a JSONL file. Without `violations` the draft is taken as clean.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// Its name in lists.
    pub id: String,
    /// The draft.
    pub text: String,
    /// Where it goes.
    #[serde(default)]
    pub channel: Option<String>,
    /// What is wrong with it.
    #[serde(default)]
    pub violations: Vec<Label>,
    /// The author's note; begins with `subtle` or `obfuscated` for such violations.
    #[serde(default)]
    pub note: String,
}

/// A quote of a labelled draft that must be found.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    /// `confidential`, `reputation` or `opinion`.
    pub category: String,
    /// What kind of breach, in the author's words.
    #[serde(default)]
    pub kind: String,
    /// `must` or `should`.
    #[serde(default)]
    pub level: String,
    /// The words.
    pub quote: String,
    /// Which occurrence of them, from 1.
    #[serde(default = "first")]
    pub nth: usize,
}

fn first() -> usize {
    1
}

impl Label {
    /// Bytes of `text` where the quote stands.
    fn span(&self, text: &str) -> Option<Range<usize>> {
        let (start, _) = text.match_indices(&self.quote).nth(self.nth.saturating_sub(1))?;
        Some(start..start + self.quote.len())
    }
}

/// Found and wanted.
pub type Share = (usize, usize);

/// The figures of a run over labelled drafts.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Number of drafts, and of those without a label.
    pub posts: usize,
    /// Drafts without a label.
    pub clean: usize,
    /// Drafts without a label that got an alarm.
    pub alarmed: usize,
    /// Findings that overlap no quote.
    pub alarms: usize,
    /// Findings that overlap one.
    pub right: usize,
    /// Quotes found of quotes wanted, by `all`, category, level and kind of draft.
    pub recall: BTreeMap<String, Share>,
    /// Alarms by rule.
    pub by_rule: BTreeMap<String, usize>,
    /// Quotes that were missed.
    pub missed: Vec<String>,
    /// Alarms, with their words.
    pub false_alarms: Vec<String>,
}

impl Linter {
    /// Checks labelled drafts, in parallel.
    pub fn score(&self, drafts: &[Labelled]) -> Score {
        let parts: Vec<Score> = drafts.par_iter().map(|draft| self.score_one(draft)).collect();
        parts.into_iter().fold(Score::default(), Score::and)
    }

    fn score_one(&self, draft: &Labelled) -> Score {
        let meta =
            Meta { channels: draft.channel.clone().map(Located::given).into_iter().collect(), ..Meta::default() };
        let report = self.lint_text("<draft>", &draft.text, meta);
        let loud: Vec<&Finding> = report.findings.iter().filter(|f| counts(f)).collect();
        let mut score = Score { posts: 1, ..Score::default() };
        let mut quotes = Vec::new();
        for label in &draft.violations {
            let Some(quote) = label.span(&draft.text) else { continue };
            let found = loud.iter().any(|f| f.rule.category.name() == label.category && meets(f, &quote));
            for key in ["all", &label.category, &label.level, kind_of(&draft.note)] {
                let share = score.recall.entry(key.to_owned()).or_default();
                *share = (share.0 + usize::from(found), share.1 + 1);
            }
            if !found {
                score.missed.push(format!("{} {}/{}: {:?}", draft.id, label.category, label.kind, label.quote));
            }
            quotes.push(quote);
        }
        for finding in loud {
            if quotes.iter().any(|quote| meets(finding, quote)) {
                score.right += 1;
                continue;
            }
            score.alarms += 1;
            *score.by_rule.entry(finding.rule.id.clone()).or_default() += 1;
            let words = finding.place.span.of(&draft.text);
            score.false_alarms.push(format!("{} {}: {words:?}", draft.id, finding.rule.id));
        }
        score.clean = usize::from(quotes.is_empty());
        score.alarmed = usize::from(quotes.is_empty() && score.alarms > 0);
        score
    }
}

fn counts(finding: &Finding) -> bool {
    let core = matches!(finding.rule.category, Category::Confidential | Category::Reputation | Category::Opinion);
    core && finding.severity >= Severity::Warning && finding.suppressed.is_none()
}

fn meets(finding: &Finding, quote: &Range<usize>) -> bool {
    finding.place.span.start < quote.end && quote.start < finding.place.span.end
}

fn kind_of(note: &str) -> &'static str {
    ["subtle", "obfuscated"].into_iter().find(|kind| note.starts_with(kind)).unwrap_or("plain")
}

impl Score {
    fn and(mut self, other: Self) -> Self {
        self.posts += other.posts;
        self.clean += other.clean;
        self.alarmed += other.alarmed;
        self.alarms += other.alarms;
        self.right += other.right;
        for (key, (found, wanted)) in other.recall {
            let share = self.recall.entry(key).or_default();
            *share = (share.0 + found, share.1 + wanted);
        }
        for (rule, count) in other.by_rule {
            *self.by_rule.entry(rule).or_default() += count;
        }
        self.missed.extend(other.missed);
        self.false_alarms.extend(other.false_alarms);
        self
    }

    /// Share of quotes found under `key`: `all`, a category, `must`, `should`, `plain`, `subtle`, `obfuscated`.
    pub fn recall_of(&self, key: &str) -> f64 {
        self.recall.get(key).map_or(0.0, |share| ratio(*share))
    }

    /// Share of findings that overlap a quote.
    pub fn precision(&self) -> f64 {
        ratio((self.right, self.right + self.alarms))
    }

    /// Share of clean drafts that got an alarm.
    pub fn clean_alarmed(&self) -> f64 {
        ratio((self.alarmed, self.clean))
    }
}

#[allow(clippy::cast_precision_loss)] // counts of drafts
fn ratio((part, whole): Share) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "posts {}: {} with labels, {} clean", self.posts, self.posts - self.clean, self.clean)?;
        for key in ["all", "confidential", "reputation", "opinion", "must", "should", "plain", "subtle", "obfuscated"] {
            if let Some(share) = self.recall.get(key) {
                writeln!(f, "recall {key:13} {}/{} = {:.3}", share.0, share.1, ratio(*share))?;
            }
        }
        writeln!(f, "precision            {}/{} = {:.3}", self.right, self.right + self.alarms, self.precision())?;
        writeln!(f, "clean posts alarmed  {}/{} = {:.3}", self.alarmed, self.clean, self.clean_alarmed())?;
        let mut rules: Vec<_> = self.by_rule.iter().collect();
        rules.sort_by_key(|(rule, count)| (std::cmp::Reverse(**count), (*rule).clone()));
        let mut line = String::new();
        for (rule, count) in rules.iter().take(15) {
            write!(line, "{}{rule} {count}", if line.is_empty() { "" } else { ", " })?;
        }
        if line.is_empty() { Ok(()) } else { writeln!(f, "rules behind alarms: {line}") }
    }
}

//! A file whose findings are gone through: as it is after what was decided so far.

use super::{Tally, dialogue::Move};
use crate::{
    decode,
    engine::{
        Linter,
        excuse::{Key, key},
    },
    model::{
        document::SourceFile,
        finding::{Edit, FileReport, Finding, Hidden},
    },
    text::span::Span,
};
use std::collections::{BTreeMap, BTreeSet};

/// Checks a file.
pub(super) type Check<'c> = dyn Fn(&SourceFile) -> Result<FileReport, String> + 'c;

/// A file, and what was decided about it.
#[derive(Clone)]
pub(super) struct Sitting {
    /// The file with every change so far.
    pub(super) file: SourceFile,
    /// What is found in it now.
    pub(super) report: FileReport,
    /// Suppressions that go into the settings: a rule and its block.
    pub(super) blocks: Vec<(String, String)>,
    /// What was decided.
    pub(super) tally: Tally,
    /// Findings that were skipped, and how many of each. They are met in the order of the file, so that the first ones
    /// of a kind are those that were skipped.
    passed: BTreeMap<Key, usize>,
    /// Rules whose findings were all skipped.
    passed_rules: BTreeSet<String>,
}

impl Sitting {
    pub(super) fn new(file: SourceFile, report: FileReport) -> Self {
        Self {
            file,
            report,
            blocks: Vec::new(),
            tally: Tally::default(),
            passed: BTreeMap::new(),
            passed_rules: BTreeSet::new(),
        }
    }

    /// Findings that wait for a decision, in the order of the file.
    fn waiting(&self) -> impl Iterator<Item = &Finding> {
        let mut passed = self.passed.clone();
        let mut pass = move |finding: &Finding| {
            let left = passed.get_mut(&key(&self.report, finding)).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        };
        let excused = |finding: &Finding| {
            let id = &finding.rule.id;
            self.passed_rules.contains(id) || self.blocks.iter().any(|(rule, _)| rule == id)
        };
        self.report.findings.iter().filter(move |f| f.suppressed.is_none() && !excused(f) && !pass(f))
    }

    pub(super) fn next(&self) -> Option<Finding> {
        self.waiting().next().cloned()
    }

    pub(super) fn left(&self) -> usize {
        self.waiting().count()
    }

    pub(super) fn skip(&mut self, finding: &Finding) {
        *self.passed.entry(key(&self.report, finding)).or_default() += 1;
        self.tally.count(Move::Skipped);
    }

    /// Findings of the rule of `finding` that wait, itself among them.
    pub(super) fn alike(&self, finding: &Finding) -> usize {
        self.waiting().filter(|f| f.rule.id == finding.rule.id).count()
    }

    /// Skips all that the rule of `finding` finds in this file.
    pub(super) fn skip_rule(&mut self, finding: &Finding) {
        for _ in 0..self.alike(finding) {
            self.tally.count(Move::Skipped);
        }
        self.passed_rules.insert(finding.rule.id.clone());
    }

    /// Makes `edits`, and checks the file anew.
    pub(super) fn edit(&mut self, linter: &Linter, check: &Check<'_>, edits: &[Edit]) -> Result<(), String> {
        let bytes = decode::write(&self.file, &self.report.document, edits, &linter.options().decode);
        self.take(bytes.map_err(|e| e.to_string())?, check)?;
        self.tally.count(Move::Mended);
        Ok(())
    }

    /// Writes a suppression of `finding` into the draft, if there is a place for one.
    pub(super) fn excuse(&mut self, linter: &Linter, check: &Check<'_>, finding: &Finding, reason: &str) -> bool {
        let next = linter.excuse(&self.file, &self.report, finding, reason);
        let done = next.is_some_and(|next| self.take(next.bytes.clone(), check).is_ok());
        if done {
            self.tally.count(Move::Excused);
        }
        done
    }

    /// Keeps a suppression for the settings.
    pub(super) fn excuse_in_settings(&mut self, finding: &Finding, block: String) {
        self.blocks.push((finding.rule.id.clone(), block));
        self.tally.count(Move::Excused);
    }

    fn take(&mut self, bytes: Vec<u8>, check: &Check<'_>) -> Result<(), String> {
        let file = SourceFile { path: self.file.path.clone(), bytes };
        let mut report = check(&file)?;
        // A changed draft may no longer say what made its secrets known as such.
        let before = self.report.hidden.iter().map(|h| Hidden { span: Span::new(0, 0), words: h.words.clone() });
        report.hidden.extend(before);
        (self.file, self.report) = (file, report);
        Ok(())
    }
}

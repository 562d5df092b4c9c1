//! Floor 4, engine: rules compiled once, sources linted, fixes made, files walked. Terminal, CI, editor, page and stream
//! all call the same [`Linter`], so that they all give the same answer.

mod edit;
mod finding;
mod overlap;

use crate::{
    check::{Checks, scorer, view::View},
    decode::{self, DecodeError},
    model::{
        document::{Document, Mode, Post, SourceFile},
        finding::{FileReport, Finding, PackInfo},
        rule::{Pack, RuleMeta, Severity},
        value::Fault,
    },
    pack::PackSet,
};
use std::{path::Path, sync::Arc};

/// What a run is about, besides its packs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Findings below this confidence are dropped.
    pub min_confidence: f32,
    /// Only these rules run; empty: all.
    pub only: Vec<String>,
    /// Severity by rule id in place of the rule's own; nothing switches the rule off.
    pub severities: Vec<(String, Option<Severity>)>,
    /// Phrases that settings excuse, by rule id.
    pub allow: Vec<(String, Vec<String>)>,
    /// The learned scorer.
    pub scorer: scorer::Options,
    /// How files are read.
    pub decode: decode::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_confidence: FLOOR,
            only: Vec::new(),
            severities: Vec::new(),
            allow: Vec::new(),
            scorer: scorer::Options::default(),
            decode: decode::Options::default(),
        }
    }
}

/// Hits below this confidence are dropped unless the user asks for them.
pub const FLOOR: f32 = 0.5;

/// Compiled rules, ready to check anything. Shared between threads.
pub struct Linter {
    checks: Checks,
    packs: Vec<PackInfo>,
    options: Options,
    /// Severity of each rule in this run, by number; nothing for a rule that is off.
    severity: Vec<Option<Severity>>,
}

impl Linter {
    /// Compiles the packs of `set` that are enabled.
    ///
    /// # Errors
    /// Every fault of every rule, each at its place in the files of `set`.
    pub fn new(set: &PackSet, options: Options) -> Result<Self, Vec<Fault>> {
        let packs: Vec<&Pack> = set.packs.iter().collect();
        let checks = Checks::compile(&packs, &set.shared, &options.allow, &options.scorer)?;
        let severity = checks.rules.iter().map(|rule| severity_of(rule, &options)).collect();
        let packs = packs
            .iter()
            .map(|p| PackInfo { name: p.name.clone(), version: p.version.clone(), rules: p.rules.len() })
            .collect();
        Ok(Self { checks, packs, options, severity })
    }

    /// Every rule that runs.
    pub fn rules(&self) -> Vec<Arc<RuleMeta>> {
        self.checks.rules.iter().zip(&self.severity).filter(|(_, s)| s.is_some()).map(|(r, _)| Arc::clone(r)).collect()
    }

    /// The packs that were compiled.
    pub fn packs(&self) -> &[PackInfo] {
        &self.packs
    }

    /// Reads and checks a file.
    ///
    /// # Errors
    /// Why the file could not be read.
    pub fn lint(&self, file: &SourceFile) -> Result<FileReport, DecodeError> {
        let document = decode::read(file, &self.options.decode)?;
        Ok(self.lint_document(&file.path, document))
    }

    /// Checks a decoded file.
    pub fn lint_document(&self, path: &Path, document: Document) -> FileReport {
        let mut findings: Vec<Finding> = Vec::new();
        for number in 0..document.posts.len() {
            findings.extend(self.lint_post(path, &document, number));
        }
        findings.sort_by(|a, b| (a.place.span, &a.rule.id).cmp(&(b.place.span, &b.rule.id)));
        FileReport { path: path.to_owned(), document: Arc::new(document), findings }
    }

    /// Checks one post of a document.
    fn lint_post(&self, path: &Path, document: &Document, number: usize) -> Vec<Finding> {
        let Some(post) = document.posts.get(number) else { return Vec::new() };
        let active: Vec<bool> =
            self.checks.rules.iter().zip(&self.severity).map(|(r, s)| s.is_some() && applies(r, post)).collect();
        let view = View::new(post, &self.checks.vocabulary, &self.checks.lists, &active);
        let hits = self.checks.scan(&view);
        let maker = finding::Maker { path, document, post: number, view: &view, options: &self.options };
        let found = hits.into_iter().filter_map(|hit| {
            let (rule, severity) = (self.checks.rules.get(hit.rule)?, self.severity.get(hit.rule).copied().flatten()?);
            maker.finding(rule, severity, hit)
        });
        overlap::settle(found.collect())
    }
}

fn severity_of(rule: &RuleMeta, options: &Options) -> Option<Severity> {
    if !options.only.is_empty() && !options.only.contains(&rule.id) {
        return None;
    }
    options.severities.iter().find(|(id, _)| *id == rule.id).map_or(Some(rule.severity), |(_, severity)| *severity)
}

/// Whether `rule` holds for `post`: its channels, accounts and mode. A post that does not say where it goes, or on which
/// account, is checked by all rules but those that name one.
fn applies(rule: &RuleMeta, post: &Post) -> bool {
    let any = |names: &[String]| names.is_empty() || names.iter().any(|n| n == "*");
    let channels = any(&rule.applies.channels)
        || post.meta.channels.iter().any(|c| rule.applies.channels.contains(&c.value.to_lowercase()));
    let accounts = any(&rule.applies.accounts)
        || post.meta.account.as_ref().is_some_and(|a| rule.applies.accounts.contains(&a.value));
    let mode = match rule.applies.mode.as_deref() {
        Some("reply") => mode_of(post) == Mode::Reply,
        Some("post") => mode_of(post) == Mode::Post,
        _ => true,
    };
    channels && accounts && mode
}

fn mode_of(post: &Post) -> Mode {
    let reply = if post.meta.in_reply_to.is_some() { Mode::Reply } else { Mode::Post };
    post.meta.mode.unwrap_or(reply)
}

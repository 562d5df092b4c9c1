//! Floor 4, engine: rules compiled once, sources linted, fixes made, files walked. Terminal, CI, editor, page and stream
//! all call the same [`Linter`], so that they all give the same answer.

pub mod baseline;
mod edit;
mod finding;
pub mod fix;
mod overlap;
mod run;
pub mod score;
mod suppress;
pub mod trial;
pub mod walk;

use crate::model::document::{Address, Encoding, Meta, Origin, Quoting, Scope, Segment};
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
    settings::{Level, Settings},
    text::map::OffsetMap,
};
use std::{borrow::Cow, path::Path, sync::Arc};

/// What a run is about, besides its packs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Findings below this confidence are dropped.
    pub min_confidence: f32,
    /// Only these rules run; empty: all.
    pub only: Vec<String>,
    /// What `postlint.toml` says.
    pub settings: Settings,
    /// Show what drafts and settings suppress.
    pub ignore_suppressions: bool,
    /// The day on which suppressions are judged; without it none expires.
    pub today: Option<jiff::civil::Date>,
    /// What holds for drafts that do not say it themselves: channels, account, time, mode.
    pub defaults: Meta,
    /// A scorer in place of the one that comes with the program.
    pub model: Option<Arc<scorer::Model>>,
    /// How files are read.
    pub decode: decode::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            min_confidence: FLOOR,
            only: Vec::new(),
            settings: Settings::default(),
            ignore_suppressions: false,
            today: None,
            defaults: Meta::default(),
            model: None,
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
    /// The severity of each rule, by number, where no override of the settings says otherwise.
    severities: Vec<Option<Severity>>,
}

impl Linter {
    /// Compiles the packs of `set` that are enabled.
    ///
    /// # Errors
    /// Every fault of every rule, each at its place in the files of `set`.
    pub fn new(set: &PackSet, options: Options) -> Result<Self, Vec<Fault>> {
        let packs: Vec<&Pack> = set.packs.iter().collect();
        let checks = Checks::compile(&packs, &set.shared, &allowed(&options.settings), &scoring(&options))?;
        let packs = packs
            .iter()
            .map(|p| PackInfo { name: p.name.clone(), version: p.version.clone(), rules: p.rules.len() })
            .collect();
        let mut linter = Self { checks, packs, options, severities: Vec::new() };
        linter.severities = linter.severities_in(Path::new(""));
        Ok(linter)
    }

    /// Every rule that runs.
    pub fn rules(&self) -> Vec<Arc<RuleMeta>> {
        let rules = self.checks.rules.iter().zip(&self.severities);
        rules.filter(|(_, severity)| severity.is_some()).map(|(rule, _)| Arc::clone(rule)).collect()
    }

    /// How this run was asked for.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The severity of `rule` in `path`; nothing where it is off.
    fn severity(&self, rule: &RuleMeta, path: &Path) -> Option<Severity> {
        let options = &self.options;
        if !options.only.is_empty() && !options.only.contains(&rule.id) {
            return None;
        }
        let pack = rule.id.split('/').next().unwrap_or_default();
        if options.settings.packs_in(path).is_some_and(|packs| packs.iter().all(|(name, _)| name != pack)) {
            return None;
        }
        match options.settings.level(path, &rule.id) {
            Some((Level::Off, _)) => None,
            Some((Level::On(severity), _)) => Some(severity),
            None => Some(rule.severity),
        }
    }

    fn severities_in(&self, path: &Path) -> Vec<Option<Severity>> {
        self.checks.rules.iter().map(|rule| self.severity(rule, path)).collect()
    }

    /// The severity of each rule in `path`, by number.
    fn severities(&self, path: &Path) -> Cow<'_, [Option<Severity>]> {
        if self.options.settings.overrides.is_empty() {
            return Cow::Borrowed(&self.severities);
        }
        Cow::Owned(self.severities_in(path))
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

    /// Checks a text that is no file: of the command line, a stream, a page.
    pub fn lint_text(&self, name: &str, text: &str, meta: Meta) -> FileReport {
        self.lint_document(Path::new(name), text_document(text, meta))
    }

    /// What one rule alone finds in a text, in order, whatever else overlaps it.
    pub fn lint_rule(&self, rule: &RuleMeta, text: &str, meta: Meta) -> Vec<Finding> {
        let only = |r: &RuleMeta| r.id == rule.id;
        let mut findings = self.lint_where(Path::new("<text>"), &text_document(text, meta), 0, &self.severities, &only);
        findings.sort_by_key(|f| f.place.span);
        findings
    }

    /// Checks a decoded file.
    pub fn lint_document(&self, path: &Path, mut document: Document) -> FileReport {
        document.posts.iter_mut().for_each(|post| complete(&mut post.meta, &self.options.defaults));
        let severities = self.severities(path);
        let mut findings: Vec<Finding> = Vec::new();
        for number in 0..document.posts.len() {
            findings.extend(overlap::settle(self.lint_where(path, &document, number, &severities, &|_| true)));
        }
        if !self.options.ignore_suppressions {
            let known = |id: &str| self.checks.rules.iter().any(|r| r.id == id);
            suppress::apply(&mut findings, &document, path, &self.options.settings, self.options.today, &known);
        }
        findings.sort_by(|a, b| (a.place.span, &a.rule.id).cmp(&(b.place.span, &b.rule.id)));
        FileReport { path: path.to_owned(), document: Arc::new(document), findings }
    }

    /// What the rules that `wanted` names find in one post, overlaps and all.
    fn lint_where(
        &self,
        path: &Path,
        document: &Document,
        number: usize,
        severities: &[Option<Severity>],
        wanted: &dyn Fn(&RuleMeta) -> bool,
    ) -> Vec<Finding> {
        let Some(post) = document.posts.get(number) else { return Vec::new() };
        let rules = self.checks.rules.iter().zip(severities);
        let active: Vec<bool> =
            rules.map(|(rule, severity)| severity.is_some() && wanted(rule) && applies(rule, post)).collect();
        let view = View::new(post, &self.checks.lexicon, &active);
        let hits = self.checks.scan(&view);
        let maker = finding::Maker { path, document, post: number, view: &view, options: &self.options };
        let found = hits.into_iter().filter_map(|hit| {
            let (rule, severity) = (self.checks.rules.get(hit.rule)?, severities.get(hit.rule).copied().flatten()?);
            maker.finding(rule, severity, &hit)
        });
        found.collect()
    }
}

/// A document of one post that is nothing but `text`.
fn text_document(text: &str, meta: Meta) -> Document {
    let segment = Segment {
        scope: Scope::Body,
        address: Address::Whole,
        text: text.to_owned(),
        map: OffsetMap::identity(),
        quoting: Quoting::default(),
    };
    Document {
        format: "text",
        source: text.into(),
        encoding: Encoding::utf8(0),
        origin: Origin::Bytes,
        posts: vec![Post { meta, segments: vec![segment], ..Post::default() }],
        notes: Vec::new(),
        faults: Vec::new(),
    }
}

/// What settings say of the learned scorer.
fn scoring(options: &Options) -> scorer::Options {
    let said = &options.settings.scorer;
    scorer::Options { enabled: said.enabled.unwrap_or(true), budget: said.budget, model: options.model.clone() }
}

/// Phrases that settings excuse, by rule id.
fn allowed(settings: &Settings) -> Vec<(String, Vec<String>)> {
    let phrases = |named: &[(String, _)]| named.iter().map(|(phrase, _)| phrase.clone()).collect();
    settings.rules.iter().map(|rule| (rule.id.clone(), phrases(&rule.allow_phrases))).collect()
}

/// Fills what a draft does not say with what the run says.
fn complete(meta: &mut Meta, defaults: &Meta) {
    if meta.channels.is_empty() {
        meta.channels.clone_from(&defaults.channels);
    }
    meta.account = meta.account.take().or_else(|| defaults.account.clone());
    meta.scheduled = meta.scheduled.take().or_else(|| defaults.scheduled.clone());
    meta.mode = meta.mode.or(defaults.mode);
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

//! Floor 4, engine: rules compiled once, sources linted, fixes made, files walked. Terminal, CI, editor, page and stream
//! all call the same [`Linter`], so that they all give the same answer.

mod around;
pub mod audit;
pub mod baseline;
pub mod edit;
pub mod excuse;
mod finding;
pub mod fix;
pub mod message;
mod overlap;
mod posts;
mod run;
pub mod score;
mod suppress;
pub mod trial;
pub mod walk;
pub mod whole;

use crate::{
    check::{
        Checks,
        meter::{Meter, Stage, timed},
        scorer,
    },
    decode::{self, DecodeError},
    model::{
        document::{Document, Encoding, Meta, Origin, Post, Segment, SourceFile},
        facts::Facts,
        finding::{FileReport, Finding, Hidden, PackInfo},
        rule::{Pack, Policy, RuleMeta, Severity},
        value::Fault,
    },
    pack::PackSet,
    settings::{Level, Settings},
};
use posts::Run;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

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
    /// Findings of a file that are told; a file with more is not checked to its end.
    pub findings: usize,
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
            findings: FINDINGS,
            model: None,
            decode: decode::Options::default(),
        }
    }
}

/// Hits below this confidence are dropped unless the user asks for them.
pub const FLOOR: f32 = 0.5;

/// Findings of a file that are told unless the settings say otherwise.
pub const FINDINGS: usize = 100_000;

/// Compiled rules, ready to check anything. Shared between threads.
pub struct Linter {
    checks: Checks,
    packs: Vec<PackInfo>,
    policies: Vec<Policy>,
    options: Options,
    facts: Facts,
    /// Facts for the examples of packs that bring their own, by pack.
    trials: BTreeMap<String, Facts>,
    /// The severity of each rule that runs, by number, where no override of the settings says otherwise.
    severities: Vec<Option<Severity>>,
    /// Rules that hold for some posts only, by number.
    choosy: Vec<usize>,
    meter: Option<Meter>,
}

impl Linter {
    /// Compiles the packs of `set` that are enabled.
    ///
    /// # Errors
    /// Every fault of every rule, each at its place in the files of `set`.
    pub fn new(set: &PackSet, options: Options) -> Result<Self, Vec<Fault>> {
        let packs: Vec<&Pack> = set.packs.iter().collect();
        let checks = Checks::compile(&packs, &set.shared, &allowed(&options.settings), &scoring(&options))?;
        let trials = trial::facts(&packs)?;
        let packs = packs
            .iter()
            .map(|p| PackInfo { name: p.name.clone(), version: p.version.clone(), rules: p.rules.len() })
            .collect();
        let facts = around::facts(&options.settings);
        let policies = set.policies.clone();
        let choosy = (0..).zip(&checks.rules).filter(|(_, r)| around::is_choosy(r)).map(|(n, _)| n).collect();
        let (severities, meter) = (Vec::new(), None);
        let mut linter = Self { checks, packs, policies, options, facts, trials, severities, choosy, meter };
        linter.severities = linter.severities_in(Path::new(""));
        Ok(linter)
    }

    /// Every rule that runs.
    pub fn rules(&self) -> Vec<Arc<RuleMeta>> {
        let rules = self.checks.rules.iter().zip(&self.severities);
        rules
            .filter(|(rule, severity)| severity.is_some() && self.asked(rule))
            .map(|(rule, _)| Arc::clone(rule))
            .collect()
    }

    /// The same linter, which notes where its time goes.
    #[must_use]
    pub fn timed(mut self) -> Self {
        self.meter = Some(Meter::new(&self.checks));
        self
    }

    /// Where the time went, if that is noted.
    pub fn meter(&self) -> Option<&Meter> {
        self.meter.as_ref()
    }

    /// Every rule that was compiled, by number.
    pub fn all_rules(&self) -> impl Iterator<Item = &RuleMeta> {
        self.checks.rules.iter().map(AsRef::as_ref)
    }

    /// How this run was asked for.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whether this run asks for findings of `rule`.
    fn asked(&self, rule: &RuleMeta) -> bool {
        self.options.only.is_empty() || self.options.only.contains(&rule.id)
    }

    /// The severity of `rule` in `path`; nothing where it is off.
    fn severity(&self, rule: &RuleMeta, path: &Path) -> Option<Severity> {
        let options = &self.options;
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

    /// Whether no rule that is asked for runs in `path`.
    pub fn is_idle(&self, path: &Path) -> bool {
        !self.checks.rules.iter().any(|rule| self.asked(rule) && self.severity(rule, path).is_some())
    }

    /// The severity of each rule that runs in `path`, by number. A sensitive rule runs also where no finding of it is
    /// asked for: another finding may show its words.
    fn severities_in(&self, path: &Path) -> Vec<Option<Severity>> {
        let runs = |rule: &RuleMeta| rule.sensitive || self.asked(rule);
        self.checks.rules.iter().map(|rule| self.severity(rule, path).filter(|_| runs(rule))).collect()
    }

    /// The same, kept for a run without overrides.
    fn severities(&self, path: &Path) -> Cow<'_, [Option<Severity>]> {
        if self.options.settings.overrides.is_empty() {
            return Cow::Borrowed(&self.severities);
        }
        Cow::Owned(self.severities_in(path))
    }

    /// The policies that rules may cite.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
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
        Ok(self.lint_document(&file.path, self.decode(file)?))
    }

    /// Reads a file.
    pub(crate) fn decode(&self, file: &SourceFile) -> Result<Document, DecodeError> {
        timed(self.meter(), Stage::Decode, || decode::read(file, &self.options.decode))
    }

    /// Checks a text that is no file: of the command line, a stream, a page.
    pub fn lint_text(&self, name: &str, text: &str, meta: Meta) -> FileReport {
        self.lint_document(Path::new(name), text_document(text, meta))
    }

    /// What one rule alone finds in a text, in order, whatever else overlaps it. The text is read as `format`, if that is
    /// the name of one; `meta` goes before what the text says itself. The organisation is that of the rule's pack, if it
    /// brings one for its examples.
    pub fn lint_rule(&self, rule: &RuleMeta, text: &str, format: Option<&str>, meta: Meta) -> FileReport {
        let decoder = format.and_then(decode::by_name);
        let file = SourceFile { path: PathBuf::from("<text>"), bytes: text.as_bytes().into() };
        let read = decoder.and_then(|d| decode::read_as(d, &file, &self.options.decode).ok());
        let document = match read {
            Some(mut document) => {
                document.posts.iter_mut().for_each(|post| complete(&mut post.meta, &meta));
                document
            }
            None => text_document(text, meta),
        };
        let pack = rule.id.split('/').next().unwrap_or_default();
        let facts = self.trials.get(pack).unwrap_or(&self.facts);
        let path = Path::new("<text>");
        let clashes = around::clashes(&[(path, &document)]).concat();
        let severity = |r: &Arc<RuleMeta>| if r.id == rule.id { self.severity(r, Path::new("")) } else { None };
        let severities = Cow::Owned(self.checks.rules.iter().map(severity).collect());
        let run = Run { path, document: &document, facts, clashes: &clashes, severities };
        let numbers = 0..document.posts.len();
        let found = numbers.flat_map(|n| self.find(&run, n, &mut Vec::new()));
        let mut findings: Vec<Finding> = found.map(|f| f.1).collect();
        findings.sort_by_key(|f| f.place.span);
        report(path, document, findings, Vec::new())
    }

    /// Checks a decoded file.
    pub fn lint_document(&self, path: &Path, mut document: Document) -> FileReport {
        document.posts.iter_mut().for_each(|post| complete(&mut post.meta, &self.options.defaults));
        let clashes = around::clashes(&[(path, &document)]).concat();
        self.lint_among(path, document, &clashes)
    }
}

fn report(path: &Path, document: Document, findings: Vec<Finding>, hidden: Vec<Hidden>) -> FileReport {
    FileReport { path: path.to_owned(), posts: document.posts.len(), document: Arc::new(document), findings, hidden }
}

/// A document of one post that is nothing but `text`.
fn text_document(text: &str, meta: Meta) -> Document {
    Document {
        format: "text",
        source: text.into(),
        encoding: Encoding::utf8(0),
        origin: Origin::Bytes,
        posts: vec![Post { meta, segments: vec![Segment::body(text)], ..Post::default() }],
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

//! Floor 2, adapters: `postlint.toml`, what an organisation says about itself and about how it wants to be checked.
//!
//! Goes in: the text of a settings file. Comes out: [`Settings`], or [`SettingsErrors`] with a caret at everything that
//! is wrong: an unknown key, a wrong type, a date that does not exist, a path pattern that matches nothing. Names that
//! only others know (rules, packs, channels, formats) are kept with their places and checked by the `check_…` methods
//! once the others are there. No setting is ever passed over in silence.

mod names;
mod paths;
mod read;
mod write;

use crate::model::{
    fault::{Faults, NamedText, Shown},
    file::{self, Unreadable},
    rule::Severity,
    toml,
    value::{At, Fault},
};
use jiff::civil::Date;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

pub use paths::{Globs, absolute, find};

/// Name of the settings file.
pub const FILE_NAME: &str = "postlint.toml";

/// First part of the codes of all faults of settings.
const DOOR: &str = "postlint::settings";

/// Levels that `[limits] nesting` may ask for: what reads them has to come back from each.
pub const DEEPEST: usize = 1000;

/// A name or a phrase, and where it stands.
pub type Named = (String, At);

/// What `postlint.toml` says. The default is what holds without one.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The file, for carets; none for the default.
    pub file: Option<NamedText>,
    /// The folder of the file; paths and patterns start here.
    pub base: PathBuf,
    /// `[organisation]`.
    pub organisation: Organisation,
    /// `[packs]`.
    pub packs: Packs,
    /// `[rules]`, in file order.
    pub rules: Vec<RuleSetting>,
    /// `[accounts.NAME]`.
    pub accounts: BTreeMap<String, Account>,
    /// `[channels.NAME]`: limits of the organisation's own.
    pub limits: Vec<ChannelLimit>,
    /// `[[period]]`, in file order.
    pub periods: Vec<Period>,
    /// `[[overrides]]`, in file order: a later one goes before.
    pub overrides: Vec<Override>,
    /// `[check]`.
    pub check: Check,
    /// `[formats.NAME]`: which column or key holds what.
    pub columns: Vec<Column>,
    /// `[limits]`.
    pub sizes: Sizes,
    /// `[[suppress]]`, in file order.
    pub suppress: Vec<Suppress>,
    /// `[scorer]`.
    pub scorer: Scorer,
    /// `[reserved]`.
    pub reserved: Reserved,
}

/// The organisation: what is its own, and public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: Option<String>,
    /// Its mail and web domains, in lower case.
    pub domains: Vec<String>,
    /// Telephone numbers that it publishes, as written.
    pub public_numbers: Vec<String>,
    /// Addresses of its public buildings, as written.
    pub public_addresses: Vec<String>,
    /// Postcodes of its public buildings, as written.
    pub public_postcodes: Vec<String>,
    /// Mailboxes that belong to a role and not to a person, in lower case.
    pub role_mailboxes: Vec<String>,
    /// People who may be named: councillors, the mayor, spokespeople.
    pub names: Vec<String>,
}

/// Which packs are used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packs {
    /// Built-in packs; none where the settings do not say, and then the enabled ones are used.
    pub names: Option<Vec<Named>>,
    /// Files, folders or patterns of packs of the organisation's own, from the folder of the settings.
    pub paths: Vec<Named>,
}

/// How grave a rule's findings are, or that it does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// It does, and its findings are so grave.
    On(Severity),
}

/// What the settings say about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetting {
    /// Its id, `pack/name`.
    pub id: String,
    /// Where the id stands.
    pub at: At,
    /// Its severity, if it is set.
    pub level: Option<Level>,
    /// Phrases that it lets through.
    pub allow_phrases: Vec<Named>,
}

/// A social-media account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Channels on which it is approved, in lower case.
    pub channels: Vec<Named>,
    /// Channels that are approved from a day on, with that day.
    pub from: Vec<(String, Date)>,
    /// Who may post there.
    pub officers: Vec<String>,
    /// Who speaks there.
    pub voice: Option<Voice>,
    /// Categories or tags of posts that need an approval.
    pub approval_for: Vec<String>,
    /// Services that post there, each with its nominated officers; no officers means those of the account.
    pub services: BTreeMap<String, Vec<String>>,
    /// Name of a profile that sets it apart, such as that of a partnership.
    pub profile: Option<String>,
}

/// A limit of a channel that goes before the one that postlint knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelLimit {
    /// The channel.
    pub channel: Named,
    /// What is limited: `text`, `hashtags`, …
    pub field: Named,
    /// How much there may be, in the unit of the channel.
    pub max: usize,
}

/// Who speaks on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The organisation alone: nobody says *I*.
    Corporate,
    /// Officers who sign their replies (`^JB`).
    Signed,
}

/// A stretch of days in which other rules hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its name.
    pub name: String,
    /// What it is, which rules refer to; the same as the name where the settings do not say.
    pub kind: String,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
    /// Where the block stands.
    pub at: At,
}

/// Other settings for some paths.
#[derive(Debug, Clone)]
pub struct Override {
    /// For which paths.
    pub paths: Globs,
    /// Rules.
    pub rules: Vec<RuleSetting>,
    /// The only packs that hold there, if set.
    pub packs: Option<Vec<Named>>,
    /// Where the block stands.
    pub at: At,
}

/// `[check]`.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// From which severity on a run fails: `error`, `warning`, `info` or `never`.
    pub fail_on: Option<FailOn>,
    /// Paths that are not checked.
    pub exclude: Globs,
    /// Findings below this confidence (0 to 1) are dropped.
    pub min_confidence: Option<f32>,
    /// Posts whose status is one of these, in lower case, are skipped.
    pub skip_status: Vec<String>,
}

/// `[limits]`: how large a draft may be. What is not set keeps its default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of a file, in MiB.
    pub file_mib: Option<usize>,
    /// Bytes of one unpacked part of an office file, in MiB.
    pub unpacked_mib: Option<usize>,
    /// Bytes that one byte of an office file may unpack to.
    pub unpacked_ratio: Option<usize>,
    /// Rows of a table, lines of a line-delimited file.
    pub rows: Option<usize>,
    /// Posts of a file.
    pub posts: Option<usize>,
    /// Findings of a file that are told.
    pub findings: Option<usize>,
    /// Levels of nested lists, objects and elements.
    pub nesting: Option<usize>,
    /// Bytes of a line of the stream, in MiB.
    pub line_mib: Option<usize>,
}

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Findings as grave as this, or graver.
    From(Severity),
    /// No finding.
    Never,
}

/// Which column of a table, or key of an object, holds what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The format, by the name of its decoder.
    pub format: Named,
    /// What it holds: `text`, `channel`, …
    pub role: Named,
    /// The header or key in the file.
    pub name: String,
}

/// A suppression that is kept out of the drafts.
#[derive(Debug, Clone)]
pub struct Suppress {
    /// In which paths.
    pub paths: Globs,
    /// Which rules.
    pub rules: Vec<Named>,
    /// Why.
    pub reason: String,
    /// Last day on which it holds.
    pub until: Option<Date>,
    /// Where the block stands.
    pub at: At,
}

/// `[scorer]`: the learned scorer beside the rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scorer {
    /// Whether it runs; on where the settings do not say.
    pub enabled: Option<bool>,
    /// Share of good posts (0 to 1) on which it may raise a false alarm.
    pub budget: Option<f32>,
    /// A model file in place of the one that comes with the program, from the folder of the settings.
    pub model: Option<Named>,
}

/// What becomes of values that nobody can own: drama numbers, test cards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reserved {
    /// Reported like any other, and marked.
    #[default]
    Report,
    /// Reported as advice.
    Note,
    /// Not reported.
    Ignore,
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, thiserror::Error, miette::Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub struct SettingsErrors(pub Faults);

/// Reads the text of a settings file; `name` is how the user knows the file, and its folder is where paths start.
pub fn parse(name: &str, text: &str) -> Result<Settings, SettingsErrors> {
    let (root, mut faults) = toml::parse(0, text);
    let not_toml = faults.iter().any(|f| f.code == toml::SYNTAX);
    let mut settings = read::settings(&root, &mut faults);
    // What else seems wrong in a file that is not TOML may come from the parser's guesses.
    faults.retain(|f| !not_toml || f.code == toml::SYNTAX);
    settings.file = Some(NamedText::new(name, text.to_owned()));
    Path::new(name).parent().unwrap_or(Path::new("")).clone_into(&mut settings.base);
    settings.ok_unless(faults)?;
    Ok(settings)
}

/// Reads the settings file at `path`.
pub fn load(path: &Path) -> Result<Settings, SettingsErrors> {
    let name = path.display().to_string();
    let text = file::read_text(path).map_err(|error| match error {
        Unreadable::Io(error) => {
            let message = format!("the settings {name} cannot be read: {error}");
            placeless("unreadable", message, "check the path that was given with --config")
        }
        Unreadable::NotUtf8(at) => placeless(
            "not_utf8",
            format!("the settings {name} are not UTF-8 text (byte {at})"),
            "save the file as UTF-8",
        ),
    })?;
    let mut settings = parse(&name, &text)?;
    path.parent().unwrap_or(Path::new("")).clone_into(&mut settings.base);
    Ok(settings)
}

fn placeless(code: &str, message: String, help: &str) -> SettingsErrors {
    let shown = Shown::placeless(format!("{DOOR}::{code}"), message, Some(help.to_owned()));
    SettingsErrors(Faults::new(vec![shown]))
}

impl Settings {
    /// Faults at their places in the settings file, in the form of all others.
    pub fn errors(&self, faults: Vec<Fault>) -> SettingsErrors {
        SettingsErrors(Faults::from_faults(DOOR, self.file.as_slice(), faults))
    }

    fn ok_unless(&self, faults: Vec<Fault>) -> Result<(), SettingsErrors> {
        if faults.is_empty() { Ok(()) } else { Err(self.errors(faults)) }
    }

    /// What holds for `rule` in `path`: its level if the settings set one, and where they do. Overrides go before
    /// `[rules]`, and the last override before the others.
    pub fn level(&self, path: &Path, rule: &str) -> Option<(Level, At)> {
        let inside = self.overrides_of(path).flat_map(|o| o.rules.iter().rev());
        inside.chain(self.rules.iter().rev()).filter(|r| r.id == rule).find_map(|r| Some((r.level?, r.at)))
    }

    /// The only packs that hold in `path`, if an override says so.
    pub fn packs_in(&self, path: &Path) -> Option<&[Named]> {
        self.overrides_of(path).find_map(|o| o.packs.as_deref())
    }

    /// The overrides that hold in `path`, the last first.
    fn overrides_of(&self, path: &Path) -> impl Iterator<Item = &Override> {
        // Asking where the working folder is costs a system call: only where there are overrides.
        let path = if self.overrides.is_empty() { PathBuf::new() } else { self.relative(path) };
        self.overrides.iter().rev().filter(move |o| o.paths.holds(&path))
    }

    /// Whether `path` is not to be checked.
    pub fn excludes(&self, path: &Path) -> bool {
        self.check.exclude.holds(&self.relative(path))
    }

    /// `path` as patterns see it: from the folder of the settings.
    pub fn relative(&self, path: &Path) -> PathBuf {
        paths::relative(&self.base, path)
    }

    /// The files and folders of the organisation's own packs. A pattern that matches no file is an error.
    pub fn pack_paths(&self) -> Result<Vec<PathBuf>, SettingsErrors> {
        let mut found: Vec<PathBuf> = self.pack_places()?.into_iter().map(|(path, _)| path).collect();
        found.dedup();
        Ok(found)
    }

    /// The same, each with the place of the pattern that means it.
    pub fn pack_places(&self) -> Result<Vec<(PathBuf, At)>, SettingsErrors> {
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for (pattern, at) in &self.packs.paths {
            match paths::expand(&self.base, pattern) {
                Ok(paths) => found.extend(paths.into_iter().map(|path| (path, *at))),
                Err((code, message)) => {
                    let fault = Fault::new(*at, message).code(code);
                    faults.push(fault.help("paths of packs start at the folder of the settings file"));
                }
            }
        }
        self.ok_unless(faults)?;
        Ok(found)
    }

    /// Where something stands, for people: file and line, from 1.
    pub fn origin(&self, at: At) -> String {
        let Some(file) = &self.file else { return "default".to_owned() };
        let line = file.text.get(..at.start).unwrap_or_default().matches('\n').count() + 1;
        format!("{}:{line}", file.name)
    }
}

#[cfg(test)]
mod tests;

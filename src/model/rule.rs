//! A rule as its author wrote it: what it is about, and the keys that its kind will compile.

use super::value::{At, Table, Texts};
use std::{fmt, str::FromStr, sync::Arc};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice; fails a run only where that is asked for.
    Info,
    /// A human should look.
    Warning,
    /// Must not go out.
    Error,
}

/// What a rule guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Disclosure of confidential information.
    Confidential,
    /// Damage to the organisation's standing, impartiality or legal position.
    Reputation,
    /// The officer's own view.
    Opinion,
    /// Who may post what where.
    Conduct,
    /// Publicity law.
    Publicity,
    /// Inclusive language.
    Inclusive,
    /// Accessibility of the post.
    Accessibility,
    /// Plain English.
    Style,
    /// Left-overs and broken characters.
    Hygiene,
}

macro_rules! named {
    ($type:ty, $what:literal, $($variant:path => $name:literal),+ $(,)?) => {
        impl $type {
            /// All names, in the order of the variants.
            pub const NAMES: &'static [&'static str] = &[$($name),+];
            /// All values, in the order of `NAMES`.
            pub const ALL: &'static [Self] = &[$($variant),+];
            /// The name that packs, settings and outputs use.
            pub const fn name(self) -> &'static str {
                match self { $($variant => $name),+ }
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
        impl FromStr for $type {
            type Err = String;
            fn from_str(s: &str) -> Result<Self, String> {
                match s { $($name => Ok($variant),)+ _ => Err(format!(concat!("unknown ", $what, " `{}`: use one of {}"), s, Self::NAMES.join(", "))) }
            }
        }
    };
}

named!(Severity, "severity", Severity::Info => "info", Severity::Warning => "warning", Severity::Error => "error");
named!(Category, "category",
    Category::Confidential => "confidential", Category::Reputation => "reputation", Category::Opinion => "opinion",
    Category::Conduct => "conduct", Category::Publicity => "publicity", Category::Inclusive => "inclusive",
    Category::Accessibility => "accessibility", Category::Style => "style", Category::Hygiene => "hygiene");

/// Where a rule holds. Empty lists mean everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applies {
    /// Channels, in lower case.
    pub channels: Vec<String>,
    /// Accounts, by their name in settings.
    pub accounts: Vec<String>,
    /// `post`, `reply`, or nothing for both.
    pub mode: Option<String>,
    /// Name or kind of a period of the calendar in which alone the rule holds; several are joined by `|`.
    pub period: Option<String>,
}

/// What to do about a finding of a rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FixSpec {
    /// What to write instead, in words.
    pub advice: String,
    /// Remove the match.
    pub delete: bool,
    /// Put one of these in its place, best first; `{1}` and `{name}` are captures, `{match}` the matched text. The first
    /// is made without asking, the others are for people to choose from.
    pub replace: Vec<String>,
    /// Whether the edit may be made without a human's look.
    pub safe: bool,
}

/// An example of a rule: a test, and a part of its page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    /// Where it stands.
    pub at: At,
    /// The draft.
    pub text: String,
    /// Whether the rule must fire.
    pub bad: bool,
    /// What it must find, in order; empty: at least something.
    pub finds: Vec<String>,
    /// The draft after the rule's fixes, if given.
    pub fixed: Option<String>,
    /// Channel of the draft.
    pub channel: Option<String>,
    /// Account of the draft.
    pub account: Option<String>,
    /// When the draft goes out.
    pub scheduled: Option<String>,
    /// `post` or `reply`.
    pub mode: Option<String>,
    /// The format that the draft is written in; plain text where none is named.
    pub format: Option<String>,
}

/// What everybody may know of a rule; shared by all its findings.
#[derive(Debug, Clone)]
pub struct RuleMeta {
    /// `pack/name`.
    pub id: String,
    /// What it flags, as a title.
    pub title: String,
    /// What it guards.
    pub category: Category,
    /// How grave its findings are.
    pub severity: Severity,
    /// Confidence of a bare hit, from 0 to 1.
    pub confidence: f32,
    /// Clauses of the pack's policy.
    pub clauses: Vec<String>,
    /// Why the policy minds.
    pub why: String,
    /// What a finding says; placeholders in braces.
    pub message: String,
    /// Scopes it looks at; empty: all that a reader sees.
    pub scopes: Vec<String>,
    /// Where it holds.
    pub applies: Applies,
    /// What it matches is masked in every output.
    pub sensitive: bool,
    /// A draft cannot suppress it.
    pub locked: bool,
    /// What to do.
    pub fix: FixSpec,
    /// Its tests.
    pub examples: Vec<Example>,
}

/// A rule, ready for its kind to compile.
#[derive(Debug, Clone)]
pub struct RuleSpec {
    /// What it is about.
    pub meta: Arc<RuleMeta>,
    /// Name of its kind; `match` where the block names none.
    pub kind: String,
    /// The keys that belong to the kind: every key of the block that is not in `RuleMeta`.
    pub params: Table,
    /// The block's header line.
    pub at: At,
    /// Where its message stands, if it has one of its own.
    pub message_at: Option<At>,
    /// Where each replacement of its fix stands.
    pub replace_at: Vec<At>,
}

/// Named word lists of a pack; entries are phrases.
pub type Lists = std::collections::BTreeMap<String, Texts>;

/// A pack of rules.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name, the first half of its rules' ids.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub summary: String,
    /// The policy whose clauses its rules cite.
    pub policy: Option<String>,
    /// On unless settings say otherwise.
    pub enabled: bool,
    /// Settings under which its examples run, as TOML, where they need accounts or a calendar.
    pub example_settings: Option<(String, At)>,
    /// Shipped with postlint: its rules are known to compile, and are compiled when they are first needed.
    pub builtin: bool,
    /// Its own lists.
    pub lists: Lists,
    /// Its rules, in file order.
    pub rules: Vec<RuleSpec>,
}

/// A clause of a policy, paraphrased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// How rules cite it: `1.6.2-a`.
    pub id: String,
    /// What it says, in other words than the policy's.
    pub text: String,
    /// The risk that it manages.
    pub risk: String,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name in packs.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Its clauses.
    pub clauses: Vec<Clause>,
}

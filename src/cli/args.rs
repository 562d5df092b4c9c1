//! The command line: what can be typed, and what the help says.

mod begin;
mod count;
mod rules;

pub(super) use begin::{CiArg, HookArg, InitArgs, WatchArgs};
pub(super) use count::{ChannelsArgs, CountArgs};
pub(super) use rules::{ExplainArgs, LearnArgs, LintArgs, RulesArgs, RulesCommand};

use super::shell;
use crate::{
    model::{rule::Severity, value::suggestion},
    report,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};
use std::path::PathBuf;

/// Checks draft social-media posts against your staff policy before they go out.
///
/// It names each problem with the clause behind it and what to write instead. Nothing leaves this computer.
#[derive(Debug, Parser)]
#[command(name = "postlint", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  postlint check drafts/                     every draft in a folder
  postlint check --text \"Honestly, about time!\"
  postlint explain opinion/first-person-view  a rule, its reason and its examples

Exit codes: 0 nothing to stop, 1 findings, 2 something could not be checked";

/// The commands.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)] // made once
pub(super) enum Command {
    /// Begin: write settings, a hook, a CI file, a pack of your own and a sample
    Init(InitArgs),
    /// Check drafts: files, folders, standard input or a sentence
    Check(CheckArgs),
    /// Check again whenever a draft is saved
    Watch(WatchArgs),
    /// Check a stream: one JSON post a line in, one JSON result a line out
    Stream(StreamArgs),
    /// Open a page on this computer that checks while you type
    #[cfg(feature = "desk")]
    Desk(DeskArgs),
    /// Length of a draft as each channel counts it, against its limit
    Count(CountArgs),
    /// List what each channel allows, with the source and date of every limit
    Channels(ChannelsArgs),
    /// List, show, test and better rules
    Rules(RulesArgs),
    /// Explain a rule: why, which clause, what to write, examples
    Explain(ExplainArgs),
    /// Show the settings that hold, and where each comes from
    Config(ConfigArgs),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Serve an editor on standard input and output (Language Server Protocol)
    #[cfg(feature = "lsp")]
    Lsp(RuleArgs),
    /// Print the manual page
    Man {
        /// Write a page for each command to this folder
        #[arg(long = "to", value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
    /// Train the scorer from labelled drafts
    Learn(LearnArgs),
}

/// Which rules run.
#[derive(Debug, Args, Default, Clone)]
pub(super) struct RuleArgs {
    /// Use this pack: a built-in name, a TOML file or a folder (may be given again)
    #[arg(long, value_name = "FILE|NAME", help_heading = "Rules", add = ArgValueCompleter::new(shell::Packs))]
    pub pack: Vec<String>,
    /// Run only this rule (may be given again)
    #[arg(long, value_name = "ID", help_heading = "Rules", add = ArgValueCandidates::new(shell::rule_ids))]
    pub rule: Vec<String>,
    /// Settings file; without it postlint.toml is looked for in this folder and above
    #[arg(long, value_name = "FILE", help_heading = "Rules", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, help_heading = "Rules")]
    pub no_config: bool,
    /// Show also what drafts and settings suppress
    #[arg(long, help_heading = "Rules")]
    pub ignore_suppressions: bool,
    /// Drop findings below this confidence, from 0 to 1 [default: 0.5]
    #[arg(long, value_name = "N", value_parser = unit, help_heading = "Rules")]
    pub min_confidence: Option<f32>,
}

/// What holds for drafts that do not say it themselves.
#[derive(Debug, Args, Default, Clone)]
pub(super) struct DraftArgs {
    /// The channel the draft goes to (may be given again)
    #[arg(long, value_name = "NAME", help_heading = "Drafts")]
    pub channel: Vec<String>,
    /// The account it goes out on
    #[arg(long, value_name = "NAME", help_heading = "Drafts")]
    pub account: Option<String>,
    /// When it goes out: 2027-03-25T09:00, or `now`
    #[arg(long, value_name = "TIME", help_heading = "Drafts")]
    pub at: Option<String>,
    /// A post of its own, or a reply to a resident
    #[arg(long, value_enum, help_heading = "Drafts")]
    pub mode: Option<ModeArg>,
}

/// `--mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ModeArg {
    /// A post of its own
    Post,
    /// A reply to a resident
    Reply,
}

/// `postlint check`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
pub(super) struct CheckArgs {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Check this sentence
    #[arg(long, value_name = "TEXT", conflicts_with = "paths", allow_hyphen_values = true)]
    pub text: Option<String>,
    /// Name of the draft on standard input, for its format and its settings
    #[arg(long, value_name = "FILE")]
    pub stdin_filename: Option<PathBuf>,
    /// Rules to run.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// What drafts do not say themselves.
    #[command(flatten)]
    pub drafts: DraftArgs,
    /// Output format, or FORMAT=FILE to write it to a file; may be given again [default: human, or that of the CI server]
    #[arg(long, value_name = "FORMAT", value_parser = OutputArg::parse, add = ArgValueCandidates::new(shell::formats), help_heading = "Output")]
    pub format: Vec<OutputArg>,
    /// Write the report to a file (the exit code stays the same)
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// From which severity on the run fails
    #[arg(long, value_name = "SEVERITY", value_enum, help_heading = "Output")]
    pub fail_on: Option<FailOnArg>,
    /// Show what sensitive rules matched; without it such values are masked everywhere. Where CI is set, only `force` does
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "ask", help_heading = "Output")]
    pub show_values: Option<ShowArg>,
    /// Check what Git is about to commit: the staged content, changed posts only; below PATH, if one is named
    #[arg(long, help_heading = "Git", conflicts_with_all = ["text", "fix", "diff"])]
    pub staged: bool,
    /// Check what changed since a commit, changed posts only; below PATH, if one is named
    #[arg(long, value_name = "REF", help_heading = "Git", conflicts_with_all = ["text", "fix", "diff", "staged"])]
    pub since: Option<String>,
    /// Let be what this file knows; it is made with --write-baseline
    #[arg(long, value_name = "FILE", help_heading = "Baseline")]
    pub baseline: Option<PathBuf>,
    /// Write everything that is found now to the baseline file
    #[arg(long, requires = "baseline", help_heading = "Baseline")]
    pub write_baseline: bool,
    /// List the files that would be checked, and why others are left out
    #[arg(long)]
    pub files: bool,
    /// Mend what can be mended safely, in the files
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,
    /// With --fix or --diff: also mend what may change the meaning
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, help_heading = "Fixes", conflicts_with = "fix")]
    pub diff: bool,
    /// Go through the findings one by one: mend, write, let through, skip
    #[arg(long, help_heading = "Fixes", conflicts_with_all = ["fix", "diff", "text", "staged", "since", "files", "write_baseline", "ignore_suppressions"])]
    pub interactive: bool,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// Tell on standard error where the time went: stages, and the ten dearest rules
    #[arg(long)]
    pub timings: bool,
}

/// `--show-values`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShowArg {
    /// Unless this is a CI job, whose log others read
    Ask,
    /// Also in a CI job
    Force,
}

/// `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnArg {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Anything
    Info,
    /// Nothing that is found
    Never,
}

impl FailOnArg {
    /// The least severity that fails a run.
    pub(super) fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// `postlint stream`.
#[derive(Debug, Args)]
pub(super) struct StreamArgs {
    /// Rules to run.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Show what sensitive rules matched. Where CI is set, only `force` does
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "ask")]
    pub show_values: Option<ShowArg>,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
}

/// `postlint desk`.
#[cfg(feature = "desk")]
#[derive(Debug, Args)]
pub(super) struct DeskArgs {
    /// Rules to run.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Print the address, and open no browser
    #[arg(long)]
    pub no_open: bool,
    /// Close when nothing was asked for so many minutes
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    pub idle: Option<f64>,
}

#[cfg(feature = "desk")]
fn minutes(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if n > 0.0 && n <= 60.0 * 24.0 * 7.0 => Ok(n),
        _ => Err("a number of minutes above 0 is needed, 10080 (a week) at most".to_owned()),
    }
}

/// `postlint config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// The path that the settings are shown for
    #[arg(long = "for", value_name = "PATH")]
    pub path: Option<PathBuf>,
    /// Rules to run.
    #[command(flatten)]
    pub rules: RuleArgs,
}

fn unit(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(n) if (0.0..=1.0).contains(&n) => Ok(n),
        _ => Err("a number from 0 to 1 is needed".to_owned()),
    }
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(n) if (1..=256).contains(&n) => Ok(n),
        _ => Err("a number from 1 to 256 is needed".to_owned()),
    }
}

/// `--format`: a format, and the file that it goes to.
#[derive(Debug, Clone)]
pub(super) struct OutputArg {
    /// Name of the format.
    pub format: String,
    /// The file; without it the format goes to standard output.
    pub file: Option<PathBuf>,
}

impl OutputArg {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(PathBuf::from(file))));
        let names: Vec<&str> = report::FORMATS.iter().map(|f| f.name()).collect();
        if names.contains(&name) {
            return Ok(Self { format: name.to_owned(), file });
        }
        Err(format!("there is no format `{name}`; {}", suggestion(name, &names)))
    }
}

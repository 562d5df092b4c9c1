//! What can be typed behind `rules`, `explain` and `learn`: the commands of those who write rules.

use super::{RuleArgs, unit};
use crate::cli::shell;
use clap::{Args, Subcommand};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};
use std::path::PathBuf;

/// `postlint rules`.
#[derive(Debug, Args)]
pub(in crate::cli) struct RulesArgs {
    /// What to do with the rules.
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What `postlint rules` can do.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RulesCommand {
    /// List the rules that run
    List {
        /// Rules to list.
        #[command(flatten)]
        rules: RuleArgs,
        /// Output format
        #[arg(long, value_parser = ["human", "json"], default_value = "human")]
        format: String,
    },
    /// Show a rule
    Show(ExplainArgs),
    /// Run the examples of rules
    Test {
        /// Packs to test: built-in names, files or folders; without them, those of the settings
        #[arg(value_name = "PACK", add = ArgValueCompleter::new(shell::Packs))]
        packs: Vec<String>,
        /// List the phrases and patterns that no bad example of their rule meets
        #[arg(long)]
        coverage: bool,
        /// Rules to test.
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Say what could be better in packs: phrases that do nothing, rules that others hide, patterns that cost much
    Lint(LintArgs),
    /// Measure the rules on labelled drafts (JSONL: id, text, violations)
    Score {
        /// Files of labelled drafts; a row without `violations` is taken as clean
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// Also list every quote that was missed and every false alarm
        #[arg(long)]
        list: bool,
        /// Rules to measure.
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Print the JSON schema of packs, settings or outputs
    Schema {
        /// What it describes
        #[arg(value_name = "NAME", value_parser = crate::cli::schema::names(), default_value = "pack")]
        name: String,
    },
    /// List the policy's clauses with the rules behind each
    Coverage {
        /// Rules to count.
        #[command(flatten)]
        rules: RuleArgs,
    },
}

/// `postlint rules lint`.
#[derive(Debug, Args)]
pub(in crate::cli) struct LintArgs {
    /// Packs to look at: built-in names, files or folders; without them, those of the settings
    #[arg(value_name = "PACK", add = ArgValueCompleter::new(shell::Packs))]
    pub packs: Vec<String>,
    /// Good posts that no rule should stop, one JSON object with "text" a line, in place of those that postlint has
    #[arg(long, value_name = "FILE.jsonl")]
    pub clean: Option<PathBuf>,
    /// Rules to look at.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// `postlint explain`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// The rule, as findings name it: pack/name
    #[arg(value_name = "ID", add = ArgValueCandidates::new(shell::rule_ids))]
    pub id: String,
    /// Where to look for it.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// `postlint learn`.
#[derive(Debug, Args, Clone)]
pub(in crate::cli) struct LearnArgs {
    /// Labelled drafts, one JSON object a line; one file for each author
    #[arg(required = true, value_name = "LABELLED")]
    pub labelled: Vec<PathBuf>,
    /// Published posts that are taken as clean, one JSON object with "text" a line
    #[arg(long, value_name = "POSTS", num_args = 1..)]
    pub clean: Vec<PathBuf>,
    /// Labelled drafts that are measured on, not learned from
    #[arg(long, value_name = "LABELLED", num_args = 1..)]
    pub test: Vec<PathBuf>,
    /// Share of clean drafts on which a false alarm is bearable, from 0 to 1
    #[arg(long, value_name = "N", value_parser = unit, default_value_t = 0.01)]
    pub budget: f32,
    /// Fixes every choice that is left to chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Where the model is written
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
}

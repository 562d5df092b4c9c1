//! What can be typed behind `init` and `watch`.

use super::{DraftArgs, RuleArgs};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `postlint init`.
#[derive(Debug, Args)]
pub(in crate::cli) struct InitArgs {
    /// The folder that holds the drafts
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
    /// Ask nothing; take what would be proposed
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    /// Replace files that are there already
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// What checks drafts before a commit [proposed: pre-commit]
    #[arg(long, value_enum, value_name = "HOOK")]
    pub(in crate::cli) hook: Option<HookArg>,
    /// The CI server that checks them again [proposed: that of the Git remote]
    #[arg(long, value_enum, value_name = "CI")]
    pub(in crate::cli) ci: Option<CiArg>,
}

/// `--hook`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum HookArg {
    /// A configuration of pre-commit
    PreCommit,
    /// A script in Git's own folder of hooks, on this computer only
    Git,
    /// No hook
    None,
}

/// `--ci`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CiArg {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// No CI file
    None,
}

/// `postlint watch`.
#[derive(Debug, Args)]
pub(in crate::cli) struct WatchArgs {
    /// Files and folders
    #[arg(value_name = "PATH", default_value = ".")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Rules to run.
    #[command(flatten)]
    pub(in crate::cli) rules: RuleArgs,
    /// What drafts do not say themselves.
    #[command(flatten)]
    pub(in crate::cli) drafts: DraftArgs,
}

//! What can be typed behind `count` and `channels`.

use clap::Args;
use std::path::PathBuf;

/// `postlint count`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CountArgs {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Count this text
    #[arg(long, value_name = "TEXT", conflicts_with = "paths", allow_hyphen_values = true)]
    pub(in crate::cli) text: Option<String>,
    /// Name of the draft on standard input, for its format
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) stdin_filename: Option<PathBuf>,
    /// The channel to count for (may be given again) [default: the draft's own, or all]
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) channel: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    pub(in crate::cli) format: String,
    /// Settings file; without it postlint.toml is looked for in this folder and above
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub(in crate::cli) no_config: bool,
}

/// `postlint channels`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ChannelsArgs {
    /// The channel to list (may be given again) [default: all]
    #[arg(value_name = "NAME")]
    pub(in crate::cli) channel: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    pub(in crate::cli) format: String,
}

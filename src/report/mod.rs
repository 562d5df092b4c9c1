//! Floor 2, adapters: a report to bytes. Only writers know lines and columns, and only here a value is masked.
//!
//! A format is one file and one row of [`FORMATS`]. All of them take the words of a draft from [`Shown`], which masks
//! what sensitive rules matched wherever it appears, also in the window or the message of another finding.

mod concise;
mod escape;
mod github;
mod gitlab;
mod html;
pub mod human;
pub mod json;
mod jsonl;
mod markdown;
mod rdjsonl;
mod sarif;
mod shown;
mod tap;
mod xml;

use crate::model::finding::Report;
use std::io;

pub use shown::{Column, Range, Shown};

/// An output format.
pub trait Reporter: Sync {
    /// Its name for `--format`.
    fn name(&self) -> &'static str;
    /// What it is for, in one line.
    fn about(&self) -> &'static str;
    /// Writes the whole report.
    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Every output format, in the order of the help text.
pub const FORMATS: &[&dyn Reporter] = &[
    &human::Human,
    &concise::Concise,
    &json::Json,
    &jsonl::Jsonl,
    &sarif::Sarif,
    &github::Github,
    &gitlab::Gitlab,
    &xml::Junit,
    &xml::Checkstyle,
    &rdjsonl::Rdjsonl,
    &tap::Tap,
    &markdown::Markdown,
    &html::Html,
];

/// The format called `name`.
pub fn find(name: &str) -> Option<&'static dyn Reporter> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

/// How a report is shown.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Use colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Show what sensitive rules matched.
    pub show_values: bool,
    /// Show suppressed findings too.
    pub show_suppressed: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80, show_values: false, show_suppressed: false }
    }
}

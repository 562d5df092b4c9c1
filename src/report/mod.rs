//! Floor 2, adapters: a report to bytes. Only writers know lines and columns, and only here a value is masked.

use crate::model::finding::Report;
use std::io;

/// An output format.
pub trait Reporter: Sync {
    /// Its name for `--format`.
    fn name(&self) -> &'static str;
    /// Writes the whole report.
    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// How a report is shown.
#[derive(Debug, Clone)]
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

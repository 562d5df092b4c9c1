//! One finding a line, for pipes and tables.

use super::{Reporter, Shown, Style, escape, json};
use crate::model::finding::Report;
use std::io;

/// `--format jsonl`.
pub(super) struct Jsonl;

impl Reporter for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn about(&self) -> &'static str {
        "one JSON object a line for each finding"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        for file in &report.files {
            if file.findings.is_empty() {
                continue;
            }
            let shown = Shown::new(file, style);
            for finding in json::visible(&file.findings, style) {
                serde_json::to_writer(escape::Tame(out), &json::finding(&shown, finding))?;
                writeln!(out)?;
            }
        }
        for skipped in &report.skipped {
            serde_json::to_writer(escape::Tame(out), &serde_json::json!({ "skipped": json::skipped(skipped) }))?;
            writeln!(out)?;
        }
        Ok(())
    }
}

//! Test Anything Protocol, version 13: a test for each file, findings in its YAML block.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{fault::clean, finding::Report};
use std::io;

/// `--format tap`.
pub(super) struct Tap;

impl Reporter for Tap {
    fn name(&self) -> &'static str {
        "tap"
    }

    fn about(&self) -> &'static str {
        "Test Anything Protocol, a test for each file"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "TAP version 13\n1..{}", report.files.len() + report.skipped.len())?;
        let mut number = 0;
        for file in &report.files {
            number += 1;
            let shown = Shown::new(file, style);
            let found: Vec<_> = visible(&file.findings, style).collect();
            let verdict = if found.is_empty() { "ok" } else { "not ok" };
            writeln!(out, "{verdict} {number} - {}", line(&escape::path(&file.path)))?;
            if found.is_empty() {
                continue;
            }
            writeln!(out, "  ---\n  findings:")?;
            for finding in found {
                let start = shown.range(finding.place.span).start;
                let message = serde_json::Value::from(clean(&shown.message(finding)));
                writeln!(out, "    - rule: \"{}\"\n      severity: {}", finding.rule.id, finding.severity)?;
                writeln!(out, "      line: {}\n      column: {}", start.line + 1, Column::Chars.of(start))?;
                writeln!(out, "      message: {message}")?;
            }
            writeln!(out, "  ...")?;
        }
        for skipped in &report.skipped {
            number += 1;
            writeln!(
                out,
                "not ok {number} - {}: not checked: {}",
                line(&escape::path(&skipped.path)),
                line(&skipped.reason)
            )?;
        }
        Ok(())
    }
}

/// A description on one line; `#` would begin a directive.
fn line(text: &str) -> String {
    clean(text).replace(['\n', '#'], " ")
}

//! One line a finding, as compilers print them: `path:line:column: severity: message [rule]`.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{fault::clean, finding::Report};
use std::io;

/// `--format concise`.
pub(super) struct Concise;

impl Reporter for Concise {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn about(&self) -> &'static str {
        "one line for each finding: path:line:column: severity: message [rule]"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        for file in &report.files {
            let shown = Shown::new(file, style);
            for finding in visible(&file.findings, style) {
                let start = shown.range(finding.place.span).start;
                let message = clean(&shown.message(finding)).replace('\n', " ");
                let path = escape::line_start(&file.path);
                writeln!(
                    out,
                    "{path}:{}:{}: {}: {message} [{}]",
                    start.line + 1,
                    Column::Chars.of(start),
                    finding.severity,
                    finding.rule.id
                )?;
            }
        }
        for skipped in &report.skipped {
            writeln!(out, "{}: not checked: {}", escape::line_start(&skipped.path), clean(&skipped.reason))?;
        }
        Ok(())
    }
}

//! GitHub Actions: workflow commands that become annotations, worst first, since GitHub shows ten errors and ten warnings
//! of a step and drops the rest; then one summary line. The table of all findings goes to the step summary.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{
    fault::clean,
    finding::{Finding, Report},
    rule::Severity,
};
use std::io;

/// `--format github`.
pub(super) struct Github;

/// Annotations of one severity that GitHub shows of a step. *Source:* actions/toolkit, issue 734.
const SHOWN: usize = 10;

impl Reporter for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "annotations for GitHub Actions"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let files: Vec<Shown<'_>> = report.files.iter().map(|f| Shown::new(f, style)).collect();
        for severity in Severity::ALL.iter().rev() {
            let all = files.iter().flat_map(|s| visible(&s.file.findings, style).map(move |f| (s, f)));
            for (shown, finding) in all.filter(|(_, f)| f.severity == *severity).take(SHOWN) {
                command(shown, finding, out)?;
            }
        }
        for skipped in &report.skipped {
            let path = escape::command_property(&clean(&escape::path(&skipped.path)));
            let reason = escape::command_data(&format!("not checked: {}", clean(&skipped.reason)));
            writeln!(out, "::error title=postlint,file={path}::{reason}")?;
        }
        let summary = format!(
            "postlint checked {} posts in {} files: {} errors, {} warnings, {} hints, {} files not checked",
            report.posts(),
            report.files.len(),
            report.count(Severity::Error),
            report.count(Severity::Warning),
            report.count(Severity::Info),
            report.skipped.len()
        );
        writeln!(out, "::notice title=postlint::{summary}")
    }
}

fn command(shown: &Shown<'_>, finding: &Finding, out: &mut dyn io::Write) -> io::Result<()> {
    let range = shown.range(finding.place.span);
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let path = escape::command_property(&clean(&escape::path(&shown.file.path)));
    let title = escape::command_property(&finding.rule.id);
    let lines = format!("line={},endLine={}", range.start.line + 1, range.end.line + 1);
    // GitHub takes columns only of a finding on one line.
    let columns = if range.start.line == range.end.line {
        format!(",col={},endColumn={}", Column::Chars.of(range.start), Column::Chars.of(range.end))
    } else {
        String::new()
    };
    let message = escape::command_data(&clean(&format!("{}. {}", shown.message(finding), finding.advice)));
    writeln!(out, "::{name} title={title},file={path},{lines}{columns}::{message}")
}

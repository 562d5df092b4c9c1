//! A table of findings in Markdown, for a comment on a merge request or a step summary.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{fault::clean, finding::Report};
use std::io;

/// `--format markdown`.
pub(super) struct Markdown;

/// Rows at most: a comment has a limit, and nobody reads more.
const ROWS: usize = 200;

impl Reporter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "a table for a comment on a merge request"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let files: Vec<Shown<'_>> = report.files.iter().map(|f| Shown::new(f, style)).collect();
        let mut all: Vec<_> =
            files.iter().flat_map(|s| visible(&s.file.findings, style).map(move |f| (s, f))).collect();
        all.sort_by_key(|(_, f)| std::cmp::Reverse(f.severity));
        writeln!(out, "### postlint\n")?;
        writeln!(
            out,
            "{} posts in {} files checked with {} rules: {} findings.\n",
            report.posts(),
            report.files.len(),
            report.rules.len(),
            all.len()
        )?;
        if !all.is_empty() {
            writeln!(out, "| | where | what | do | clause |\n|---|---|---|---|---|")?;
        }
        for (shown, finding) in all.iter().take(ROWS) {
            let start = shown.range(finding.place.span).start;
            let cell = |text: &str| escape::markdown_cell(&clean(text));
            writeln!(
                out,
                "| {} | {}:{}:{} | {} | {} | {} |",
                finding.severity,
                cell(&escape::path(&shown.file.path)),
                start.line + 1,
                Column::Chars.of(start),
                cell(&shown.message(finding)),
                cell(&finding.advice),
                cell(&finding.rule.clauses.join(", "))
            )?;
        }
        if all.len() > ROWS {
            writeln!(out, "\n… and {} more.", all.len() - ROWS)?;
        }
        for skipped in &report.skipped {
            let (path, reason) = (clean(&escape::path(&skipped.path)), clean(&skipped.reason));
            writeln!(out, "\nNot checked: {}: {}", escape::markdown_cell(&path), escape::markdown_cell(&reason))?;
        }
        writeln!(out, "\nNo findings is not an approval: only a person can approve a post.")
    }
}

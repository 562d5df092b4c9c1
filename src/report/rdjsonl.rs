//! reviewdog's diagnostic lines. Columns are bytes of UTF-8 from 1, ends are exclusive.
//! *Source:* reviewdog's `proto/rdf/reviewdog.proto`.

use super::{Column, Range, Reporter, Shown, Style, escape, json::visible};
use crate::model::finding::{Applicability, Report};
use serde_json::{Value, json};
use std::io;

/// `--format rdjsonl`.
pub(super) struct Rdjsonl;

impl Reporter for Rdjsonl {
    fn name(&self) -> &'static str {
        "rdjsonl"
    }

    fn about(&self) -> &'static str {
        "reviewdog diagnostics with suggestions, one a line"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        for file in &report.files {
            let shown = Shown::new(file, style);
            for finding in visible(&file.findings, style) {
                let fixes = finding.fixes.iter().filter(|f| f.applicability > Applicability::Display);
                let edits = fixes.take(1).flat_map(|f| &f.edits).filter(|e| !shown.is_masked(e.span));
                let suggestions: Vec<Value> =
                    edits.map(|e| json!({ "range": range(shown.range(e.span)), "text": e.content })).collect();
                let line = json!({
                    "message": shown.message(finding),
                    "location": { "path": escape::path(&file.path), "range": range(shown.range(finding.place.span)) },
                    "severity": finding.severity.name().to_uppercase(),
                    "source": { "name": "postlint" },
                    "code": { "value": finding.rule.id },
                    "suggestions": suggestions,
                });
                serde_json::to_writer(&mut *out, &line)?;
                writeln!(out)?;
            }
        }
        for skipped in &report.skipped {
            let line = json!({ "message": format!("not checked: {}", skipped.reason), "severity": "ERROR",
                "location": { "path": escape::path(&skipped.path) }, "source": { "name": "postlint" } });
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

fn range(range: Range) -> Value {
    let place = |p: crate::text::lines::Position| json!({ "line": p.line + 1, "column": Column::Bytes.of(p) });
    json!({ "start": place(range.start), "end": place(range.end) })
}

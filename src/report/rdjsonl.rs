//! reviewdog's diagnostic lines. Columns are bytes of UTF-8 from 1, ends are exclusive.
//! *Source:* reviewdog's `proto/rdf/reviewdog.proto`.

use super::{Column, Range, Reporter, Shown, Style, escape, json::visible};
use crate::model::{
    document::Quoting,
    finding::{Applicability, Finding, Fix, Report},
};
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
                let fix = finding.fixes.iter().find(|fix| is_suggested(&shown, finding, fix));
                let edits = fix.into_iter().flat_map(|fix| &fix.edits);
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
                serde_json::to_writer(escape::Tame(out), &line)?;
                writeln!(out)?;
            }
        }
        for skipped in &report.skipped {
            let line = json!({ "message": format!("not checked: {}", skipped.reason), "severity": "ERROR",
                "location": { "path": escape::path(&skipped.path) }, "source": { "name": "postlint" } });
            serde_json::to_writer(escape::Tame(out), &line)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Whether a fix can be made as it stands, by a program that knows nothing of the file's format: all of its words are to be
/// written as they are, and none is masked.
fn is_suggested(shown: &Shown<'_>, finding: &Finding, fix: &Fix) -> bool {
    let segments = shown.file.document.posts.get(finding.place.post).map(|post| post.segments.as_slice());
    let verbatim = segments.is_some_and(|all| all.iter().all(|s| s.quoting == Quoting::Verbatim));
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == ' ');
    fix.applicability > Applicability::Display
        && fix.refused.is_none()
        && fix.edits.iter().all(|edit| !shown.is_masked(edit.span) && (verbatim || is_plain(&edit.content)))
}

fn range(range: Range) -> Value {
    let place = |p: crate::text::lines::Position| json!({ "line": p.line + 1, "column": Column::Bytes.of(p) });
    json!({ "start": place(range.start), "end": place(range.end) })
}

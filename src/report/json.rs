//! The output that programs rely on: one JSON object for a run. The same shape of a finding serves `jsonl`, `stream`
//! and the page.

use super::{Column, Reporter, Shown, Style};
use crate::model::{
    document::Address,
    finding::{Finding, Fix, Report, Skipped},
    rule::Severity,
};
use serde_json::{Value, json};
use std::io;

/// `--format json`.
pub(super) struct Json;

impl Reporter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one JSON object for the whole run"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let files: Vec<Value> = report.files.iter().map(|file| {
            let shown = Shown::new(file, style);
            let findings = visible(&file.findings, style).map(|f| finding(&shown, f)).collect::<Vec<_>>();
            json!({ "path": file.path.to_string_lossy(), "format": file.document.format, "encoding": file.document.encoding.name,
                "posts": file.posts, "notes": file.document.notes.iter().map(|n| shown.scrub(n)).collect::<Vec<_>>(), "findings": findings })
        }).collect();
        let whole = json!({ "postlint": env!("CARGO_PKG_VERSION"), "packs": packs(report), "files": files,
            "skipped": report.skipped.iter().map(skipped).collect::<Vec<_>>(), "summary": summary(report) });
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        writeln!(out)
    }
}

/// The findings that are shown: suppressed ones on request only.
pub fn visible<'f>(findings: &'f [Finding], style: &Style) -> impl Iterator<Item = &'f Finding> {
    let all = style.show_suppressed;
    findings.iter().filter(move |f| all || f.suppressed.is_none())
}

fn packs(report: &Report) -> Value {
    report.packs.iter().map(|p| json!({ "name": p.name, "version": p.version, "rules": p.rules })).collect()
}

/// A file that could not be checked.
pub fn skipped(skipped: &Skipped) -> Value {
    json!({ "path": skipped.path.to_string_lossy(), "reason": skipped.reason, "help": skipped.help })
}

/// Counts of a run.
pub fn summary(report: &Report) -> Value {
    json!({ "files": report.files.len(), "posts": report.posts(), "skipped": report.skipped.len(),
        "errors": report.count(Severity::Error), "warnings": report.count(Severity::Warning),
        "infos": report.count(Severity::Info), "rules": report.rules.len() })
}

/// One finding. `span` counts bytes of the file, `chars` code points of its text, both half-open; lines and columns count
/// from 1, columns in code points. `core` are the words that matched, in code points; the span may cover the sentence
/// around them.
pub fn finding(shown: &Shown<'_>, finding: &Finding) -> Value {
    let span = finding.place.span;
    let (bytes, chars, range) = (shown.bytes(span), shown.chars(span), shown.range(span));
    let core = shown.chars(finding.core);
    let position = |p| json!({ "line": range_line(p), "column": Column::Chars.of(p) });
    let matched = if finding.rule.sensitive || shown.is_masked(span) { Value::Null } else { shown.text(span).into() };
    json!({
        "rule": finding.rule.id, "category": finding.rule.category, "severity": finding.severity,
        "confidence": hundredths(finding.confidence), "reasons": finding.reasons.iter().map(|r| shown.scrub(r)).collect::<Vec<_>>(),
        "message": shown.message(finding), "advice": finding.advice, "why": finding.rule.why, "clauses": finding.rule.clauses,
        "path": shown.file.path.to_string_lossy(), "post": finding.place.post, "address": address(shown, &finding.place.address),
        "span": { "start": bytes.0, "end": bytes.1 }, "chars": { "start": chars.0, "end": chars.1 },
        "core": { "start": core.0, "end": core.1 },
        "range": { "start": position(range.start), "end": position(range.end) },
        "matched": matched, "obfuscated": finding.obfuscated, "reserved": finding.reserved, "also": finding.also,
        "fixes": finding.fixes.iter().map(|f| fix(shown, finding, f)).collect::<Vec<_>>(),
        "suppressed": finding.suppressed.as_ref().map(|s| shown.scrub(s)),
        "fingerprint": finding.fingerprint, "docs": format!("docs/rules/{}.md", finding.rule.id),
    })
}

fn range_line(position: crate::text::lines::Position) -> usize {
    position.line + 1
}

/// A confidence with two decimals, so that 0.9 is not 0.8999999761581421.
fn hundredths(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
}

fn fix(shown: &Shown<'_>, finding: &Finding, fix: &Fix) -> Value {
    let edits: Vec<Value> = fix
        .edits
        .iter()
        .map(|e| {
            let (start, end) = shown.bytes(e.span);
            json!({ "start": start, "end": end, "content": shown.content(&e.content, e.span) })
        })
        .collect();
    json!({ "title": shown.fix_title(finding, fix), "applicability": fix.applicability.name(), "refused": fix.refused.as_ref().map(|r| shown.scrub(r)), "edits": edits })
}

fn address(shown: &Shown<'_>, address: &Address) -> Value {
    match address {
        Address::Whole => json!({ "kind": "whole" }),
        Address::Cell { sheet, row, column } => {
            json!({ "kind": "cell", "sheet": sheet, "row": row, "column": shown.scrub(column) })
        }
        Address::Pointer(pointer) => json!({ "kind": "pointer", "pointer": shown.scrub(pointer) }),
        Address::Paragraph(n) => json!({ "kind": "paragraph", "number": n }),
        Address::Part(n) => json!({ "kind": "part", "number": n }),
        Address::Line(n) => json!({ "kind": "line", "number": n }),
    }
}

//! The output that programs rely on: one JSON object for a run. The same shape of a finding serves `jsonl`, `stream`
//! and the page.

use super::{Column, Reporter, Shown, Style, escape};
use crate::{
    model::{
        document::Address,
        finding::{Edit, Finding, Fix, Report, Skipped},
        rule::{Category, Severity},
    },
    text::lines::Position,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{borrow::Cow, io};

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
        serde_json::to_writer_pretty(escape::Tame(out), &whole)?;
        writeln!(out)
    }
}

/// `value` on one line, safe to show on a terminal.
pub fn text(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    // A vector takes all, and what is written here has texts for keys: nothing can fail.
    let _ = serde_json::to_writer(escape::Tame(&mut out), value);
    String::from_utf8(out).unwrap_or_default()
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

/// One finding as programs read it.
pub fn finding<'f>(shown: &Shown<'f>, finding: &'f Finding) -> Told<'f> {
    let span = finding.place.span;
    let range = shown.range(span);
    let chars = shown.chars(range);
    let hides = finding.rule.sensitive || shown.is_masked(span);
    Told {
        rule: &finding.rule.id,
        category: finding.rule.category,
        severity: finding.severity,
        confidence: hundredths(finding.confidence),
        reasons: finding.reasons.iter().map(|reason| shown.scrub(reason)).collect(),
        message: shown.message(finding),
        advice: &finding.advice,
        why: &finding.rule.why,
        clauses: &finding.rule.clauses,
        path: shown.file.path.to_string_lossy(),
        post: finding.place.post,
        address: Where::new(shown, &finding.place.address),
        span: shown.bytes(span).into(),
        chars: chars.into(),
        core: if finding.core == span { chars } else { shown.chars(shown.range(finding.core)) }.into(),
        range: Bounds { start: range.start.into(), end: range.end.into() },
        matched: (!hides).then(|| shown.text(span)),
        obfuscated: finding.obfuscated,
        reserved: finding.reserved,
        also: &finding.also,
        fixes: finding.fixes.iter().map(|fix| Mend::new(shown, finding, fix)).collect(),
        suppressed: finding.suppressed.as_ref().map(|reason| shown.scrub(reason)),
        fingerprint: &finding.fingerprint,
        docs: format!("docs/rules/{}.md", finding.rule.id),
    }
}

/// A finding, in the order of its keys.
#[derive(Debug, Serialize)]
pub struct Told<'f> {
    rule: &'f str,
    category: Category,
    severity: Severity,
    confidence: f64,
    reasons: Vec<Cow<'f, str>>,
    message: String,
    advice: &'f str,
    why: &'f str,
    clauses: &'f [String],
    path: Cow<'f, str>,
    /// Its number in the file, from 0.
    post: usize,
    address: Where<'f>,
    /// Bytes of the file.
    span: Bounds<usize>,
    /// The same in code points of the text.
    chars: Bounds<usize>,
    /// The words that matched, in code points; the span may cover the sentence around them.
    core: Bounds<usize>,
    range: Bounds<Spot>,
    /// Nothing where a value is masked.
    matched: Option<String>,
    obfuscated: bool,
    reserved: bool,
    also: &'f [String],
    fixes: Vec<Mend<'f>>,
    suppressed: Option<Cow<'f, str>>,
    fingerprint: &'f str,
    docs: String,
}

/// From the first to one past the last.
#[derive(Debug, Serialize)]
struct Bounds<T> {
    start: T,
    end: T,
}

impl From<(usize, usize)> for Bounds<usize> {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

/// A place in the text: both count from 1, columns in code points.
#[derive(Debug, Serialize)]
struct Spot {
    line: usize,
    column: usize,
}

impl From<Position> for Spot {
    fn from(position: Position) -> Self {
        Self { line: position.line + 1, column: Column::Chars.of(position) }
    }
}

/// A fix: what it does, whether it may be made unasked, and its edits in bytes of the file.
#[derive(Debug, Serialize)]
struct Mend<'f> {
    title: String,
    applicability: &'static str,
    refused: Option<Cow<'f, str>>,
    edits: Vec<Edited>,
}

/// An edit, in bytes of the file.
#[derive(Debug, Serialize)]
struct Edited {
    start: usize,
    end: usize,
    /// The new words as a reader sees them: `--fix` escapes them for the file's format.
    content: String,
}

impl<'f> Mend<'f> {
    fn new(shown: &Shown<'f>, finding: &Finding, fix: &'f Fix) -> Self {
        let edited = |edit: &Edit| {
            let (start, end) = shown.bytes(edit.span);
            Edited { start, end, content: shown.content(&edit.content, edit.span) }
        };
        Self {
            title: shown.fix_title(finding, fix),
            applicability: fix.applicability.name(),
            refused: fix.refused.as_ref().map(|reason| shown.scrub(reason)),
            edits: fix.edits.iter().map(edited).collect(),
        }
    }
}

/// An [`Address`] in JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Where<'f> {
    Whole,
    Cell { sheet: Option<Cow<'f, str>>, row: usize, column: Cow<'f, str> },
    Pointer { pointer: Cow<'f, str> },
    Paragraph { number: usize },
    Part { number: usize },
    Line { number: usize },
}

impl<'f> Where<'f> {
    fn new(shown: &Shown<'f>, address: &'f Address) -> Self {
        match address {
            Address::Whole => Self::Whole,
            Address::Cell { sheet, row, column } => {
                let sheet = sheet.as_ref().map(|name| shown.scrub(name));
                Self::Cell { sheet, row: *row, column: shown.scrub(column) }
            }
            Address::Pointer(pointer) => Self::Pointer { pointer: shown.scrub(pointer) },
            Address::Paragraph(number) => Self::Paragraph { number: *number },
            Address::Part(number) => Self::Part { number: *number },
            Address::Line(number) => Self::Line { number: *number },
        }
    }
}

/// A confidence with two decimals, so that 0.9 is not 0.8999999761581421.
fn hundredths(confidence: f32) -> f64 {
    (f64::from(confidence) * 100.0).round() / 100.0
}

//! One self-contained page about a run, for people: findings in their context, filters, the clauses that were met. It
//! opens from disk, loads nothing, runs no script, and prints on A4.
//!
//! The template escapes everything that it is given (minijinja, by the ending of its name); what is hidden elsewhere is
//! hidden here, since all words of drafts come from [`Shown`].

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::{
    model::{
        fault::clean,
        finding::{Finding, Report},
        rule::Severity,
    },
    text::{
        lines::{ceil_boundary, floor_boundary},
        span::{Source, Span},
    },
};
use minijinja::{Environment, value::Serde};
use serde_json::{Value, json};
use std::{collections::BTreeSet, io};

/// `--format html`.
pub(super) struct Html;

/// Bytes of the draft that are shown before and after a finding at most.
const AROUND: usize = 140;

impl Reporter for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "one page for people: findings in context, filters, clauses; prints on A4"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut pages = Environment::new();
        pages.add_template("report.html", include_str!("report.html")).map_err(io::Error::other)?;
        let page = pages.get_template("report.html").map_err(io::Error::other)?;
        let posts: Vec<Value> = report.files.iter().flat_map(|f| posts(&Shown::new(f, style), style)).collect();
        let clean_posts = report.posts().saturating_sub(posts.len());
        let whole = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "posts": posts, "clean_posts": clean_posts,
            "all_posts": report.posts(),
            "files": report.files.len(),
            "rules": report.rules.len(),
            "packs": report.packs.iter().map(|p| json!({ "name": p.name, "version": p.version, "rules": p.rules })).collect::<Vec<_>>(),
            "levels": LEVELS.iter().map(|(s, name)| json!({ "id": s.name(), "name": name, "count": report.count(*s) })).collect::<Vec<_>>(),
            "topics": topics(report, style),
            "clauses": clauses(report, style),
            "skipped": report.skipped.iter().map(|s| json!({ "path": clean(&escape::path(&s.path)), "reason": clean(&s.reason), "help": s.help.as_deref().map(clean) })).collect::<Vec<_>>(),
            "notes": report.notes.iter().map(|n| clean(n)).collect::<Vec<_>>(),
        });
        page.render_captured_to(Serde(&whole), &mut *out).map_err(io::Error::other)?;
        writeln!(out)
    }
}

/// Severities, gravest first, in plain words.
const LEVELS: &[(Severity, &str)] =
    &[(Severity::Error, "Must change"), (Severity::Warning, "Please check"), (Severity::Info, "Advice")];

fn level(severity: Severity) -> &'static str {
    LEVELS.iter().find(|(s, _)| *s == severity).map_or("", |(_, name)| name)
}

/// The posts of a file in which something was found.
fn posts(shown: &Shown<'_>, style: &Style) -> Vec<Value> {
    let document = &shown.file.document;
    let mut all: Vec<Vec<&Finding>> = vec![Vec::new(); document.posts.len()];
    for finding in visible(&shown.file.findings, style) {
        if let Some(own) = all.get_mut(finding.place.post) {
            own.push(finding);
        }
    }
    let post = |(number, findings): (usize, Vec<&Finding>)| {
        let address = document.posts.get(number).map(|p| p.address.to_string()).unwrap_or_default();
        let names = |of: fn(&Finding) -> &'static str| findings.iter().map(|f| of(f)).collect::<BTreeSet<_>>();
        (!findings.is_empty()).then(|| {
            json!({
                "path": clean(&escape::path(&shown.file.path)),
                "address": clean(&shown.scrub(&address)),
                "levels": names(|f| f.severity.name()),
                "topics": names(|f| f.rule.category.name()),
                "findings": findings.iter().map(|f| finding(shown, f)).collect::<Vec<_>>(),
            })
        })
    };
    all.into_iter().enumerate().filter_map(post).collect()
}

fn finding(shown: &Shown<'_>, finding: &Finding) -> Value {
    let span = if finding.core.is_empty() { finding.place.span } else { finding.core };
    let (before, after) = around(shown.source(), segment(shown, finding.place.post, span), span);
    let start = shown.range(span).start;
    let words = |span: Span<Source>| clean(&shown.text(span));
    json!({
        "severity": finding.severity.name(),
        "level": level(finding.severity),
        "topic": finding.rule.category.name(),
        "rule": finding.rule.id,
        "message": clean(&shown.message(finding)),
        "advice": finding.advice,
        "why": finding.rule.why,
        "clauses": finding.rule.clauses,
        "suppressed": finding.suppressed.as_deref().map(clean),
        "line": start.line + 1,
        "column": Column::Chars.of(start),
        "before": words(before), "words": words(span), "after": words(after),
        "fixes": finding.fixes.iter().map(|f| clean(&shown.fix_title(finding, f))).collect::<Vec<_>>(),
    })
}

/// The stretch of the source that reads as one with `span`: its segment, so that no other row of a table is shown.
fn segment(shown: &Shown<'_>, post: usize, span: Span<Source>) -> Span<Source> {
    let parts = shown.file.document.posts.get(post).map(|p| p.segments.as_slice()).unwrap_or_default();
    let mut whole = parts.iter().map(|s| s.map.map(Span::new(0, s.text.len())));
    whole.find(|own| own.contains(span)).unwrap_or(span)
}

/// The text before and after `span`, inside `within` and its own paragraph.
fn around(source: &str, within: Span<Source>, span: Span<Source>) -> (Span<Source>, Span<Source>) {
    let from = floor_boundary(source, span.start.saturating_sub(AROUND)).max(within.start);
    let to = ceil_boundary(source, (span.end + AROUND).min(source.len())).min(within.end);
    let (before, after) = (Span::<Source>::new(from, span.start), Span::<Source>::new(span.end, to));
    let cut = |text: &str, at: Option<usize>| at.unwrap_or(text.len());
    let (head, tail): (&str, &str) = (before.of(source), after.of(source));
    let start = from + head.rfind("\n\n").map_or(0, |at| at + 2);
    (Span::new(start, span.start), Span::new(span.end, span.end + cut(tail, tail.find("\n\n"))))
}

/// Categories in which something was found, with their numbers.
fn topics(report: &Report, style: &Style) -> Vec<Value> {
    let shown = || report.files.iter().flat_map(|f| visible(&f.findings, style));
    let names: BTreeSet<&str> = shown().map(|f| f.rule.category.name()).collect();
    let count = |name: &str| shown().filter(|f| f.rule.category.name() == name).count();
    names.into_iter().map(|name| json!({ "id": name, "count": count(name) })).collect()
}

/// The clauses behind what was found.
fn clauses(report: &Report, style: &Style) -> Vec<Value> {
    let found: Vec<&str> = report
        .files
        .iter()
        .flat_map(|f| visible(&f.findings, style))
        .flat_map(|f| f.rule.clauses.iter().map(String::as_str))
        .collect();
    let all = report.policies.iter().flat_map(|p| p.clauses.iter().map(move |c| (p, c)));
    let met = all.map(|(p, c)| (p, c, found.iter().filter(|id| **id == c.id).count())).filter(|(_, _, n)| *n > 0);
    met.map(|(p, c, count)| json!({ "policy": p.title, "id": c.id, "text": c.text, "risk": c.risk, "count": count }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_stops_at_the_paragraph() {
        let text = "One.\n\nTwo three four.\n\nFive.";
        let at = text.find("three").unwrap();
        let (before, after) = around(text, Span::new(0, text.len()), Span::new(at, at + 5));
        assert_eq!((before.of(text), after.of(text)), ("Two ", " four."));
    }

    #[test]
    fn context_never_splits_a_character() {
        let text = format!("{}x{}", "é".repeat(200), "👍".repeat(200));
        let at = text.find('x').unwrap();
        let (before, after) = around(&text, Span::new(0, text.len()), Span::new(at, at + 1));
        assert!(!before.of(&text).is_empty() && !after.of(&text).is_empty());
    }
}

//! SARIF 2.1.0, for code scanning and its viewers. Every rule that ran is listed, also on a clean run; snippets are masked.
//!
//! *Source:* OASIS SARIF 2.1.0; GitHub's rules for code scanning: all four places of a region, a help text for each rule,
//! no suppressions or fixes, which GitHub reads as open alerts or not at all.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{
    document::Origin,
    finding::{Finding, Report},
    rule::{RuleMeta, Severity},
};
use serde_json::{Value, json};
use std::io;

/// `--format sarif`.
pub(super) struct Sarif;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Reporter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let rules = rules(report);
        let results: Vec<Value> = report
            .files
            .iter()
            .flat_map(|file| {
                let shown = Shown::new(file, style);
                visible(&file.findings, style).map(|f| result(&rules, &shown, f)).collect::<Vec<_>>()
            })
            .collect();
        let unread: Vec<Value> = report.skipped.iter().map(|skipped| json!({
            "level": "error",
            "message": { "text": format!("{}: not checked: {}", escape::path(&skipped.path), skipped.reason) },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(&escape::path(&skipped.path)) } }],
        })).collect();
        let run = json!({
            "tool": { "driver": driver(&rules) },
            "automationDetails": { "id": "postlint/" },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The folder in which postlint ran." } } },
            "artifacts": report.files.iter().map(|f| json!({
                "location": artifact(&escape::path(&f.path)), "encoding": f.document.encoding.name })).collect::<Vec<_>>(),
            "invocations": [{ "executionSuccessful": report.skipped.is_empty(), "toolExecutionNotifications": unread }],
            "results": results,
        });
        serde_json::to_writer_pretty(
            escape::Tame(out),
            &json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }),
        )?;
        writeln!(out)
    }
}

/// Every rule that ran, and those of postlint itself that found something: a result refers to its rule by index.
fn rules(report: &Report) -> Vec<&RuleMeta> {
    let mut rules: Vec<&RuleMeta> = report.rules.iter().map(AsRef::as_ref).collect();
    for (_, finding) in report.findings() {
        if rules.iter().all(|r| r.id != finding.rule.id) {
            rules.push(&finding.rule);
        }
    }
    rules
}

fn driver(rules: &[&RuleMeta]) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let rules: Vec<Value> = rules.iter().map(|r| rule(r)).collect();
    let mut driver = json!({ "name": "postlint", "version": version, "semanticVersion": version, "rules": rules });
    let home = env!("CARGO_PKG_HOMEPAGE");
    if let (false, Some(driver)) = (home.is_empty(), driver.as_object_mut()) {
        driver.insert("informationUri".to_owned(), home.into());
    }
    driver
}

fn artifact(path: &str) -> Value {
    json!({ "uri": escape::uri(path), "uriBaseId": "%SRCROOT%" })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(rule: &RuleMeta) -> Value {
    let do_instead = if rule.fix.advice.is_empty() { &rule.title } else { &rule.fix.advice };
    let clauses: Vec<String> = rule.clauses.iter().map(|c| format!("clause-{c}")).collect();
    let tags: Vec<&str> =
        [rule.category.name()].into_iter().chain(clauses.iter().map(String::as_str)).take(10).collect();
    json!({
        "id": rule.id, "name": rule.title.chars().take(255).collect::<String>(),
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why.chars().take(1024).collect::<String>() },
        "help": { "text": format!("{}\n\n{do_instead}", rule.why), "markdown": format!("{}\n\n**Do:** {do_instead}", rule.why) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": tags, "precision": precision(rule.confidence), "problem.severity": problem(rule.severity) },
    })
}

fn precision(confidence: f32) -> &'static str {
    if confidence >= 0.85 {
        "very-high"
    } else if confidence >= 0.7 {
        "high"
    } else {
        "medium"
    }
}

fn problem(severity: Severity) -> &'static str {
    if severity == Severity::Info { "recommendation" } else { severity.name() }
}

fn result(rules: &[&RuleMeta], shown: &Shown<'_>, finding: &Finding) -> Value {
    let span = finding.place.span;
    let (range, bytes) = (shown.range(span), shown.bytes(span));
    let chars = shown.chars(range);
    let index = rules.iter().position(|r| r.id == finding.rule.id);
    let mut region = json!({
        "startLine": range.start.line + 1, "startColumn": Column::Chars.of(range.start),
        "endLine": range.end.line + 1, "endColumn": Column::Chars.of(range.end),
        "charOffset": chars.0, "charLength": chars.1 - chars.0,
    });
    let snippet = shown.text(span);
    if let Some(region) = region.as_object_mut() {
        // GitHub takes no empty strings: a finding on a post as a whole has no words to show.
        if !snippet.is_empty() {
            region.insert("snippet".to_owned(), json!({ "text": snippet }));
        }
        // A rendering's bytes are not bytes of the file.
        if shown.file.document.origin == Origin::Bytes {
            region.insert("byteOffset".to_owned(), bytes.0.into());
            region.insert("byteLength".to_owned(), (bytes.1 - bytes.0).into());
        }
    }
    let physical = json!({ "artifactLocation": artifact(&escape::path(&shown.file.path)), "region": region });
    let mut location = json!({ "physicalLocation": physical });
    let address = shown.address(finding);
    if let (false, Some(location)) = (address.is_empty(), location.as_object_mut()) {
        location.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": address }]));
    }
    let mut result = json!({
        "ruleId": finding.rule.id, "ruleIndex": index, "level": level(finding.severity),
        "message": { "text": shown.message(finding) },
        "locations": [location],
        "properties": { "confidence": (f64::from(finding.confidence) * 100.0).round() / 100.0, "clauses": finding.rule.clauses },
    });
    if let (false, Some(result)) = (finding.fingerprint.is_empty(), result.as_object_mut()) {
        result.insert("partialFingerprints".to_owned(), json!({ "postlint/v1": finding.fingerprint }));
    }
    result
}

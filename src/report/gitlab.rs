//! GitLab Code Quality: one JSON array, `[]` when clean, no byte-order mark.
//! *Source:* GitLab's documentation of the Code Quality report format.

use super::{Reporter, Shown, Style, escape, json::visible};
use crate::model::{finding::Report, rule::Severity};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io};

/// `--format gitlab`.
pub(super) struct Gitlab;

impl Reporter for Gitlab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab Code Quality"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut issues: Vec<Value> = Vec::new();
        for file in &report.files {
            let shown = Shown::new(file, style);
            for finding in visible(&file.findings, style) {
                // Fingerprints must differ; findings about suppressions have none of their own.
                let own = match finding.fingerprint.as_str() {
                    "" => format!("{}-{}", finding.rule.id, escape::path(&file.path)),
                    own => own.to_owned(),
                };
                let times = seen.entry(own.clone()).or_default();
                *times += 1;
                let range = shown.range(finding.place.span);
                issues.push(json!({
                    "description": shown.message(finding), "check_name": finding.rule.id,
                    "fingerprint": format!("{own}-{times}"), "severity": severity(finding.severity),
                    "location": { "path": escape::path(&file.path),
                        "lines": { "begin": range.start.line + 1, "end": range.end.line + 1 } },
                }));
            }
        }
        issues.extend(report.skipped.iter().enumerate().map(|(number, skipped)| {
            json!({
                "description": format!("not checked: {}", skipped.reason), "check_name": "postlint/not-checked",
                "fingerprint": format!("not-checked-{number}"), "severity": "blocker",
                "location": { "path": escape::path(&skipped.path), "lines": { "begin": 1 } },
            })
        }));
        serde_json::to_writer_pretty(escape::Tame(out), &issues)?;
        writeln!(out)
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}

//! The two XML formats of CI servers, `JUnit` and `Checkstyle`. A clean file is a passing test, so that the server shows
//! that it was checked.

use super::{Column, Reporter, Shown, Style, escape, json::visible};
use crate::model::{finding::Report, rule::Severity};
use std::io;

/// `--format junit`.
pub(super) struct Junit;
/// `--format checkstyle`.
pub(super) struct Checkstyle;

impl Reporter for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML, a test suite for each file"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let suites = report.files.iter().map(|f| visible(&f.findings, style).count());
        let failures: usize = suites.clone().sum();
        let tests: usize = suites.map(|n| n.max(1)).sum::<usize>() + report.skipped.len();
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(
            out,
            "<testsuites name=\"postlint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{}\">",
            report.skipped.len()
        )?;
        for file in &report.files {
            let shown = Shown::new(file, style);
            let found: Vec<_> = visible(&file.findings, style).collect();
            let path = escape::xml(&escape::path(&file.path));
            let count = found.len();
            writeln!(
                out,
                "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{count}\" errors=\"0\" skipped=\"0\" time=\"0\">",
                count.max(1)
            )?;
            if found.is_empty() {
                writeln!(
                    out,
                    "    <testcase classname=\"{path}\" name=\"nothing found\" file=\"{path}\" time=\"0\"/>"
                )?;
            }
            for finding in found {
                let start = shown.range(finding.place.span).start;
                let (line, column) = (start.line + 1, Column::Chars.of(start));
                let (id, message) = (escape::xml(&finding.rule.id), escape::xml(&shown.message(finding)));
                writeln!(
                    out,
                    "    <testcase classname=\"{path}\" name=\"{id} at {line}:{column}\" file=\"{path}\" line=\"{line}\" time=\"0\">"
                )?;
                writeln!(
                    out,
                    "      <failure message=\"{message}\" type=\"{}\">{}</failure>",
                    finding.severity,
                    escape::xml(&finding.advice)
                )?;
                writeln!(out, "    </testcase>")?;
            }
            writeln!(out, "  </testsuite>")?;
        }
        for skipped in &report.skipped {
            let (path, reason) = (escape::xml(&escape::path(&skipped.path)), escape::xml(&skipped.reason));
            writeln!(
                out,
                "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">"
            )?;
            writeln!(
                out,
                "    <testcase classname=\"{path}\" name=\"not checked\" time=\"0\"><error message=\"{reason}\" type=\"not-checked\"/></testcase>"
            )?;
            writeln!(out, "  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

impl Reporter for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn about(&self) -> &'static str {
        "Checkstyle XML"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"10.0\">")?;
        for file in &report.files {
            let shown = Shown::new(file, style);
            writeln!(out, "  <file name=\"{}\">", escape::xml(&escape::path(&file.path)))?;
            for finding in visible(&file.findings, style) {
                let start = shown.range(finding.place.span).start;
                let severity = if finding.severity == Severity::Info { "info" } else { finding.severity.name() };
                writeln!(
                    out,
                    "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"postlint.{}\"/>",
                    start.line + 1,
                    Column::Chars.of(start),
                    escape::xml(&shown.message(finding)),
                    escape::xml(&finding.rule.id)
                )?;
            }
            writeln!(out, "  </file>")?;
        }
        for skipped in &report.skipped {
            let (path, reason) = (escape::xml(&escape::path(&skipped.path)), escape::xml(&skipped.reason));
            writeln!(
                out,
                "  <file name=\"{path}\">\n    <error line=\"1\" severity=\"error\" message=\"not checked: {reason}\" source=\"postlint.not-checked\"/>\n  </file>"
            )?;
        }
        writeln!(out, "</checkstyle>")
    }
}

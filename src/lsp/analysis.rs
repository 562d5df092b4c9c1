//! What the server knows of an open draft: its text and what was found in it.

use super::{Loaded, place::Unit};
use crate::{
    engine::walk,
    model::{
        document::SourceFile,
        fault::clean,
        finding::{FileReport, Finding},
        rule::Severity,
    },
    report::{Shown, Style},
    text::{
        lines::LineIndex,
        span::{Source, Span},
    },
};
use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position, Range, Uri,
};
use std::{ops, path::PathBuf};

/// Name of the source of all diagnostics.
pub(super) const SOURCE: &str = "postlint";

/// A file as the client has it, and what was found in it.
pub(super) struct Draft {
    pub(super) file: SourceFile,
    pub(super) lines: LineIndex,
    pub(super) report: FileReport,
    pub(super) unit: Unit,
}

/// What checking came to.
pub(super) enum Outcome {
    /// It was checked.
    Checked(Box<Draft>),
    /// It is not to be checked.
    LeftOut,
    /// It could not be checked, and why.
    Failed(String),
}

impl Draft {
    /// Checks `text`, which the client has at `path`; a text that is no file yet has a name in angle brackets.
    pub(super) fn check(path: PathBuf, text: &str, loaded: &Loaded, unit: Unit) -> Outcome {
        let Some(linter) = &loaded.linter else {
            let first = loaded.faults.first().map(crate::model::fault::Shown::line).unwrap_or_default();
            return Outcome::Failed(format!("postlint could not check this draft: {first}"));
        };
        let unsaved = path.to_string_lossy().starts_with('<');
        if !unsaved && (!walk::is_draft(&path) || loaded.settings.excludes(&path)) {
            return Outcome::LeftOut;
        }
        let file = SourceFile { path, bytes: text.as_bytes().into() };
        match linter.lint(&file) {
            Ok(report) => Outcome::Checked(Box::new(Self { file, lines: LineIndex::new(text.into()), report, unit })),
            Err(error) => {
                Outcome::Failed(format!("postlint could not check this draft: {}", clean(&error.to_string())))
            }
        }
    }

    /// Findings that are not suppressed.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|f| f.suppressed.is_none())
    }

    /// `span` as bytes of the client's text.
    pub(super) fn bytes(&self, span: Span<Source>) -> ops::Range<usize> {
        self.report.document.encoding.map.map(span).range()
    }

    /// Where `span` is for the client.
    pub(super) fn range(&self, span: Span<Source>) -> Range {
        self.unit.range(&self.lines, self.bytes(span))
    }

    /// Findings that the client's range touches. The range only chooses; it may be anything.
    pub(super) fn touched(&self, range: Range) -> Vec<&Finding> {
        let (a, b) = (self.unit.byte(&self.lines, range.start), self.unit.byte(&self.lines, range.end));
        let (start, end) = (a.min(b), a.max(b));
        let touches = |f: &&Finding| {
            let own = self.bytes(f.place.span);
            own.start <= end && start <= own.end
        };
        self.findings().filter(touches).collect()
    }

    /// The draft's words, masked where need be.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown::new(&self.report, &Style::default())
    }

    /// All diagnostics.
    pub(super) fn diagnostics(&self, uri: &Uri) -> Vec<Diagnostic> {
        let shown = self.shown();
        let unread = self.report.document.faults.iter().map(|fault| {
            let range = fault.span.map_or_else(Range::default, |span| self.range(span));
            failure(range, format!("not checked: {}", clean(&fault.message)))
        });
        unread.chain(self.findings().map(|f| self.diagnostic(&shown, f, uri))).collect()
    }

    /// The diagnostic of a finding.
    pub(super) fn diagnostic(&self, shown: &Shown<'_>, finding: &Finding, uri: &Uri) -> Diagnostic {
        let related = finding.related.iter().map(|place| DiagnosticRelatedInformation {
            location: Location::new(uri.clone(), self.range(place.span)),
            message: "belongs to it".to_owned(),
        });
        let related: Vec<DiagnosticRelatedInformation> = related.collect();
        let advice = if finding.advice.is_empty() { String::new() } else { format!("\n{}", clean(&finding.advice)) };
        Diagnostic {
            range: self.range(finding.place.span),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Info => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.id.clone())),
            source: Some(SOURCE.to_owned()),
            message: format!("{}{advice}", clean(&shown.message(finding))),
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        }
    }
}

/// The diagnostic of something that could not be checked.
pub(super) fn failure(range: Range, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::ERROR),
        code: Some(NumberOrString::String("postlint/not-checked".to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    }
}

/// The first character of a file.
pub(super) fn top() -> Range {
    Range::new(Position::new(0, 0), Position::new(0, 1))
}

//! What writers may show of a file: its words with sensitive ones masked, and places in lines and columns.

use super::Style;
use crate::{
    model::finding::{FileReport, Finding, Fix, Text},
    text::{
        lines::{LineIndex, Position},
        span::{Source, Span},
    },
};
use std::sync::Arc;

/// Stands for each letter or digit of a masked text.
const MASK: char = '•';

/// A place from one position to another, both in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

/// A unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode code points.
    Chars,
    /// UTF-16 code units.
    Utf16,
}

impl Column {
    /// The 1-based column of `position` in this unit.
    pub fn of(self, position: Position) -> usize {
        1 + match self {
            Self::Bytes => position.bytes,
            Self::Chars => position.chars,
            Self::Utf16 => position.utf16,
        }
    }
}

/// A file of a report as writers may show it.
#[derive(Debug)]
pub struct Shown<'r> {
    /// The file.
    pub file: &'r FileReport,
    lines: LineIndex,
    /// Code points before each line.
    chars: Vec<usize>,
    /// What is masked: sorted, disjoint.
    masked: Vec<Span<Source>>,
}

impl<'r> Shown<'r> {
    /// Indexes the lines of `file` and notes what must not be shown.
    pub fn new(file: &'r FileReport, style: &Style) -> Self {
        let source: &Arc<str> = &file.document.source;
        let mut total = 0;
        let chars = source.split_inclusive('\n').map(|line| {
            total += line.chars().count();
            total
        });
        let chars = std::iter::once(0).chain(chars).collect();
        let masked = if style.show_values { Vec::new() } else { merged(sensitive(file)) };
        Self { file, lines: LineIndex::new(Arc::clone(source)), chars, masked }
    }

    /// The whole source.
    pub fn source(&self) -> &str {
        &self.file.document.source
    }

    /// The lines of the source.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// Lines and columns of `span`.
    pub fn range(&self, span: Span<Source>) -> Range {
        Range { start: self.lines.position(span.start), end: self.lines.position(span.end) }
    }

    /// `span` in code points of the source, half-open.
    pub fn chars(&self, span: Span<Source>) -> (usize, usize) {
        let at = |byte| {
            let position = self.lines.position(byte);
            self.chars.get(position.line).copied().unwrap_or(0) + position.chars
        };
        (at(span.start), at(span.end))
    }

    /// `span` in bytes of the file. For a rendered document, bytes of the rendering.
    pub fn bytes(&self, span: Span<Source>) -> (usize, usize) {
        let own = self.file.document.encoding.map.map(span);
        (own.start, own.end)
    }

    /// The words at `span`, masked where need be.
    pub fn text(&self, span: Span<Source>) -> String {
        let mut out = String::new();
        let mut at = span.start;
        for mask in self.masked.iter().filter(|m| m.overlaps(span)) {
            let (from, to) = (mask.start.max(span.start), mask.end.min(span.end));
            out.push_str(Span::<Source>::new(at, from).of(self.source()));
            out.extend(Span::<Source>::new(from, to).of(self.source()).chars().map(hide));
            at = to;
        }
        out.push_str(Span::<Source>::new(at, span.end).of(self.source()));
        out
    }

    /// Whether something of `span` is masked.
    pub fn is_masked(&self, span: Span<Source>) -> bool {
        self.masked.iter().any(|m| m.overlaps(span))
    }

    /// What a finding says.
    pub fn message(&self, finding: &Finding) -> String {
        let words = finding.message.iter().map(|part| match part {
            Text::Own(own) => own.clone(),
            Text::Matched(span) => format!("“{}”", self.text(*span).split_whitespace().collect::<Vec<_>>().join(" ")),
        });
        words.collect()
    }

    /// What a fix does, in a few words.
    pub fn fix_title(&self, fix: &Fix) -> String {
        let parts = fix.edits.iter().map(|edit| {
            let old = self.text(edit.span);
            let next = edit.content.chars().next().filter(|_| edit.content.chars().count() == 1);
            match edit.content.trim() {
                "" => format!("delete “{}”", old.trim()),
                // A deletion that gives its capital to the next word.
                _ if next.is_some_and(|c| old.chars().count() > 1 && old.to_uppercase().ends_with(c)) => {
                    let kept = old.trim_end_matches(|c: char| c.is_alphabetic() && next == c.to_uppercase().next());
                    format!("delete “{}”", kept.trim_end())
                }
                new => format!("write “{}” for “{}”", self.content(new, edit.span), old.trim()),
            }
        });
        parts.collect::<Vec<_>>().join(", ")
    }

    /// Text that takes the place of `span`: masked if it may repeat something masked.
    pub fn content(&self, content: &str, span: Span<Source>) -> String {
        if self.is_masked(span) { content.chars().map(hide).collect() } else { content.to_owned() }
    }
}

fn hide(c: char) -> char {
    if c.is_alphanumeric() { MASK } else { c }
}

fn sensitive(file: &FileReport) -> Vec<Span<Source>> {
    let own = |f: &Finding| f.rule.sensitive.then_some(f.place.span);
    file.findings.iter().flat_map(|f| own(f).into_iter().chain(f.hidden.iter().copied())).collect()
}

fn merged(mut spans: Vec<Span<Source>>) -> Vec<Span<Source>> {
    spans.sort_unstable();
    let mut out: Vec<Span<Source>> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

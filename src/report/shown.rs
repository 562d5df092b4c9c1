//! What writers may show of a file: its words with sensitive ones masked, and places in lines and columns.

use super::Style;
use crate::{
    model::finding::{FileReport, Finding, Fix, Hidden, Text},
    text::{
        lines::{LineIndex, Position},
        span::{Source, Span},
    },
};
use aho_corasick::{AhoCorasick, MatchKind};
use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

/// Stands for each character of a masked text that is no white space.
const MASK: char = '•';
/// Letters and digits that a masked text needs to be masked wherever else it stands: shorter ones are ordinary words.
const TELLING: usize = 4;

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
    /// Finds what is masked in other texts.
    secrets: Option<AhoCorasick>,
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
        let (mut masked, mut secrets) = (Vec::new(), None);
        if !style.show_values {
            secrets = finder(&file.hidden);
            let again =
                secrets.iter().flat_map(|s| s.find_iter(source.as_ref())).map(|m| Span::new(m.start(), m.end()));
            masked = merged(sensitive(file).into_iter().chain(again).collect());
        }
        Self { file, lines: LineIndex::new(Arc::clone(source)), chars, masked, secrets }
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

    /// `range` in code points of the source, half-open.
    pub fn chars(&self, range: Range) -> (usize, usize) {
        let at = |position: Position| self.chars.get(position.line).copied().unwrap_or(0) + position.chars;
        (at(range.start), at(range.end))
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
        for mask in self.masks(span) {
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
        self.masks(span).next().is_some()
    }

    /// What is masked of `span`.
    fn masks(&self, span: Span<Source>) -> impl Iterator<Item = &Span<Source>> {
        let first = self.masked.partition_point(|m| m.end <= span.start);
        self.masked.get(first..).unwrap_or_default().iter().take_while(move |m| m.overlaps(span))
    }

    /// What a finding says.
    pub fn message(&self, finding: &Finding) -> String {
        let words = finding.message.iter().map(|part| match part {
            Text::Own(own) => self.scrub(own).into_owned(),
            Text::Matched(span) => {
                format!("“{}”", self.words(finding, *span).split_whitespace().collect::<Vec<_>>().join(" "))
            }
        });
        words.collect()
    }

    /// The words at `span` in the post of `finding` as its readers see them: without escapes and encodings, masked where
    /// need be.
    pub fn words(&self, finding: &Finding, span: Span<Source>) -> String {
        let post = self.file.document.posts.get(finding.place.post).filter(|_| !self.is_masked(span));
        let mut segments = post.into_iter().flat_map(|p| &p.segments);
        let read = segments.find_map(|s| Some(s.map.unmap(span, s.text.len())?.of(&s.text)));
        read.map_or_else(|| self.text(span), |words| self.scrub(words).into_owned())
    }

    /// What a fix of `finding` does, in a few words.
    pub fn fix_title(&self, finding: &Finding, fix: &Fix) -> String {
        let parts = fix.edits.iter().map(|edit| {
            let old = self.words(finding, edit.span);
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
        if self.is_masked(span) { content.chars().map(hide).collect() } else { self.scrub(content).into_owned() }
    }

    /// A text that is not a piece of the source but may repeat one, with what is masked in the source masked.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(secrets) = self.secrets.as_ref().filter(|s| s.is_match(text)) else { return Cow::Borrowed(text) };
        let mut out = String::with_capacity(text.len());
        secrets.replace_all_with(text, &mut out, |_, found, out| {
            out.extend(found.chars().map(hide));
            true
        });
        Cow::Owned(out)
    }

    /// Where a finding is, in the file's own terms and in words; empty where that is the whole file.
    pub fn address(&self, finding: &Finding) -> String {
        self.scrub(&finding.place.address.to_string()).into_owned()
    }

    /// Also masks what sensitive rules matched in `other`: the same draft before or after it was mended.
    #[must_use]
    pub fn beside(mut self, other: &FileReport, style: &Style) -> Self {
        if !style.show_values {
            let all: Vec<Hidden> = self.file.hidden.iter().chain(&other.hidden).cloned().collect();
            self.secrets = finder(&all);
            let source = self.file.document.source.as_ref();
            let again = self.secrets.iter().flat_map(|s| s.find_iter(source)).map(|m| Span::new(m.start(), m.end()));
            self.masked = merged(self.masked.iter().copied().chain(again).collect());
        }
        self
    }
}

fn hide(c: char) -> char {
    if c.is_whitespace() { c } else { MASK }
}

/// Whether a piece without white space is more like a code, a number or an address than like a word.
fn is_code(piece: &str) -> bool {
    let mark = |c: char| !c.is_alphanumeric() && !"'’-–.".contains(c);
    let inner = piece.trim_matches(|c: char| !c.is_alphanumeric());
    inner.chars().any(|c| c.is_numeric() || mark(c)) || inner.chars().skip(1).any(char::is_uppercase)
}

/// Finds the words of `hidden` and their letters and digits alone, in capitals or not.
fn finder(hidden: &[Hidden]) -> Option<AhoCorasick> {
    let mut texts = BTreeSet::new();
    // A rule may take the words before a value along: a piece that looks like no word is masked on its own, too.
    let pieces = |words| str::split_whitespace(words).filter(|piece| is_code(piece));
    for words in hidden.iter().flat_map(|h| std::iter::once(h.words.trim()).chain(pieces(&h.words))) {
        let bare: String = words.chars().filter(|c| c.is_alphanumeric()).collect();
        if bare.chars().count() >= TELLING {
            texts.insert(words.to_owned());
            texts.insert(words.trim_matches(|c: char| ".,;:!?'\"()“”‘’".contains(c)).to_owned());
            // As a JSON pointer writes it: a key may repeat it.
            texts.insert(words.replace('~', "~0").replace('/', "~1"));
            texts.insert(bare);
        }
    }
    if texts.is_empty() {
        return None;
    }
    AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostLongest).build(texts).ok()
}

fn sensitive(file: &FileReport) -> Vec<Span<Source>> {
    let own = |f: &Finding| f.rule.sensitive.then_some(f.place.span);
    let found = file.findings.iter().flat_map(|f| own(f).into_iter().chain(f.hidden.iter().copied()));
    found.chain(file.hidden.iter().map(|h| h.span)).collect()
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

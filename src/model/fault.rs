//! Faults of packs and settings as diagnostics: what is wrong, a caret under the place, what to do.
//!
//! A [`Fault`] is data with a byte range; here it meets the text of its file. Files come from strangers: each diagnostic
//! carries only a window of three lines around its place, cut to a width that a terminal can show and stripped of
//! control and bidi characters, so that neither an escape sequence nor a line of a megabyte gets to the renderer.

use super::value::Fault;
use crate::text::token::is_emoji;
use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::{
    borrow::Cow,
    fmt::{self, Write as _},
};

/// Characters that are kept of a line on either side of the caret.
const REACH: usize = 60;

/// Faults shown at most: nobody reads more of them at a time.
const SHOWN: usize = 20;

/// Characters of a message or advice that are shown at most.
const LONGEST: usize = 600;

/// A file and its text, for carets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedText {
    /// How the user knows the file.
    pub name: String,
    /// Its text.
    pub text: Cow<'static, str>,
}

impl NamedText {
    /// A named text.
    pub fn new(name: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// One fault, ready to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    code: String,
    message: String,
    help: Option<String>,
    place: Option<Window>,
    spot: Option<Spot>,
}

/// Where a fault is, for editors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Name of the file.
    pub name: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Shown {
    /// A fault that has no place in a text, such as a file that could not be read.
    pub fn placeless(code: impl Into<String>, message: impl Into<String>, help: Option<String>) -> Self {
        let message = short(&clean(&message.into()));
        Self { code: code.into(), message, help, place: None, spot: None }
    }

    /// What is wrong, on one line, with file, line and column (from 1) where they are known.
    pub fn line(&self) -> String {
        match &self.place {
            Some(w) => format!("{}:{}:{}: {}", w.name, w.line + 1, w.column + 1, self.message),
            None => self.message.clone(),
        }
    }

    /// Where it is, if it has a place in a text.
    pub fn spot(&self) -> Option<&Spot> {
        self.spot.as_ref()
    }

    /// What to do about it.
    pub fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|w| w as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let window = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(None, window.span))))
    }
}

/// All faults of a run, each with its caret.
#[derive(Debug, Clone)]
pub struct Faults {
    summary: String,
    all: Vec<Shown>,
}

impl Faults {
    /// Faults at their places in `files`; `door` is the first part of their codes, such as `postlint::pack`.
    pub fn from_faults(door: &str, files: &[NamedText], mut faults: Vec<Fault>) -> Self {
        faults.sort_by(|a, b| (a.at.file, a.at.start, &a.message).cmp(&(b.at.file, b.at.start, &b.message)));
        faults.dedup();
        // A window is cut for those alone that will be shown.
        let all = faults.into_iter().enumerate().map(|(i, fault)| {
            let file = files.get(fault.at.file);
            let spot = file.map(|f| Spot { name: f.name.clone(), start: fault.at.start, end: fault.at.end });
            let file = file.filter(|_| i < SHOWN);
            let place = file.map(|file| Window::new(file, fault.at.start, fault.at.end));
            let message = short(&clean(&fault.message));
            Shown {
                code: format!("{door}::{}", fault.code),
                message,
                help: fault.help.map(|h| short(&clean(&h))),
                place,
                spot,
            }
        });
        Self::new(all.collect())
    }

    /// Faults that are ready to be shown.
    pub fn new(all: Vec<Shown>) -> Self {
        let summary = match all.as_slice() {
            [one] => one.message.clone(),
            many => format!("{} things are wrong; nothing was checked with them", many.len()),
        };
        Self { summary, all }
    }

    /// All of them, by file and place.
    pub fn all(&self) -> &[Shown] {
        &self.all
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds those of `other` at the end.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        Self::new(self.all)
    }

    /// The whole as a terminal shows it, `width` columns wide: one block for each fault.
    pub fn render(&self, theme: miette::GraphicalTheme, width: usize) -> String {
        let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
        let mut out = String::new();
        for shown in self.all.iter().take(SHOWN) {
            if !out.is_empty() {
                out.push('\n');
            }
            // Writing to a string cannot fail; if the renderer does, the plain line is shown instead.
            let mut block = String::new();
            if handler.render_report(&mut block, shown).is_ok() {
                out.push_str(&block);
            } else {
                let _ = writeln!(out, "{}", shown.line());
            }
        }
        if self.all.len() > SHOWN {
            let _ = writeln!(out, "… and {} more", self.all.len() - SHOWN);
        }
        out
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

impl std::error::Error for Faults {}

impl Diagnostic for Faults {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self.all.as_slice() {
            [one] => one.code(),
            _ => None,
        }
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.all.iter().take(SHOWN).map(|s| s as &dyn Diagnostic)))
    }
}

/// Three lines around a place, cleaned and cut, which know where they came from.
#[derive(Debug, Clone)]
struct Window {
    name: String,
    text: String,
    span: SourceSpan,
    /// Line of the file (from 0) on which `text` begins.
    first: usize,
    /// Line and column of the caret in the file, from 0, in characters.
    line: usize,
    column: usize,
}

impl Window {
    fn new(file: &NamedText, start: usize, end: usize) -> Self {
        let text: &str = &file.text;
        let start = crate::text::lines::floor_boundary(text, start);
        let end = crate::text::lines::ceil_boundary(text, end.max(start));
        let head = text.get(..start).unwrap_or_default();
        let line = head.matches('\n').count();
        let line_start = head.rfind('\n').map_or(0, |i| i + 1);
        let column = text.get(line_start..start).unwrap_or_default().chars().count();
        let before = text.get(..line_start.saturating_sub(1)).filter(|_| line > 0).map(|t| t.rsplit('\n').next());
        let body = text.get(line_start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let after =
            text.get(line_start + body.len()..).and_then(|t| t.strip_prefix('\n')).and_then(|t| t.split('\n').next());
        let mut out = String::new();
        if let Some(Some(previous)) = before {
            out.push_str(&cut(previous, 0, 0).0);
            out.push('\n');
        }
        // Only what stands on the line of the caret is underlined, however far the value goes.
        let from = start - line_start;
        let to = (end - line_start).min(body.trim_end_matches('\r').len()).max(from);
        let (shown, mark) = cut(body, from, to);
        let span = (out.len() + mark.0, mark.1 - mark.0).into();
        out.push_str(&shown);
        if let Some(next) = after {
            out.push('\n');
            out.push_str(&cut(next, 0, 0).0);
        }
        Self { name: clean(&file.name), text: out, span, first: line - usize::from(line > 0), line, column }
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, lines_before, lines_after)?;
        // The header's column counts from the start of the file's line, not of the window.
        let column = if lines_before == 0 && *span == self.span { self.column } else { inner.column() };
        let line = inner.line() + self.first;
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            line,
            column,
            inner.line_count(),
        );
        Ok(Box::new(contents))
    }
}

/// A piece of `line` around its bytes `from..to`, cleaned, and where those bytes are in the piece.
fn cut(line: &str, from: usize, to: usize) -> (String, (usize, usize)) {
    let line = line.trim_end_matches('\r');
    let (head, rest) = line.split_at_checked(from).unwrap_or((line, ""));
    let (marked, tail) = rest.split_at_checked(to.saturating_sub(from)).unwrap_or((rest, ""));
    let mut out = String::new();
    let skip = head.chars().count().saturating_sub(REACH);
    if skip > 0 {
        out.push('…');
    }
    out.extend(head.chars().skip(skip).map(visible));
    let start = out.len();
    out.extend(marked.chars().take(REACH).map(visible));
    if marked.chars().nth(REACH).is_some() {
        out.push('…');
    }
    let end = out.len();
    let room = if from == 0 && to == 0 { 2 * REACH } else { REACH };
    out.extend(tail.chars().take(room).map(visible));
    if tail.chars().nth(room).is_some() {
        out.push('…');
    }
    (out, (start, end))
}

/// `text` without characters that move the cursor, change colours or turn the reading direction. The joiner of an emoji
/// that is made of others, such as a firefighter, is let be.
pub fn clean(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.chars().peekable());
    let mut last = ' ';
    while let Some(c) = rest.next() {
        let joins = c == '\u{200d}' && is_drawn(last) && rest.peek().is_some_and(|next| is_drawn(*next));
        out.push(if c == '\n' || joins { c } else { visible(c) });
        last = c;
    }
    out
}

/// Whether a character may stand beside the joiner of an emoji: one that is an emoji, or says how it is drawn.
fn is_drawn(c: char) -> bool {
    is_emoji(c) || c == '\u{fe0f}'
}

/// A message that names a value of a megabyte would be one itself.
fn short(text: &str) -> String {
    let mut out: String = text.chars().take(LONGEST).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}' => {
            '\u{fffd}'
        }
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::value::At;

    fn render(text: &str, start: usize, end: usize) -> String {
        let fault = Fault::new(At { file: 0, start, end }, "wrong").code("test").help("do it right");
        let files = [NamedText::new("a.toml", text.to_owned())];
        Faults::from_faults("postlint::pack", &files, vec![fault]).render(miette::GraphicalTheme::unicode_nocolor(), 80)
    }

    #[test]
    fn a_caret_stands_under_its_place() {
        insta::assert_snapshot!(render("a = 1\nbad = 2\nc = 3\n", 6, 9), @r"
        postlint::pack::test

          × wrong
           ╭─[a.toml:2:1]
         1 │ a = 1
         2 │ bad = 2
           · ───
         3 │ c = 3
           ╰────
          help: do it right
        ");
    }

    #[test]
    fn a_long_line_is_cut_and_keeps_its_column() {
        let text = format!("first = 1\nx = \"{}\" # tail\n", "y".repeat(100_000));
        let shown = render(&text, 50_000, 50_003);
        assert!(shown.contains("a.toml:2:49991"), "{shown}");
        assert!(shown.lines().all(|l| l.chars().count() < 150), "{shown}");
    }

    #[test]
    fn escape_sequences_do_not_get_through() {
        let shown = render("k = \"\u{1b}[31m\u{202e}\"\n", 0, 1);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
    }

    proptest::proptest! {
        #[test]
        fn any_place_in_any_text_renders(text in "[ab\n\r\té😀]{0,40}", start in 0usize..60, len in 0usize..60) {
            proptest::prop_assert!(render(&text, start, start + len).contains("wrong"));
        }
    }
}

//! What an officer reads in a terminal: the sentence with the words underlined, why the policy minds, what to do.

use super::{Column, Reporter, Shown, Style, json::visible};
use crate::{
    model::{
        fault::clean,
        finding::{Applicability, Finding, Report},
        rule::Severity,
    },
    text::{
        lines::{ceil_boundary, floor_boundary},
        span::{Source, Span},
    },
};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use std::{collections::BTreeSet, fmt, io, path::Path};

/// `--format human`.
pub(super) struct Human;

/// Columns that miette needs besides the line itself: its number and the frame.
const FRAME: usize = 16;
/// Characters of the words themselves that are shown at most.
const LONGEST: usize = 200;

impl Reporter for Human {
    fn name(&self) -> &'static str {
        "human"
    }

    fn about(&self) -> &'static str {
        "for reading: the sentence, the reason, what to do"
    }

    fn write(&self, report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        for file in &report.files {
            let shown = Shown::new(file, style);
            for finding in visible(&file.findings, style) {
                writeln!(out, "{}\n", block(&shown, finding, style))?;
            }
            for note in &file.document.notes {
                writeln!(out, "Note on {}: {}", clean(&file.path.to_string_lossy()), clean(&shown.scrub(note)))?;
            }
        }
        summary(report, style, out)
    }
}

/// One finding: the line with the words underlined, why, and what to do.
pub fn block(shown: &Shown<'_>, finding: &Finding, style: &Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let width = style.width.clamp(40, 120);
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
    let block = Block::new(shown, finding, width);
    let mut text = String::new();
    if handler.render_report(&mut text, &block).is_err() {
        text = format!("{}: {}", block.window.name, block.message);
    }
    text.trim_end().to_owned()
}

/// What comes behind the findings: what could not be checked, and what all of it means.
pub fn summary(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    for skipped in &report.skipped {
        writeln!(out, "Not checked: {}: {}", clean(&skipped.path.to_string_lossy()), clean(&skipped.reason))?;
        if let Some(help) = &skipped.help {
            writeln!(out, "  {}", clean(help))?;
        }
    }
    for note in &report.notes {
        writeln!(out, "{}", clean(note))?;
    }
    closing(report, style, out)
}

/// The last lines: what was checked, what was found, what it means.
fn closing(report: &Report, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let shown = || report.files.iter().flat_map(|f| visible(&f.findings, style));
    let counted = |severity| shown().filter(|f| f.severity == severity).count();
    // What is no file cannot be mended.
    let mendable = || report.files.iter().filter(|f| !report.texts.contains(&f.path));
    let fixes = || mendable().flat_map(|f| visible(&f.findings, style)).map(|f| &f.fixes);
    let fixable = |least| fixes().filter(|fixes| fixes.iter().any(|x| x.applicability >= least)).count();
    let checked = format!(
        "Checked {} in {} with {} of {}.",
        plural(report.posts(), "post"),
        plural(report.files.len(), "file"),
        plural(report.rules.len(), "rule"),
        plural(report.packs.len(), "pack"),
    );
    let counts: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "hint")]
        .into_iter()
        .filter(|(severity, _)| counted(*severity) > 0)
        .map(|(severity, name)| plural(counted(severity), name))
        .collect();
    let found = if report.posts() == 0 {
        "Nothing was checked.".to_owned()
    } else if counts.is_empty() {
        "Nothing found.".to_owned()
    } else {
        format!("Found {}.", counts.join(", "))
    };
    writeln!(out, "{checked} {found}")?;
    let (safe, all) = (fixable(Applicability::Safe), fixable(Applicability::Unsafe));
    if safe > 0 {
        writeln!(out, "{} can be mended with --fix.", plural(safe, "finding"))?;
    }
    if all > safe {
        writeln!(out, "{} can be mended with --fix --unsafe-fixes; read the result.", plural(all - safe, "finding"))?;
    }
    if !report.skipped.is_empty() {
        // A file of which several parts could not be read is one file.
        let paths: BTreeSet<&Path> = report.skipped.iter().map(|skipped| skipped.path.as_path()).collect();
        writeln!(out, "{} could not be checked.", plural(paths.len(), "file"))?;
    }
    writeln!(out, "No findings is not an approval: only a person can approve a post.")
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A finding as miette shows it.
#[derive(Debug)]
struct Block {
    message: String,
    code: String,
    severity: Severity,
    help: String,
    window: Window,
}

impl Block {
    fn new(shown: &Shown<'_>, finding: &Finding, width: usize) -> Self {
        Self {
            message: clean(&shown.message(finding)),
            code: finding.rule.id.clone(),
            severity: finding.severity,
            help: clean(&help(shown, finding)),
            window: Window::new(shown, finding, width),
        }
    }
}

fn help(shown: &Shown<'_>, finding: &Finding) -> String {
    let clauses = if finding.rule.clauses.is_empty() {
        String::new()
    } else {
        format!(" (policy {})", finding.rule.clauses.join(", "))
    };
    let mut lines = vec![format!("Why: {}{clauses}", finding.rule.why.trim_end())];
    if !finding.advice.is_empty() {
        lines.push(format!("Do:  {}", finding.advice.trim_end()));
    }
    for fix in &finding.fixes {
        match (&fix.refused, fix.applicability) {
            (Some(reason), _) => {
                lines.push(format!("Fix: by hand, {}: {}", shown.fix_title(finding, fix), shown.scrub(reason)));
            }
            (None, Applicability::Safe) => lines.push(format!("Fix: {}", shown.fix_title(finding, fix))),
            (None, _) => lines.push(format!("Fix: perhaps {}", shown.fix_title(finding, fix))),
        }
    }
    let sure = if finding.confidence < 0.75 { "perhaps" } else { "likely" };
    let mut notes = vec![format!("{sure}, {:.0} %", finding.confidence * 100.0)];
    if finding.obfuscated {
        notes.push("the words were disguised".to_owned());
    }
    if finding.reserved {
        notes.push("a made-up value that nobody can own".to_owned());
    }
    if !finding.also.is_empty() {
        notes.push(format!("also {}", finding.also.join(", ")));
    }
    lines.push(format!("({})", notes.join("; ")));
    lines.join("\n")
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Block {}

impl Diagnostic for Block {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(None, self.window.mark))))
    }
}

/// The part of a line around a finding, masked and cleaned, which knows where it came from.
#[derive(Debug)]
struct Window {
    name: String,
    text: String,
    mark: SourceSpan,
    line: usize,
    column: usize,
}

impl Window {
    fn new(shown: &Shown<'_>, finding: &Finding, width: usize) -> Self {
        let span = finding.place.span;
        let start = shown.range(span).start;
        let (line_start, line_end) = shown.lines().line(start.line).unwrap_or((span.start, span.end));
        // miette prints whole lines, and a terminal that wraps them tears the underline away: the line is cut to fit.
        let room = width.saturating_sub(FRAME);
        let end = forth(shown.source(), span.start, room.min(LONGEST)).min(span.end).min(line_end.max(span.start));
        // More than fit are not counted: a line may be as long as a file.
        let chars = |a: usize, b: usize| shown.source().get(a..b).map_or(0, |t| t.chars().take(room).count());
        let spare = room.saturating_sub(chars(span.start, end));
        let before = (spare / 2).max(spare.saturating_sub(chars(end, line_end))).min(chars(line_start, span.start));
        let from = back(shown.source(), span.start.max(line_start), before).max(line_start);
        let to = forth(shown.source(), end, spare - before).min(line_end).max(end);
        let part = |a: usize, b: usize| clean(&shown.text(Span::<Source>::new(a, b))).replace('\n', " ");
        let (head, words, tail) = (part(from, span.start), part(span.start, end), part(end, to));
        let lead = if from > line_start { "..." } else { "" };
        let mark = (lead.len() + head.len(), words.len()).into();
        let more = if to < line_end { "..." } else { "" };
        let address = shown.address(finding);
        let path = clean(&shown.file.path.to_string_lossy());
        let name = if address.is_empty() { path } else { format!("{path}, {}", clean(&address)) };
        Self {
            name,
            text: format!("{lead}{head}{words}{tail}{more}"),
            mark,
            line: start.line,
            column: Column::Chars.of(start) - 1,
        }
    }
}

fn back(text: &str, at: usize, chars: usize) -> usize {
    let head = text.get(..floor_boundary(text, at)).unwrap_or_default();
    let Some(skip) = chars.checked_sub(1) else { return head.len() };
    head.char_indices().rev().nth(skip).map_or(0, |(i, _)| i)
}

fn forth(text: &str, at: usize, chars: usize) -> usize {
    let at = ceil_boundary(text, at);
    let tail = text.get(at..).unwrap_or_default();
    at + tail.char_indices().nth(chars).map_or(tail.len(), |(i, _)| i)
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            self.line,
            if before == 0 { self.column } else { inner.column() },
            inner.line_count(),
        );
        Ok(Box::new(contents))
    }
}

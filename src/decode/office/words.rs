//! The paragraphs of a Word file, rendered into lines, with each stretch of text led back to the XML that it came from.

use super::{
    line::{Cell, Element, Kind, Line, Stretch},
    xml::{Attributes, Piece, walk},
};
use crate::{decode::DecodeError, text::span::Span};
use std::{collections::BTreeMap, ops::Range};

/// A rendered Word file.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) source: String,
    pub(super) lines: Vec<Line>,
    pub(super) stretches: Vec<Stretch>,
    pub(super) elements: Vec<Element>,
    /// Bytes that the rendering may have.
    most: usize,
    /// Bytes that it has, with what is still to come into it and how its words are formatted.
    rendered: usize,
    /// Number of tables so far.
    tables: usize,
    /// Names and texts of the parts.
    pub(super) parts: Vec<(String, String)>,
}

impl Words {
    /// A rendering that may have `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Counts bytes of the rendering; whether they may come into it.
    fn grow(&mut self, bytes: usize) -> bool {
        self.rendered = self.rendered.saturating_add(bytes);
        self.rendered <= self.most
    }

    /// Renders one more part. `links` has the addresses of its hyperlinks by id.
    pub(super) fn add(
        &mut self,
        name: String,
        text: String,
        links: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<(), DecodeError> {
        let short = short(&name);
        let is_chart = name.contains("/charts/");
        let mut render = Render {
            words: self,
            text: &text,
            part_name: short,
            is_chart,
            links,
            open: Vec::new(),
            number: 0,
            hidden: 0,
            run: Run::default(),
            cells: Vec::new(),
            free: Vec::new(),
            after: Vec::new(),
        };
        walk(&text, &name, depth, &mut |piece, range| render.take(piece, range))?;
        render.finish();
        if self.rendered > self.most {
            return Err(DecodeError::limit("the size of the text", self.most, "bytes").raised_by("file-mib"));
        }
        self.parts.push((name, text));
        Ok(())
    }
}

/// A paragraph that is being read; one may stand inside another (a text box).
#[derive(Default)]
struct Paragraph {
    number: usize,
    text: String,
    stretches: Vec<Stretch>,
    heading: bool,
    links: Vec<(usize, usize)>,
}

#[derive(Default)]
struct Run {
    format: String,
    format_start: Option<usize>,
    /// Tabs outside a run are tab stops, not text.
    is_open: bool,
    links: usize,
    changes: usize,
    in_text: Option<usize>,
    link: Option<usize>,
}

struct Render<'w> {
    words: &'w mut Words,
    text: &'w str,
    part_name: String,
    /// Whether names of its rows and columns are words as well.
    is_chart: bool,
    links: &'w BTreeMap<String, String>,
    open: Vec<Paragraph>,
    number: usize,
    /// Depth inside something that is not shown.
    hidden: usize,
    run: Run,
    /// The cell of each open table, the outermost first.
    cells: Vec<Cell>,
    /// Columns of each open table that the next cell leaves free: cells before it are wider, or the row begins later.
    free: Vec<usize>,
    /// Lines that follow at the end: addresses of links, alternative texts.
    after: Vec<(Kind, usize, String)>,
}

impl Render<'_> {
    fn take(&mut self, piece: Piece<'_>, range: Range<usize>) {
        match piece {
            Piece::Open(name, attributes) => self.open(name, &attributes, range),
            Piece::Close(name) => self.close(name, range),
            Piece::Text => {
                let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
                self.put(&text, range, true);
            }
            Piece::Entity(text) => self.put(&text, range, false),
        }
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>, range: Range<usize>) {
        self.pass(name);
        match name {
            _ if is_hidden(name) => self.hidden += 1,
            _ if self.hidden > 0 => {}
            _ if name == "p" || name == "pt" && self.is_chart => {
                self.number += 1;
                self.open.push(Paragraph { number: self.number, ..Paragraph::default() });
            }
            "tbl" => {
                self.words.tables += usize::from(self.cells.is_empty());
                self.cells.push(Cell { table: self.words.tables, row: 0, column: 0 });
                self.free.push(0);
            }
            "tr" => {
                self.step(|cell, _| (cell.row, cell.column) = (cell.row + 1, 0));
                self.leave_free(0);
            }
            "tc" => {
                self.step(|cell, free| cell.column += 1 + free);
                self.leave_free(0);
            }
            "gridBefore" => self.leave_free(number(attributes)),
            "gridSpan" => self.leave_free(number(attributes).saturating_sub(1)),
            "pStyle" => {
                let style = attributes.get("val").unwrap_or_default().to_lowercase();
                if let Some(paragraph) = self.open.last_mut() {
                    paragraph.heading = ["heading", "title", "subtitle"].iter().any(|s| style.starts_with(s));
                }
            }
            "r" => {
                self.run.format.clear();
                self.run.format_start = None;
                self.run.is_open = true;
            }
            "rPr" => self.run.format_start = Some(range.start),
            _ if name == "t" || name == "v" && self.is_chart => {
                let preserve = attributes.get("space").is_some_and(|v| v == "preserve");
                let format =
                    if self.words.grow(self.run.format.len()) { self.run.format.clone() } else { String::new() };
                let Run { links, changes, .. } = self.run;
                self.words.elements.push(Element { tag: range, preserve, format, links, changes });
                self.run.in_text = Some(self.words.elements.len() - 1);
            }
            "tab" | "br" | "cr" if self.run.is_open => {
                self.mark(if name == "tab" { "\t" } else { "\n" }, range);
            }
            "ptab" if self.run.is_open => self.mark(" ", range),
            "noBreakHyphen" => self.mark("\u{2011}", range),
            "hyperlink" => self.link(attributes),
            "docPr" => {
                let alt = attributes.get("descr").or_else(|| attributes.get("title")).unwrap_or_default();
                self.behind(Kind::Alt, Some(alt));
            }
            // Pictures and ornamental writing of old files.
            "shape" | "rect" | "roundrect" | "oval" | "group" => {
                self.behind(Kind::Alt, attributes.get("alt").filter(|alt| !alt.is_empty()));
            }
            "textpath" => self.behind(Kind::Paragraph, attributes.get("string")),
            _ => {}
        }
    }

    /// Words of an attribute come at the end of the part.
    fn behind(&mut self, kind: Kind, words: Option<String>) {
        let number = self.open.first().map_or(self.number, |p| p.number);
        self.after.extend(words.map(|words| (kind, number, words)));
    }

    /// Counts the ends of links and of tracked changes.
    fn pass(&mut self, name: &str) {
        self.run.links += usize::from(name == "hyperlink");
        self.run.changes += usize::from(matches!(name, "ins" | "del" | "moveFrom" | "moveTo"));
    }

    fn step(&mut self, step: impl Fn(&mut Cell, usize)) {
        if let (Some(cell), Some(free)) = (self.cells.last_mut(), self.free.last()) {
            step(cell, *free);
        }
    }

    fn leave_free(&mut self, columns: usize) {
        self.free.last_mut().into_iter().for_each(|free| *free = columns);
    }

    fn link(&mut self, attributes: &Attributes<'_>) {
        let start = self.open.last().map_or(0, |p| p.text.len());
        self.run.link = Some(start);
        if let Some(url) = attributes.get("id").and_then(|id| self.links.get(&id))
            && self.words.grow(url.len())
        {
            self.after.push((Kind::LinkUrl, self.number, url.clone()));
        }
    }

    fn close(&mut self, name: &str, range: Range<usize>) {
        self.pass(name);
        match name {
            _ if is_hidden(name) => self.hidden = self.hidden.saturating_sub(1),
            _ if self.hidden > 0 => {}
            _ if name == "p" || name == "pt" && self.is_chart => self.end_paragraph(),
            "tbl" => {
                self.cells.pop();
                self.free.pop();
            }
            "rPr" => {
                if let Some(start) = self.run.format_start.take() {
                    self.run.format = formatting(self.text.get(start..range.end).unwrap_or_default());
                }
            }
            "t" | "v" => self.run.in_text = None,
            "r" => self.run.is_open = false,
            "hyperlink" => {
                if let (Some(start), Some(paragraph)) = (self.run.link.take(), self.open.last_mut()) {
                    paragraph.links.push((start, paragraph.text.len()));
                }
            }
            _ => {}
        }
    }

    fn put(&mut self, text: &str, range: Range<usize>, copied: bool) {
        if self.hidden == 0
            && let (Some(element), Some(paragraph)) = (self.run.in_text, self.open.last_mut())
        {
            let start = paragraph.text.len();
            paragraph.text.push_str(text);
            let out = Span::new(start, paragraph.text.len());
            paragraph.stretches.push(Stretch {
                out,
                part: self.words.parts.len(),
                raw: range,
                copied,
                element: Some(element),
            });
        }
    }

    fn mark(&mut self, text: &str, range: Range<usize>) {
        if let Some(paragraph) = self.open.last_mut() {
            let start = paragraph.text.len();
            paragraph.text.push_str(text);
            let out = Span::new(start, paragraph.text.len());
            let part = self.words.parts.len();
            paragraph.stretches.push(Stretch { out, part, raw: range, copied: false, element: None });
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        let kind = match (paragraph.heading, self.part_name.as_str()) {
            (_, "comments") => Kind::Comment,
            (true, _) => Kind::Heading,
            _ => Kind::Paragraph,
        };
        let start = self.line(kind, paragraph.number, &paragraph.text);
        let moved = paragraph.stretches.into_iter().map(|s| Stretch { out: s.out.shift(start), ..s });
        self.words.stretches.extend(moved);
        for (from, to) in paragraph.links {
            if !self.words.grow(self.part_name.len()) {
                return;
            }
            let span = Span::new(start + from, start + to);
            self.words.lines.push(Line {
                span,
                kind: Kind::LinkText,
                part: self.part_name.clone(),
                number: paragraph.number,
                cell: None,
            });
        }
    }

    /// Adds a line to the rendering; returns where it begins.
    fn line(&mut self, kind: Kind, number: usize, text: &str) -> usize {
        let start = self.words.source.len();
        // Over the limit the file is refused at the end of its part.
        if !self.words.grow(text.len() + self.part_name.len()) {
            return start;
        }
        self.words.source.push_str(text);
        self.words.source.push('\n');
        let span = Span::new(start, start + text.len());
        let cell = self.cells.first().copied().filter(|_| matches!(kind, Kind::Paragraph | Kind::Heading));
        self.words.lines.push(Line { span, kind, part: self.part_name.clone(), number, cell });
        start
    }

    fn finish(mut self) {
        for (kind, number, text) in std::mem::take(&mut self.after) {
            self.line(kind, number, &text);
        }
    }
}

/// The name of a part in addresses: without folder and ending, and that of a diagram's words as people call them.
fn short(part: &str) -> String {
    let name = part.rsplit('/').next().unwrap_or(part).trim_end_matches(".xml");
    if part.contains("/diagrams/") { name.replace("data", "diagram") } else { name.to_owned() }
}

/// Run properties less those that nobody sees: the language, and whether spelling is checked.
fn formatting(raw: &str) -> String {
    let shown = |tag: &&str| !["<w:lang", "<w:noProof", "<w:rPr", "</w:rPr"].iter().any(|t| tag.starts_with(t));
    // How the run was formatted before comes last.
    let now = raw.split("<w:rPrChange").next().unwrap_or_default();
    now.split_inclusive('>').filter(shown).collect()
}

/// A number of columns. A table of Word has 63 at most.
fn number(attributes: &Attributes<'_>) -> usize {
    attributes.get("val").and_then(|n| n.trim().parse().ok()).unwrap_or(0).min(63)
}

/// What is not shown: Fallback repeats its sibling for old programs; words were moved away or deleted; properties were
/// changed under tracking. And the numbers of a chart.
fn is_hidden(name: &str) -> bool {
    matches!(name, "Fallback" | "moveFrom" | "del" | "numCache" | "numLit") || name.ends_with("PrChange")
}

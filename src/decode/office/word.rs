//! Word files (`.docx`): one post, a segment for each paragraph, with headers, notes, comments and insertions under
//! tracking, without what was deleted. Fixes are written into the text runs that hold the words.

use super::{
    line::{Element, Kind, Line, Stretch},
    package::Package,
    relations,
    words::Words,
};
use crate::{
    decode::{
        DecodeError, Decoder, Options, WriteError,
        growth::Growth,
        table::{Row, Table},
        tree::Scalar,
    },
    model::{
        document::{Address, Document, Encoding, Located, Media, Origin, Post, Quoting, Scope, Segment, SourceFile},
        finding::Edit,
    },
    text::{
        map::OffsetMap,
        span::{Source, Span},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    ops::Range,
};

/// `.docx` files.
pub(in crate::decode) struct Docx;

impl Decoder for Docx {
    fn name(&self) -> &'static str {
        "docx"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["docx", "docm"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK\x03\x04") && contains(bytes, b"word/document.xml")
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let words = render(&file.bytes, options)?;
        let growth = Growth::new(&options.limits);
        let (calendars, mut posts, notes) = calendars(&words, options, &growth);
        growth.check()?;
        let mut post = Post::default();
        for line in &words.lines {
            if line.cell.is_none_or(|c| !calendars.contains(&c.table)) {
                add(&mut post, line, &words.source);
            }
        }
        if posts.is_empty() || !post.segments.is_empty() {
            posts.insert(0, post);
        }
        Ok(Document {
            format: self.name(),
            source: words.source.into(),
            encoding: Encoding::utf8(0),
            origin: Origin::Rendered,
            posts,
            notes,
            faults: Vec::new(),
        })
    }

    fn write(&self, file: &SourceFile, _: &Document, edits: &[Edit], options: &Options) -> Result<Vec<u8>, WriteError> {
        let words = render(&file.bytes, options)?;
        if let Some(edit) = emptied(&words, edits) {
            return Err(WriteError::refused(edit.span, "it would leave a link without words"));
        }
        let mut raw: BTreeMap<usize, Vec<(Range<usize>, String)>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for edit in edits {
            for (part, range, content) in place(&words, edit, &mut touched)? {
                raw.entry(part).or_default().push((range, content));
            }
        }
        for (part, element) in touched {
            let Some(element) = words.elements.get(element).filter(|e| !e.preserve) else { continue };
            let end = element.tag.end.saturating_sub(1);
            raw.entry(part).or_default().push((end..end, " xml:space=\"preserve\"".to_owned()));
        }
        let mut changed = BTreeMap::new();
        for (part, mut edits) in raw {
            let Some((name, text)) = words.parts.get(part) else { continue };
            edits.sort_by_key(|(range, _)| (range.start, range.end));
            let mut text = text.clone();
            for (range, content) in edits.into_iter().rev() {
                text.replace_range(range, &content);
            }
            changed.insert(name.clone(), text);
        }
        Ok(Package::open(&file.bytes, &options.limits)?.rewritten(&changed)?)
    }
}

fn contains(bytes: &[u8], name: &[u8]) -> bool {
    bytes.windows(name.len()).any(|w| w == name)
}

/// Tables with a column for the text, such as a content calendar: each row of theirs is a post of its own.
fn calendars(words: &Words, options: &Options, growth: &Growth) -> (BTreeSet<usize>, Vec<Post>, Vec<String>) {
    let mut tables: BTreeMap<usize, BTreeMap<usize, BTreeMap<usize, Span<Source>>>> = BTreeMap::new();
    for (cell, line) in words.lines.iter().filter_map(|l| l.cell.map(|c| (c, l))) {
        let row = tables.entry(cell.table).or_default().entry(cell.row).or_default();
        row.entry(cell.column).and_modify(|s| *s = s.cover(line.span)).or_insert(line.span);
    }
    let (mut found, mut posts, mut notes) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (number, rows) in tables {
        let rows: Vec<Row> =
            rows.into_iter().map(|(number, cells)| Row::new(number, row_cells(words, &cells))).collect();
        let sheet = Some(format!("table {number}"));
        let mut table = Table::new(sheet, "docx", options, growth);
        if table.has_text_column(&rows) {
            found.insert(number);
            posts.extend(table.posts(rows));
            notes.append(&mut table.notes);
            if table.skipped > 0 {
                notes.push(format!("rows of table {number} left out because of their status: {}", table.skipped));
            }
        }
    }
    (found, posts, notes)
}

fn row_cells(words: &Words, cells: &BTreeMap<usize, Span<Source>>) -> Vec<Option<Scalar>> {
    let width = cells.keys().next_back().copied().unwrap_or(0);
    let cell = |column: usize| {
        let token = *cells.get(&column)?;
        let text = token.of(&words.source).to_owned();
        let map = OffsetMap::shifted(token.start);
        (!text.trim().is_empty()).then_some(Scalar { text, map, token, quoting: Quoting::Office, string: true })
    };
    (1..=width).map(cell).collect()
}

fn add(post: &mut Post, line: &Line, source: &str) {
    let text = line.span.of(source);
    let address = match line.part.as_str() {
        "document" => Address::Paragraph(line.number),
        part => Address::Pointer(format!("{part}, paragraph {}", line.number)),
    };
    let is_drawn = ["diagram", "chart"].iter().any(|p| line.part.starts_with(p));
    let (scope, quoting) = match line.kind {
        _ if is_drawn => {
            (Scope::Body, Quoting::ReadOnly("words of a diagram or a chart in a Word file are not written"))
        }
        Kind::Paragraph => (Scope::Body, Quoting::Office),
        Kind::Heading => (Scope::Heading, Quoting::Office),
        Kind::Comment => (Scope::Field("comment".to_owned()), Quoting::Office),
        Kind::LinkText => (Scope::LinkText, Quoting::Office),
        Kind::LinkUrl => (Scope::LinkUrl, Quoting::ReadOnly("the address of a link in a Word file is not written")),
        Kind::Alt => (Scope::Alt, Quoting::ReadOnly("alternative text in a Word file is not written")),
    };
    if line.kind == Kind::Alt {
        let alt = (!text.trim().is_empty()).then(|| Located::new(text.trim(), line.span));
        post.meta.media.push(Media { alt, ..Media::default() });
    }
    if !text.trim().is_empty() {
        let map = OffsetMap::shifted(line.span.start);
        post.segments.push(Segment { scope, address, text: text.to_owned(), map, quoting });
    }
}

/// Parts that hold text, in reading order.
fn is_text_part(name: &str) -> bool {
    let inner = name.strip_prefix("word/").unwrap_or_default();
    inner.strip_suffix(".xml").is_some()
        && ["document", "header", "footer", "footnotes", "endnotes", "comments.xml", "diagrams/data", "charts/chart"]
            .iter()
            .any(|p| inner.starts_with(p))
}

fn render(bytes: &[u8], options: &Options) -> Result<Words, DecodeError> {
    let limits = &options.limits;
    let mut package = Package::open(bytes, limits)?;
    let mut names: Vec<String> = package.names().into_iter().filter(|n| is_text_part(n)).collect();
    names.sort_by_key(|n| (n != "word/document.xml", n.clone()));
    if names.first().is_none_or(|n| n != "word/document.xml") {
        return Err(DecodeError::damaged("there is no word/document.xml in the file"));
    }
    let mut words = Words::new(limits.bytes);
    for name in names {
        let Some(text) = package.part(&name)? else { continue };
        let related = relations::of(&mut package, &name, limits.depth)?.into_iter();
        let links = related.filter(|r| r.is_external).map(|r| (r.id, r.target)).collect();
        words.add(name, text, &links, limits.depth)?;
    }
    Ok(words)
}

type Raw = (usize, Range<usize>, String);

/// Edits of the parts for `edit`. Words that run over several runs must be formatted alike; the first takes the text.
fn place(words: &Words, edit: &Edit, touched: &mut BTreeSet<(usize, usize)>) -> Result<Vec<Raw>, WriteError> {
    if edit.content.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(WriteError::refused(edit.span, "a control character cannot stand in a Word file"));
    }
    let hit = stretches(words, edit.span);
    let mut runs = hit.iter().filter_map(|s| s.element.map(|e| (*s, e)));
    let Some((home, element)) = runs.next() else {
        return Err(WriteError::refused(edit.span, "there are no words to write into"));
    };
    if let Some(why) = runs.find_map(|(_, e)| apart(words.elements.get(element)?, words.elements.get(e)?)) {
        return Err(WriteError::refused(edit.span, why));
    }
    let mut all = Vec::new();
    for stretch in &hit {
        let range = cut(stretch, edit.span);
        let content = if std::ptr::eq(*stretch, home) {
            escaped(words, element, home.part, &edit.content)
        } else {
            String::new()
        };
        if let Some(e) = stretch.element {
            touched.insert((stretch.part, e));
        }
        all.push((stretch.part, range, content));
    }
    Ok(all)
}

/// The edit, of `edits` in order, behind which a link has no words left.
fn emptied<'e>(words: &Words, edits: &'e [Edit]) -> Option<&'e Edit> {
    let says = |span: Span<Source>| !span.of(&words.source).trim().is_empty();
    let mut links = words.lines.iter().filter(|l| l.kind == Kind::LinkText && says(l.span)).map(|l| l.span);
    links.find_map(|link| {
        let near = edits.get(edits.partition_point(|e| e.span.end <= link.start)..)?;
        let (mut at, mut last) = (link.start, None);
        for edit in near.iter().take_while(|e| e.span.start < link.end) {
            if says(Span::new(at, edit.span.start.max(at))) || !edit.content.trim().is_empty() {
                return None;
            }
            (at, last) = (edit.span.end, Some(edit));
        }
        last.filter(|_| !says(Span::new(at, link.end.max(at))))
    })
}

/// Why words of two elements cannot be written into one.
fn apart(one: &Element, other: &Element) -> Option<&'static str> {
    if one.links != other.links {
        Some("it reaches over the end of a link")
    } else if one.changes != other.changes {
        Some("it reaches over the end of a tracked change")
    } else {
        (one.format != other.format).then_some("it reaches over words that are formatted differently")
    }
}

/// The stretches that `span` touches; for an empty span the one that ends or begins there.
fn stretches(words: &Words, span: Span<Source>) -> Vec<&Stretch> {
    if !span.is_empty() {
        return words.stretches.iter().filter(|s| s.out.overlaps(span)).collect();
    }
    let text = || words.stretches.iter().filter(|s| s.element.is_some());
    let inside = text().find(|s| s.copied && s.out.start < span.start && span.start <= s.out.end);
    inside.or_else(|| text().find(|s| s.out.start == span.start || s.out.end == span.start)).into_iter().collect()
}

/// The bytes of the part under `span`.
fn cut(stretch: &Stretch, span: Span<Source>) -> Range<usize> {
    if span.is_empty() && !stretch.copied {
        let at = if span.start == stretch.out.start { stretch.raw.start } else { stretch.raw.end };
        return at..at;
    }
    if !stretch.copied {
        return stretch.raw.clone();
    }
    let from = span.start.max(stretch.out.start) - stretch.out.start;
    let to = span.end.min(stretch.out.end) - stretch.out.start;
    stretch.raw.start + from..stretch.raw.start + to.max(from)
}

/// `content` as XML; tabs and line ends are elements of their own.
fn escaped(words: &Words, element: usize, part: usize, content: &str) -> String {
    let tag = words.elements.get(element).map(|e| e.tag.clone()).unwrap_or_default();
    let raw = words.parts.get(part).and_then(|(_, text)| text.get(tag)).unwrap_or_default();
    let prefix = raw.strip_prefix('<').and_then(|t| t.split_once(':')).map_or(String::new(), |(p, _)| format!("{p}:"));
    let mut out = String::with_capacity(content.len());
    for c in content.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => {
                let mark = if c == '\n' { "br" } else { "tab" };
                let _ = write!(out, "</{prefix}t><{prefix}{mark}/><{prefix}t xml:space=\"preserve\">");
            }
            c => out.push(c),
        }
    }
    out
}

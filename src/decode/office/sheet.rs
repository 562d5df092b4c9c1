//! Spreadsheets (`.xlsx`): each row of each sheet a post. They are read, not written.

use super::{
    beside::{self, Said},
    package::Package,
    relations,
    styles::Styles,
    xml::{Attributes, Piece, walk},
};
use crate::{
    decode::{
        DecodeError, Decoder, Limits, Options, WriteError,
        growth::Growth,
        table::{Row, Table},
        tree::Scalar,
    },
    model::{
        document::{Address, Document, Encoding, Origin, Post, Quoting, Scope, Segment, SourceFile},
        finding::Edit,
    },
    text::{map::OffsetMap, span::Span},
};
use std::{collections::BTreeMap, ops::Range};

/// `.xlsx` files.
pub(in crate::decode) struct Xlsx;

impl Decoder for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xlsx", "xlsm"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let name = b"xl/workbook.xml";
        bytes.starts_with(b"PK\x03\x04") && bytes.windows(name.len()).any(|w| w == name)
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let mut book = Book::open(&file.bytes, options)?;
        let (mut source, mut posts, mut notes) = (String::new(), Vec::new(), Vec::new());
        let growth = Growth::new(&options.limits);
        let (mut rows_left, mut skipped) = (options.limits.rows, 0);
        for (name, part) in book.sheets.clone() {
            let Some(xml) = book.package.part(&part)? else {
                return Err(DecodeError::damaged("a sheet that the workbook names is not in the file"));
            };
            let (rows, margins) = book.rows(&xml, &part, options, &mut source)?;
            rows_left = rows_left.checked_sub(rows.len()).ok_or_else(|| {
                DecodeError::limit("the number of rows", options.limits.rows, "rows").raised_by("rows")
            })?;
            let mut said = beside::read(&mut book.package, &part, options.limits.depth)?;
            said.extend(margins);
            let mut table = Table::new(Some(name.clone()), self.name(), options, &growth);
            posts.extend(table.posts(rows));
            posts.extend(around(&name, said, &mut source, &growth));
            growth.check()?;
            if source.len() > options.limits.bytes {
                return Err(too_long(&options.limits));
            }
            skipped += table.skipped;
            notes.append(&mut table.notes);
        }
        if skipped > 0 {
            notes.push(format!("rows left out because of their status: {skipped}"));
        }
        Ok(Document {
            format: self.name(),
            source: source.into(),
            encoding: Encoding::utf8(0),
            origin: Origin::Rendered,
            posts,
            notes,
            faults: Vec::new(),
        })
    }

    fn write(&self, _: &SourceFile, _: &Document, _: &[Edit], _: &Options) -> Result<Vec<u8>, WriteError> {
        Err(WriteError::ReadOnly { format: self.name() })
    }
}

struct Book<'b> {
    package: Package<'b>,
    /// Name and part of each sheet.
    sheets: Vec<(String, String)>,
    shared: Vec<String>,
    styles: Styles,
}

impl<'b> Book<'b> {
    fn open(bytes: &'b [u8], options: &Options) -> Result<Self, DecodeError> {
        let depth = options.limits.depth;
        let mut package = Package::open(bytes, &options.limits)?;
        let Some(workbook) = package.part("xl/workbook.xml")? else {
            return Err(DecodeError::damaged("there is no xl/workbook.xml in the file"));
        };
        let (mut targets, mut texts) = (BTreeMap::new(), "xl/sharedStrings.xml".to_owned());
        for relation in relations::of(&mut package, "xl/workbook.xml", depth)? {
            if relation.kind == "sharedStrings" {
                texts.clone_from(&relation.target);
            }
            targets.insert(relation.id, relation.target);
        }
        let (mut sheets, mut lost, mut from_1904) = (Vec::new(), false, false);
        walk(&workbook, "xl/workbook.xml", depth, &mut |piece, _| match piece {
            Piece::Open("sheet", a) => match a.get("id").and_then(|id| targets.get(&id)) {
                Some(part) => sheets.push((a.get("name").unwrap_or_default(), part.clone())),
                None => lost = true,
            },
            Piece::Open("workbookPr", a) => {
                from_1904 = a.get("date1904").is_some_and(|v| v == "1" || v == "true");
            }
            _ => {}
        })?;
        if lost {
            return Err(DecodeError::damaged("the workbook does not say where one of its sheets is"));
        }
        let shared = match package.part(&texts)? {
            Some(xml) => shared_strings(&xml, depth)?,
            None => Vec::new(),
        };
        let mut styles = match package.part("xl/styles.xml")? {
            Some(xml) => Styles::read(&xml, depth)?,
            None => Styles::default(),
        };
        styles.from_1904 = from_1904;
        Ok(Self { package, sheets, shared, styles })
    }

    /// The rows of a sheet, and what stands above and below its pages; the text of each cell becomes a line of `source`.
    fn rows(
        &self,
        xml: &str,
        part: &str,
        options: &Options,
        source: &mut String,
    ) -> Result<(Vec<Row>, Vec<Said>), DecodeError> {
        let limits = options.limits;
        let (rows, margins) = (Vec::new(), Vec::new());
        let mut reader =
            SheetReader { book: self, xml, source, rows, margins, margin: None, cell: None, limits, is_over: false };
        walk(xml, part, options.limits.depth, &mut |piece, range| reader.take(piece, range))?;
        if reader.is_over {
            return Err(too_long(&limits));
        }
        if reader.rows.len() > options.limits.rows {
            return Err(DecodeError::limit("the number of rows", options.limits.rows, "rows").raised_by("rows"));
        }
        // Cells should stand in order, each once; of two for one place the last counts.
        for row in &mut reader.rows {
            row.cells.reverse();
            row.cells.sort_by_key(|(column, _)| *column);
            row.cells.dedup_by_key(|(column, _)| *column);
        }
        Ok((reader.rows, reader.margins))
    }
}

fn too_long(limits: &Limits) -> DecodeError {
    DecodeError::limit("the size of the text", limits.bytes, "bytes").raised_by("file-mib")
}

/// What stands beside the cells of a sheet, as a post of its own.
fn around(sheet: &str, said: Vec<Said>, source: &mut String, growth: &Growth) -> Option<Post> {
    let address = |place: &str| Address::Pointer(format!("{sheet}, {place}"));
    let mut post = Post { address: address("beside the cells"), ..Post::default() };
    for Said { place, scope, text } in said.into_iter().filter(|s| !s.text.trim().is_empty()) {
        if !growth.copy(sheet.len() + place.len()) {
            break;
        }
        let map = OffsetMap::shifted(source.len());
        source.push_str(&text);
        source.push('\n');
        post.segments.push(Segment { scope, address: address(&place), text, map, quoting: READ_ONLY });
    }
    (!post.segments.is_empty() && growth.post()).then_some(post)
}

const READ_ONLY: Quoting = Quoting::ReadOnly("spreadsheets are only read; save the sheet as CSV to have it fixed");

/// The texts of `<si>` elements, without the readings of Japanese words (`<rPh>`).
fn shared_strings(xml: &str, depth: usize) -> Result<Vec<String>, DecodeError> {
    let mut all: Vec<String> = Vec::new();
    let (mut in_text, mut in_reading) = (false, false);
    walk(xml, "xl/sharedStrings.xml", depth, &mut |piece, range| match piece {
        Piece::Open("si", _) => all.push(String::new()),
        Piece::Open("t", _) => in_text = true,
        Piece::Close("t") => in_text = false,
        Piece::Open("rPh", _) => in_reading = true,
        Piece::Close("rPh") => in_reading = false,
        Piece::Text if in_text && !in_reading => {
            if let Some(last) = all.last_mut() {
                last.push_str(xml.get(range).unwrap_or_default());
            }
        }
        Piece::Entity(text) if in_text && !in_reading => {
            if let Some(last) = all.last_mut() {
                last.push_str(&text);
            }
        }
        _ => {}
    })?;
    Ok(all)
}

#[derive(Default)]
struct Cell {
    kind: String,
    style: usize,
    column: usize,
    value: String,
    in_value: bool,
}

struct SheetReader<'r, 'b> {
    book: &'r Book<'b>,
    xml: &'r str,
    source: &'r mut String,
    rows: Vec<Row>,
    cell: Option<Cell>,
    /// The headers and footers of its pages, and the one that is being read.
    margins: Vec<Said>,
    margin: Option<String>,
    limits: Limits,
    /// Whether the text of the cells is longer than a file may be.
    is_over: bool,
}

/// Columns that a sheet may have (XFD).
const MOST_COLUMNS: usize = 16_384;

impl SheetReader<'_, '_> {
    fn take(&mut self, piece: Piece<'_>, range: Range<usize>) {
        match piece {
            Piece::Open("row", a) if self.rows.len() <= self.limits.rows => {
                let next = self.rows.last().map_or(1, |r| r.number + 1);
                let number = a.get("r").and_then(|n| n.parse().ok()).unwrap_or(next);
                self.rows.push(Row::new(number, []));
            }
            Piece::Open("c", a) => self.cell = Some(self.open(&a)),
            Piece::Open(name, _) if is_margin(name) => self.margin = Some(String::new()),
            Piece::Close(name) if is_margin(name) => self.close_margin(name),
            Piece::Open("v" | "t", _) => self.value(|c| c.in_value = true),
            Piece::Close("v" | "t") => self.value(|c| c.in_value = false),
            Piece::Text => {
                let text = self.xml.get(range).unwrap_or_default();
                self.margin.iter_mut().for_each(|m| m.push_str(text));
                self.value(|c| {
                    if c.in_value {
                        c.value.push_str(text);
                    }
                });
            }
            Piece::Entity(text) => {
                self.margin.iter_mut().for_each(|m| m.push_str(&text));
                self.value(|c| {
                    if c.in_value {
                        c.value.push_str(&text);
                    }
                });
            }
            Piece::Close("c") => self.close(),
            _ => {}
        }
    }

    /// Takes over a header or footer; most sheets say the same on all pages.
    fn close_margin(&mut self, name: &str) {
        let place = if name.ends_with("Header") { "header" } else { "footer" };
        let text = self.margin.take().map(|coded| beside::margin(&coded)).unwrap_or_default();
        if !text.is_empty() && self.margins.iter().all(|m| m.text != text) {
            self.margins.push(Said { place: place.to_owned(), scope: Scope::Field(place.to_owned()), text });
        }
    }

    fn value(&mut self, change: impl FnOnce(&mut Cell)) {
        if let Some(cell) = &mut self.cell {
            change(cell);
        }
    }

    fn open(&self, a: &Attributes<'_>) -> Cell {
        let next = self.rows.last().map_or(0, |r| r.width);
        Cell {
            kind: a.get("t").unwrap_or_default(),
            style: a.get("s").and_then(|s| s.parse().ok()).unwrap_or(0),
            column: a.get("r").and_then(|r| column(&r)).unwrap_or(next),
            ..Cell::default()
        }
    }

    fn close(&mut self) {
        let (Some(cell), Some(row)) = (self.cell.take(), self.rows.last_mut()) else { return };
        let text = match cell.kind.as_str() {
            "s" => {
                cell.value.trim().parse().ok().and_then(|i: usize| self.book.shared.get(i).cloned()).unwrap_or_default()
            }
            "inlineStr" | "str" => cell.value,
            "b" => if cell.value == "1" { "true" } else { "false" }.to_owned(),
            "e" => String::new(),
            _ => self.book.styles.shown(cell.value.trim(), cell.style),
        };
        let text = text.replace("_x000D_", "").replace("\r\n", "\n");
        if text.trim().is_empty() || cell.column >= MOST_COLUMNS {
            return;
        }
        let start = self.source.len();
        self.is_over |= start + text.len() > self.limits.bytes;
        if self.is_over {
            return;
        }
        self.source.push_str(&text);
        self.source.push('\n');
        row.width = row.width.max(cell.column + 1);
        let scalar = Scalar {
            map: OffsetMap::shifted(start),
            token: Span::new(start, start + text.len()),
            text,
            quoting: READ_ONLY,
            string: true,
        };
        row.cells.push((cell.column, scalar));
    }
}

fn is_margin(name: &str) -> bool {
    ["oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"].contains(&name)
}

/// The index of the column of a cell reference such as `AB12`.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0_usize, |n, b| n * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    /// A workbook whose one sheet is at `target` and named by the relationship `id`; in its file at `part`.
    fn book(target: &str, id: &str, part: &str, sheet: &str, shared: &str) -> Result<Document, DecodeError> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            ("xl/workbook.xml", format!("<workbook><sheets><sheet name=\"A\" r:id=\"{id}\"/></sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", format!("<r><Relationship Id=\"r1\" Target=\"{target}\"/></r>")),
            ("xl/sharedStrings.xml", format!("<sst><si><t>{shared}</t></si></sst>")),
            (part, format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>")),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let file = SourceFile { path: "a.xlsx".into(), bytes: zip.finish().unwrap().into_inner() };
        Xlsx.decode(&file, &Options::default())
    }

    const CELL: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>";

    #[test]
    fn no_sheet_is_passed_over_in_silence() {
        let doc = book("./t.xml", "r1", "xl/t.xml", CELL, "They are late.").unwrap();
        assert_eq!(doc.posts[0].segments[0].text, "They are late.");
        for (target, id) in [("t.xml", "r2"), ("u.xml", "r1")] {
            assert!(matches!(book(target, id, "xl/t.xml", CELL, "a"), Err(DecodeError::Damaged { .. })));
        }
    }

    #[test]
    fn far_columns_and_shared_texts_fill_no_memory() {
        let row = |i: usize| format!("<row r=\"{i}\"><c r=\"XFD{i}\" t=\"s\"><v>0</v></c></row>");
        let sheet: String = (1..3000).map(row).collect();
        let doc = book("t.xml", "r1", "xl/t.xml", &sheet, "They are late.").unwrap();
        assert_eq!(doc.posts.len(), 2999);
        let error = book("t.xml", "r1", "xl/t.xml", &sheet, &"late ".repeat(20_000)).unwrap_err();
        assert!(error.to_string().starts_with("the size of the text is over the limit"), "{error}");
    }

    #[test]
    fn references_name_columns() {
        assert_eq!(["A1", "Z9", "AA10", "7"].map(column), [Some(0), Some(25), Some(26), None]);
    }
}

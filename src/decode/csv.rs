//! Comma-separated values and their like: each row a post, each cell with its quotes undone.
//!
//! Read as RFC 4180 has it and spreadsheets write it: `,`, `;` or tab between cells, whichever makes the straightest
//! table; line ends in quotes; a quote inside quotes doubled. `sep=;` in the first line, which Excel reads, is obeyed.

use super::{
    DecodeError, Decoder, Excerpt, Insertion, Options,
    growth::Growth,
    roles::{Role, role_of},
    table::{HEADER_WITHIN, Row, Table},
    text_of,
    tree::Scalar,
};
use crate::{
    model::document::{Document, Quoting, SourceFile},
    text::span::{Source, Span},
};

/// `.csv` and `.tsv` files.
pub(super) struct Csv;

impl Decoder for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let mut text = text_of(&file.bytes, &options.limits)?;
        let source = text.source.clone();
        let (delimiter, from) = delimiter(&source, named_for_tabs(file));
        let mut rows = Vec::new();
        for (index, record) in (Records { source: &source, at: from, delimiter }).enumerate() {
            if index >= options.limits.rows {
                return Err(DecodeError::limit("the number of rows", options.limits.rows, "rows").raised_by("rows"));
            }
            let cells = record.map_err(|e| e.in_file(&text))?;
            let cells = cells.into_iter().map(|c| scalar(&source, c, delimiter));
            rows.push(Row::new(index + 1 + usize::from(from > 0), cells));
        }
        let growth = Growth::new(&options.limits);
        let mut table = Table::new(None, self.name(), options, &growth);
        let posts = table.posts(rows);
        growth.check()?;
        text.notes.append(&mut table.notes);
        if table.skipped > 0 {
            text.notes.push(format!("rows left out because of their status: {}", table.skipped));
        }
        Ok(text.into_document(self.name(), posts))
    }

    /// The empty cell of the row in the column for suppressions.
    fn marks(&self, document: &Document, span: Span<Source>, said: &str, options: &Options) -> Vec<Insertion> {
        let source = &document.source;
        let (delimiter, at) = written(document);
        let records = || Records { source, at, delimiter }.map_while(Result::ok);
        let ignores = |cell: &Cell| {
            let name = scalar(source, *cell, delimiter);
            name.is_some_and(|n| role_of(&n.text, self.name(), options).is_some_and(|r| r.0 == Role::Ignore))
        };
        let column = records().take(HEADER_WITHIN).find_map(|cells| cells.iter().position(ignores));
        let row = records().find(|cells| cells.iter().any(|c| c.token.contains(span)));
        let cell = column.zip(row).and_then(|(column, row)| row.get(column).copied());
        let free = cell.filter(|c| c.token.is_empty());
        free.map(|c| Insertion::new(c.token.start, format!("\"{}\"", said.replace('"', "\"\"")))).into_iter().collect()
    }
}

/// Whether the name of `file` says that tabs stand between its cells.
fn named_for_tabs(file: &SourceFile) -> bool {
    file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv") || e.eq_ignore_ascii_case("tab"))
}

/// The same as [`delimiter`], for a file that was read: which one it took hangs on its name too.
fn written(document: &Document) -> (char, usize) {
    let (guess, at) = delimiter(&document.source, false);
    let mut segments = document.posts.iter().flat_map(|p| &p.segments);
    let taken = segments.find_map(|s| match s.quoting {
        Quoting::Csv { delimiter, .. } => Some(delimiter),
        _ => None,
    });
    (taken.unwrap_or(guess), at)
}

/// The character between cells, and where the first record begins.
fn delimiter(source: &str, tabs: bool) -> (char, usize) {
    if let Some(rest) = source.strip_prefix("sep=")
        && let Some(c) = rest.chars().next()
        && let Some(line) = source.split_inclusive('\n').next()
        && line.trim_end().len() == 4 + c.len_utf8()
    {
        return (c, line.len());
    }
    let order = if tabs { ['\t', ',', ';'] } else { [',', ';', '\t'] };
    let best = order.into_iter().rev().max_by_key(|d| straightness(source, *d)).unwrap_or(',');
    (best, 0)
}

/// How well `delimiter` cuts the first records into rows of one width: how many are as wide as the first, if that is
/// wider than one cell; and how wide that is. Titles above count for nothing; what follows them must be a table, since a
/// column of sentences has semicolons, too.
fn straightness(source: &str, delimiter: char) -> (usize, usize) {
    const SAMPLE: usize = 20;
    let mut records = Records { source, at: 0, delimiter }
        .take(SAMPLE)
        .map_while(Result::ok)
        .filter(|r| r.len() > 1 || r.first().is_some_and(|c| !c.token.is_empty()));
    let Some(mut first) = records.next() else { return (0, 0) };
    let titled = first.len() == 1;
    while first.len() == 1 {
        let Some(next) = records.next() else { return (0, 0) };
        first = next;
    }
    let width = first.len();
    let alike = 1 + records.filter(|r| r.len() == width).count();
    let spaced = first.iter().any(|c| c.token.of(source).starts_with(' '));
    if titled && (alike == 1 || spaced) { (0, 0) } else { (alike, width) }
}

/// A cell as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    /// With its quotes.
    token: Span<Source>,
    /// Where the closing quote stands, if the cell is quoted.
    close: Option<usize>,
}

/// Reads records one by one.
struct Records<'s> {
    source: &'s str,
    at: usize,
    delimiter: char,
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<Cell>, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.source.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(e) => {
                    self.at = self.source.len();
                    return Some(Err(e));
                }
            }
            let rest = self.source.get(self.at..).unwrap_or_default();
            if let Some(tail) = rest.strip_prefix(self.delimiter) {
                self.at = self.source.len() - tail.len();
                continue;
            }
            self.at += if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
            return Some(Ok(cells));
        }
    }
}

impl Records<'_> {
    fn cell(&mut self) -> Result<Cell, DecodeError> {
        let start = self.at;
        let rest = self.source.get(start..).unwrap_or_default();
        let mut close = None;
        if let Some(inner) = rest.strip_prefix('"') {
            let end = closing(inner).ok_or_else(|| DecodeError::broken("a quote is opened and never closed", start))?;
            close = Some(start + 1 + end);
            self.at = start + 1 + end + 1;
        }
        let rest = self.source.get(self.at..).unwrap_or_default();
        self.at += rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        Ok(Cell { token: Span::new(start, self.at), close })
    }
}

/// Where the quote that closes `inner` stands.
fn closing(inner: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let quote = at + inner.get(at..)?.find('"')?;
        if !inner.get(quote + 1..)?.starts_with('"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The decoded cell; `None` where it is blank.
fn scalar(source: &str, cell: Cell, delimiter: char) -> Option<Scalar> {
    let mut out = Excerpt::default();
    let token = cell.token;
    match cell.close {
        None => out.copy(source, token),
        Some(close) => {
            let mut at = token.start + 1;
            while let Some(quote) = source.get(at..close).and_then(|t| t.find("\"\"")) {
                out.copy_lines(source, Span::new(at, at + quote));
                out.replace("\"", Span::new(at + quote, at + quote + 2));
                at += quote + 2;
            }
            out.copy_lines(source, Span::new(at, close));
            out.copy(source, Span::new(close + 1, token.end));
        }
    }
    if out.text().trim().is_empty() {
        return None;
    }
    let (text, map) = out.into_parts();
    Some(Scalar { text, map, token, quoting: Quoting::Csv { cell: token, delimiter }, string: true })
}

/// The cells of `source`, decoded, for comparison with other readers.
#[cfg(test)]
fn cells(source: &str) -> Result<Vec<Vec<String>>, DecodeError> {
    let (delimiter, at) = delimiter(source, false);
    let text = |c: Cell| scalar(source, c, delimiter).map_or_else(String::new, |s| s.text);
    Records { source, at, delimiter }.map(|r| Ok(r?.into_iter().map(text).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{Address, Scope};

    fn read(name: &str, text: &str) -> Document {
        let file = SourceFile { path: name.into(), bytes: text.as_bytes().into() };
        Csv.decode(&file, &Options::default()).unwrap()
    }

    fn bodies(doc: &Document) -> Vec<&str> {
        let segments = doc.posts.iter().flat_map(|p| &p.segments);
        segments.filter(|s| s.scope == Scope::Body).map(|s| s.text.as_str()).collect()
    }

    #[test]
    fn csv_quote_inside_cell_maps_back() {
        let source = "Text,Profile\r\n\"Say \"\"caf\u{e9}\"\" now,\r\nplease\",Council\r\n";
        let doc = read("a.csv", source);
        let post = &doc.posts[0];
        let segment = &post.segments[0];
        assert_eq!(segment.text, "Say \"caf\u{e9}\" now,\nplease");
        let at = segment.text.find("\"caf").unwrap();
        assert_eq!(segment.map.map(Span::new(at, at + 7)).of(source), "\"\"caf\u{e9}\"\"");
        assert_eq!(segment.address, Address::Cell { sheet: None, row: 2, column: "Text".into() });
        assert_eq!(post.meta.account.as_ref().unwrap().value, "Council");
    }

    #[test]
    fn each_delimiter_is_found() {
        for source in [
            "Date;Text\n2026-12-01;One, two\n2026-12-02;Two, three\n",
            "Date\tText\n1\tOne, two\n2\tTwo\n",
            "sep=|\nDate|Text\n1|One, two\n2|Two\n",
        ] {
            assert!(bodies(&read("a.csv", source))[0].starts_with("One, two"), "{source}");
        }
    }

    #[test]
    fn a_suppression_goes_into_the_cell_that_was_read() {
        let source = "Text, b\tpostlint-ignore\nLate, so\t\n";
        let doc = read("a.tsv", source);
        let span = doc.posts[0].segments[0].map.map(Span::new(0, 4));
        let marks = Csv.marks(&doc, span, "a/b: why", &Options::default());
        assert_eq!((marks.len(), marks[0].at), (1, source.len() - 1));
    }

    #[test]
    fn a_title_above_hides_no_delimiter() {
        for source in
            ["Plan\nDate;Channel;Message\n1;X;\"One; two\"\n2;X;We think, so\n", "Plan\n\nDate\tMessage\n1\tOne; two\n"]
        {
            assert_eq!(bodies(&read("a.csv", source))[0], "One; two", "{source}");
        }
        assert_eq!(bodies(&read("a.csv", "Text\nHello; all\nBye; now\n")), ["Hello; all", "Bye; now"]);
    }

    #[test]
    fn a_row_that_says_something_is_no_header() {
        for (source, first) in [
            ("Where,What\nFacebook,Log in with password: Quenley1953.\nX,We promise\n", 2),
            ("Where,What\nFacebook,Quenley\n", 2),
            ("Facebook,Log in with password: Quenley1953.\nX,We promise\n", 1),
            ("Facebook,Bins are out\nX,We promise\n", 1),
            ("Type,Media,Wording\nPost,Image,Log in with Quenley1953 for now and then\nPost,Image,Bins\n", 2),
            ("Day,Type,Wording\n1 December,Post,Bins are out\n2 December,Post,We promise\n", 2),
        ] {
            let doc = read("a.csv", source);
            let segment = &doc.posts[0].segments[0];
            assert!(matches!(segment.address, Address::Cell { row, .. } if row == first), "{source}: {segment:?}");
        }
        assert_eq!(bodies(&read("a.csv", "X,Facebook\nShort one,Long one here\n")), ["Short one", "Long one here"]);
        assert_eq!(bodies(&read("a.csv", "Plan,2026\nDate,Text\n1,Bins\n")), ["Bins"]);
        let long = "Date,Text,What else the team that posts it has to know\n1,Bins,x\n";
        assert_eq!(bodies(&read("a.csv", long)), ["Bins"], "a long name among known ones");
    }

    #[test]
    fn a_file_without_header_has_the_shape_of_hootsuite() {
        let doc = read("a.csv", "12/01/2026 09:00,\"Bins, again\",https://a.gov.uk\n12/02/2026 09:00,Trees,\n");
        assert_eq!(bodies(&doc), ["Bins, again", "Trees"]);
        assert_eq!(doc.posts[0].meta.scheduled.as_ref().unwrap().value, "12/01/2026 09:00");
    }

    #[test]
    fn a_title_above_the_header_is_passed_over_and_said() {
        let doc = read("a.csv", "Westmarsh calendar,,\n,,\nDate,Platform,Copy\n2026-12-01,X,Hello all\n");
        assert_eq!(bodies(&doc), ["Hello all"]);
        assert_eq!(doc.notes, ["rows above the header in row 3 were not checked"]);
        let doc = read("a.csv", "Ward,Words\nNorth,Hello all of you there\n");
        assert_eq!(doc.notes, ["row 1 was taken for the header and was not checked"]);
    }

    #[test]
    fn unknown_columns_are_cells_and_double_headers_stay_apart() {
        let doc = read(
            "a.csv",
            "Date,Time,Caption,Notes,Notes,postlint-ignore\n2026-12-01,9:40,Hello all,Ring Jo,Then Al,a/b: why\n,,,,,\n",
        );
        let post = &doc.posts[0];
        assert_eq!(doc.posts.len(), 1);
        assert_eq!(post.meta.scheduled.as_ref().unwrap().value, "2026-12-01 9:40");
        assert_eq!(post.meta.suppress[0].said.value, "a/b: why");
        assert_eq!(post.segments[1].scope, Scope::Cell("Notes".into()));
        assert_eq!(post.segments[2].address, Address::Cell { sheet: None, row: 2, column: "Notes (E)".into() });
    }

    #[test]
    fn a_column_for_a_channel_makes_a_post_for_it() {
        let doc = read("a.csv", "Date,X,Facebook\n2026-12-01,Short one,Long one here\n");
        assert_eq!(bodies(&doc), ["Short one", "Long one here"]);
        assert_eq!(doc.posts[1].meta.channels[0].value, "facebook");
    }

    #[test]
    fn a_sentence_in_any_column_is_read() {
        let doc = read(
            "a.csv",
            "Text,Reply,Image,Status\nHello all,You are late,A bin that nobody emptied.,Draft\nHi,https://a.example/1,a b.jpg,Waiting for Jo\n",
        );
        let cells = |row: usize| doc.posts[row].segments.iter().map(|s| (s.scope.name(), &*s.text)).collect::<Vec<_>>();
        assert_eq!(cells(0), [("body", "Hello all"), ("cell", "You are late"), ("cell", "A bin that nobody emptied.")]);
        assert_eq!(cells(1), [("body", "Hi")]);
    }

    #[test]
    fn an_open_quote_is_an_error_at_its_byte() {
        let file = SourceFile { path: "a.csv".into(), bytes: b"Text,B\n\"never closed,1\n"[..].into() };
        let error = Csv.decode(&file, &Options::default()).unwrap_err();
        assert!(matches!(error, DecodeError::Broken { at: 7, .. }), "{error}");
    }

    #[test]
    fn cells_are_cut_as_rfc_4180_says() {
        assert_eq!(cells("a,b\r\n\"x\"\"y\",\n").unwrap(), [vec!["a", "b"], vec!["x\"y", ""]]);
        assert_eq!(cells("a,b\n1,\"q\"tail").unwrap()[1], ["1", "qtail"]);
    }
}

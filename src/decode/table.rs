//! Rows of cells to posts: each row is one, or one for each channel that has a column of its own.

use super::{
    Options,
    around::{is_skipped, per_channel, without},
    fields::Gather,
    growth::Growth,
    roles::{Role, channel_key, role_of, squash},
    tree::{Node, Scalar},
};
use crate::model::document::{Address, Post, Scope};
use std::collections::BTreeMap;

/// A row of a table.
pub(super) struct Row {
    /// Its number, from 1, counting every row of the file.
    pub(super) number: usize,
    /// How many cells it has, blank ones too.
    pub(super) width: usize,
    /// Its cells that are not blank, by column from 0, in order.
    pub(super) cells: Vec<(usize, Scalar)>,
}

impl Row {
    /// A row of `cells`, of which some are blank.
    pub(super) fn new(number: usize, cells: impl IntoIterator<Item = Option<Scalar>>) -> Self {
        let mut row = Self { number, width: 0, cells: Vec::new() };
        for cell in cells {
            row.cells.extend(cell.map(|scalar| (row.width, scalar)));
            row.width += 1;
        }
        row
    }

    fn texts(&self) -> impl Iterator<Item = &Scalar> {
        self.cells.iter().map(|c| &c.1)
    }
}

/// The posts of a table.
pub(super) struct Table<'o> {
    /// Name of the sheet, where the format has sheets.
    pub(super) sheet: Option<String>,
    /// Name of the decoder.
    pub(super) format: &'static str,
    /// What settings say.
    pub(super) options: &'o Options,
    /// What was copied so far.
    pub(super) growth: &'o Growth,
    /// Number of posts that settings leave out.
    pub(super) skipped: usize,
    /// What the user should know about how the table was read.
    pub(super) notes: Vec<String>,
}

/// A column: its header (or letter), its name in addresses, its role.
struct Column {
    header: String,
    name: String,
    role: Option<Role>,
}

/// Columns of a bulk upload for Hootsuite, which has no header row. *Source:* its classic template (read 2026-11-22).
const HEADLESS: &[&str] = &["Date", "Message", "Link"];

impl<'o> Table<'o> {
    /// A table of a format, on a sheet if the format has some.
    pub(super) fn new(sheet: Option<String>, format: &'static str, options: &'o Options, growth: &'o Growth) -> Self {
        Self { sheet, format, options, growth, skipped: 0, notes: Vec::new() }
    }

    /// Reads `rows`.
    pub(super) fn posts(&mut self, rows: Vec<Row>) -> Vec<Post> {
        let Some(first) = rows.iter().find(|r| !r.cells.is_empty()) else { return Vec::new() };
        let width = rows.iter().map(|r| r.width).max().unwrap_or(0);
        let named = self.header(&rows);
        let (columns, body) = if let Some(header) = named {
            if header.number > first.number {
                self.note(&format!("rows above the header in row {} were not checked", header.number));
            }
            (self.columns(&headers(header), width), header.number)
        } else if first.cells.first().is_some_and(|(column, s)| *column == 0 && is_date(&s.text)) {
            (self.columns(HEADLESS, width), 0)
        } else if rows.len() > 1 && is_short(first) && !is_among_channels(first, &rows) {
            self.note(&format!("row {} was taken for the header and was not checked", first.number));
            (self.columns(&headers(first), width), first.number)
        } else if width == 1 {
            (self.columns(&["Text"], width), 0)
        } else {
            (self.columns(&[""; 0], width), 0)
        };
        let (growth, mut posts) = (self.growth, Vec::new());
        for row in rows.into_iter().filter(|r| r.number > body).take_while(|_| growth.is_within()) {
            posts.extend(self.row(row, &columns));
        }
        posts
    }

    /// Whether one of the first rows names a column for the text.
    pub(super) fn has_text_column(&self, rows: &[Row]) -> bool {
        let is_text = |s: &Scalar| {
            role_of(&s.text, self.format, self.options).is_some_and(|r| r.0 == Role::Text)
                || channel_key(&s.text, "a b").is_some()
        };
        self.header(rows).is_some_and(|r| r.texts().any(is_text))
    }

    fn note(&mut self, what: &str) {
        let sheet = self.sheet.as_ref().map_or_else(String::new, |s| format!("{s}: "));
        self.notes.push(format!("{sheet}{what}"));
    }

    /// The first row that names the columns. One that knows names for half of them or fewer is none below a row that may
    /// be the header as well.
    fn header<'r>(&self, rows: &'r [Row]) -> Option<&'r Row> {
        let mut above = 0;
        for row in rows.iter().take(HEADER_WITHIN) {
            let cells = row.cells.len();
            let known = self.known_names(row).filter(|(known, long)| cells > above || known * 2 > cells && !long);
            if known.is_some() && !is_among_channels(row, rows) {
                return Some(row);
            }
            // Below a header that no name is known of stand the posts, and whatever they name.
            if above > 0 && row.texts().any(|s| is_said(&s.text) || is_long(&s.text)) {
                return None;
            }
            above = if is_short(row) { above.max(cells) } else { above };
        }
        None
    }

    /// How many names `row` knows if it names the columns: a known name for the text, or known names for half of them,
    /// not all of which are channels, unless nothing else stands there. A row with a sentence names none; a name may be
    /// as long as one where most others are known, which is said, too.
    fn known_names(&self, row: &Row) -> Option<(usize, bool)> {
        let cells = || row.texts();
        let role = |s: &Scalar| role_of(&s.text, self.format, self.options).map(|r| r.0);
        let roles = cells().filter(|s| role(s).is_some()).count();
        let long = cells().any(|s| role(s).is_none() && is_long(&s.text));
        if cells().any(|s| is_date(&s.text) || role(s).is_none() && is_said(&s.text))
            || long && roles * 2 <= cells().count()
        {
            return None;
        }
        let known = roles + cells().filter(|s| role(s).is_none() && is_channel(s)).count();
        let half = known > 0 && known * 2 >= cells().count() && (roles > 0 || known == cells().count());
        (cells().any(|s| role(s) == Some(Role::Text)) || half).then_some((known, long))
    }

    fn columns(&self, headers: &[impl AsRef<str>], width: usize) -> Vec<Column> {
        let role = |h: &str| role_of(h, self.format, self.options);
        let best = headers
            .iter()
            .enumerate()
            .filter_map(|(i, h)| role(h.as_ref()).filter(|r| r.0 == Role::Text).map(|r| (r.1, i)))
            .min();
        let mut counts = BTreeMap::new();
        for header in headers {
            *counts.entry(squash(header.as_ref())).or_insert(0) += 1;
        }
        (0..width.max(headers.len()))
            .map(|i| {
                let header = headers.get(i).map(|h| h.as_ref().trim()).filter(|h| !h.is_empty());
                let Some(header) = header else {
                    return Column { header: letter(i), name: letter(i), role: None };
                };
                let twice = counts.get(&squash(header)).is_some_and(|n| *n > 1);
                let name = if twice { format!("{header} ({})", letter(i)) } else { header.to_owned() };
                let role = role(header).map(|r| r.0).filter(|r| *r != Role::Text || best.is_some_and(|b| b.1 == i));
                Column { header: header.to_owned(), name, role }
            })
            .collect()
    }

    fn row(&mut self, row: Row, columns: &[Column]) -> Vec<Post> {
        let address =
            |column: &str| Address::Cell { sheet: self.sheet.clone(), row: row.number, column: column.to_owned() };
        let mut gather = Gather::new(address(""), self.format, self.options, self.growth);
        let mut texts = Vec::new();
        for (column, scalar) in row.cells {
            let Some(column) = columns.get(column) else { continue };
            let at = address(&column.name);
            match (column.role, channel_key(&column.header, &scalar.text)) {
                (None, Some(channel)) => texts.push((channel, scalar)),
                (Some(Role::Description) | None, _) => {
                    gather.field(&column.header, &Node::Scalar(scalar), &at);
                }
                (Some(role), _) => gather.role(role, &column.header, &Node::Scalar(scalar), &at),
            }
        }
        let mut post = gather.finish();
        if is_skipped(&post.meta, self.options) {
            self.skipped += 1;
            return Vec::new();
        }
        let mut posts = per_channel(&post, &texts, self.growth, address);
        if posts.is_empty() && post.segments.is_empty() {
            return Vec::new();
        }
        if posts.is_empty() || post.segments.iter().any(|s| s.scope == Scope::Body) {
            self.growth.post();
            self.growth.copy(self.sheet.as_ref().map_or(0, String::len));
            without(&mut post, &texts);
            posts.push(post);
        } else if let Some(one) = posts.first_mut() {
            one.segments.extend(post.segments);
        }
        posts
    }
}

/// Rows among which the header is looked for: a title may stand above it.
pub(super) const HEADER_WITHIN: usize = 10;

/// Whether the cell names a channel.
fn is_channel(cell: &Scalar) -> bool {
    channel_key(&cell.text, "a b").is_some()
}

/// Whether a channel that `row` names stands in a column of channels: then the row is no header.
fn is_among_channels(row: &Row, rows: &[Row]) -> bool {
    let named = |r: &Row, column: usize| r.cells.iter().any(|(at, cell)| *at == column && is_channel(cell));
    let others = |column: usize| rows.iter().any(|r| r.number != row.number && named(r, column));
    row.cells.iter().any(|(column, cell)| is_channel(cell) && others(*column))
}

/// Whether a cell says something, as no header does: it ends as a sentence does, or has words behind a colon.
fn is_said(text: &str) -> bool {
    text.trim_end().ends_with('.')
        || text.split_once(": ").is_some_and(|(_, tail)| tail.contains(char::is_alphanumeric))
}

/// Whether a cell is as long as a sentence.
fn is_long(text: &str) -> bool {
    text.chars().count() > 60 || text.split_whitespace().count() > 6
}

/// Whether the cells of `row` are short words, as headers are.
fn is_short(row: &Row) -> bool {
    let short =
        |s: &Scalar| s.text.len() <= 40 && !s.text.contains(['\n', '?', '!']) && !is_said(&s.text) && !is_long(&s.text);
    let cells = || row.texts();
    cells().count() > 1 && cells().all(short) && !cells().any(|s| is_date(&s.text))
}

fn headers(row: &Row) -> Vec<String> {
    let mut names = vec![String::new(); row.width];
    for (column, scalar) in &row.cells {
        if let Some(name) = names.get_mut(*column) {
            name.clone_from(&scalar.text);
        }
    }
    names
}

/// The letter of column `index` (from 0): A to Z, then AA.
pub(super) fn letter(index: usize) -> String {
    let mut name = String::new();
    let mut left = index + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        name.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name
}

/// Whether a text begins as a date does: `2026-12-01`, `01/12/2026 09:00`, `1.12.26`.
fn is_date(text: &str) -> bool {
    let mut parts = text.trim().split([' ', 'T']).next().unwrap_or_default().split(['/', '-', '.']);
    let mut number = |least: usize, most: usize| {
        parts.next().is_some_and(|p| (least..=most).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    number(1, 4) && number(1, 2) && number(2, 4) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(["A", "Z", "AA", "AZ", "BA"], [0, 25, 26, 51, 52].map(letter).each_ref().map(String::as_str));
    }

    #[test]
    fn dates_of_schedulers_are_dates() {
        for text in ["2026-12-01", "01/12/2026 09:00", "1/23/26 17:30", "2026-12-01T09:00Z", "1.12.26"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["Bins", "12/2026", "01632 960000", "a/b/c", ""] {
            assert!(!is_date(text), "{text}");
        }
    }
}

//! TOML with places: the text of a pack or of settings becomes a [`Table`] in which every key and value knows its bytes.
//!
//! Goes in: one file's text. Comes out: the table, and a fault for each thing that is not TOML. The reader goes on after
//! a fault, so that one run tells them all. It knows no key: what a key means is its reader's affair.

use super::value::{At, Data, Entry, Fault, Table, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Largest file that is read, in bytes.
pub const LIMIT: usize = 4 << 20;

/// Code of the faults of a text that is not TOML. After one of them the rest of the table is a guess.
pub const SYNTAX: &str = "syntax";

/// Reads `text`, the file number `file`. The table holds what could be read, even when there are faults.
pub fn parse(file: usize, text: &str) -> (Table, Vec<Fault>) {
    if text.len() > LIMIT {
        let fault = Fault::new(At { file, start: 0, end: 0 }, format!("the file is larger than {LIMIT} bytes"));
        return (Table::default(), vec![fault.code("too_large").help("split it into several files")]);
    }
    // The parser counts from behind a byte-order mark; places are those of the whole text.
    let (skip, body) = text.strip_prefix('\u{feff}').map_or((0, text), |rest| ('\u{feff}'.len_utf8(), rest));
    let (root, errors) = DeTable::parse_recoverable(body);
    let mut reader = Reader { file, skip, faults: Vec::new() };
    reader.faults.extend(errors.iter().map(|error| {
        let span = error.span().unwrap_or(0..0);
        let at = At { file, start: span.start + skip, end: span.end + skip };
        let fault = Fault::new(at, format!("this is not TOML: {}", error.message())).code(SYNTAX);
        match remedy(error.message()) {
            Some(help) => fault.help(help),
            None => fault,
        }
    }));
    let start = At { file, start: 0, end: 0 };
    let table = reader.table(start, root.get_ref());
    (table, reader.faults)
}

/// What to do about what the parser says, where it can be told from its words.
fn remedy(message: &str) -> Option<&'static str> {
    let table = [
        ("duplicate key", "keep one of the two, or put both into one table"),
        ("invalid boolean", "if this is text, write it in quotation marks"),
        ("string values must be quoted", "write the text in quotation marks"),
        ("invalid basic string", "end the text with a quotation mark; one inside it is written \\\""),
        ("unclosed", "close what was opened"),
    ];
    table.iter().find(|(words, _)| message.contains(words)).map(|(_, help)| *help)
}

struct Reader {
    file: usize,
    skip: usize,
    faults: Vec<Fault>,
}

impl Reader {
    fn at<T>(&self, spanned: &Spanned<T>) -> At {
        let span = spanned.span();
        At { file: self.file, start: span.start + self.skip, end: span.end + self.skip }
    }

    fn table(&mut self, at: At, table: &DeTable<'_>) -> Table {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            let at = self.at(key);
            let value = self.value(value);
            entries.push(Entry { key: key.get_ref().to_string().into(), at, value });
        }
        Table { at, entries }
    }

    fn value(&mut self, spanned: &Spanned<DeValue<'_>>) -> Value {
        let at = self.at(spanned);
        let data = match spanned.get_ref() {
            DeValue::String(s) => Data::String(s.to_string().into()),
            DeValue::Integer(n) => Data::Integer(i64::from_str_radix(n.as_str(), n.radix()).unwrap_or_else(|_| {
                self.faults.push(Fault::new(at, "the number is too large").code("wrong_type"));
                0
            })),
            DeValue::Float(f) => Data::Float(f.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(b) => Data::Bool(*b),
            DeValue::Datetime(d) => Data::Date(d.to_string()),
            DeValue::Array(items) => Data::Array(items.iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => Data::Table(self.table(at, table)),
        };
        Value { at, data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(text: &str, at: At) -> &str {
        text.get(at.start..at.end).unwrap()
    }

    #[test]
    fn keys_and_values_know_their_bytes() {
        let text = "\u{feff}[pack]\nname = 'é'\n[[rule]]\nid = \"a\"\nnear = { any = [\"x\"] }\n";
        let (table, faults) = parse(3, text);
        assert!(faults.is_empty());
        let pack = table.get("pack").unwrap().table().unwrap();
        assert_eq!(slice(text, pack.entries[0].at), "name");
        assert_eq!(slice(text, pack.entries[0].value.at), "'é'");
        assert_eq!(pack.entries[0].value.at.file, 3);
        let rule = table.get("rule").unwrap().array().unwrap()[0].table().unwrap();
        assert_eq!(slice(text, rule.at), "[[rule]]");
        let any = rule.get("near").unwrap().table().unwrap().get("any").unwrap();
        assert_eq!(slice(text, any.at), "[\"x\"]");
    }

    #[test]
    fn all_faults_of_a_file_are_told() {
        let (table, faults) = parse(0, "a = 1\na = 2\nb = [1,\nc = 3\n");
        assert!(faults.len() >= 2, "{faults:?}");
        assert_eq!(table.get("a").unwrap().count(), Ok(1));
    }

    #[test]
    fn entries_keep_the_order_of_the_file() {
        let (table, _) = parse(0, "z = 1\na = 2\nm = 2027-03-22\n");
        assert_eq!(table.entries.iter().map(|e| e.key.as_ref()).collect::<String>(), "zam");
        assert_eq!(table.get("m").unwrap().date(), Ok("2027-03-22"));
    }
}

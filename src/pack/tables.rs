//! The tables of the built-in packs, read beforehand: what [`toml::parse`](crate::model::toml::parse) makes of their files,
//! in a file that is part of the program.
//!
//! Reading a megabyte of TOML takes longer than checking a draft. So the tables are kept, without the examples of rules,
//! which no check needs: places and lengths, and of each text only where it stands in the TOML. A table is kept under
//! the hash of its TOML, so a rule file that was changed since is read as ever, and this file is then only less useful;
//! a test compares, and with `POSTLINT_WRITE=1` writes it.

use crate::model::value::{At, Data, Entry, Table, Value};

/// The file, see [`find`] for its shape.
static KEPT: &[u8] = include_bytes!("tables.bin");

/// The table of a TOML text with this hash, as file number `file`, if it is kept.
///
/// The file is rows of hash (8 bytes, little end first), length (4 bytes) and so many bytes of table.
pub(super) fn find(hash: u64, file: usize, text: &'static str) -> Option<Table> {
    let mut rest = KEPT;
    loop {
        let (key, tail) = rest.split_first_chunk()?;
        let (len, tail) = tail.split_first_chunk()?;
        let (row, tail) = tail.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        if u64::from_le_bytes(*key) == hash {
            return Reader { bytes: row, file, text, at: 0 }.table();
        }
        rest = tail;
    }
}

/// Kinds of value; each is followed by what its reader says.
mod tag {
    pub(super) const TEXT: u8 = 0;
    /// A string that stands in the TOML as it is, between one quotation mark and another.
    pub(super) const QUOTED: u8 = 1;
    pub(super) const INTEGER: u8 = 2;
    pub(super) const FLOAT: u8 = 3;
    pub(super) const FALSE: u8 = 4;
    pub(super) const TRUE: u8 = 5;
    pub(super) const ARRAY: u8 = 6;
    pub(super) const DATE: u8 = 7;
    pub(super) const TABLE: u8 = 8;
}

struct Reader<'b> {
    bytes: &'b [u8],
    file: usize,
    text: &'static str,
    /// Where the last thing began; places are told from there.
    at: usize,
}

impl Reader<'_> {
    fn table(&mut self) -> Option<Table> {
        let at = self.place()?;
        Some(Table { at, entries: self.all(Self::entry)? })
    }

    fn entry(&mut self) -> Option<Entry> {
        let at = self.place()?;
        let key = match self.byte()? {
            tag::QUOTED => self.text.get(at.start..at.end)?.into(),
            _ => self.string()?.into(),
        };
        Some(Entry { key, at, value: self.value()? })
    }

    fn value(&mut self) -> Option<Value> {
        let at = self.place()?;
        let data = match self.byte()? {
            tag::TEXT => Data::String(self.string()?.into()),
            tag::QUOTED => Data::String(self.text.get(at.start + 1..at.end.checked_sub(1)?)?.into()),
            tag::INTEGER => Data::Integer(i64::from_le_bytes(self.chunk()?)),
            tag::FLOAT => Data::Float(f64::from_le_bytes(self.chunk()?)),
            tag::FALSE => Data::Bool(false),
            tag::TRUE => Data::Bool(true),
            tag::ARRAY => Data::Array(self.all(Self::value)?),
            tag::DATE => Data::Date(self.string()?),
            tag::TABLE => Data::Table(self.table()?),
            _ => return None,
        };
        Some(Value { at, data })
    }

    /// So many things as the next number says.
    fn all<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let len = self.number()?;
        // Each takes a byte at least.
        let mut all = Vec::with_capacity(len.min(self.bytes.len()));
        for _ in 0..len {
            all.push(one(self)?);
        }
        Some(all)
    }

    /// A place: how far it begins behind (or before) the last one, and its length.
    fn place(&mut self) -> Option<At> {
        let step = self.number()?;
        let distance = step >> 1;
        self.at = if step & 1 == 0 { self.at.checked_add(distance)? } else { self.at.checked_sub(distance)? };
        Some(At { file: self.file, start: self.at, end: self.at + self.number()? })
    }

    fn string(&mut self) -> Option<String> {
        let len = self.number()?;
        let (text, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        self.chunk::<1>().map(|[byte]| byte)
    }

    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        Some(*chunk)
    }
}

#[cfg(test)]
mod tests {
    use super::super::builtin::BUILTIN;
    use super::*;
    use crate::model::toml;

    /// Key of the blocks that are left out of a rule.
    const LEFT_OUT: &str = "example";

    struct Writer<'t> {
        bytes: Vec<u8>,
        text: &'t str,
        at: usize,
    }

    impl Writer<'_> {
        fn table(&mut self, table: &Table) {
            self.place(table.at);
            self.number(table.entries.len());
            for entry in &table.entries {
                self.place(entry.at);
                if self.text.get(entry.at.start..entry.at.end) == Some(&entry.key) {
                    self.bytes.push(tag::QUOTED);
                } else {
                    self.bytes.push(tag::TEXT);
                    self.string(&entry.key);
                }
                self.value(&entry.value);
            }
        }

        fn value(&mut self, value: &Value) {
            self.place(value.at);
            match &value.data {
                Data::String(s) if self.text.get(value.at.start + 1..value.at.end - 1) == Some(s) => {
                    self.bytes.push(tag::QUOTED);
                }
                Data::String(s) => {
                    self.bytes.push(tag::TEXT);
                    self.string(s);
                }
                Data::Integer(n) => {
                    self.bytes.push(tag::INTEGER);
                    self.bytes.extend(n.to_le_bytes());
                }
                Data::Float(n) => {
                    self.bytes.push(tag::FLOAT);
                    self.bytes.extend(n.to_le_bytes());
                }
                Data::Bool(b) => self.bytes.push(if *b { tag::TRUE } else { tag::FALSE }),
                Data::Array(items) => {
                    self.bytes.push(tag::ARRAY);
                    self.number(items.len());
                    for item in items {
                        self.value(item);
                    }
                }
                Data::Date(s) => {
                    self.bytes.push(tag::DATE);
                    self.string(s);
                }
                Data::Table(table) => {
                    self.bytes.push(tag::TABLE);
                    self.table(table);
                }
            }
        }

        fn place(&mut self, at: At) {
            let behind = at.start < self.at;
            self.number(at.start.abs_diff(self.at) << 1 | usize::from(behind));
            self.number(at.end - at.start);
            self.at = at.start;
        }

        fn string(&mut self, text: &str) {
            self.number(text.len());
            self.bytes.extend(text.bytes());
        }

        fn number(&mut self, mut number: usize) {
            while number >= 0x80 {
                self.bytes.push(u8::try_from(number & 0x7F).unwrap() | 0x80);
                number >>= 7;
            }
            self.bytes.push(u8::try_from(number).unwrap());
        }
    }

    /// A file's table as it is kept.
    fn table(file: usize, text: &str) -> Table {
        let (mut table, faults) = toml::parse(file, text);
        assert!(faults.is_empty(), "{faults:?}");
        for entry in table.entries.iter_mut().filter(|e| e.key == "rule") {
            let Data::Array(blocks) = &mut entry.value.data else { continue };
            for block in blocks {
                if let Data::Table(rule) = &mut block.data {
                    rule.entries.retain(|e| e.key != LEFT_OUT);
                }
            }
        }
        table
    }

    fn row(text: &str) -> Vec<u8> {
        let mut writer = Writer { bytes: Vec::new(), text, at: 0 };
        writer.table(&table(0, text));
        writer.bytes
    }

    #[test]
    fn the_file_is_in_step_with_the_packs() {
        let mut wanted = Vec::new();
        for (_, hash, text) in BUILTIN.iter().flat_map(|(_, files)| *files) {
            let row = row(text);
            wanted.extend(hash.to_le_bytes());
            wanted.extend(u32::try_from(row.len()).unwrap().to_le_bytes());
            wanted.extend(row);
        }
        if std::env::var_os("POSTLINT_WRITE").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/pack/tables.bin"), wanted).unwrap();
        } else {
            assert!(
                wanted == KEPT,
                "src/pack/tables.bin is out of date: run POSTLINT_WRITE=1 cargo test --lib in_step"
            );
        }
    }

    #[test]
    fn a_kept_table_is_what_the_parser_reads() {
        for (number, (name, hash, text)) in BUILTIN.iter().flat_map(|(_, files)| *files).enumerate() {
            if let Some(kept) = find(*hash, number, text) {
                assert_eq!(kept, table(number, text), "{name}");
            }
        }
    }

    #[test]
    fn every_kind_of_value_comes_back_with_its_place() {
        let text =
            "a = 'x'\n\"b c\" = \"q\\\"\"\n[t]\nn = -3\nf = 1.5\nd = 2027-03-22\nl = [true, false, '''\nlong''']\n";
        let bytes = row(text);
        let read = |bytes| Reader { bytes, file: 0, text, at: 0 }.table();
        assert_eq!(read(&bytes).unwrap(), toml::parse(0, text).0);
        for len in 0..bytes.len() {
            assert_eq!(read(&bytes[..len]), None, "a damaged row is not used");
        }
    }
}

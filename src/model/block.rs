//! Reading a table key by key, with every fault noted and none of them the last.

use super::value::{At, Fault, Read, Table, Texts, Value};

/// A table that is being read.
#[derive(Debug)]
pub struct Block<'t, 'f> {
    /// The table.
    pub table: &'t Table,
    /// How faults call it: `[pack]`, ``rule `insult` ``.
    pub what: String,
    /// The faults that were found.
    pub faults: &'f mut Vec<Fault>,
}

impl<'t, 'f> Block<'t, 'f> {
    /// A table whose keys are all among `known`; others are faults.
    pub fn new(table: &'t Table, what: impl Into<String>, known: &[&str], faults: &'f mut Vec<Fault>) -> Self {
        let what = what.into();
        faults.extend(table.unknown_keys(known, &what));
        Self { table, what, faults }
    }

    /// A table some of whose keys are another reader's affair.
    pub fn open(table: &'t Table, what: impl Into<String>, faults: &'f mut Vec<Fault>) -> Self {
        Self { table, what: what.into(), faults }
    }

    /// The value, or nothing and its fault noted.
    pub fn keep<T>(&mut self, read: Read<T>) -> Option<T> {
        keep(read, self.faults)
    }

    /// Reads `key` with `read` if it is there.
    pub fn read<T>(&mut self, key: &str, read: impl FnOnce(&'t Value) -> Read<T>) -> Option<T> {
        let read = self.table.read(key, read);
        self.keep(read).flatten()
    }

    /// A string.
    pub fn string(&mut self, key: &str) -> Option<String> {
        self.read(key, |v| v.str().map(str::to_owned))
    }

    /// A string that must be there and not be blank; after a fault it is empty.
    pub fn needed(&mut self, key: &str) -> String {
        self.all_there(&[key]);
        self.filled(key)
    }

    /// A string that, if it is there, is not blank; else it is empty.
    pub fn filled(&mut self, key: &str) -> String {
        self.read(key, filled).map(str::to_owned).unwrap_or_default()
    }

    /// One fault for all of `keys` that are not there.
    pub fn all_there(&mut self, keys: &[&str]) {
        let absent: Vec<&str> = keys.iter().copied().filter(|k| self.table.get(k).is_none()).collect();
        if let [many @ .., last] = absent.as_slice() {
            let many: Vec<String> = many.iter().map(|k| format!("`{k}`")).collect();
            let and = if many.is_empty() { "" } else { " and " };
            let message = format!("{} has no {}{and}`{last}`", self.what, many.join(", "));
            let lines: Vec<String> = absent.iter().map(|k| format!("{k} = …")).collect();
            self.fault("missing_key", message, &format!("add {}", lines.join(", ")));
        }
    }

    /// Strings with their places; none of them blank.
    pub fn strings(&mut self, key: &str) -> Option<Vec<(String, At)>> {
        let value = self.table.get(key)?;
        Some(self.strings_of(value)?.into_iter().map(|(text, at)| (text.into_owned(), at)).collect())
    }

    /// The strings that a value of the table lists, with their places; none of them blank.
    pub fn strings_of(&mut self, value: &'t Value) -> Option<Texts> {
        let values = self.keep(value.array())?;
        let mut words = Vec::with_capacity(values.len());
        for value in values {
            if let Some(word) = self.keep(filled(value).and_then(|_| value.text())) {
                words.push((word, value.at));
            }
        }
        Some(words)
    }

    /// Strings without their places; empty when the key is not there.
    pub fn words(&mut self, key: &str) -> Vec<String> {
        self.strings(key).unwrap_or_default().into_iter().map(|(word, _)| word).collect()
    }

    /// One of `names`.
    pub fn named(&mut self, key: &str, names: &[&'static str]) -> Option<&'static str> {
        self.read(key, |v| v.one_of(names, key))
    }

    /// The value of a key that must be there.
    pub fn required(&self, key: &str) -> Read<&'t Value> {
        self.table.get(key).ok_or_else(|| {
            let fault = Fault::new(self.table.at, format!("{} has no `{key}`", self.what));
            fault.code("missing_key").help(format!("add {key} = …"))
        })
    }

    /// A table inside this one, whose keys are all among `known`.
    pub fn inner(&mut self, key: &str, known: &[&str]) -> Option<Block<'t, '_>> {
        let table = self.read(key, Value::table)?;
        let what = format!("`{key}` of {}", self.what);
        Some(Block::new(table, what, known, self.faults))
    }

    /// A fault at the table itself.
    pub fn fault(&mut self, code: &'static str, message: String, help: &str) {
        self.faults.push(Fault::new(self.table.at, message).code(code).help(help));
    }
}

/// The value, or nothing and its fault noted.
pub fn keep<T>(read: Read<T>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

/// A string that is not blank.
pub fn filled(value: &Value) -> Read<&str> {
    match value.str()? {
        text if text.trim().is_empty() => {
            Err(Fault::new(value.at, "the text is empty").code("empty").help("write something here, or remove the key"))
        }
        text => Ok(text),
    }
}

/// A name of lower-case words and digits joined by single hyphens.
pub fn kebab(value: &Value) -> Read<&str> {
    let name = value.str()?;
    if is_kebab(name) { Ok(name) } else { Err(not_kebab(value.at, name)) }
}

/// Whether a name is lower-case words and digits joined by single hyphens.
pub fn is_kebab(name: &str) -> bool {
    name.split('-').all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// The fault of a name that is not so.
pub fn not_kebab(at: At, name: &str) -> Fault {
    let fault = Fault::new(at, format!("`{name}` cannot be a name")).code("bad_name");
    fault.help("use lower-case letters and digits, with hyphens between words: `insult-official`")
}

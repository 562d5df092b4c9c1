//! Values of a pack with the place where each stands, kept for the rule kinds, which read their own keys late and still
//! point a caret at the exact value.

use std::{borrow::Cow, fmt};

/// A byte range of a pack file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// Which pack file, an index into the loader's list of files.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A TOML value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Where it stands.
    pub at: At,
    /// What it is.
    pub data: Data,
}

/// The kinds of TOML value that packs use.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// A string; of a pack that is part of the program it is where it stands there.
    String(Cow<'static, str>),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A list.
    Array(Vec<Value>),
    /// A date, a time or both, as written.
    Date(String),
    /// A table.
    Table(Table),
}

/// Strings of a list, each with its place.
pub type Texts = Vec<(Cow<'static, str>, At)>;

/// A TOML table in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Where the table (or its header) stands.
    pub at: At,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Cow<'static, str>,
    /// Where the key stands.
    pub at: At,
    /// Its value.
    pub value: Value,
}

/// Something wrong with a value of a pack, at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Where.
    pub at: At,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it, if that can be said.
    pub help: Option<String>,
    /// The last part of its code, such as `unknown_key`.
    pub code: &'static str,
}

impl Fault {
    /// A fault without advice.
    pub fn new(at: At, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: None, code: "invalid" }
    }

    /// The same with a code of its own.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What reading a value gives: the value, or what is wrong with it.
pub type Read<T> = Result<T, Fault>;

impl Value {
    /// How error messages call it.
    pub fn kind(&self) -> &'static str {
        match self.data {
            Data::String(_) => "a string",
            Data::Integer(_) => "a whole number",
            Data::Float(_) => "a number",
            Data::Bool(_) => "true or false",
            Data::Array(_) => "a list",
            Data::Date(_) => "a date",
            Data::Table(_) => "a table",
        }
    }

    fn wrong(&self, wanted: &str) -> Fault {
        let found = match &self.data {
            Data::Integer(n) => n.to_string(),
            Data::Float(f) => f.to_string(),
            Data::Bool(b) => b.to_string(),
            Data::Date(d) => d.clone(),
            _ => self.kind().to_owned(),
        };
        let fault = Fault::new(self.at, format!("expected {wanted}, found {found}")).code("wrong_type");
        match wanted {
            "a string" => fault.help("write it in quotation marks: \"…\""),
            "a list" => fault.help("write it in square brackets, with commas between: [\"…\", \"…\"]"),
            "a table" => fault.help("write it in curly brackets: { key = \"…\" }"),
            "true or false" => fault.help("write true or false, without quotation marks"),
            "a number from 0 to 1" => fault.help("write it with a point and without quotation marks: 0.8"),
            _ => fault,
        }
    }

    /// The string.
    pub fn str(&self) -> Read<&str> {
        match &self.data {
            Data::String(s) => Ok(s),
            _ => Err(self.wrong("a string")),
        }
    }

    /// The string, to keep; nothing is copied of a pack that is part of the program.
    pub fn text(&self) -> Read<Cow<'static, str>> {
        match &self.data {
            Data::String(text) => Ok(text.clone()),
            _ => Err(self.wrong("a string")),
        }
    }

    /// One of `names`; `what` says what they are the names of.
    pub fn one_of<'n>(&self, names: &[&'n str], what: &str) -> Read<&'n str> {
        let word = self.str()?;
        names.iter().find(|n| **n == word).copied().ok_or_else(|| unknown(self.at, word, names, what))
    }

    /// The truth value.
    pub fn bool(&self) -> Read<bool> {
        match self.data {
            Data::Bool(b) => Ok(b),
            _ => Err(self.wrong("true or false")),
        }
    }

    /// A whole number from zero up.
    pub fn count(&self) -> Read<usize> {
        match self.data {
            Data::Integer(n) => usize::try_from(n).map_err(|_| self.wrong("a whole number from 0 up")),
            _ => Err(self.wrong("a whole number from 0 up")),
        }
    }

    /// A number from 0 to 1.
    pub fn unit(&self) -> Read<f32> {
        let number = match self.data {
            Data::Float(f) => f,
            Data::Integer(0) => 0.0,
            Data::Integer(1) => 1.0,
            _ => return Err(self.wrong("a number from 0 to 1")),
        };
        #[allow(clippy::cast_possible_truncation)] // the range is checked
        if (0.0..=1.0).contains(&number) { Ok(number as f32) } else { Err(self.wrong("a number from 0 to 1")) }
    }

    /// A date as written, `2027-03-22`, with or without quotation marks; whether it exists is for the reader to judge.
    pub fn date(&self) -> Read<&str> {
        match &self.data {
            Data::Date(s) => Ok(s),
            Data::String(s) => Ok(s),
            _ => Err(self.wrong("a date")),
        }
    }

    /// The list.
    pub fn array(&self) -> Read<&[Value]> {
        match &self.data {
            Data::Array(a) => Ok(a),
            _ => Err(self.wrong("a list")),
        }
    }

    /// The list itself.
    pub fn into_array(self) -> Read<Vec<Value>> {
        match self.data {
            Data::Array(a) => Ok(a),
            _ => Err(self.wrong("a list")),
        }
    }

    /// The table.
    pub fn table(&self) -> Read<&Table> {
        match &self.data {
            Data::Table(t) => Ok(t),
            _ => Err(self.wrong("a table")),
        }
    }

    /// The table itself.
    pub fn into_table(self) -> Read<Table> {
        match self.data {
            Data::Table(t) => Ok(t),
            _ => Err(self.wrong("a table")),
        }
    }

    /// A list of strings with their places, to keep.
    pub fn strings(&self) -> Read<Texts> {
        self.array()?.iter().map(|value| Ok((value.text()?, value.at))).collect()
    }
}

impl Table {
    /// The value of `key`, which the table then no longer has.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        let at = self.entries.iter().position(|e| e.key == key)?;
        Some(self.entries.swap_remove(at).value)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// Reads `key` with `read`, if it is there.
    pub fn read<'a, T>(&'a self, key: &str, read: impl FnOnce(&'a Value) -> Read<T>) -> Read<Option<T>> {
        self.get(key).map(read).transpose()
    }

    /// A fault for each key that is not among `known`, with the nearest known key as advice.
    pub fn unknown_keys(&self, known: &[&str], what: &str) -> Vec<Fault> {
        self.entries
            .iter()
            .filter(|e| !known.contains(&e.key.as_ref()))
            .map(|e| {
                let fault = Fault::new(e.at, format!("unknown key `{}` in {what}", e.key)).code("unknown_key");
                fault.help(suggestion(&e.key, known))
            })
            .collect()
    }
}

/// The fault of a name that is none of `names`; `what` says what it should be the name of.
pub fn unknown(at: At, word: &str, names: &[&str], what: &str) -> Fault {
    Fault::new(at, format!("unknown {what} `{word}`")).code("unknown_name").help(suggestion(word, names))
}

/// Names that a suggestion lists at most where there are more: a policy may have thousands of clauses.
const LISTED: usize = 10;

/// What to write instead of `word`: the nearest of `names`, or all of them, or the first where they are many.
pub fn suggestion(word: &str, names: &[&str]) -> String {
    match (nearest(word, names), names) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "there are none to choose from".to_owned(),
        // A few more are sooner read than counted.
        (None, all) if all.len() <= LISTED + 3 => format!("use one of {}", all.join(", ")),
        (None, all) => {
            let first: Vec<&str> = all.iter().take(LISTED).copied().collect();
            format!("use one of {}, … and {} more", first.join(", "), all.len() - LISTED)
        }
    }
}

/// The candidate most like `word`, if one is like it at all.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    candidates
        .iter()
        .map(|c| (strsim::jaro_winkler(word, c), *c))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_names_the_nearest_or_the_first_few() {
        let names: Vec<String> = (0..51).map(|n| format!("clause-{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(suggestion("clause-1b", &names), "did you mean `clause-1`?");
        assert_eq!(suggestion("x", names.get(..3).unwrap()), "use one of clause-0, clause-1, clause-2");
        let many = suggestion("x", &names);
        assert!(many.ends_with("clause-8, clause-9, … and 41 more"), "{many}");
    }
}

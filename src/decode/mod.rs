//! Floor 2, adapters: bytes of a file to posts and segments, with maps back, and edits back to bytes.
//!
//! A decoder is one file and one row of [`DECODERS`]. It undoes what its format did to the text (escapes, entities,
//! quotes, folded lines) and records each step in an offset map, so that a finding's span is bytes of the file.
//!
//! ```text
//! bytes --encoding--> source text --decoder--> posts { meta, segments { text, map, quoting } }
//!   ^                                                                             |
//!   +---------- splice <----------- escaped for its place <----------- edit <-----+
//! ```
//!
//! The formats do not know each other. What they share is the ground under them: `encoding`, `excerpt` (text with its
//! map), `tree` (values of JSON, YAML and TOML), `front` (front matter), `markup` (HTML), `table` (rows), `roles` (which
//! key is the text, the channel, …), `prose` (whether a value is words), `fields` (named values to a post) and `around` (what
//! posts have in common).

mod around;
mod csv;
mod data;
mod encoding;
mod excerpt;
mod fields;
mod front;
mod growth;
mod html;
mod mail;
mod markdown;
mod marks;
mod markup;
mod office;
mod plain;
mod posts;
mod prose;
mod roles;
mod table;
mod tree;
mod tweet;
mod write;

pub use marks::Insertion;
pub use write::{Applied, WriteError, apply, check, escaped, insert, write};

use crate::{
    model::{
        document::{Document, SourceFile},
        finding::{Edit, Skipped},
    },
    text::span::{Source, Span},
};
use encoding::{Text, text_of};
use excerpt::Excerpt;
use std::path::Path;

/// Every format, in the order in which they are tried. The last one, plain text, takes what no other claims.
pub const DECODERS: &[&dyn Decoder] = &[
    &markdown::Markdown,
    &tweet::Tweet,
    &csv::Csv,
    &data::Json,
    &data::JsonLines,
    &data::Yaml,
    &data::Toml,
    &html::Html,
    &office::Docx,
    &office::Xlsx,
    &mail::Mail,
    &plain::Plain,
];

/// A file format.
pub trait Decoder: Sync {
    /// Its name in outputs and settings.
    fn name(&self) -> &'static str;
    /// File name endings, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Whether `bytes` look like this format, for text that has no file name. Only cheap, certain signs count.
    fn sniff(&self, bytes: &[u8]) -> bool;
    /// Whether its posts are stretches of one text, whose borders move when it is mended.
    fn is_one_text(&self) -> bool {
        false
    }
    /// Reads `file`.
    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError>;
    /// The bytes of `file` with `edits` of the document's source made; they are sorted, escaped for their places and do
    /// not overlap.
    fn write(
        &self,
        file: &SourceFile,
        document: &Document,
        edits: &[Edit],
        _options: &Options,
    ) -> Result<Vec<u8>, WriteError> {
        write::splice(file, document, edits)
    }
    /// Places where a suppression of what stands at `span` may be written, best first; `said` is `RULE: reason`. Nothing
    /// of it may become text of a post. None where the format has no such place.
    fn marks(&self, _document: &Document, _span: Span<Source>, _said: &str, _options: &Options) -> Vec<Insertion> {
        Vec::new()
    }
}

/// What settings say about decoding.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Column or key names that override detection.
    pub columns: Vec<Column>,
    /// Posts whose status is one of these (lower case) are skipped.
    pub skip_status: Vec<String>,
    /// How large a file may be.
    pub limits: Limits,
}

/// A column or key that settings name for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name of the decoder that it holds for.
    pub format: String,
    /// The role: `text`, `channel`, `account`, `author`, `scheduled`, … (see [`role_names`]).
    pub role: String,
    /// Header or key, as in the file; upper and lower case are the same.
    pub name: String,
}

/// How large a file may be before it is refused. A draft is a few kilobytes; these only stop what would fill the
/// memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Levels of nested lists, objects and elements.
    pub depth: usize,
    /// Rows of a table, lines of a line-delimited file.
    pub rows: usize,
    /// Posts of a file.
    pub posts: usize,
    /// Bytes of one unpacked part of a zip file.
    pub part_bytes: usize,
    /// Bytes that one byte of a zip file may unpack to.
    pub part_ratio: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 128, rows: 200_000, posts: 200_000, part_bytes: 64 << 20, part_ratio: 200 }
    }
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are no text in any encoding that is tried.
    #[error("the file is binary, not text")]
    Binary,
    /// Rich Text Format.
    #[error("the file is in Rich Text Format, which postlint cannot read")]
    Rich,
    /// The text is broken at a byte of the file.
    #[error("{message} (byte {at})")]
    Broken {
        /// What is wrong.
        message: String,
        /// First byte of the file that is wrong.
        at: usize,
    },
    /// The file as a whole cannot be read: a damaged zip file, a part that is missing.
    #[error("{message}")]
    Damaged {
        /// What is wrong.
        message: String,
    },
    /// The file is larger, deeper or longer than is allowed; `[limits]` of the settings raises most of these.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
        /// The key of `[limits]` in the settings that raises it, if one does.
        setting: Option<&'static str>,
    },
}

impl DecodeError {
    fn broken(message: impl Into<String>, at: usize) -> Self {
        Self::Broken { message: message.into(), at }
    }

    fn damaged(message: impl Into<String>) -> Self {
        Self::Damaged { message: message.into() }
    }

    fn limit(what: impl Into<String>, limit: usize, unit: &str) -> Self {
        Self::Limit { what: what.into(), limit: format!("{limit} {unit}"), setting: None }
    }

    /// Says which setting raises the limit.
    fn raised_by(self, setting: &'static str) -> Self {
        match self {
            Self::Limit { what, limit, .. } => Self::Limit { what, limit, setting: Some(setting) },
            other => other,
        }
    }

    /// The file at `path` as one that was not checked.
    pub fn skipped(&self, path: &Path) -> Skipped {
        let help = match self {
            Self::Limit { setting: Some(key), .. } => {
                Some(format!("if the file is what it should be, raise `{key}` in [limits] of postlint.toml"))
            }
            Self::Binary => foreign(path).map(str::to_owned),
            Self::Rich => Some("save it as .docx".to_owned()),
            _ => None,
        };
        Skipped { path: path.to_owned(), reason: self.to_string(), help }
    }

    /// Leads the position of an error in a file's text to bytes of the file.
    fn in_file(self, text: &Text) -> Self {
        match self {
            Self::Broken { message, at } => Self::Broken { message, at: text.byte(at) },
            other => other,
        }
    }
}

/// What to do about a file of another program that people write drafts with, by its ending.
pub fn foreign(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "ods" | "xls" | "numbers" => Some("save it as .xlsx or .csv"),
        "odt" | "doc" | "pages" | "rtf" => Some("save it as .docx"),
        "pptx" | "ppt" | "odp" | "key" => Some("save its text as .docx or .txt"),
        "msg" => Some("save it as .eml"),
        "pdf" => Some("check what the PDF was made from"),
        _ => None,
    }
}

/// Reads `file` with the decoder that its name or, failing that, its bytes call for.
pub fn read(file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
    // RTF is text, but its words are cut by marks: what they say would be missed.
    if file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("rtf")) || file.bytes.starts_with(b"{\\rtf") {
        return Err(DecodeError::Rich);
    }
    read_as(decoder_for(file), file, options)
}

/// Reads `file` with `decoder`, whatever its name says.
pub fn read_as(decoder: &dyn Decoder, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
    if file.bytes.len() > options.limits.bytes {
        return Err(DecodeError::limit("the size of the file", options.limits.bytes, "bytes").raised_by("file-mib"));
    }
    let document = decoder.decode(file, options)?;
    if document.posts.len() > options.limits.posts {
        return Err(growth::too_many(options.limits.posts));
    }
    Ok(document)
}

/// The decoder for `file`: by the ending of its name, then by its bytes, then plain text.
pub fn decoder_for(file: &SourceFile) -> &'static dyn Decoder {
    let ending = file.path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    by_extension(&ending).or_else(|| DECODERS.iter().copied().find(|d| d.sniff(&file.bytes))).unwrap_or(&plain::Plain)
}

/// The decoder for files whose name ends in `.ending`.
pub fn by_extension(ending: &str) -> Option<&'static dyn Decoder> {
    DECODERS.iter().copied().find(|d| d.extensions().contains(&ending))
}

/// The decoder called `name`.
pub fn by_name(name: &str) -> Option<&'static dyn Decoder> {
    DECODERS.iter().copied().find(|d| d.name() == name)
}

/// The roles that a column or key can be given in settings.
pub fn role_names() -> impl Iterator<Item = &'static str> {
    roles::ROLES.iter().map(|r| r.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_endings_are_unique() {
        let names: Vec<_> = DECODERS.iter().map(|d| d.name()).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        let endings: Vec<_> = DECODERS.iter().flat_map(|d| d.extensions()).collect();
        assert_eq!(endings.iter().collect::<HashSet<_>>().len(), endings.len());
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let file = SourceFile { path: "a.txt".into(), bytes: vec![b'a'; 20] };
        let options = Options { limits: Limits { bytes: 10, ..Limits::default() }, ..Options::default() };
        assert!(matches!(read(&file, &options), Err(DecodeError::Limit { .. })));
    }
}

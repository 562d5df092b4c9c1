//! What is checked: a file, the posts in it, the text of each post.

use crate::text::{
    map::OffsetMap,
    span::{Plain, Source, Span},
};
use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

/// A file's bytes and the path it is known by.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as the user gave it; for text that is no file, a name in angle brackets (`<text>`).
    pub path: PathBuf,
    /// The bytes on disk.
    pub bytes: Arc<[u8]>,
}

/// Whether spans of a document are bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `Document::source` is the file's text, and a span of it, led through `Document::encoding`, is bytes of the file.
    Bytes,
    /// `Document::source` was rendered from something else (a Word file, a spreadsheet): spans are bytes of that
    /// rendering, and only the address says where in the file it is.
    Rendered,
}

/// A decoded file.
#[derive(Debug, Clone)]
pub struct Document {
    /// Name of the decoder that read it.
    pub format: &'static str,
    /// The whole text of the file as UTF-8, or a rendering of it. Lines and columns are counted here.
    pub source: Arc<str>,
    /// From `source` to bytes of the file: not the identity for a byte-order mark or an encoding other than UTF-8.
    pub encoding: Encoding,
    /// Whether spans are bytes of the file.
    pub origin: Origin,
    /// The posts in it, in file order.
    pub posts: Vec<Post>,
    /// What the user should know about how it was read: a guessed encoding, a row that was skipped.
    pub notes: Vec<String>,
}

/// How the bytes of a file became text.
#[derive(Debug, Clone)]
pub struct Encoding {
    /// Label of the encoding, such as `utf-8`, `utf-16le`, `windows-1252`.
    pub name: &'static str,
    /// Whether it was guessed rather than declared or certain.
    pub guessed: bool,
    /// From the text to bytes of the file. A byte-order mark is not part of the text.
    pub map: OffsetMap<Source, Source>,
}

impl Encoding {
    /// UTF-8 text that begins at byte `skip` of the file (3 behind a byte-order mark).
    pub fn utf8(skip: usize) -> Self {
        Self { name: "utf-8", guessed: false, map: OffsetMap::shifted(skip) }
    }
}

/// The unit of a check: a file, a part of a thread, a row of a spreadsheet, an object of a queue.
#[derive(Debug, Clone, Default)]
pub struct Post {
    /// Where in the file it is.
    pub address: Address,
    /// What is known about it besides its text.
    pub meta: Meta,
    /// Its text, in reading order.
    pub segments: Vec<Segment>,
}

/// What is known about a post besides its text.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// Channels it goes to, in lower case and in order; empty when not said.
    pub channels: Vec<Located>,
    /// The account it goes out on.
    pub account: Option<Located>,
    /// Who wrote it.
    pub author: Option<Located>,
    /// Who approved it.
    pub approved_by: Option<Located>,
    /// The service it comes from.
    pub service: Option<Located>,
    /// When it goes out, as written.
    pub scheduled: Option<Located>,
    /// Its state in the editorial calendar, as written.
    pub status: Option<Located>,
    /// The post it replies to; with it the post is a reply.
    pub in_reply_to: Option<Located>,
    /// Whether the draft itself says `post` or `reply`.
    pub mode: Option<Mode>,
    /// Pictures and videos.
    pub media: Vec<Media>,
    /// Rules that the draft suppresses in a field, as written: `RULE: reason`.
    pub suppress: Vec<Located>,
    /// Every other named value.
    pub other: BTreeMap<String, Located>,
}

/// A value and the bytes of the source that say it, if it stands in the file at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Located {
    /// The value, decoded and trimmed.
    pub value: String,
    /// Where it stands in the document's source.
    pub span: Option<Span<Source>>,
}

impl Located {
    /// A value that stands at `span`.
    pub fn new(value: impl Into<String>, span: Span<Source>) -> Self {
        Self { value: value.into(), span: Some(span) }
    }

    /// A value that was given from outside the file.
    pub fn given(value: impl Into<String>) -> Self {
        Self { value: value.into(), span: None }
    }
}

/// A picture or a video of a post.
#[derive(Debug, Clone, Default)]
pub struct Media {
    /// Its file or address.
    pub file: Option<Located>,
    /// Its alternative text.
    pub alt: Option<Located>,
    /// Its other named values: `credit`, `licence`, `consent`, `captions`.
    pub other: BTreeMap<String, Located>,
}

/// A post of its own, or an answer to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A post of its own.
    Post,
    /// A reply to a resident.
    Reply,
}

/// A stretch of a post's text that reads as one.
#[derive(Debug, Clone)]
pub struct Segment {
    /// What part of the post it is.
    pub scope: Scope,
    /// Where in the file it is, if not simply in its post.
    pub address: Address,
    /// The decoded text.
    pub text: String,
    /// From the decoded text to the document's source.
    pub map: OffsetMap<Plain, Source>,
}

/// What part of a post a segment is. A rule names the scopes that it looks at; without names it looks at all that a
/// reader sees: `Body`, `Heading`, `Title`, `Alt`, `Cell`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The text of the post.
    Body,
    /// A heading in it.
    Heading,
    /// The words of a link; they also stand in the body segment around them.
    LinkText,
    /// The address of a link.
    LinkUrl,
    /// The alternative text of a picture.
    Alt,
    /// A title (of a video, a page, an e-mail's subject).
    Title,
    /// A hashtag or tag kept apart from the text.
    Hashtag,
    /// A cell of a table, by the name of its column.
    Cell(String),
    /// Any other named field.
    Field(String),
}

impl Scope {
    /// The name that packs use.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Heading => "heading",
            Self::LinkText => "link-text",
            Self::LinkUrl => "link-url",
            Self::Alt => "alt",
            Self::Title => "title",
            Self::Hashtag => "hashtag",
            Self::Cell(_) => "cell",
            Self::Field(_) => "field",
        }
    }

    /// All names, for error messages and the schema.
    pub const NAMES: &'static [&'static str] =
        &["body", "heading", "link-text", "link-url", "alt", "title", "hashtag", "cell", "field"];

    /// Whether a rule without `scopes` looks here.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Body | Self::Heading | Self::Title | Self::Alt | Self::Cell(_))
    }

    /// The header or key that names the segment, which counts as context for its text.
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Cell(name) | Self::Field(name) => Some(name),
            _ => None,
        }
    }
}

/// Where in a file something is, in the file's own terms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Address {
    /// The file as a whole.
    #[default]
    Whole,
    /// A cell of a table; row counts from 1 and includes the header row.
    Cell {
        /// Sheet, where the format has sheets.
        sheet: Option<String>,
        /// Row, from 1.
        row: usize,
        /// Header of the column, or its letter where there is no header.
        column: String,
    },
    /// A JSON pointer (RFC 6901) or its like in YAML and TOML.
    Pointer(String),
    /// A paragraph of a text document, from 1.
    Paragraph(usize),
    /// A part of a thread, from 1.
    Part(usize),
    /// A line of a line-delimited file, from 1.
    Line(usize),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Cell { sheet: Some(sheet), row, column } => write!(f, "{sheet}, row {row}, {column}"),
            Self::Cell { sheet: None, row, column } => write!(f, "row {row}, {column}"),
            Self::Pointer(p) => write!(f, "{p}"),
            Self::Paragraph(n) => write!(f, "paragraph {n}"),
            Self::Part(n) => write!(f, "part {n}"),
            Self::Line(n) => write!(f, "line {n}"),
        }
    }
}

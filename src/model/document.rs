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
    pub bytes: Vec<u8>,
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
    /// Parts of the file that could not be read although the rest could: a bad line of a JSONL file.
    pub faults: Vec<Fault>,
}

impl Document {
    /// Gives back the memory of its text and its posts; what is left is how it was read.
    pub fn forget_text(&mut self) {
        self.source = Arc::from("");
        self.encoding.map = OffsetMap::shifted(0);
        self.posts = Vec::new();
    }

    /// Gives back the memory that was taken for posts and segments which did not come.
    pub fn shrink(&mut self) {
        self.posts.shrink_to_fit();
        self.posts.iter_mut().for_each(|post| post.segments.shrink_to_fit());
    }
}

/// A part of a file that could not be read, so that what it says was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which part.
    pub address: Address,
    /// Where in the document's source, as far as is known.
    pub span: Option<Span<Source>>,
    /// What is wrong, without a full stop.
    pub message: String,
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
    /// Rules that the draft itself suppresses.
    pub suppress: Vec<Suppress>,
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

/// A suppression that stands in the draft: a `postlint-ignore` field or comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppress {
    /// As written, without the mark: `RULE[, RULE]: reason`.
    pub said: Located,
    /// The stretch of the source that it holds for; `None` is the whole post. A comment holds for the block after it,
    /// or for the block that it stands in; the span is empty where no block follows.
    pub covers: Option<Span<Source>>,
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
    /// How text is written where the segment stands, for fixes.
    pub quoting: Quoting,
}

impl Segment {
    /// A text that is nothing but the words of a post.
    pub fn body(text: impl Into<String>) -> Self {
        Self {
            scope: Scope::Body,
            address: Address::Whole,
            text: text.into(),
            map: OffsetMap::identity(),
            quoting: Quoting::default(),
        }
    }
}

/// How a place in a file writes text, so that a replacement can be escaped for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quoting {
    /// As it is.
    #[default]
    Verbatim,
    /// Markdown: marks that would become markup get a backslash.
    Markdown,
    /// A cell of delimiter-separated values; the span holds the quotes, if there are any.
    Csv {
        /// The cell with its quotes.
        cell: Span<Source>,
        /// The character between cells.
        delimiter: char,
    },
    /// A JSON string.
    Json,
    /// A YAML scalar without quotes.
    YamlPlain,
    /// A YAML scalar in single quotes.
    YamlSingle,
    /// A YAML scalar in double quotes.
    YamlDouble,
    /// A YAML block scalar (`|` or `>`).
    YamlBlock {
        /// Spaces before each of its lines.
        indent: usize,
        /// Whether single line ends are read as spaces (`>`).
        folded: bool,
    },
    /// A TOML string in double quotes.
    TomlBasic {
        /// In three of them.
        multiline: bool,
    },
    /// A TOML string in single quotes.
    TomlLiteral {
        /// In three of them.
        multiline: bool,
    },
    /// Text between HTML tags.
    HtmlText,
    /// An HTML attribute in quotes of this kind; without quotes `None`.
    HtmlAttribute(Option<char>),
    /// A text run of an office document; the decoder leads the edit into the file's parts.
    Office,
    /// Nothing can be written here, and why.
    ReadOnly(&'static str),
}

/// What part of a post a segment is. A rule names the scopes that it looks at; without names it looks at all that a
/// reader sees: `Body`, `Heading`, `Title`, `Alt`, `Cell`, `Field` (decoders make a segment only of fields that are
/// published or that nothing is known about).
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
        matches!(self, Self::Body | Self::Heading | Self::Title | Self::Alt | Self::Cell(_) | Self::Field(_))
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
        /// Header of the column, or its letter where there is no header; empty for the row as a whole.
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
            Self::Cell { sheet, row, column } => {
                sheet.iter().try_for_each(|s| write!(f, "{s}, "))?;
                write!(f, "row {row}")?;
                if column.is_empty() { Ok(()) } else { write!(f, ", {column}") }
            }
            Self::Pointer(p) => write!(f, "{p}"),
            Self::Paragraph(n) => write!(f, "paragraph {n}"),
            Self::Part(n) => write!(f, "part {n}"),
            Self::Line(n) => write!(f, "line {n}"),
        }
    }
}

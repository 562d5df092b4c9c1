//! Floor 2, adapters: bytes of a file to posts and segments, with maps back.
//!
//! A decoder is one file and one row of [`DECODERS`]. It undoes what its format did to the text (escapes, entities,
//! quotes, folded lines) and records each step in an offset map, so that a finding's span is bytes of the file.

use crate::model::document::{Document, SourceFile};

/// A file format.
pub trait Decoder: Sync {
    /// Its name in outputs and settings.
    fn name(&self) -> &'static str;
    /// File name endings, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Whether `bytes` look like this format, for text that has no file name. Only cheap, certain signs count.
    fn sniff(&self, bytes: &[u8]) -> bool;
    /// Reads `file`.
    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError>;
}

/// What settings say about decoding.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Column or key names that override detection: role (`text`, `channel`, …) to name, by format.
    pub columns: Vec<(String, String, String)>,
    /// Posts whose status is one of these (lower case) are skipped.
    pub skip_status: Vec<String>,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes are no text in any encoding that is tried.
    #[error("the file is binary, not text")]
    Binary,
    /// The text is broken at a byte of the file.
    #[error("{message} (byte {at})")]
    Broken {
        /// What is wrong.
        message: String,
        /// First byte of the file that is wrong.
        at: usize,
    },
    /// The file is larger, deeper or longer than is allowed.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What is too large.
        what: String,
        /// The limit, with its unit.
        limit: String,
    },
}

/// Reads `file`.
pub fn read(file: &SourceFile, _options: &Options) -> Result<Document, DecodeError> {
    use crate::model::document::{Address, Encoding, Origin, Post, Scope, Segment};
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let segment = Segment {
        scope: Scope::Body,
        address: Address::Whole,
        text: text.clone(),
        map: crate::text::map::OffsetMap::identity(),
    };
    Ok(Document {
        format: "plain",
        source: text.into(),
        encoding: Encoding::utf8(0),
        origin: Origin::Bytes,
        posts: vec![Post { segments: vec![segment], ..Post::default() }],
        notes: vec![],
    })
}

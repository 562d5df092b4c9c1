//! Values of JSON, YAML and TOML as one tree, each string with its map to the source.

mod align;
mod json;
mod toml;
mod yaml;

pub(super) use json::read as read_json;
pub(super) use toml::read as read_toml;
pub(super) use yaml::read as read_yaml;

use crate::{
    model::document::{Located, Quoting},
    text::{
        map::OffsetMap,
        span::{Plain, Source, Span},
    },
};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A string, a number, a date, true or false.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// Names and values in file order; a name may stand twice.
    Map(Vec<(Scalar, Node)>),
    /// Nothing, or a reference that is not followed.
    Null,
}

/// A value that is text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scalar {
    /// The decoded text.
    pub(super) text: String,
    /// From it to the source.
    pub(super) map: OffsetMap<Plain, Source>,
    /// Where it stands in the source, quotes included.
    pub(super) token: Span<Source>,
    /// How text is written there.
    pub(super) quoting: Quoting,
    /// Whether it is a string, not a number or the like.
    pub(super) string: bool,
}

impl Scalar {
    /// The trimmed text and its span.
    pub(super) fn located(&self) -> Located {
        self.part(0, self.text.len())
    }

    /// The trimmed text between two bytes of it.
    pub(super) fn part(&self, start: usize, end: usize) -> Located {
        let piece = self.text.get(start..end).unwrap_or_default();
        let value = piece.trim();
        let start = start + piece.len() - piece.trim_start().len();
        let span = match value {
            "" => self.token,
            _ => self.map.map(Span::new(start, start + value.len())),
        };
        Located::new(value, span)
    }
}

/// Something that the parser of a tree objects to, at a byte of the source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The text does not follow the format.
    Broken(String, usize),
    /// Nested deeper than is allowed.
    Deep,
}

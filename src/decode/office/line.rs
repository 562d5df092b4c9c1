//! What a Word file is rendered into: lines, and the stretches of XML that their words came from.

use crate::text::span::{Source, Span};
use std::ops::Range;

/// A stretch of rendered text and its bytes in a part.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// Bytes of the rendering.
    pub(super) out: Span<Source>,
    /// Index of the part.
    pub(super) part: usize,
    /// Bytes of the part.
    pub(super) raw: Range<usize>,
    /// Whether both are the same text, byte by byte.
    pub(super) copied: bool,
    /// The `<w:t>` that it stands in; `None` for a tab or a line break.
    pub(super) element: Option<usize>,
}

/// A `<w:t>` element.
#[derive(Debug, Clone)]
pub(super) struct Element {
    /// Bytes of its opening tag in its part.
    pub(super) tag: Range<usize>,
    /// Whether white space at its ends counts.
    pub(super) preserve: bool,
    /// How its run is formatted, as XML.
    pub(super) format: String,
    /// Ends of links before it: words of one link, or of none, have as many.
    pub(super) links: usize,
    /// Ends of tracked changes before it.
    pub(super) changes: usize,
}

/// What a line of the rendering is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Heading,
    Comment,
    LinkText,
    LinkUrl,
    Alt,
}

/// A line of the rendering, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) span: Span<Source>,
    pub(super) kind: Kind,
    /// Name of the part without folder and ending.
    pub(super) part: String,
    /// Number of the paragraph in its part, from 1.
    pub(super) number: usize,
    /// The cell of a table that it stands in.
    pub(super) cell: Option<Cell>,
}

/// A cell of a table; all from 1. Tables inside a cell belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) table: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

//! Byte offsets to lines and columns, in the three units that readers of a report ask for.

use std::sync::Arc;

/// A place in a text. `line` is 0-based; each column counts from 0 in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 0.
    pub line: usize,
    /// Bytes of UTF-8 since the line began.
    pub bytes: usize,
    /// Unicode code points since the line began.
    pub chars: usize,
    /// UTF-16 code units since the line began.
    pub utf16: usize,
}

/// Where the lines of a text begin. A line ends after `\n`; `\r\n` counts as one end.
#[derive(Debug, Clone)]
pub struct LineIndex {
    text: Arc<str>,
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: Arc<str>) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        Self { text, starts }
    }

    /// Number of lines; an empty text has one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never true: there is always a first line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The text that is indexed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of byte `at`; an offset inside a character or past the end is moved back to the boundary before it.
    pub fn position(&self, at: usize) -> Position {
        let at = floor_boundary(&self.text, at);
        let line = self.starts.partition_point(|s| *s <= at).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        Position { line, bytes: before.len(), chars: before.chars().count(), utf16: before.encode_utf16().count() }
    }

    /// The byte range of line `line` (0-based) without its end mark.
    pub fn line(&self, line: usize) -> Option<(usize, usize)> {
        let start = *self.starts.get(line)?;
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let body = self.text.get(start..end)?;
        Some((start, start + body.trim_end_matches('\r').len()))
    }

    /// The byte at a 0-based line and a column in UTF-16 units; columns past the end of the line are its end.
    pub fn byte_at_utf16(&self, line: usize, column: usize) -> Option<usize> {
        self.walk(line, column, char::len_utf16)
    }

    /// The byte at a 0-based line and a column in UTF-8 bytes; columns past the end of the line are its end.
    pub fn byte_at_utf8(&self, line: usize, column: usize) -> Option<usize> {
        self.walk(line, column, char::len_utf8)
    }

    fn walk(&self, line: usize, column: usize, width: fn(char) -> usize) -> Option<usize> {
        let (start, end) = self.line(line)?;
        let mut left = column;
        for (i, c) in self.text.get(start..end)?.char_indices() {
            if left < width(c) {
                return Some(start + i);
            }
            left -= width(c);
        }
        Some(end)
    }
}

/// The last character boundary of `text` at or before `at`.
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first character boundary of `text` at or after `at`.
pub fn ceil_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_each_unit() {
        let lines = LineIndex::new("ab\r\né😀x".into());
        let at = lines.position(4 + 2 + 4);
        assert_eq!((at.line, at.bytes, at.chars, at.utf16), (1, 6, 2, 3));
        assert_eq!(lines.line(0), Some((0, 2)));
        assert_eq!(lines.byte_at_utf16(1, 3), Some(10));
        assert_eq!(lines.byte_at_utf16(1, 99), Some(11));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(LineIndex::new("a\n".into()).position(99).line, 1);
    }
}

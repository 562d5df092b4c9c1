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
    /// What stands before every block of the text.
    blocks: Vec<Counts>,
}

/// Bytes of a block: a column far out in a long line is counted from the last block on.
const BLOCK: usize = 1024;

/// Characters of a stretch of text.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    chars: usize,
    utf16: usize,
}

impl Counts {
    /// These and those that begin in `bytes`.
    fn and(self, bytes: &[u8]) -> Self {
        let chars = bytes.iter().filter(|b| **b & 0xC0 != 0x80).count();
        let pairs = bytes.iter().filter(|b| **b >= 0xF0).count();
        Self { chars: self.chars + chars, utf16: self.utf16 + chars + pairs }
    }
}

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: Arc<str>) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        let blocks = text.as_bytes().chunks(BLOCK).scan(Counts::default(), |before, block| {
            let own = *before;
            *before = own.and(block);
            Some(own)
        });
        let blocks = blocks.collect();
        Self { text, starts, blocks }
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
        let (line_start, here) = (self.before(start), self.before(at));
        let (chars, utf16) = (here.chars - line_start.chars, here.utf16 - line_start.utf16);
        Position { line, bytes: at - start, chars, utf16 }
    }

    /// What stands before byte `at`.
    fn before(&self, at: usize) -> Counts {
        // At the very end of a text of whole blocks there is no block, but one before it.
        let block = (at / BLOCK).min(self.blocks.len().saturating_sub(1));
        let counts = self.blocks.get(block).copied().unwrap_or_default();
        counts.and(self.text.as_bytes().get(block * BLOCK..at).unwrap_or_default())
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
    fn columns_of_a_long_line_are_those_that_counting_gives() {
        let text: String = ["ab é😀\n", "’x"].concat().repeat(1200) + &"y😀".repeat(2000);
        let lines = LineIndex::new(text.as_str().into());
        for (at, _) in text.char_indices().step_by(7).chain([(text.len(), ' ')]) {
            let before = text.get(..at).unwrap().rsplit('\n').next().unwrap();
            let place = lines.position(at);
            let want = (before.len(), before.chars().count(), before.encode_utf16().count());
            assert_eq!((place.bytes, place.chars, place.utf16), want, "byte {at}");
        }
        let whole = LineIndex::new("é".repeat(1024).into());
        assert_eq!(whole.position(2048).chars, 1024);
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(LineIndex::new("a\n".into()).position(99).line, 1);
    }

    #[test]
    fn an_empty_text_has_a_line() {
        let lines = LineIndex::new("".into());
        assert_eq!((lines.len(), lines.is_empty(), lines.line(0)), (1, false, Some((0, 0))));
    }
}

//! Places: the client's lines and columns, in the unit that was agreed on, and its file addresses.

use crate::text::lines::LineIndex;
use lsp_types::{InitializeParams, Position, PositionEncodingKind, Range, Uri};
use std::{ops, path::PathBuf};

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, which every client knows.
    Utf16,
}

impl Unit {
    /// UTF-8 where the client offers it.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let offered = params.capabilities.general.as_ref().and_then(|g| g.position_encodings.as_deref());
        let utf8 = offered.is_some_and(|all| all.contains(&PositionEncodingKind::UTF8));
        if utf8 { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    /// The position of byte `at`.
    pub(super) fn position(self, lines: &LineIndex, at: usize) -> Position {
        let place = lines.position(at);
        let column = if self == Self::Utf8 { place.bytes } else { place.utf16 };
        Position::new(number(place.line), number(column))
    }

    /// The range of bytes `span`.
    pub(super) fn range(self, lines: &LineIndex, span: ops::Range<usize>) -> Range {
        Range::new(self.position(lines, span.start), self.position(lines, span.end))
    }

    /// The byte at a position; a position past the end of its line or of the text is that end.
    pub(super) fn byte(self, lines: &LineIndex, at: Position) -> usize {
        let (line, column) = (at.line as usize, at.character as usize);
        let byte = match self {
            Self::Utf8 => lines.byte_at_utf8(line, column),
            Self::Utf16 => lines.byte_at_utf16(line, column),
        };
        byte.unwrap_or(lines.text().len())
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The path of a `file:` address; nothing for any other.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let text = decoded(rest)?;
    // file:///C:/drafts is C:/drafts.
    let drive = text.strip_prefix('/').filter(|t| t.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(drive.unwrap_or(&text)))
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |b: Option<u8>| char::from(b?).to_digit(16);
            bytes.push(u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_paths() {
        let path = |uri: &str| path(&uri.parse().unwrap()).map(|p| p.to_string_lossy().into_owned());
        assert_eq!(path("file:///a%20b/%C3%BC.md").as_deref(), Some("/a b/ü.md"));
        assert_eq!(path("file:///c%3A/drafts/a.md").as_deref(), Some("c:/drafts/a.md"));
        assert_eq!(path("untitled:Untitled-1"), None);
    }

    #[test]
    fn positions_past_the_end_are_the_end() {
        let lines = LineIndex::new("é😀x\n".into());
        assert_eq!(Unit::Utf16.byte(&lines, Position::new(0, 3)), 6);
        assert_eq!(Unit::Utf8.byte(&lines, Position::new(0, 6)), 6);
        assert_eq!(Unit::Utf16.byte(&lines, Position::new(0, 999)), 7);
        assert_eq!(Unit::Utf16.byte(&lines, Position::new(9, u32::MAX)), 8);
        assert_eq!(Unit::Utf16.position(&lines, 6), Position::new(0, 3));
    }
}

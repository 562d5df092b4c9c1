//! Bytes to text with a map back to the bytes, and text back to bytes.
//!
//! Tried in order: a byte-order mark, strict UTF-8, the NUL pattern of UTF-16 without a mark, Windows-1252 (what Excel
//! writes as "CSV" in western Europe). The last is a guess and is named in the document's notes. Text with NUL or more
//! than a few control characters is binary and is refused, as is UTF-8 with some bytes of another encoding in it.

use super::{DecodeError, Limits};
use crate::{
    model::document::{Document, Encoding, Origin, Post},
    text::{
        map::{MapBuilder, OffsetMap},
        span::{Source, Span},
    },
};
use std::sync::Arc;

/// The text of a file.
#[derive(Debug)]
pub(super) struct Text {
    /// Without a byte-order mark.
    pub(super) source: Arc<str>,
    /// How it was read.
    pub(super) encoding: Encoding,
    /// What the user should know about that.
    pub(super) notes: Vec<String>,
}

impl Text {
    /// The byte of the file at byte `at` of the text.
    pub(super) fn byte(&self, at: usize) -> usize {
        self.encoding.map.map(Span::new(at, at)).start
    }

    /// The document of `posts` that were read from this text.
    pub(super) fn into_document(self, format: &'static str, posts: Vec<Post>) -> Document {
        Document {
            format,
            source: self.source,
            encoding: self.encoding,
            origin: Origin::Bytes,
            posts,
            notes: self.notes,
            faults: Vec::new(),
        }
    }
}

/// Beginnings of files that are no text: PNG, JPEG, GIF, PDF, zip, gzip, OLE.
const MAGIC: &[&[u8]] =
    &[b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"%PDF-", b"PK\x03\x04", b"\x1F\x8B", b"\xD0\xCF\x11\xE0"];

/// UTF-16 maps hold a piece for each character, so such files may only be a quarter as large.
const UTF16_SHARE: usize = 4;

/// The text of `bytes`.
pub(super) fn text_of(bytes: &[u8], limits: &Limits) -> Result<Text, DecodeError> {
    if bytes.len() > limits.bytes {
        return Err(DecodeError::limit("the size of the file", limits.bytes, "bytes").raised_by("file-mib"));
    }
    if MAGIC.iter().any(|m| bytes.starts_with(m)) {
        return Err(DecodeError::Binary);
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3)?,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, 2, Order::Little, limits)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, 2, Order::Big, limits)?,
        _ => match (std::str::from_utf8(bytes), nul_pattern(bytes)) {
            (_, Some(order)) => guessed(utf16(bytes, 0, order, limits)?),
            (Ok(_), None) => utf8(bytes, 0)?,
            (Err(e), None) if has_multibyte(bytes) => return Err(mixed(e.valid_up_to())),
            (Err(_), None) => guessed(windows_1252(bytes)),
        },
    };
    if is_binary(&text.source) {
        return Err(DecodeError::Binary);
    }
    match text.source.find('\0') {
        Some(at) => Err(DecodeError::broken("a zero byte stands in the text; the file is damaged", text.byte(at))),
        None => Ok(text),
    }
}

/// `text` in the encoding called `name`, or the first character that it cannot write.
pub(super) fn bytes_of(name: &str, text: &str) -> Result<Vec<u8>, char> {
    match name {
        "utf-16le" => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "utf-16be" => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        "windows-1252" => text.chars().map(to_windows_1252).collect(),
        _ => Ok(text.as_bytes().to_vec()),
    }
}

fn mixed(at: usize) -> DecodeError {
    DecodeError::broken("the file mixes UTF-8 with another encoding; save it as UTF-8", at)
}

fn utf8(bytes: &[u8], skip: usize) -> Result<Text, DecodeError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Text { source: text.into(), encoding: Encoding::utf8(skip), notes: Vec::new() }),
        Err(e) => {
            Err(DecodeError::broken("invalid UTF-8 although the file is marked as UTF-8", skip + e.valid_up_to()))
        }
    }
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

fn utf16(bytes: &[u8], skip: usize, order: Order, limits: &Limits) -> Result<Text, DecodeError> {
    if bytes.len() > limits.bytes / UTF16_SHARE {
        return Err(DecodeError::limit("the size of the UTF-16 file", limits.bytes / UTF16_SHARE, "bytes")
            .raised_by("file-mib"));
    }
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(DecodeError::broken("UTF-16 text with half a character at its end", skip + bytes.len() - 1));
    }
    let units = pairs.map(|p| match (p, order) {
        (&[a, b], Order::Little) => u16::from_le_bytes([a, b]),
        (&[a, b], Order::Big) => u16::from_be_bytes([a, b]),
        _ => 0,
    });
    let (mut source, mut map, mut at) = (String::with_capacity(bytes.len() / 2), MapBuilder::new(), skip);
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| DecodeError::broken("a lone surrogate in UTF-16 text", at))?;
        map.replace(c.len_utf8(), at, c.len_utf16() * 2);
        source.push(c);
        at += c.len_utf16() * 2;
    }
    let name = match order {
        Order::Little => "utf-16le",
        Order::Big => "utf-16be",
    };
    let map = if source.is_empty() { OffsetMap::shifted(skip) } else { map.finish() };
    Ok(Text { source: source.into(), encoding: Encoding { name, guessed: false, map }, notes: Vec::new() })
}

/// Western text in UTF-16 without a mark: nearly every other byte is NUL, and mostly on one side.
fn nul_pattern(bytes: &[u8]) -> Option<Order> {
    let head = bytes.get(..4096.min(bytes.len() & !1))?;
    let nuls = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let one_sided = |many: usize, few: usize| many > few * 4 && many * 10 >= head.len() / 2 * 6;
    match bytes.len().is_multiple_of(2) {
        true if one_sided(odd, even) => Some(Order::Little),
        true if one_sided(even, odd) => Some(Order::Big),
        _ => None,
    }
}

fn windows_1252(bytes: &[u8]) -> Text {
    let (mut source, mut map) = (String::with_capacity(bytes.len() + 16), MapBuilder::<Source, Source>::new());
    for (at, byte) in bytes.iter().enumerate() {
        let c = from_windows_1252(*byte);
        if c.is_ascii() {
            map.copy(1, at);
        } else {
            map.replace(c.len_utf8(), at, 1);
        }
        source.push(c);
    }
    let encoding = Encoding { name: "windows-1252", guessed: false, map: map.finish() };
    Text { source: source.into(), encoding, notes: Vec::new() }
}

fn from_windows_1252(byte: u8) -> char {
    if byte.is_ascii() {
        return char::from(byte);
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn to_windows_1252(c: char) -> Result<u8, char> {
    if c.is_ascii() {
        return u8::try_from(c).map_err(|_| c);
    }
    (0x80..=0xFF).find(|b| from_windows_1252(*b) == c).ok_or(c)
}

fn guessed(mut text: Text) -> Text {
    text.encoding.guessed = true;
    text.notes.push(format!("the encoding was guessed as {}; save the file as UTF-8 to be sure", text.encoding.name));
    text
}

/// Whether a whole multi-byte character of UTF-8 stands among bytes that are no UTF-8.
fn has_multibyte(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

/// More control characters than a few, and than one in a hundred.
fn is_binary(text: &str) -> bool {
    let odd = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}' | '\u{1B}' | '\u{85}');
    let controls = text.chars().filter(odd).count();
    controls > 4 && controls * 100 > text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Text {
        text_of(bytes, &Limits::default()).unwrap()
    }

    fn origin(text: &Text, word: &str) -> (usize, usize) {
        let at = text.source.find(word).unwrap();
        let span = text.encoding.map.map(Span::new(at, at + word.len()));
        (span.start, span.end)
    }

    #[test]
    fn a_mark_is_no_part_of_the_text() {
        let text = read("\u{FEFF}caf\u{e9} x".as_bytes());
        assert_eq!(&*text.source, "caf\u{e9} x");
        assert_eq!(origin(&text, "x"), (9, 10));
    }

    #[test]
    fn utf16_maps_to_pairs_of_bytes() {
        for mark in [true, false] {
            for order in ["utf-16le", "utf-16be"] {
                let mut bytes = bytes_of(order, if mark { "\u{FEFF}" } else { "" }).unwrap();
                bytes.extend(bytes_of(order, "Bins \u{1F600} \u{a3}5").unwrap());
                let text = read(&bytes);
                assert_eq!((&*text.source, text.encoding.name), ("Bins \u{1F600} \u{a3}5", order));
                assert_eq!(text.encoding.guessed, !mark);
                let skip = if mark { 2 } else { 0 };
                assert_eq!(origin(&text, "\u{a3}"), (skip + 16, skip + 18));
            }
        }
    }

    #[test]
    fn other_western_bytes_are_guessed_and_said() {
        let text = read(b"It\x92s \xA35");
        assert_eq!(&*text.source, "It\u{2019}s \u{a3}5");
        assert!(text.encoding.guessed && text.notes.len() == 1);
        assert_eq!(origin(&text, "\u{2019}"), (2, 3));
        assert_eq!(origin(&text, "5"), (6, 7));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(matches!(text_of(b"ab\0c", &Limits::default()), Err(DecodeError::Broken { at: 2, .. })));
        for bytes in [&b"\x89PNG\r\n\x1a\n"[..], b"\x01\x02\x03\x04\x05\x06", b"%PDF-1.7"] {
            assert!(matches!(text_of(bytes, &Limits::default()), Err(DecodeError::Binary)), "{bytes:?}");
        }
        assert!(matches!(text_of(b"\xC2\xA3 and \xA3", &Limits::default()), Err(DecodeError::Broken { at: 7, .. })));
        assert!(matches!(text_of(b"\xFF\xFEa", &Limits::default()), Err(DecodeError::Broken { at: 2, .. })));
        assert!(matches!(text_of(b"\xFF\xFE\x00\xD8a\0", &Limits::default()), Err(DecodeError::Broken { at: 2, .. })));
    }

    proptest! {
        #[test]
        fn text_survives_every_encoding(words in "[a-z \u{a3}\u{e9}\u{2019}]{0,40}") {
            for name in ["utf-8", "utf-16le", "utf-16be"] {
                let mut bytes = bytes_of(name, "\u{FEFF}").unwrap();
                bytes.extend(bytes_of(name, &words).unwrap());
                prop_assert_eq!(&*read(&bytes).source, words.as_str());
            }
            let bytes = bytes_of("windows-1252", &words).unwrap();
            prop_assert_eq!(&*windows_1252(&bytes).source, words.as_str());
        }
    }
}

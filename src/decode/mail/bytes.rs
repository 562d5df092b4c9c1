//! Transfer encodings undone, byte by byte, each with where it stands (RFC 2045, RFC 2047).

use super::part::Part;
use crate::text::{
    lines::floor_boundary,
    map::{MapBuilder, OffsetMap},
    span::{Source, Span},
};
use encoding_rs::Encoding;

/// Decoded text and its map to the file's text.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) map: OffsetMap<Source, Source>,
}

/// A byte and the text that it was written as.
type Byte = (u8, Span<Source>);

/// The text of `part`; `None` where its transfer encoding is unknown.
pub(super) fn body(source: &str, part: &Part) -> Option<Decoded> {
    let bytes = match part.encoding.as_str() {
        "quoted-printable" => quoted(source, part.body, false),
        "base64" => base64(source, part.body),
        _ => return None,
    };
    let charset = part.parameters.iter().find(|p| p.0 == "charset").map_or("utf-8", |p| p.1.as_str());
    Some(text(source, &bytes, charset))
}

/// The text of a header's value, with folded lines joined and encoded words undone.
pub(super) fn header(source: &str, span: Span<Source>) -> Decoded {
    let mut out = Out::default();
    let mut at = span.start;
    let mut after_word = false;
    while at < span.end {
        let rest = source.get(at..span.end).unwrap_or_default();
        if let Some((word, len)) = encoded_word(source, Span::new(at, span.end)) {
            out.put(&word, Span::new(at, at + len), false);
            (at, after_word) = (at + len, true);
            continue;
        }
        let blank = rest.len() - rest.trim_start().len();
        let next = Span::new(at + blank, span.end);
        if blank > 0 && !(after_word && encoded_word(source, next).is_some()) {
            let space = Span::<Source>::new(at, at + blank);
            out.put(" ", space, space.of(source) == " ");
        }
        at += blank;
        if blank == 0 {
            let len = rest.chars().next().map_or(1, char::len_utf8);
            let span = Span::<Source>::new(at, at + len);
            out.put(span.of(source), span, true);
            at += len;
            after_word = false;
        }
    }
    out.finish()
}

/// Bytes that an encoded word may have. RFC 2047 allows 75, but mailers write longer ones and programs show them; no line
/// of a header is longer than this (RFC 5322). More is not looked at, so that what only begins like a word costs no time.
const LONGEST_WORD: usize = 998;

/// `=?charset?Q?text?=` at the start of `span`: its text and its length.
fn encoded_word(source: &str, span: Span<Source>) -> Option<(String, usize)> {
    let rest = span.of(source);
    let rest = rest.get(..floor_boundary(rest, LONGEST_WORD))?.strip_prefix("=?")?;
    let mut fields = rest.splitn(3, '?');
    let (charset, kind, tail) = (fields.next()?, fields.next()?, fields.next()?);
    if !["Q", "q", "B", "b"].contains(&kind) {
        return None;
    }
    let len = tail.find("?=")?;
    let start = span.start + 2 + charset.len() + 1 + kind.len() + 1;
    let inner = Span::new(start, start + len);
    if inner.of(source).contains(char::is_whitespace) {
        return None;
    }
    let bytes = match kind {
        "Q" | "q" => quoted(source, inner, true),
        "B" | "b" => base64(source, inner),
        _ => return None,
    };
    Some((text(source, &bytes, charset).text, inner.end + 2 - span.start))
}

fn quoted(source: &str, span: Span<Source>, in_header: bool) -> Vec<Byte> {
    let mut out = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let rest = source.as_bytes().get(at..span.end).unwrap_or_default();
        let len = match rest {
            [b'=', b'\r', b'\n', ..] => 3,
            [b'=', b'\n', ..] => 2,
            [b'=', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                out.push((hex(*a) * 16 + hex(*b), Span::new(at, at + 3)));
                3
            }
            [b'_', ..] if in_header => {
                out.push((b' ', Span::new(at, at + 1)));
                1
            }
            // Only ASCII is allowed; the bytes of any other character stand in all of it.
            [_, ..] => {
                let len = source.get(at..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8);
                let place = Span::<Source>::new(at, at + len);
                out.extend(place.of(source).bytes().map(|byte| (byte, place)));
                len
            }
            [] => break,
        };
        at += len;
    }
    out
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.saturating_sub(b'A').saturating_add(10),
    }
}

/// Base 64: every three bytes are written as four characters, which each of them stands in.
fn base64(source: &str, span: Span<Source>) -> Vec<Byte> {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits = span.of(source).bytes().enumerate().filter_map(|(i, b)| digit(b).map(|d| (d, span.start + i)));
    let digits: Vec<(u8, usize)> = digits.collect();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    for group in digits.chunks(4) {
        let value = group.iter().fold(0_u32, |v, (d, _)| v << 6 | u32::from(*d)) << (6 * (4 - group.len()));
        let [_, bytes @ ..] = value.to_be_bytes();
        let (Some(first), Some(last)) = (group.first(), group.last()) else { break };
        let place = Span::new(first.1, last.1 + 1);
        out.extend(bytes.into_iter().take(group.len().saturating_sub(1)).map(|b| (b, place)));
    }
    out
}

#[derive(Default)]
struct Out {
    text: String,
    map: MapBuilder<Source, Source>,
}

impl Out {
    fn put(&mut self, text: &str, span: Span<Source>, copied: bool) {
        self.text.push_str(text);
        if copied {
            self.map.copy(text.len(), span.start);
        } else {
            self.map.replace(text.len(), span.start, span.len());
        }
    }

    fn finish(self) -> Decoded {
        Decoded { text: self.text, map: self.map.finish() }
    }
}

/// `bytes` in the encoding called `charset`, with `\r\n` as `\n`.
fn text(source: &str, bytes: &[Byte], charset: &str) -> Decoded {
    let encoding = Encoding::for_label(charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = Out::default();
    let mut pending: Option<Span<Source>> = None;
    for (index, (byte, span)) in bytes.iter().enumerate() {
        let place = pending.map_or(*span, |p| p.cover(*span));
        let mut piece = String::with_capacity(16);
        let last = index + 1 == bytes.len();
        let _ = decoder.decode_to_string(std::slice::from_ref(byte), &mut piece, last);
        if piece.is_empty() {
            pending = Some(place);
            continue;
        }
        let is_line_end = piece == "\r" && bytes.get(index + 1).is_some_and(|b| b.0 == b'\n');
        if !is_line_end {
            out.put(&piece, place, place.of(source) == piece);
        }
        pending = None;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn what_begins_like_a_word_takes_no_time() {
        let begun = Instant::now();
        for piece in ["=?a?Q", "=?a?Q?b", "=?"] {
            let source = piece.repeat(100_000);
            assert_eq!(header(&source, Span::new(0, source.len())).text, source);
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
        let long = format!("=?utf-8?Q?{}?=", "a=20".repeat(50));
        assert_eq!(header(&long, Span::new(0, long.len())).text, "a ".repeat(50));
    }
}

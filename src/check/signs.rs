//! Signs of what a text may hold, from one look at its bytes: most texts have no sign of most forms, and are not searched
//! for them.

use std::ops::Range;

/// Joints between letters that are spaced out.
const JOINTS: &[u8] = b" .-_*";

/// Characters beyond ASCII.
pub(super) const BEYOND: u8 = 1 << 0;
/// A hashtag.
pub(super) const HASH: u8 = 1 << 1;
/// A full stop between a small letter and a capital.
pub(super) const TIGHT_STOP: u8 = 1 << 2;
/// A question mark in front of something.
pub(super) const QUERY: u8 = 1 << 3;
/// Brackets or double quotation marks.
pub(super) const PAIRS: u8 = 1 << 4;
/// A figure or sign for a letter, beside a letter.
pub(super) const FIGURE: u8 = 1 << 5;
/// Five single letters or figures in a row with joints between them.
pub(super) const SPACED: u8 = 1 << 6;
/// A word twice.
pub(super) const TWICE: u8 = 1 << 7;

/// The signs in `text`, as bits. Where a sign is not there, neither is the thing.
pub(super) fn of(text: &str) -> u8 {
    let mut signs = if text.is_ascii() { 0 } else { BEYOND | HASH | PAIRS | SPACED | TWICE };
    let bytes = text.as_bytes();
    // Where the word that is being read begins, and the letters and figures.
    let (mut word, mut run) = (0, 0);
    // Single letters that were read, and where a next one would be.
    let (mut singles, mut next_single) = (0, 0);
    let byte_at = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    for at in 0..=bytes.len() {
        let byte = byte_at(at);
        if byte.is_ascii_alphabetic() {
            continue;
        }
        signs |= among(byte_at(at.wrapping_sub(1)), byte, byte_at(at + 1));
        if byte.is_ascii_digit() {
            continue;
        }
        if at == run + 1 {
            singles = if next_single == run { singles + 1 } else { 1 };
            next_single = if JOINTS.contains(&byte) { at + 1 } else { 0 };
            signs |= if singles >= 5 { SPACED } else { 0 };
        }
        run = at + 1;
        if is_space(byte) {
            signs |= if is_repeated(bytes, word..at) { TWICE } else { 0 };
            word = at + 1;
        }
    }
    signs
}

/// The sign that a byte is among its neighbours.
fn among(before: u8, byte: u8, after: u8) -> u8 {
    let (sign, holds) = match byte {
        b'#' => (HASH, true),
        b'(' | b')' | b'[' | b']' | b'"' => (PAIRS, true),
        b'?' => (QUERY, !is_space(after)),
        b'.' => (TIGHT_STOP, before.is_ascii_lowercase() && after.is_ascii_uppercase()),
        // One behind a word ends a sentence.
        b'!' => (FIGURE, !is_space(after)),
        b'0' | b'1' | b'3' | b'4' | b'5' | b'7' | b'8' | b'@' | b'$' => {
            (FIGURE, before.is_ascii_alphabetic() || after.is_ascii_alphabetic())
        }
        _ => (0, false),
    };
    if holds { sign } else { 0 }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Whether the word at `first` stands once more behind the space that ends it.
fn is_repeated(text: &[u8], first: Range<usize>) -> bool {
    let second = first.end + 1..first.end + 1 + first.len();
    let goes_on = text.get(second.end).is_some_and(u8::is_ascii_alphabetic);
    let (Some(first), Some(second)) = (text.get(first), text.get(second)) else { return false };
    !goes_on && !first.is_empty() && first.eq_ignore_ascii_case(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_seen() {
        assert_eq!(of("Route 42 is open, isn't it? 10 am. Bins: a b c. 2026!\n"), 0);
        for (text, sign) in [
            ("bu5", FIGURE),
            ("l@zy", FIGURE),
            ("sh!t", FIGURE),
            ("m o r o n", SPACED),
            ("x\tthe The.", TWICE),
            ("a.B", TIGHT_STOP),
            ("x?a", QUERY),
            ("#a", HASH),
            ("(a", PAIRS),
        ] {
            assert_eq!(of(text), sign, "{text}");
        }
        assert_ne!(of("é") & BEYOND, 0);
    }
}

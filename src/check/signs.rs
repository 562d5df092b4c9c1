//! Signs of what a text may hold, from one look at its bytes: most texts have no sign of most forms, and are not searched
//! for them.

use std::ops::Range;

/// Joints between letters that are spaced out.
const JOINTS: &[u8] = b" .-_*";

/// What a text may hold. Where a sign is not there, neither is the thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// Characters beyond ASCII.
    pub(super) beyond: bool,
    /// A hashtag.
    pub(super) hash: bool,
    /// A full stop between a small letter and a capital.
    pub(super) tight_stop: bool,
    /// A question mark in front of something.
    pub(super) query: bool,
    /// Brackets or double quotation marks.
    pub(super) pairs: bool,
    /// A figure or sign for a letter, beside a letter.
    pub(super) figure: bool,
    /// Five single letters or figures in a row with joints between them.
    pub(super) spaced: bool,
    /// A word twice.
    pub(super) twice: bool,
}

impl Signs {
    /// The signs in `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut signs = Self { beyond: !text.is_ascii(), ..Self::default() };
        let bytes = text.as_bytes();
        // Where the word that is being read begins.
        let mut word = 0;
        // Single letters that were read, and where a next one would be.
        let (mut singles, mut next_single) = (0, 0);
        for (at, byte) in bytes.iter().enumerate() {
            let after = bytes.get(at + 1).copied().unwrap_or(b' ');
            match byte {
                b'#' | 0x80.. => signs.hash = true,
                b'(' | b')' | b'[' | b']' | b'"' => signs.pairs = true,
                b'?' => signs.query |= !after.is_ascii_whitespace(),
                b' ' | b'\t'..=b'\r' => {
                    signs.twice |= is_repeated(bytes, word..at);
                    word = at + 1;
                }
                _ => {}
            }
            let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b' ');
            match byte {
                b'.' => signs.tight_stop |= before.is_ascii_lowercase() && after.is_ascii_uppercase(),
                b'0' | b'1' | b'3' | b'4' | b'5' | b'7' | b'8' | b'@' | b'$' => {
                    signs.figure |= before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
                }
                // One behind a word ends a sentence.
                b'!' => signs.figure |= !after.is_ascii_whitespace(),
                _ => {}
            }
            if byte.is_ascii_alphanumeric() && !before.is_ascii_alphanumeric() && !after.is_ascii_alphanumeric() {
                singles = if next_single == at { singles + 1 } else { 1 };
                next_single = if JOINTS.contains(&after) { at + 2 } else { 0 };
                signs.spaced |= singles >= 5;
            }
        }
        signs.pairs |= signs.beyond;
        signs.spaced |= signs.beyond;
        signs.twice |= signs.beyond;
        signs
    }
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
        let plain = "Route 42 is open, isn't it? 10 am. Bins: a b c. 2026!\n";
        assert_eq!(Signs::of(plain), Signs::default());
        assert!(Signs::of("bu5").figure && Signs::of("l@zy").figure && Signs::of("sh!t").figure);
        assert!(Signs::of("m o r o n").spaced && Signs::of("x\tthe The.").twice && Signs::of("a.B").tight_stop);
        assert!(Signs::of("x?a").query && Signs::of("#a").hash && Signs::of("(a").pairs && Signs::of("é").beyond);
    }
}

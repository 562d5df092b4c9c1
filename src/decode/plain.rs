//! Plain text: the whole file is one post, unless it is longer than any post is. Then it is read like a thread, in parts,
//! so that the memory and the threads that a check takes do not hang on how long an archive is.

use super::{DecodeError, Decoder, Excerpt, Options, text_of};
use crate::{
    model::document::{Address, Document, Post, Quoting, Scope, SourceFile},
    text::{lines::ceil_boundary, span::Span},
};
use std::ops::Range;

/// From this length on, in bytes, a text is no post: the longest that a channel takes has 63,206 characters.
const LONG: usize = 256 << 10;

/// Bytes of a part of a long text, and of the stretch behind them in which it ends.
const PART: usize = 16 << 10;

/// Where a part ends best, the best first.
const ENDS: &[&str] = &["\n\n", "\r\n\r\n", "\n", ". ", "? ", "! ", " "];

/// `.txt` files, and whatever no other decoder claims.
pub(super) struct Plain;

impl Decoder for Plain {
    fn name(&self) -> &'static str {
        "text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn is_one_text(&self) -> bool {
        true
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let posts = parts(&text.source).into_iter().map(|(address, part)| {
            let body = Excerpt::lines(&text.source, Span::new(part.start, part.end));
            let segments = vec![body.into_segment(Scope::Body, Address::Whole, Quoting::Verbatim)];
            Post { address, segments, ..Post::default() }
        });
        let posts = posts.collect();
        Ok(text.into_document(self.name(), posts))
    }
}

/// The posts of `text`: what they are called, and their bytes.
fn parts(text: &str) -> Vec<(Address, Range<usize>)> {
    if text.len() < LONG {
        return vec![(Address::Whole, 0..text.len())];
    }
    let (mut parts, mut start) = (Vec::new(), 0);
    while start < text.len() {
        let end = part_end(text, start);
        parts.push((Address::Part(parts.len() + 1), start..end));
        start = end;
    }
    parts
}

/// The end of the part that begins at `start`: of its paragraph, line, sentence or word.
fn part_end(text: &str, start: usize) -> usize {
    let (from, to) = (ceil_boundary(text, start + PART), ceil_boundary(text, start + 2 * PART));
    if to >= text.len() {
        return text.len();
    }
    let stretch = text.get(from..to).unwrap_or_default();
    let found = ENDS.iter().find_map(|end| Some(from + stretch.find(end)? + end.len()));
    // No word is cut, however long it is.
    // A part that ended between `\r` and `\n` would make two line ends of one.
    let blank = |c: char| c.is_whitespace() && c != '\r';
    let word = || text.get(to..)?.find(blank).map(|at| ceil_boundary(text, to + at + 1));
    found.or_else(word).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_windows_file_is_read_with_spans_in_its_bytes() {
        let file = SourceFile { path: "a.txt".into(), bytes: b"\xEF\xBB\xBFone\r\ntwo"[..].into() };
        let doc = Plain.decode(&file, &Options::default()).unwrap();
        let segment = &doc.posts[0].segments[0];
        assert_eq!(segment.text, "one\ntwo");
        let span = doc.encoding.map.map(segment.map.map(Span::new(4, 7)));
        assert_eq!(&file.bytes[span.range()], b"two");
    }

    #[test]
    fn a_long_text_is_read_in_parts() {
        let paragraph = "The play park is open again. ".repeat(90) + "\n\n";
        let text = paragraph.repeat(LONG / paragraph.len() + 1);
        let parts = parts(&text);
        assert!(parts.len() > 10);
        assert!(parts.iter().all(|(_, part)| part.len() <= 2 * PART));
        assert!(parts.iter().all(|(_, part)| text.get(part.clone()).unwrap().ends_with("again. \n\n")));
        assert_eq!(parts[1].0, Address::Part(2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn parts_are_the_text_in_whole_words(words in proptest::collection::vec(prop_oneof![1..9_usize, Just(9999)], 1..99)) {
            let text: String = words.iter().map(|len| "é".repeat(*len) + " ").collect();
            let parts = parts(&text);
            prop_assert!(parts.windows(2).all(|two| two[0].1.end == two[1].1.start));
            prop_assert_eq!((parts[0].1.start, parts[parts.len() - 1].1.end), (0, text.len()));
            prop_assert!(parts.iter().all(|(_, part)| text.get(part.clone()).unwrap().ends_with(' ')));
        }
    }
}

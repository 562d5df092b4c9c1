//! Plain text: the whole file is one post.

use super::{DecodeError, Decoder, Excerpt, Options, text_of};
use crate::{
    model::document::{Address, Document, Post, Quoting, Scope, SourceFile},
    text::span::Span,
};

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

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let body = Excerpt::lines(&text.source, Span::new(0, text.source.len()));
        let segments = vec![body.into_segment(Scope::Body, Address::Whole, Quoting::Verbatim)];
        Ok(text.into_document(self.name(), vec![Post { segments, ..Post::default() }]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_file_is_read_with_spans_in_its_bytes() {
        let file = SourceFile { path: "a.txt".into(), bytes: b"\xEF\xBB\xBFone\r\ntwo"[..].into() };
        let doc = Plain.decode(&file, &Options::default()).unwrap();
        let segment = &doc.posts[0].segments[0];
        assert_eq!(segment.text, "one\ntwo");
        let span = doc.encoding.map.map(segment.map.map(Span::new(4, 7)));
        assert_eq!(&file.bytes[span.range()], b"two");
    }
}

//! An edit of any draft is refused, or reads back as the edited draft with all other segments as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    decode::{self, DECODERS, Options},
    model::{document::SourceFile, finding::Edit},
    text::span::Span,
};

fuzz_target!(|data: (u8, u8, u8, String, &[u8])| {
    let (format, from, len, content, bytes) = data;
    let decoder = DECODERS[usize::from(format) % DECODERS.len()];
    let options = Options::default();
    let file = SourceFile { path: "draft".into(), bytes: bytes.into() };
    let Ok(document) = decode::read_as(decoder, &file, &options) else { return };
    let Some(segment) = document.posts.iter().flat_map(|p| &p.segments).next() else { return };
    let at = |n: usize| (0..=n.min(segment.text.len())).rev().find(|i| segment.text.is_char_boundary(*i)).unwrap_or(0);
    let start = at(usize::from(from));
    let end = at(start + usize::from(len)).max(start);
    let edit = Edit { span: segment.map.map(Span::new(start, end)), content };
    let Ok(bytes) = decode::write(&file, &document, std::slice::from_ref(&edit), &options) else { return };
    let again = SourceFile { path: "draft".into(), bytes: bytes.into() };
    let after = decode::read_as(decoder, &again, &options).expect("what was written can be read");
    assert_eq!(after.posts.len(), document.posts.len(), "{edit:?}");
});

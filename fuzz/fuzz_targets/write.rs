//! An edit of any draft is refused, or reads back as it was written, with as many posts as before.
//!
//! An input is where the edit begins and how long it is (a byte each), its content up to a line end, and a file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    decode::{self, Options},
    model::{document::SourceFile, finding::Edit},
    text::span::Span,
};

/// Words alone: white space is the format's.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fuzz_target!(|data: &[u8]| {
    let [from, len, rest @ ..] = data else { return };
    let Some(line) = rest.iter().position(|b| *b == b'\n') else { return };
    let Ok(content) = std::str::from_utf8(&rest[..line]) else { return };
    let Some(file) = postlint_fuzz::file(&rest[line + 1..]) else { return };
    let options = Options::default();
    // A name without a known ending is told by its content, which an edit may change into that of another format.
    let decoder = decode::decoder_for(&file);
    let Ok(document) = decode::read_as(decoder, &file, &options) else { return };
    let all: Vec<_> = document.posts.iter().flat_map(|p| &p.segments).collect();
    let Some(segment) = all.get(usize::from(*len) % all.len().max(1)) else { return };
    let text = &segment.text;
    let at = |n: usize| (0..=n.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let start = at(text.len() * usize::from(*from) / 255);
    let end = at(start + usize::from(*len) / 16).max(start);
    let edit = Edit { span: segment.map.map(Span::new(start, end)), content: content.to_owned() };
    let Ok(bytes) = decode::write(&file, &document, std::slice::from_ref(&edit), &options) else { return };
    let again = SourceFile { path: file.path.clone(), bytes: bytes.into() };
    let after = decode::read_as(decoder, &again, &options).expect("what was written can be read");
    let Some(plain) = segment.map.unmap(edit.span, text.len()) else { panic!("{edit:?} was written") };
    let mut want = text.clone();
    want.replace_range(plain.range(), content);
    // A row, a paragraph without words is no post.
    if words(&want).is_empty() {
        return;
    }
    assert_eq!(after.posts.len(), document.posts.len(), "{edit:?}");
    let mut texts = after.posts.iter().flat_map(|p| &p.segments).map(|s| words(&s.text));
    assert!(texts.any(|t| t == words(&want)), "{want:?} was not written");
});

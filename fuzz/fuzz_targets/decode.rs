//! Any bytes through any decoder: no panic, and every span lies in the text on character boundaries, maps in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    decode::{self, DECODERS, Options},
    model::document::SourceFile,
    text::span::Span,
};

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let decoder = DECODERS[usize::from(*first) % DECODERS.len()];
    let file = SourceFile { path: "draft".into(), bytes: bytes.into() };
    let Ok(document) = decode::read_as(decoder, &file, &Options::default()) else { return };
    for segment in document.posts.iter().flat_map(|p| &p.segments) {
        let whole = segment.map.map(Span::new(0, segment.text.len()));
        assert!(document.source.get(whole.range()).is_some(), "{whole:?}");
        let mut last = 0;
        for (at, c) in segment.text.char_indices() {
            let span = segment.map.map(Span::new(at, at + c.len_utf8()));
            assert!(document.source.get(span.range()).is_some(), "{span:?}");
            assert!(span.start >= last, "{span:?} is before {last}");
            last = span.start;
            let own = document.encoding.map.map(span);
            assert!(own.start <= own.end, "{own:?}");
        }
    }
});

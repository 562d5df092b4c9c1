//! Any text folded and read: every piece of the folded view maps to whole characters of the text, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::text::{fold::fold, reading::Reading, span::Span};

fuzz_target!(|data: &str| {
    let folded = fold(data);
    let mut last = 0;
    for (at, c) in folded.text.char_indices() {
        let span = folded.map.map(Span::new(at, at + c.len_utf8()));
        assert!(data.get(span.range()).is_some(), "{span:?}");
        assert!(span.start >= last);
        last = span.start;
    }
    let reading = Reading::new(data);
    let _ = reading.text().len();
});

//! Any text folded and read: the folded view maps back in order, tokens and sentences cover it in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::text::{fold::fold, link, reading::Reading};

fuzz_target!(|data: &str| {
    let folded = fold(data);
    postlint_fuzz::map_is_sound(&folded.text, &folded.map, data);
    let reading = Reading::new(data);
    let mut end = 0;
    for token in &reading.tokens {
        assert!(token.span.start >= end && !token.span.is_empty(), "{token:?}");
        assert!(reading.text().get(token.span.range()).is_some(), "{token:?}");
        end = token.span.end;
    }
    let mut next = 0;
    for sentence in &reading.sentences {
        assert_eq!(sentence.tokens.start, next, "{sentence:?}");
        next = sentence.tokens.end;
    }
    assert_eq!(next, reading.tokens.len());
    let mut end = 0;
    for quote in &reading.quotes {
        assert!(quote.span.start >= end && reading.text().get(quote.span.range()).is_some(), "{quote:?}");
        end = quote.span.end;
    }
    let mut end = 0;
    for url in link::urls(data) {
        assert!(url.start >= end && !url.of(data).is_empty(), "{url:?}");
        end = url.end;
    }
});

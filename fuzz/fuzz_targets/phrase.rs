//! Any phrase, any text: compiled or refused with a place; what is found begins and ends with a token, and is found again
//! where the text goes on.
//!
//! An input is a phrase up to a line end, and a text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    engine::{Linter, Options},
    model::document::Meta,
    pack::PackErrors,
    text::reading::Reading,
};

fuzz_target!(|data: &str| {
    let Some((phrase, text)) = data.split_once('\n') else { return };
    let set = postlint_fuzz::pack(&postlint_fuzz::rule("phrases", phrase));
    let linter = match Linter::new(&set, Options::default()) {
        Ok(linter) => linter,
        Err(faults) => {
            assert!(!PackErrors::from_faults(&set.files, faults).to_string().is_empty());
            return;
        }
    };
    let found = |text: &str| -> Vec<_> {
        let report = linter.lint_text("draft", text, Meta::default());
        report.findings.iter().map(|f| f.place.span).collect()
    };
    let spans = found(text);
    let reading = Reading::new(text);
    let tokens: Vec<_> = reading.tokens.iter().map(|t| reading.folded.map.map(t.span)).collect();
    for span in &spans {
        assert!(tokens.iter().any(|t| t.start == span.start) && tokens.iter().any(|t| t.end == span.end), "{span:?}");
    }
    let longer = found(&format!("{text}\n\nQuite another thing."));
    assert!(spans.iter().all(|s| longer.iter().any(|l| l.contains(*s))), "{spans:?} became {longer:?}");
});

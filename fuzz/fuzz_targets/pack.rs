//! Any text as a pack, or as the pattern of a rule: loaded and compiled, or refused with a place, and then run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    engine::{Linter, Options},
    model::document::Meta,
    pack::PackErrors,
};

fuzz_target!(|data: &str| {
    let text = data.strip_prefix('/').map_or_else(|| data.to_owned(), |p| postlint_fuzz::rule("patterns", p));
    let set = postlint_fuzz::pack(&text);
    match Linter::new(&set, Options::default()) {
        Ok(linter) => {
            for finding in linter.lint_text("draft", data, Meta::default()).findings {
                assert!(data.get(finding.place.span.range()).is_some());
            }
        }
        Err(faults) => assert!(!PackErrors::from_faults(&set.files, faults).to_string().is_empty()),
    }
});

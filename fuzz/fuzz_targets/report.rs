//! A secret in any draft, in every output: never shown, and JSON stays JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    engine::{Linter, Options},
    model::document::Meta,
    pack::{self, Request},
    report::{FORMATS, Style},
};
use std::sync::LazyLock;

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let names: Vec<Request> = pack::names().into_iter().map(|n| Request::Name(n.to_owned())).collect();
    let set = pack::load(&names).expect("the packs load");
    Linter::new(&set, Options::default()).unwrap_or_else(|_| panic!("the packs compile"))
});

fuzz_target!(|data: (&str, &str)| {
    let secret = "9434765919";
    let text = format!("{} NHS number {secret} {}", data.0, data.1);
    let file = LINTER.lint_text("draft", &text, Meta::default());
    for finding in &file.findings {
        assert!(text.get(finding.place.span.range()).is_some());
    }
    let hidden = file.hidden.iter().any(|h| h.words.contains(secret));
    let mut report = LINTER.report();
    LINTER.collect(file, &mut report);
    for format in FORMATS {
        let mut bytes = Vec::new();
        format.write(&report, &Style::default(), &mut bytes).expect("a vector takes everything");
        let out = String::from_utf8(bytes).expect("outputs are UTF-8");
        assert!(!hidden || !out.contains(secret), "{} shows it", format.name());
        assert!(format.name() != "human" || !out.contains('\u{1b}'), "an escape reaches the terminal");
    }
});

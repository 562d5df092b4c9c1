//! A secret in any draft, in every output: never shown, JSON stays JSON, XML stays XML, a line of an output stays one, and
//! no control character reaches a terminal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    model::document::SourceFile,
    report::{FORMATS, Style},
};
use postlint_fuzz::{LINTER, SECRET};
use serde_json::Value;

fn json(text: &str) {
    if let Err(error) = serde_json::from_str::<Value>(text) {
        panic!("{error}");
    }
}

fn xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    while !matches!(reader.read_event().expect("the output is XML"), quick_xml::events::Event::Eof) {}
    // No character is written that XML 1.0 has not.
    let foreign = |c: char| c.is_control() && !"\t\n\r".contains(c) && c < '\u{7f}' || "\u{fffe}\u{ffff}".contains(c);
    assert!(!text.contains(foreign), "XML has no such character");
}

fuzz_target!(|data: &[u8]| {
    let Some(mut file) = postlint_fuzz::file(data) else { return };
    let named = file.path.to_string_lossy().into_owned();
    let body = String::from_utf8_lossy(&file.bytes).replace("{}", &format!("NHS number {SECRET}"));
    file = SourceFile { path: file.path, bytes: body.into_bytes().into() };
    let Ok(checked) = LINTER.lint(&file) else { return };
    for finding in &checked.findings {
        assert!(checked.document.source.get(finding.place.span.range()).is_some());
    }
    let hidden = !named.contains(SECRET) && checked.hidden.iter().any(|h| h.words.contains(SECRET));
    let mut report = LINTER.report();
    LINTER.collect(checked, &mut report);
    for format in FORMATS {
        let mut bytes = Vec::new();
        let style = Style { show_suppressed: true, ..Style::default() };
        format.write(&report, &style, &mut bytes).expect("a vector takes everything");
        let out = String::from_utf8(bytes).expect("outputs are UTF-8");
        let name = format.name();
        assert!(!hidden || !out.contains(SECRET), "{name} shows it");
        let raw = |c: char| c.is_control() && c != '\n' && c != '\t' && c != '\r';
        assert!(!["human", "concise", "github", "tap"].contains(&name) || !out.contains(raw), "{name}: {out:?}");
        match name {
            "json" | "sarif" | "gitlab" => json(&out),
            "jsonl" | "rdjsonl" => out.lines().for_each(json),
            "junit" | "checkstyle" => xml(&out),
            "github" => assert!(out.lines().all(|l| l.is_empty() || l.starts_with("::")), "{out}"),
            _ => {}
        }
    }
});

//! The first promise: for every finding, the bytes of the file at its span, decoded and folded, are the matched text.

use postlint::{
    engine::{Linter, Options},
    model::document::SourceFile,
    pack::{self, Request},
    text::fold::fold,
};
use proptest::prelude::*;
use std::sync::LazyLock;

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let set = pack::load(&[Request::Path(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/packs/promise.toml").into())])
        .unwrap();
    Linter::new(&set, Options::default()).unwrap_or_else(|faults| panic!("{faults:?}"))
});

/// Ways to type the phrase that the rule finds.
const TYPED: &[&str] = &[
    "we promise",
    "We  promise",
    "ｗｅ ｐｒｏｍｉｓｅ",
    "w\u{200b}e promise",
    "we prоmise",
    "we\u{a0}promise",
    "𝘄𝗲 𝗽𝗿𝗼𝗺𝗶𝘀𝗲",
    "we\u{2009}promise",
];

/// Text without the phrase, and with everything that formats escape.
fn noise() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 é£’“”&<>\"',;:\\\\/😀–]{0,30}"
}

fn findings(name: &str, bytes: &[u8]) -> Vec<String> {
    let file = SourceFile { path: name.into(), bytes: bytes.into() };
    let report = LINTER.lint(&file).unwrap();
    report
        .findings
        .iter()
        .map(|f| {
            let own = report.document.encoding.map.map(f.place.span);
            String::from_utf8(bytes[own.range()].to_vec()).unwrap()
        })
        .collect()
}

fn holds(found: &[String], undo: impl Fn(&str) -> String) {
    assert!(!found.is_empty(), "the phrase was not found");
    for raw in found {
        let read = fold(&undo(raw)).text.to_lowercase();
        assert_eq!(read.split_whitespace().collect::<Vec<_>>(), ["we", "promise"], "{raw:?}");
    }
}

fn unescape(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn bytes_at_a_span_are_the_matched_text(before in noise(), after in noise(), typed in prop::sample::select(TYPED), bom in any::<bool>()) {
        let text = format!("{before}. {typed} {after}");
        let mark = if bom { "\u{feff}" } else { "" };
        holds(&findings("a.txt", format!("{mark}{text}").as_bytes()), str::to_owned);
        let json = serde_json::to_string(&serde_json::json!([{ "text": text }])).unwrap();
        let ascii: String = json.chars().flat_map(|c| if c.is_ascii() { vec![c] } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().flat_map(|u| format!("\\u{u:04x}").chars().collect::<Vec<_>>()).collect()
        }).collect();
        for json in [json, ascii] {
            holds(&findings("a.json", format!("{mark}{json}").as_bytes()), |raw| serde_json::from_str(&format!("\"{raw}\"")).unwrap());
        }
        let csv = format!("{mark}Text,Channel\r\n\"{}\",x\r\n", text.replace('"', "\"\""));
        holds(&findings("a.csv", csv.as_bytes()), |raw| raw.replace("\"\"", "\""));
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        holds(&findings("a.html", format!("{mark}<p>{html}</p>").as_bytes()), unescape);
    }
}

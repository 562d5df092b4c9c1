//! The test suites of other parsers: `JSONTestSuite`, yaml-test-suite, csv-spectrum. Where the folder with them is missing
//! the tests say so and pass.

use super::peers::{data, files, load};
use granit_parser::{Event, Parser};
use postlint::{
    decode::{self, DecodeError, Options},
    model::document::{Document, SourceFile},
    text::span::Span,
};
use std::collections::BTreeSet;

fn read(file: &SourceFile) -> Result<Document, DecodeError> {
    decode::read(file, &Options::default())
}

fn texts(doc: &Document) -> Vec<&str> {
    doc.posts.iter().flat_map(|p| &p.segments).map(|s| s.text.as_str()).collect()
}

/// Every span of every segment lies in the source, on character boundaries.
fn maps_hold(doc: &Document) {
    for segment in doc.posts.iter().flat_map(|p| &p.segments) {
        for (at, c) in segment.text.char_indices() {
            let span = segment.map.map(Span::new(at, at + c.len_utf8()));
            assert!(doc.source.get(span.range()).is_some(), "{span:?} of {:?}", segment.text);
        }
    }
}

fn strings(value: &serde_json::Value, all: &mut Vec<String>) {
    match value {
        serde_json::Value::String(s) => all.push(s.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|v| strings(v, all)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, all)),
        _ => {}
    }
}

#[test]
fn json_test_suite() {
    let Some(folder) = data("peer_suites/JSONTestSuite/test_parsing") else { return };
    let mut counts = [0; 4];
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let file = load(&path);
        let result = read(&file);
        if let Ok(doc) = &result {
            maps_hold(doc);
        }
        match (name.as_bytes()[0], result) {
            (b'y', Ok(doc)) => {
                counts[0] += 1;
                let mut want = Vec::new();
                let text = String::from_utf8(file.bytes.clone()).unwrap();
                strings(&serde_json::from_str(&text).unwrap(), &mut want);
                let got = texts(&doc);
                let kept = want.iter().filter(|t| !t.trim().is_empty()).all(|t| got.contains(&t.as_str()));
                assert!(kept, "{name}: {want:?} {got:?}");
            }
            // NUL is what makes text binary, though JSON has an escape for it and no objection.
            (b'y', Err(e)) => panic!("{name}: {e}"),
            (b'n', Ok(_)) => panic!("{name} was accepted"),
            (b'n', Err(DecodeError::Broken { at, .. })) => {
                counts[1] += 1;
                assert!(at <= file.bytes.len(), "{name}");
            }
            (b'n', Err(_)) => counts[2] += 1,
            _ => counts[3] += 1,
        }
    }
    println!(
        "y accepted {}, n refused at a byte {}, n refused otherwise {}, i {}",
        counts[0], counts[1], counts[2], counts[3]
    );
}

#[test]
fn csv_spectrum() {
    let Some(folder) = data("peer_suites/csv-spectrum/csvs") else { return };
    for path in files(&folder) {
        let doc = read(&load(&path)).unwrap();
        if path.ends_with("location_coordinates.csv") {
            continue; // its JSON has another telephone number than its CSV
        }
        maps_hold(&doc);
        let json = path.to_string_lossy().replace("/csvs/", "/json/").replace(".csv", ".json");
        let mut want = Vec::new();
        strings(&serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap(), &mut want);
        let want: Vec<String> = want.iter().map(|v| v.replace("\r\n", "\n")).filter(|v| !v.trim().is_empty()).collect();
        let got = texts(&doc);
        for value in &want {
            assert!(got.contains(&value.as_str()), "{}: {value:?} {got:?}", path.display());
        }
        assert_eq!(got.len(), want.len(), "{}", path.display());
    }
}

/// One case of the suite: its source, and the values of its event tree unless it is invalid.
struct YamlCase {
    name: String,
    yaml: String,
    values: Option<BTreeSet<String>>,
}

/// The suite marks white space that an editor would lose.
fn unmarked(text: &str) -> String {
    let mut text = text.replace('␣', " ").replace('←', "\r").replace('⇔', "\u{FEFF}").replace('↵', "");
    while let Some(at) = text.find('»') {
        let start = text[..at].trim_end_matches('—').len();
        text.replace_range(start..at + '»'.len_utf8(), "\t");
    }
    text.strip_suffix("∎\n").map(str::to_owned).unwrap_or(text)
}

fn tree_values(tree: &str) -> BTreeSet<String> {
    let value = |line: &str| {
        let line = line.trim_start().strip_prefix("=VAL ")?;
        let at = line.find([':', '\'', '"', '|', '>'].as_ref())?;
        let start = if line.starts_with(['&', '<']) {
            line.find(" :").or(line.find(" '")).or(line.find(" \"")).or(line.find(" |")).or(line.find(" >"))? + 1
        } else {
            at
        };
        let raw = &line[start + 1..];
        let mut out = String::new();
        let mut chars = raw.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.push(match chars.next()? {
                    'n' => '\n',
                    't' => '\t',
                    'b' => '\u{8}',
                    'r' => '\r',
                    other => other,
                }),
                c => out.push(c),
            }
        }
        Some(out)
    };
    tree.lines().filter_map(value).collect()
}

/// The cases of one file of the suite, each given by what it changes about the one before.
fn yaml_cases(name: &str, text: &str) -> Vec<YamlCase> {
    let mut cases: Vec<YamlCase> = Vec::new();
    let (mut key, mut depth) = (None::<String>, 0);
    let (mut yaml, mut tree, mut fail) = (String::new(), String::new(), false);
    for event in Parser::new_from_str(text) {
        match event.unwrap().0 {
            Event::MappingStart(..) => {
                depth += 1;
                fail = false;
            }
            Event::MappingEnd => {
                depth -= 1;
                let values = (!fail).then(|| tree_values(&unmarked(&tree)));
                cases.push(YamlCase { name: format!("{name}-{}", cases.len()), yaml: unmarked(&yaml), values });
            }
            Event::Scalar(value, ..) if depth > 0 => match key.take() {
                None => key = Some(value.into_owned()),
                Some(key) => match key.as_str() {
                    "yaml" => yaml = value.into_owned(),
                    "tree" => tree = value.into_owned(),
                    "fail" => fail = value == "true",
                    _ => {}
                },
            },
            _ => {}
        }
    }
    cases
}

/// Where the parser knowingly differs: it takes under-indented flow lines, as `PyYAML` does, and is stricter about
/// directives.
const KNOWN: &[&str] = &["9C9N-0", "DK95-1", "QB6E-0", "ZYU8-2"];

/// Valid YAML that is refused by design.
const REFUSED: &[&str] = &["a key that is a list or a mapping", "an alias of a list or a mapping"];

#[test]
fn yaml_test_suite() {
    let Some(folder) = data("peer_suites/yaml-test-suite/src") else { return };
    let (mut right, mut refused, mut by_design, mut wrong) = (0, 0, 0, Vec::new());
    for path in files(&folder) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for case in yaml_cases(&name, &std::fs::read_to_string(&path).unwrap()) {
            let file = SourceFile { path: "a.yaml".into(), bytes: case.yaml.as_bytes().into() };
            match (read(&file), case.values) {
                (Ok(doc), Some(values)) => {
                    maps_hold(&doc);
                    match texts(&doc).iter().find(|t| !values.contains(**t)) {
                        None => right += 1,
                        Some(text) => wrong.push(format!("{}: {text:?} not in {values:?}", case.name)),
                    }
                }
                (Err(_), None) => refused += 1,
                // Valid, and told rather than read by half.
                (Err(e), Some(_)) if e.to_string().contains(" a list or a mapping is not ") => refused += 1,
                (Ok(_), None) => wrong.push(format!("{}: accepted", case.name)),
                // Values that no draft has are refused, never passed over.
                (Err(e), Some(_)) if REFUSED.iter().any(|r| e.to_string().contains(r)) => by_design += 1,
                (Err(e), Some(_)) => wrong.push(format!("{}: {e}", case.name)),
            }
        }
    }
    println!(
        "valid and right {right}, refused by design {by_design}, invalid and refused {refused}, wrong {}",
        wrong.len()
    );
    assert!(by_design < 20);
    wrong.retain(|w| !KNOWN.iter().any(|k| w.starts_with(k)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! The schemas of docs/schema hold for what postlint writes and for the packs and settings that it reads.
//!
//! The validator knows only the words that these schemas use, and fails on any other.

use assert_cmd::Command;
use serde_json::Value;
use std::{fs, path::Path};

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    }
}

fn told(at: &str, what: &str) -> String {
    format!("{at}: {what}")
}

/// What is wrong with `value`.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, said) in schema.as_object().unwrap() {
        match word.as_str() {
            "$ref" => {
                let target = root.pointer(said.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(faults(root, target, value, at));
            }
            "type" => {
                let kinds: Vec<&str> = said.as_str().map_or_else(
                    || said.as_array().unwrap().iter().map(|k| k.as_str().unwrap()).collect(),
                    |one| vec![one],
                );
                if !kinds.iter().any(|k| is(k, value)) {
                    found.push(told(at, &format!("{value} is no {kinds:?}")));
                }
            }
            "enum" if !said.as_array().unwrap().contains(value) => {
                found.push(told(at, &format!("{value} is not of {said}")));
            }
            "minimum" if value.as_f64().is_some_and(|n| n < said.as_f64().unwrap()) => {
                found.push(told(at, "too small"));
            }
            "maximum" if value.as_f64().is_some_and(|n| n > said.as_f64().unwrap()) => {
                found.push(told(at, "too large"));
            }
            "required" => {
                for key in said.as_array().unwrap().iter().filter(|k| value.get(k.as_str().unwrap()).is_none()) {
                    found.push(told(at, &format!("{key} is missing")));
                }
            }
            "anyOf" => {
                if said.as_array().unwrap().iter().all(|s| !faults(root, s, value, at).is_empty()) {
                    found.push(told(at, &format!("{value} is none of the alternatives")));
                }
            }
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(root, said, item, &format!("{at}/{i}")));
                }
            }
            "properties" => {
                let others = schema.get("additionalProperties");
                for (key, inner) in value.as_object().into_iter().flatten() {
                    match (said.get(key), others) {
                        (Some(known), _) => found.extend(faults(root, known, inner, &format!("{at}/{key}"))),
                        (None, Some(Value::Bool(false))) => found.push(format!("{at}: {key} is not in the schema")),
                        _ => {}
                    }
                }
            }
            "$schema"
            | "title"
            | "description"
            | "$defs"
            | "additionalProperties"
            | "pattern"
            | "enum"
            | "minimum"
            | "maximum" => {}
            other => panic!("the validator does not know {other}"),
        }
    }
    if let (None, Some(others @ Value::Object(_))) = (schema.get("properties"), schema.get("additionalProperties")) {
        for (key, inner) in value.as_object().into_iter().flatten() {
            found.extend(faults(root, others, inner, &format!("{at}/{key}")));
        }
    }
    found
}

fn holds(name: &str, value: &Value) {
    let schema = schema(name);
    assert_eq!(faults(&schema, &schema, value, ""), Vec::<String>::new(), "{name}");
}

fn postlint(args: &[&str], stdin: &str) -> String {
    let output = Command::cargo_bin("postlint")
        .unwrap()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .write_stdin(stdin.to_owned())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn reports_are_as_their_schema_says() {
    let whole =
        postlint(&["check", "--no-config", "--format", "json", "fixtures/drafts", "fixtures/csv", "nowhere"], "");
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert!(whole["summary"]["errors"].as_u64().unwrap() > 0 && whole["skipped"][0].is_object());
    holds("report", &whole);
    let lines = postlint(&["check", "--no-config", "--format", "jsonl", "fixtures/drafts", "nowhere"], "");
    assert!(lines.lines().count() > 2);
    lines.lines().for_each(|line| holds("jsonl", &serde_json::from_str(line).unwrap()));
}

#[test]
fn streams_are_as_their_schema_says() {
    let input = "{\"id\": 1, \"text\": \"The councillors are idiots.\", \"channel\": \"x\"}\n{\"id\": 2}\n";
    holds("stream-input", &serde_json::from_str(input.lines().next().unwrap()).unwrap());
    let lines = postlint(&["stream"], input);
    assert_eq!(lines.lines().count(), 2);
    lines.lines().for_each(|line| holds("stream", &serde_json::from_str(line).unwrap()));
}

fn toml(path: &Path) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(&fs::read_to_string(path).unwrap()).unwrap()).unwrap()
}

#[test]
fn built_in_packs_are_as_their_schema_says() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut count = 0;
    for folder in fs::read_dir(rules).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            holds("pack", &toml(&file));
            count += 1;
        }
    }
    assert!(count > 20);
}

#[test]
fn the_settings_that_use_every_key_are_as_their_schema_says() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md")).unwrap();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let value = serde_json::to_value(toml::from_str::<toml::Table>(example).unwrap()).unwrap();
    holds("settings", &value);
    let schema = schema("settings");
    let missing: Vec<&String> =
        schema["properties"].as_object().unwrap().keys().filter(|k| value.get(k.as_str()).is_none()).collect();
    assert!(missing.is_empty() || missing == ["channels"], "{missing:?}");
}

#[test]
fn the_program_prints_its_schemas() {
    for name in ["report", "jsonl", "stream", "stream-input", "pack", "settings"] {
        let printed: Value = serde_json::from_str(&postlint(&["rules", "schema", name], "")).unwrap();
        assert_eq!(printed, schema(name));
    }
}

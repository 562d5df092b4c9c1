//! x
use crate::{
    decode,
    engine::Linter,
    model::{
        document::{Document, SourceFile},
        finding::Finding,
    },
};
use std::{
    io::{self, BufRead, Write},
    path::Path,
    process::ExitCode,
};
/// x
pub fn lint(linter: &Linter, text: &str) -> Vec<Finding> {
    let file = SourceFile { path: "<text>".into(), bytes: text.as_bytes().into() };
    let doc: Document = decode::read(&file, &decode::Options::default()).unwrap();
    linter.lint_document(Path::new("<text>"), doc).findings
}
/// x
pub fn run(linter: &Linter) -> ExitCode {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let text = v["text"].as_str().unwrap_or("");
        let findings: Vec<_> = lint(linter, text).into_iter().map(|f| {
            let s = text[..f.place.span.start].chars().count(); let e = s + f.matched.chars().count();
            serde_json::json!({"rule": f.rule.id, "category": f.rule.category, "severity": f.severity, "confidence": f.confidence, "chars": {"start": s, "end": e}, "also": f.also})
        }).collect();
        writeln!(out, "{}", serde_json::json!({"id": v["id"], "findings": findings})).unwrap();
    }
    ExitCode::SUCCESS
}

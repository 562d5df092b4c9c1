//! What a rule marked `sensitive` matched is in no output: secrets are planted in drafts of every text format, and every
//! byte that is written is searched for them, as they are and in disguise.

use crate::{
    program,
    secrets::{Planted, drafts, forms, generated, known_words},
};
use postlint::{
    engine::{Linter, Options},
    model::{
        document::{Origin, SourceFile},
        finding::{Applicability, FileReport, Report},
    },
    pack::{self, Request},
    report::{FORMATS, Shown, Style},
    text::span::Span,
};
use proptest::prelude::*;
use std::{collections::BTreeSet, path::Path, sync::LazyLock};

/// Rules that stand next to everything, quote what follows in their message and put it into their fix.
const NOISE: &str = r#"
[pack]
name = "noise"
version = "1.0.0"
summary = "Findings around secrets"

[[rule]]
id = "next"
title = "What follows"
category = "style"
severity = "error"
confidence = 0.9
why = "It is repeated."
message = "{match} comes before {words}"
patterns = ['\bgosh (?P<words>\S+(?: \S+){0,5})']
[rule.fix]
advice = "Write it twice."
replace = "see {words}, {words}"
applicability = "safe"
[[rule.example]]
bad = "gosh it rains"
[[rule.example]]
good = "It rains."

[[rule]]
id = "mood"
title = "Mood"
category = "accessibility"
severity = "warning"
confidence = 0.9
why = "It is in the line."
message = "{match}"
phrases = ["golly"]
[rule.fix]
advice = "Delete it."
delete = true
applicability = "safe"
[[rule.example]]
bad = "golly, it rains"
[[rule.example]]
good = "It rains."
"#;

fn linter(options: Options) -> Linter {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("noise.toml");
    std::fs::write(&path, NOISE).unwrap();
    let packs = pack::names().into_iter().map(|n| Request::Name(n.to_owned()));
    let set = pack::load(&packs.chain([Request::Path(path)]).collect::<Vec<_>>()).unwrap();
    Linter::new(&set, options).unwrap()
}

static LINTER: LazyLock<Linter> = LazyLock::new(|| linter(Options::default()));
/// A run that asks for one rule only, and one that asks for the surest findings only.
static NARROW: LazyLock<[Linter; 2]> = LazyLock::new(|| {
    let only = Options { only: vec!["noise/mood".to_owned()], ..Options::default() };
    let sure = Options { min_confidence: 0.89, ..Options::default() };
    [linter(only), linter(sure)]
});

/// Each secret goes into every sixth format, the next one into the others: a run takes seconds, and all formats are met
/// often. `POSTLINT_ALL_FORMATS=1` plants every secret in every format.
const TURNS: usize = 6;

/// Words that sensitive rules matched in `file`, as they stand there.
fn secrets(file: &FileReport) -> BTreeSet<String> {
    let sensitive = file.findings.iter().filter(|f| f.rule.sensitive);
    sensitive.map(|f| f.core.of(&file.document.source).to_owned()).collect()
}

/// Everything that is written about `file`: every format, the diff, the words of a mended file.
fn outputs(linter: &Linter, file: SourceFile) -> Vec<(String, Vec<u8>)> {
    let mended = linter.mend(file, Applicability::Unsafe).unwrap();
    let mut all = Vec::new();
    for (what, file, other) in [("old", &mended.old, &mended.new), ("new", &mended.new, &mended.old)] {
        let style = Style { show_suppressed: true, ..Style::default() };
        let mut report = linter.report();
        linter.collect(file.clone(), &mut report);
        // The rules' own words are no words of the draft.
        report.rules.clear();
        for format in FORMATS {
            let mut bytes = Vec::new();
            format.write(&report, &style, &mut bytes).unwrap();
            all.push((format!("{what} {}", format.name()), bytes));
        }
        let shown = Shown::new(file, &style).beside(other, &style);
        let whole = shown.text(Span::new(0, shown.source().len()));
        all.push((format!("{what} diff"), whole.into_bytes()));
    }
    all
}

/// Where one of `secrets` is in what is written about `file`.
fn leaks(linter: &Linter, file: &SourceFile, secrets: &BTreeSet<String>) -> Vec<String> {
    let forms: Vec<(String, Vec<u8>)> = secrets.iter().flat_map(|s| forms(s)).collect();
    let mut leaks = Vec::new();
    for (output, bytes) in outputs(linter, file.clone()) {
        let bytes = bytes.to_ascii_lowercase();
        for (form, needle) in &forms {
            if bytes.windows(needle.len()).any(|w| w == needle.as_slice()) {
                leaks.push(format!("{} as {output} shows {form}", file.path.display()));
            }
        }
    }
    leaks
}

/// Plants `planted` in a draft of each format whose turn it is; gives what leaks, how many secrets were found and searched for.
fn check(planted: &Planted, turn: usize) -> (Vec<String>, usize, usize) {
    let (mut leaking, mut found, mut searched) = (Vec::new(), 0, 0);
    let all = std::env::var_os("POSTLINT_ALL_FORMATS").is_some();
    let drafts = drafts(&planted.text).into_iter().enumerate();
    for file in drafts.filter(|(i, _)| all || i % TURNS == turn % TURNS).map(|(_, file)| file) {
        let Ok(report) = LINTER.lint(&file) else { continue };
        let mut secrets = secrets(&report);
        if let Some(value) = &planted.value
            && report.document.origin == Origin::Bytes
            && secrets.iter().any(|s| s.contains(value.as_str()))
        {
            secrets.insert(value.clone());
        }
        found += secrets.len();
        secrets.retain(|s| s.chars().filter(|c| c.is_alphanumeric()).count() >= 4 && !known_words(s));
        searched += secrets.len();
        let [only, sure] = &*NARROW;
        for linter in [&*LINTER, if turn.is_multiple_of(2) { only } else { sure }] {
            leaking.extend(leaks(linter, &file, &secrets));
        }
    }
    (leaking, found, searched)
}

/// Every bad example of every sensitive rule, in every format, through every output.
#[test]
fn what_the_examples_of_sensitive_rules_hold_is_in_no_output() {
    let names = pack::names().iter().map(|n| Request::Name((*n).to_owned())).collect::<Vec<_>>();
    let set = pack::load(&names).unwrap();
    let (mut rules, mut found, mut searched, mut leaking) = (0, 0, 0, Vec::new());
    for rule in set.packs.iter().flat_map(|p| &p.rules).filter(|r| r.meta.sensitive) {
        rules += 1;
        for example in rule.meta.examples.iter().filter(|e| e.bad && e.format.is_none()).take(1) {
            let (leaks, hits, looked) = check(&Planted { text: example.text.clone(), value: None }, rules);
            leaking.extend(leaks.into_iter().map(|l| format!("{}: {l}", rule.meta.id)));
            found += hits;
            searched += looked;
        }
    }
    println!("{rules} sensitive rules, {found} secrets planted and found by a rule, {searched} searched for");
    assert!(leaking.is_empty(), "{} leaks:\n{}", leaking.len(), leaking[..leaking.len().min(40)].join("\n"));
    assert!(rules > 40 && searched > 100, "{rules} {searched}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24), max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Values that were never in an example.
    #[test]
    fn generated_secrets_are_in_no_output(planted in generated(), turn in 0..TURNS) {
        let (leaking, _, _) = check(&planted, turn);
        prop_assert!(leaking.is_empty(), "{}", leaking.join("\n"));
    }
}

/// The parser of the stream's lines quotes values in its errors.
#[test]
fn a_line_of_the_stream_that_is_no_post_is_not_quoted() {
    let lines = [
        "{\"text\": 9434765919}",
        "{\"text\": \"x\", \"channel\": 9434765919}",
        "{\"text\": \"x\", \"channels\": \"9434765919\"}",
        "\"9434765919\"",
        "{\"text\": \"9434765919",
        "{\"9434765919\": 9434765919}",
        "9434765919",
    ];
    let (told, _) = program::run(Path::new("."), &["stream", "--pack", "confidential"], &lines.join("\n"));
    assert_eq!(told.matches("\"error\"").count(), lines.len(), "{told}");
    assert!(!told.contains("9434765919"), "{told}");
}

/// A report without files tells nothing of drafts that could not be read.
#[test]
fn a_draft_that_cannot_be_read_is_not_quoted() {
    let secret = "QQ 12 34 56 C";
    let broken = [
        ("a.json", format!("{{\"text\": \"{secret}\", {secret}: 1}}")),
        ("b.json", format!("[{secret}]")),
        ("c.json", format!("{{\"text\": \"\\q{secret}\"}}")),
        ("a.jsonl", format!("{{\"text\": {secret}}}\n{{\"text\": \"fine\"}}\n")),
        ("a.yaml", format!("{secret}: [1\n{secret}: 2\n")),
        ("b.yaml", format!("a: 1\n\"{secret}\": 1\n\"{secret}\": 2\n*{secret}\n")),
        ("c.yaml", "text: *QQ123456C\n".to_owned()),
        ("d.yaml", "text: !QQ!123456C x\n".to_owned()),
        ("a.toml", format!("\"{secret}\" = 1\n\"{secret}\" = 2\n")),
        ("b.toml", format!("text = {secret}\n")),
        ("c.toml", "text = QQ123456C\n".to_owned()),
        ("d.toml", "text = 123456QQC\n[QQ123456C]\n[QQ123456C]\n".to_owned()),
        ("a.md", format!("---\n{secret}: one: two\n---\n{secret}\n")),
        ("b.md", format!("+++\n\"{secret}\" = 1\n\"{secret}\" = 2\n+++\n{secret}\n")),
        ("a.csv", format!("Date,Text\n1,\"{secret}")),
        ("a.html", format!("<p>{secret}\0</p>")),
        ("a.eml", format!("Content-Type: multipart/mixed; boundary=\"{secret}\"\n\n{secret}\n")),
        ("b.eml", format!("Content-Type: text/plain; charset=\"{secret}\"\n\n{secret}\n")),
    ];
    for (name, text) in broken {
        let file = SourceFile { path: name.into(), bytes: text.into_bytes() };
        let mut report = Report::default();
        let told = match LINTER.lint(&file) {
            Ok(file) => {
                LINTER.collect(file, &mut report);
                let notes = report.files.iter().flat_map(|f| f.document.notes.clone());
                report.skipped.iter().map(|s| s.reason.clone()).chain(notes).collect::<Vec<_>>().join("\n")
            }
            Err(error) => error.to_string(),
        };
        for (form, needle) in forms(secret) {
            let told = told.to_lowercase().into_bytes();
            assert!(!told.windows(needle.len()).any(|w| w == needle), "{name} shows {form}: {told:?}");
        }
    }
}

/// Whoever mends a sentence that the scorer guessed at must read it; what may be a secret by itself stays hidden.
#[test]
fn a_guess_hides_numbers_and_addresses_and_shows_the_words() {
    let draft = "His wife rang about the dementia assessment, ref XJ-20771, and he's still in hospital.";
    for format in ["human", "concise", "jsonl", "html", "sarif"] {
        let args = ["check", "--no-config", "--rule", "confidential/scorer", "--format", format, "-"];
        let (told, _) = program::run(Path::new("."), &args, draft);
        assert!(told.contains("scorer") && !told.contains("20771"), "{told}");
    }
    let (told, _) =
        program::run(Path::new("."), &["check", "--no-config", "--rule", "confidential/scorer", "-"], draft);
    assert!(told.contains("His wife rang about the dementia assessment, ref XJ-•••••, and"), "{told}");
}

/// Who has a baseline may hash every door code with its salt: too many of them look the same to tell which it was.
#[test]
fn a_baseline_does_not_tell_a_secret_from_many_others() {
    let office = program::folder(&[("house.toml", program::PACK), ("a.md", "The code is 4417. We promise it.\n")]);
    let args = ["check", "--no-config", "--pack", "./house.toml", "--baseline", "b.json", "--write-baseline", "a.md"];
    let (told, code) = program::postlint(office.path(), &args);
    assert_eq!(code, 0, "{told}");
    let text = std::fs::read_to_string(office.path().join("b.json")).unwrap();
    let baseline: serde_json::Value = serde_json::from_str(&text).unwrap();
    let length = |rule: &str| {
        let entries = baseline["entries"].as_array().unwrap();
        entries.iter().find(|e| e["rule"] == rule).and_then(|e| e["hash"].as_str()).map(str::len)
    };
    assert_eq!((length("house/code"), length("house/promise")), (Some(2), Some(32)), "{text}");
    std::fs::write(office.path().join("a.md"), "The code is 4417, and the code is 4418. We promise it.\n").unwrap();
    let again = ["check", "--no-config", "--pack", "./house.toml", "--baseline", "b.json", "a.md"];
    let (told, code) = program::postlint(office.path(), &again);
    assert_eq!(code, 1, "a second code is seen beside the first: {told}");
}

//! What a sensitive rule matched leaves the program by no other door: the command line with all that it writes, the stream,
//! the desk, the language server, and the errors of each. `masking.rs` has the formats.

use crate::{
    desk::Desk,
    program,
    secrets::{Planted, drafts, forms, generated, known_words},
};
use lsp_server::{Connection, Message, Notification, Request};
use postlint::{
    engine::{Linter, Options},
    lsp::{self, Loaded, Loader},
    model::document::SourceFile,
    pack::{self, Request as Wanted},
    settings::Settings,
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path, sync::LazyLock, thread};

/// The packs that come with postlint, all of them.
fn loaded() -> Loaded {
    let names: Vec<Wanted> = pack::names().into_iter().map(|n| Wanted::Name(n.to_owned())).collect();
    let set = pack::load(&names).unwrap();
    let linter = Linter::new(&set, Options::default()).ok();
    Loaded { linter, settings: Settings::default(), set, faults: Vec::new() }
}

static LINTER: LazyLock<Linter> = LazyLock::new(|| loaded().linter.unwrap());

/// Drafts with random secrets, as many as `POSTLINT_PLANTED` says.
fn planted() -> Vec<Planted> {
    let count = std::env::var("POSTLINT_PLANTED").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let (drafts, mut runner) = (generated(), TestRunner::deterministic());
    (0..count).map(|_| drafts.new_tree(&mut runner).unwrap().current()).collect()
}

/// Every draft in every format in which its secret is found, numbered, so that all can lie in one folder.
fn files(planted: &[Planted]) -> Vec<SourceFile> {
    let all = planted.iter().enumerate().flat_map(|(n, planted)| {
        let value = planted.value.as_deref().unwrap_or_default();
        let found =
            drafts(&planted.text).into_iter().filter(move |file| secrets(file).iter().any(|s| s.contains(value)));
        found.map(move |file| SourceFile { path: format!("{n}-{}", file.path.display()).into(), ..file })
    });
    all.collect()
}

/// The words that sensitive rules match in `file`.
fn secrets(file: &SourceFile) -> Vec<String> {
    let Ok(report) = LINTER.lint(file) else { return Vec::new() };
    let sensitive = report.findings.iter().filter(|f| f.rule.sensitive);
    sensitive.map(|f| f.core.of(&report.document.source).to_owned()).collect()
}

/// What must be nowhere: the words that sensitive rules match in `files`. Short ones are left to `masking.rs`, which
/// looks at one draft at a time: among many, four digits are found by chance.
struct Hunt {
    secrets: BTreeSet<String>,
    needles: Vec<(String, Vec<u8>)>,
}

impl Hunt {
    fn new<'f>(files: impl IntoIterator<Item = &'f SourceFile>) -> Self {
        let mut secrets: BTreeSet<String> = files.into_iter().flat_map(secrets).collect();
        secrets.retain(|s| s.chars().filter(|c| c.is_alphanumeric()).count() >= 8 && !known_words(s));
        let needles = secrets.iter().flat_map(|s| forms(s)).collect();
        Self { secrets, needles }
    }

    /// Fails where one of the secrets is in `bytes`.
    fn through(&self, what: &str, bytes: &[u8]) {
        let bytes = bytes.to_ascii_lowercase();
        for (form, needle) in &self.needles {
            let at = bytes.windows(needle.len()).position(|w| w == needle.as_slice());
            let around = |at: usize| &bytes[at.saturating_sub(200)..(at + 100).min(bytes.len())];
            assert!(at.is_none(), "{what} shows {form}: {}", String::from_utf8_lossy(at.map_or(&[], around)));
        }
    }
}

/// Everything in `folder` that was not there before.
fn written(folder: &Path, before: &BTreeSet<String>) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_file());
    let names = files.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    names
        .filter(|name| !before.contains(name))
        .map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap()))
        .collect()
}

#[test]
fn no_secret_leaves_the_command_line() {
    let files = files(&planted());
    let hunt = Hunt::new(&files);
    assert!(hunt.secrets.len() > 5, "{}", hunt.secrets.len());
    println!("{} secrets in {} drafts", hunt.secrets.len(), files.len());
    let folder = tempfile::TempDir::new().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    for file in &files {
        fs::write(folder.path().join("in").join(&file.path), &file.bytes).unwrap();
    }
    let all: Vec<&str> = pack::names().into_iter().flat_map(|name| ["--pack", name]).collect();
    let formats: Vec<String> = ["json", "sarif", "html", "junit", "markdown", "gitlab"]
        .iter()
        .map(|format| format!("--format={format}=report.{format}"))
        .collect();
    let formats: Vec<&str> = formats.iter().map(String::as_str).collect();
    for (what, args) in [
        ("--timings", vec!["check", "--no-config", "--timings", "in"]),
        ("reports", [&["check", "--no-config", "in"][..], &formats].concat()),
        ("GitHub", vec!["check", "--no-config", "--format=github", "in"]),
        ("a baseline", vec!["check", "--no-config", "--baseline=b.json", "--write-baseline", "in"]),
        ("with a baseline", vec!["check", "--no-config", "--baseline=b.json", "--format=json", "in"]),
        ("--diff", vec!["check", "--no-config", "--diff", "--unsafe-fixes", "in"]),
        ("--files", vec!["check", "--no-config", "--files", "in"]),
        ("--fix", vec!["check", "--no-config", "--fix", "--unsafe-fixes", "in"]),
        ("a stale baseline", vec!["check", "--no-config", "--baseline=b.json", "in"]),
    ] {
        let before: BTreeSet<String> = written(folder.path(), &BTreeSet::new()).into_iter().map(|(n, _)| n).collect();
        let mut command = program::command(folder.path(), &[&args[..], &all].concat());
        command.env("GITHUB_STEP_SUMMARY", folder.path().join(format!("summary of {what}")));
        let (told, code) = program::ended(command, "");
        assert!((0..3).contains(&code), "{what}: {told}");
        hunt.through(what, told.as_bytes());
        for (name, bytes) in written(folder.path(), &before) {
            hunt.through(&format!("{name} of {what}"), &bytes);
        }
    }
}

impl Desk {
    /// The whole answer, head and body, but for the words of the draft that the page edits.
    fn whole(&self, path: &str, body: &[u8]) -> String {
        let answer = self.post(path, body);
        let Ok(mut said) = serde_json::from_str::<Value>(&answer.body) else { return answer.head + &answer.body };
        if path.starts_with("/open") {
            for post in said["posts"].as_array_mut().into_iter().flatten() {
                post.as_object_mut().unwrap().remove("text");
            }
        }
        answer.head + &said.to_string()
    }
}

#[test]
fn no_secret_leaves_the_stream_or_the_desk() {
    let files = files(&planted());
    let hunt = Hunt::new(&files);
    let texts = files.iter().filter(|f| f.path.to_string_lossy().ends_with("-a.txt"));
    let texts = texts.map(|f| String::from_utf8(f.bytes.clone()).unwrap());
    let lines: Vec<String> = texts.map(|text| json!({ "text": text }).to_string()).collect();
    // Lines that are no posts, each with a secret in it.
    let wrong = hunt.secrets.iter().enumerate().map(|(n, secret)| match n % 4 {
        0 => json!({ "text": { "in": secret } }).to_string(),
        1 => json!({ "text": "x", "channels": secret }).to_string(),
        2 => json!(secret).to_string(),
        _ => format!("{{\"text\": {}", json!(secret)),
    });
    let wrong: Vec<String> = wrong.collect();
    let all: Vec<&str> = pack::names().into_iter().flat_map(|name| ["--pack", name]).collect();
    let input = [&lines[..], &wrong].concat().join("\n");
    let (told, _) = program::run(Path::new("."), &[&["stream"][..], &all].concat(), &input);
    assert_eq!(told.lines().count(), lines.len() + wrong.len());
    assert!(told.matches("\"findings\":[{").count() >= lines.len(), "{told}");
    hunt.through("the stream", told.as_bytes());

    let desk = Desk::open(&all);
    for body in lines.iter().chain(&wrong) {
        for path in ["/check", "/count"] {
            hunt.through(path, desk.whole(path, body.as_bytes()).as_bytes());
        }
    }
    for file in files {
        hunt.through("/open", desk.whole(&format!("/open?name={}", file.path.display()), &file.bytes).as_bytes());
    }
}

struct Builtin;

impl Loader for Builtin {
    fn load(&self, _: Option<&Path>) -> Loaded {
        loaded()
    }
}

/// What an editor would put into the draft itself is in the draft's own words.
fn without_edits(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        object.remove("newText");
        object.values_mut().for_each(without_edits);
    }
    value.as_array_mut().into_iter().flatten().for_each(without_edits);
}

#[test]
fn no_secret_leaves_the_language_server() {
    let drafts: Vec<(String, String)> = files(&planted())
        .into_iter()
        .filter_map(|f| Some((f.path.display().to_string(), String::from_utf8(f.bytes.clone()).ok()?)))
        .collect();
    let (server, client) = Connection::memory();
    let running = thread::spawn(move || lsp::serve(&server, &Builtin));
    let mut asked = 0;
    let mut ask = |method: &str, params: Value| {
        asked += 1;
        client.sender.send(Message::Request(Request::new(asked.into(), method.to_owned(), params))).unwrap();
    };
    let tell = |method: &str, params: Value| {
        client.sender.send(Message::Notification(Notification::new(method.to_owned(), params))).unwrap();
    };
    ask("initialize", json!({ "capabilities": { "textDocument": { "diagnostic": {} } } }));
    tell("initialized", json!({}));
    // One format of three, and all of them in turn.
    for (name, text) in drafts.iter().step_by(3) {
        let uri = format!("file:///drafts/{name}");
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
        let document = json!({ "uri": uri, "languageId": "x", "version": 1, "text": text });
        tell("textDocument/didOpen", json!({ "textDocument": document }));
        let here = json!({ "uri": uri });
        ask("textDocument/diagnostic", json!({ "textDocument": here }));
        let context = json!({ "diagnostics": [] });
        ask("textDocument/codeAction", json!({ "textDocument": here, "range": range, "context": context }));
        for character in [20, 40] {
            let at = json!({ "line": 0, "character": character });
            ask("textDocument/hover", json!({ "textDocument": here, "position": at }));
            ask("textDocument/completion", json!({ "textDocument": here, "position": at }));
        }
        ask("textDocument/nonsense", json!({ "textDocument": document }));
        ask("textDocument/hover", json!(text));
    }
    ask("shutdown", Value::Null);
    tell("exit", Value::Null);
    assert!(running.join().unwrap().unwrap());
    let files = drafts.iter().map(|(name, text)| SourceFile { path: name.into(), bytes: text.as_bytes().into() });
    let hunt = Hunt::new(&files.collect::<Vec<_>>());
    let (mut all, mut told) = (String::new(), 0);
    for message in client.receiver.try_iter() {
        let mut value = serde_json::to_value(&message).unwrap();
        told += usize::from(value["result"]["items"].as_array().is_some_and(|d| !d.is_empty()));
        without_edits(&mut value);
        all += &value.to_string();
    }
    assert!(told > 10, "{told} drafts have findings");
    hunt.through("the language server", all.as_bytes());
}

/// Errors of commands that read labelled drafts, of a pack that is really a draft, and of settings that are.
#[test]
fn no_error_quotes_a_draft() {
    let secret = "QQ 12 34 56 C";
    let lines = [
        json!({ "text": secret, "violations": [{ "category": "opinion", "quote": "QQ 12 34 56 D" }] }).to_string(),
        json!({ "text": { "in": secret } }).to_string(),
        json!(secret).to_string(),
        format!("{{\"text\": \"{secret}"),
        json!({ "text": "x", "violations": secret }).to_string(),
    ];
    for line in lines {
        let folder = program::folder(&[("a.jsonl", &line)]);
        for args in [
            &["learn", "a.jsonl", "--output", "model.bin"][..],
            &["rules", "score", "a.jsonl"],
            &["rules", "lint", "confidential", "--clean", "a.jsonl"],
            &["check", "--baseline", "a.jsonl", "--text", "x"],
        ] {
            let (told, _) = program::postlint(folder.path(), args);
            assert!(!told.contains("12 34 56"), "{args:?}: {told}");
        }
    }
}

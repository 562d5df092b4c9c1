//! The language server as an editor meets it: `postlint lsp` as a process, with a client of a few lines.

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

const PACK: &str = r#"
[pack]
name = "test"
version = "0.1.0"
summary = "A pack of a test"

[[rule]]
id = "insult"
title = "Insult"
category = "reputation"
severity = "error"
why = "It hurts."
message = "{match} is an insult"
phrases = ["muppet(s)"]
[rule.fix]
advice = "Leave it out."
[[rule.example]]
bad = "You muppet."
[[rule.example]]
good = "The Muppet Show."
scopes = 1
"#;

/// The pack without its fault, with a word that a fix takes out and one that it replaces.
pub(crate) fn pack() -> String {
    let sound = PACK.replace("scopes = 1\n", "").replace("The Muppet Show.", "A show.");
    let block = |id: &str, word: &str, fix: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntitle = \"{id}\"\ncategory = \"style\"\nwhy = \"Plain.\"\nphrases = [\"{word}\"]\n\
             [rule.fix]\nadvice = \"Change it.\"\napplicability = \"safe\"\n{fix}\n\
             [[rule.example]]\nbad = \"It is {word} so.\"\n[[rule.example]]\ngood = \"It is so.\"\n"
        )
    };
    sound + &block("filler", "basically", "delete = true") + &block("long", "utilise", "replace = \"use\"")
}

pub(crate) struct Client {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) folder: TempDir,
    number: i32,
}

impl Client {
    pub(crate) fn start(capabilities: &Value) -> (Self, Value) {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("pack.toml"), pack()).unwrap();
        fs::write(folder.path().join("postlint.toml"), "[packs]\nuse = []\npaths = [\"pack.toml\"]\n").unwrap();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("postlint"))
            .arg("lsp")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Self { child, input, output, folder, number: 0 };
        let greeting = client.ask("initialize", json!({ "capabilities": capabilities, "processId": null }));
        client.tell("initialized", json!({}));
        (client, greeting)
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path().join(name).display())
    }

    fn send(&mut self, message: impl Into<Message>) {
        message.into().write(&mut self.input).unwrap();
        self.input.flush().unwrap();
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    fn read(&mut self) -> Message {
        Message::read(&mut self.output).unwrap().unwrap()
    }

    /// The answer to a request: its result, or its error.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let id = self.number;
        self.send(Request::new(id.into(), method.to_owned(), params));
        loop {
            if let Message::Response(response) = self.read()
                && response.id == id.into()
            {
                return response.response_result.unwrap_or_else(|e| json!({ "error": e.code }));
            }
        }
    }

    /// The next diagnostics that are pushed.
    pub(crate) fn pushed(&mut self) -> Value {
        loop {
            match self.read() {
                Message::Notification(n) if n.method == "textDocument/publishDiagnostics" => return n.params,
                _ => {}
            }
        }
    }

    pub(crate) fn open(&mut self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "languageId": "markdown", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn change(&mut self, name: &str, version: i32, text: &str) {
        let document = json!({ "uri": self.uri(name), "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    pub(crate) fn pulled(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let report = self.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
        report["items"].as_array().unwrap().clone()
    }

    fn actions(&mut self, name: &str, range: &Value, only: &Value) -> Vec<Value> {
        let uri = self.uri(name);
        let context = json!({ "diagnostics": [], "only": only });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.ask("textDocument/codeAction", params).as_array().unwrap().clone()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pulling() -> Value {
    json!({ "textDocument": { "diagnostic": {} } })
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({ "start": { "line": start.0, "character": start.1 }, "end": { "line": end.0, "character": end.1 } })
}

#[test]
fn columns_are_counted_in_the_agreed_unit() {
    let (mut client, greeting) = Client::start(&json!({}));
    assert_eq!(greeting["capabilities"]["positionEncoding"], "utf-16");
    client.open("a.md", "é😀 you muppet\n");
    assert_eq!(client.pushed()["diagnostics"][0]["range"], range((0, 8), (0, 14)));
    let (mut client, greeting) = Client::start(&json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }));
    assert_eq!(greeting["capabilities"]["positionEncoding"], "utf-8");
    client.open("a.md", "é😀 you muppet\n");
    assert_eq!(client.pushed()["diagnostics"][0]["range"], range((0, 11), (0, 17)));
}

/// Paragraphs with something to find here and there, longer than what is checked between two keystrokes.
pub(crate) fn long() -> String {
    (0..150)
        .map(|n| format!("Paragraph {n} é😀 of a draft{}.\n\n", if n % 30 == 7 { ", you muppet" } else { "" }))
        .collect()
}

/// The lines of diagnostics.
pub(crate) fn lines(diagnostics: &Value) -> Vec<u64> {
    diagnostics.as_array().unwrap().iter().map(|d| d["range"]["start"]["line"].as_u64().unwrap()).collect()
}

#[test]
fn in_a_long_draft_findings_move_at_once_and_new_ones_follow() {
    let (mut client, _) = Client::start(&json!({}));
    client.open("a.md", &long());
    assert_eq!(lines(&client.pushed()["diagnostics"]), [14, 74, 134, 194, 254]);
    let changed = format!("You muppet.\n\n{}", long())
        .replace("Paragraph 37 é😀 of a draft, you muppet", "Paragraph 37, you muppets");
    client.change("a.md", 2, &changed);
    let moved = client.pushed();
    assert_eq!(moved["version"], 2);
    assert_eq!(lines(&moved["diagnostics"]), [136, 196, 256], "what stands in the change waits for the check");
    let found = client.pushed();
    assert_eq!(lines(&found["diagnostics"]), [0, 16, 76, 136, 196, 256]);
    client.open("b.md", &changed);
    let mut whole = client.pushed();
    assert_eq!(whole["uri"], client.uri("b.md"));
    whole["uri"] = json!(client.uri("a.md"));
    assert_eq!(found["diagnostics"].to_string(), whole["diagnostics"].to_string().replace("b.md", "a.md"));
}

#[test]
fn typing_on_ends_in_what_a_check_of_the_last_text_finds() {
    let (mut client, _) = Client::start(&json!({}));
    let mut text = long();
    client.open("a.md", &text);
    client.pushed();
    for version in 2..40 {
        let middle = text.find("\n\nParagraph 75").unwrap();
        text.insert_str(middle, if version % 4 == 0 { "\n\nYou muppet." } else { " é" });
        client.change("a.md", version, &text);
    }
    // The last version is told twice: moved, then found.
    let told = |client: &mut Client| loop {
        let pushed = client.pushed();
        if pushed["version"] == 39 {
            return pushed;
        }
    };
    told(&mut client);
    let found = told(&mut client);
    let wanted: Vec<u64> =
        (0..).zip(text.lines()).filter(|(_, line)| line.contains("muppet")).map(|(n, _)| n).collect();
    assert_eq!(lines(&found["diagnostics"]), wanted);
}

#[test]
fn a_client_that_asks_is_told_to_ask_again_when_a_long_draft_is_checked() {
    let able =
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } });
    let (mut client, _) = Client::start(&able);
    client.open("a.md", &long());
    assert_eq!(client.pulled("a.md").len(), 5);
    client.change("a.md", 2, &format!("You muppet.\n\n{}", long()));
    assert_eq!(client.pulled("a.md").len(), 5, "moved");
    loop {
        if matches!(client.read(), Message::Request(r) if r.method == "workspace/diagnostic/refresh") {
            break;
        }
    }
    assert_eq!(client.pulled("a.md").len(), 6);
    // One that cannot be told gets the whole answer, and waits for it.
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", &long());
    client.pulled("a.md");
    client.change("a.md", 2, &format!("You muppet.\n\n{}", long()));
    assert_eq!(client.pulled("a.md").len(), 6);
}

#[test]
fn an_action_in_a_long_draft_waits_for_its_check() {
    let (mut client, _) = Client::start(&json!({}));
    client.open("a.md", &long());
    client.pushed();
    client.change("a.md", 2, &format!("It is basically so.\n\n{}", long()));
    let actions = client.actions("a.md", &range((0, 6), (0, 15)), &json!(["quickfix"]));
    assert!(actions[0]["title"].is_string(), "{actions:?}");
}

#[test]
fn a_change_is_checked_and_a_closed_file_is_cleared() {
    let (mut client, _) = Client::start(&json!({}));
    client.open("a.md", "You muppet.\n");
    assert_eq!(client.pushed()["diagnostics"].as_array().unwrap().len(), 1);
    client.change("a.md", 2, "You.\n");
    let pushed = client.pushed();
    assert_eq!((&pushed["version"], &pushed["diagnostics"]), (&json!(2), &json!([])));
    let uri = client.uri("a.md");
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.pushed()["diagnostics"], json!([]));
}

#[test]
fn fixes_come_from_the_servers_own_findings() {
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", "It is basically fine to utilise it.\n");
    assert_eq!(client.pulled("a.md").len(), 2);
    let fixes = client.actions("a.md", &range((0, 7), (0, 7)), &json!(["quickfix"]));
    let edits = &fixes[0]["edit"]["changes"][client.uri("a.md")];
    assert_eq!(edits, &json!([{ "range": range((0, 6), (0, 16)), "newText": "" }]), "{fixes:?}");
    assert!(fixes[1]["title"].as_str().unwrap().contains("with a reason"));
    let all = client.actions("a.md", &range((0, 0), (0, 0)), &json!(["source.fixAll"]));
    assert_eq!(all.len(), 1);
    let edit = &all[0]["edit"]["changes"][client.uri("a.md")][0];
    assert_eq!(edit, &json!({ "range": range((0, 6), (0, 29)), "newText": "fine to u" }));
}

#[test]
fn nonsense_from_the_client_is_survived() {
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", "You muppet.\n");
    let max = u32::MAX;
    for wild in [range((9, 9), (0, 0)), range((max, max), (max, max)), range((0, max), (0, 0))] {
        client.actions("a.md", &wild, &json!(null));
    }
    let error = client.ask("textDocument/codeAction", json!({ "range": "x" }));
    assert_eq!(error, json!({ "error": -32602 }));
    assert_eq!(client.ask("postlint/strange", json!(null)), json!({ "error": -32601 }));
    client.tell("textDocument/didOpen", json!({ "textDocument": 3 }));
    client.change("never-opened.md", 1, "You muppet.");
    assert_eq!(client.pulled("a.md").len(), 1);
    assert_eq!(client.ask("shutdown", json!(null)), json!(null));
    client.tell("exit", json!(null));
    assert_eq!(client.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_suppression_is_offered_where_it_works_and_asks_for_its_reason() {
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", "# Title\n\nFirst line\nyou muppet.\n");
    let fixes = client.actions("a.md", &range((3, 5), (3, 5)), &json!(["quickfix"]));
    let edit = &fixes[0]["edit"]["changes"][client.uri("a.md")][0];
    assert_eq!(edit["range"], range((2, 0), (2, 0)));
    assert_eq!(edit["newText"], "<!-- postlint-ignore test/insult:  -->\n\n");
    client.open("b.txt", "you muppet.\n");
    assert_eq!(client.actions("b.txt", &range((0, 5), (0, 5)), &json!(["quickfix"])).len(), 0);
}

#[test]
fn hover_tells_why_and_completion_offers_rules() {
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", "You muppet.\n\n<!-- postlint-ignore te\n");
    let document = json!({ "uri": client.uri("a.md") });
    let at =
        |line, character| json!({ "textDocument": document, "position": { "line": line, "character": character } });
    let hover = client.ask("textDocument/hover", at(0, 6));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("It hurts."), "{hover}");
    assert_eq!(client.ask("textDocument/hover", at(1, 0)), json!(null));
    let items = client.ask("textDocument/completion", at(2, 23));
    let labels: Vec<&str> = items.as_array().unwrap().iter().map(|i| i["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["test/insult", "test/filler", "test/long"]);
    assert_eq!(items[0]["textEdit"]["range"], range((2, 21), (2, 23)));
}

#[test]
fn packs_and_settings_are_checked_while_they_are_written() {
    let (mut client, _) = Client::start(&pulling());
    client.open("pack.toml", PACK);
    let found = client.pulled("pack.toml");
    assert_eq!(found.len(), 1, "{found:?}");
    let line = PACK.lines().position(|l| l == "scopes = 1").unwrap();
    assert_eq!(found[0]["range"]["start"]["line"], json!(line));
    client.change("pack.toml", 2, &pack().replace("muppet(s)", "muppet(s"));
    assert_eq!(client.pulled("pack.toml").len(), 1);
    client.open("postlint.toml", "[packs]\nus = []\n");
    let found = client.pulled("postlint.toml");
    assert_eq!(found[0]["range"], range((1, 0), (1, 2)), "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().contains("use"));
}

#[test]
fn a_pack_that_changes_on_disk_is_picked_up() {
    let (mut client, _) = Client::start(&pulling());
    client.open("a.md", "You numpty.\n");
    assert_eq!(client.pulled("a.md").len(), 0);
    let write = |client: &Client, text: &str| fs::write(client.folder.path().join("pack.toml"), text).unwrap();
    write(&client, &pack().replace("muppet(s)", "numpty").replace("You muppet", "You numpty"));
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(client.pulled("a.md").len(), 1);
    write(&client, "[pack");
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let found = client.pulled("a.md");
    assert_eq!(found[0]["code"], "postlint/not-checked");
}

#[test]
fn excluded_files_and_other_formats_are_left_alone() {
    let (mut client, _) = Client::start(&pulling());
    let settings = client.folder.path().join("postlint.toml");
    let text = fs::read_to_string(&settings).unwrap() + "[check]\nexclude = [\"old/**\"]\n";
    fs::write(&settings, text).unwrap();
    for (name, found) in [("old/a.md", 0), ("new/a.md", 1), ("main.rs", 0)] {
        client.open(name, "You muppet.\n");
        assert_eq!(client.pulled(name).len(), found, "{name}");
    }
}

#[test]
fn a_burst_of_keystrokes_in_a_long_draft_is_answered_soon() {
    let (mut client, _) = Client::start(&pulling());
    let text = "The bins are collected on Tuesday, as they were before, and the tip is open. ".repeat(1300);
    client.open("a.md", &text);
    assert_eq!(client.pulled("a.md").len(), 0);
    let start = Instant::now();
    for version in 2..32 {
        client.change("a.md", version, &format!("{text} muppet"));
    }
    assert_eq!(client.pulled("a.md").len(), 1);
    // Generous, since this is the unoptimised build on a busy machine; the release build needs a frame.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(Path::new(client.folder.path()).exists());
}

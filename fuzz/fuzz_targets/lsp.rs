//! Any bytes as the messages of an editor: each request is answered once, every place is in the draft, and the server ends
//! when it is told to.
//!
//! An input is a draft up to a zero byte, then messages as they come over the wire.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lsp_server::{Connection, Message, Notification, Request};
use postlint::{
    engine::{Linter, Options},
    lsp::{self, Loaded, Loader, wire},
    pack::{self, Request as Wanted},
    settings::Settings,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path, thread, time::Duration};

struct Promise;

impl Loader for Promise {
    fn load(&self, _: Option<&Path>) -> Loaded {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/packs/promise.toml");
        let set = pack::load(&[Wanted::Path(path.into())]).expect("the pack loads");
        let linter = Linter::new(&set, Options::default()).ok();
        Loaded { linter, settings: Settings::default(), set, faults: Vec::new() }
    }
}

fn places(value: &Value, lines: &[&str]) {
    if let (Some(line), Some(at)) =
        (value.get("line").and_then(Value::as_u64), value.get("character").and_then(Value::as_u64))
    {
        let text = lines.get(usize::try_from(line).unwrap()).copied().unwrap_or_default();
        assert!(at <= text.encode_utf16().count() as u64 + 1, "{value} is not in the draft");
    }
    value
        .as_array()
        .into_iter()
        .flatten()
        .chain(value.as_object().into_iter().flat_map(|o| o.values()))
        .for_each(|v| places(v, lines));
}

fuzz_target!(|data: &[u8]| {
    let at = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (draft, mut input) = (String::from_utf8_lossy(&data[..at]).into_owned(), data.get(at + 1..).unwrap_or_default());
    let mut messages = Vec::new();
    while let Ok(Some(message)) = wire::read(&mut input) {
        messages.push(message);
    }
    let (server, client) = Connection::memory();
    let running = thread::spawn(move || lsp::serve(&server, &Promise));
    let request =
        |id: i32, method: &str, params: Value| Message::Request(Request::new(id.into(), method.to_owned(), params));
    let note = |method: &str, params: Value| Message::Notification(Notification::new(method.to_owned(), params));
    let uri = "file:///drafts/a.md";
    let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": draft });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let mut sent = vec![
        request(-1, "initialize", json!({ "capabilities": {} })),
        note("initialized", json!({})),
        note("textDocument/didOpen", json!({ "textDocument": document })),
        request(
            -2,
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } }),
        ),
    ];
    let ends = |m: &Message| matches!(m, Message::Notification(n) if n.method == "exit");
    sent.extend(messages.into_iter().take_while(|m| !ends(m)).take(16));
    sent.push(request(-3, "shutdown", Value::Null));
    sent.push(note("exit", Value::Null));
    let mut asked: BTreeMap<String, i32> = BTreeMap::new();
    for message in sent {
        if let Message::Request(request) = &message {
            *asked.entry(request.id.to_string()).or_default() += 1;
        }
        client.sender.send(message).expect("the server listens");
    }
    let untouched = asked.len() == 3;
    let lines: Vec<&str> = draft.split('\n').collect();
    while let Ok(message) = client.receiver.recv_timeout(Duration::from_secs(20)) {
        match message {
            Message::Response(response) => {
                let left = asked.get_mut(&response.id.to_string()).expect("it was asked");
                *left -= 1;
            }
            Message::Notification(note) if untouched && note.method == "textDocument/publishDiagnostics" => {
                places(&note.params, &lines);
            }
            _ => {}
        }
    }
    assert!(running.join().expect("the server does not panic").is_ok());
    assert!(asked.values().all(|left| *left == 0), "{asked:?}");
});

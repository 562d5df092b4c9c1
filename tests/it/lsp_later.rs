//! The language server with several drafts, and with what lies beside a pack: nothing waits for ever, nothing is mixed up.

use crate::lsp::{Client, lines, long};
use serde_json::json;

/// Of two long drafts that change at once, one is checked beside and the other one after it.
#[test]
fn every_long_draft_that_changed_is_checked_in_the_end() {
    let (mut client, _) = Client::start(&json!({}));
    let names = ["a.md", "b.md", "c.md"];
    for name in names {
        client.open(name, &long());
        client.pushed();
    }
    for name in names {
        client.change(name, 2, &format!("You muppet.\n\n{}", long()));
    }
    let mut waiting: Vec<String> = names.iter().map(|name| client.uri(name)).collect();
    while !waiting.is_empty() {
        let pushed = client.pushed();
        if lines(&pushed["diagnostics"]).first() == Some(&0) {
            waiting.retain(|uri| pushed["uri"] != json!(uri));
        }
    }
}

/// A client counts its versions anew, or not, when it opens a file again.
#[test]
fn a_draft_that_is_opened_again_has_its_own_findings() {
    let (mut client, _) = Client::start(&json!({}));
    client.open("a.md", &long());
    client.pushed();
    client.change("a.md", 2, &format!("You muppet.\n\n{}", long()));
    client.pushed();
    let document = json!({ "uri": client.uri("a.md"), "languageId": "markdown", "version": 2,
        "text": long().replace("muppet", "person") });
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": client.uri("a.md") } }));
    client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    // What was found in the old text may be told until it is closed.
    while client.pushed()["diagnostics"] != json!([]) {}
    assert_eq!(client.pushed()["diagnostics"], json!([]));
}

#[cfg(unix)]
#[test]
fn a_pipe_beside_a_pack_is_not_waited_for() {
    let (mut client, _) = Client::start(&json!({}));
    let pipe = client.folder.path().join("x.toml");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    client.open("pack.toml", &crate::lsp::pack());
    assert_eq!(client.pushed()["diagnostics"], json!([]));
}

/// Why a finding is believed may name a word that another rule hides.
#[test]
fn the_reasons_of_a_hover_show_no_secret() {
    let (mut client, _) = Client::start(&json!({}));
    let pack = crate::lsp::pack()
        .replace("phrases = [\"muppet(s)\"]", "phrases = [\"muppet(s)\"]\ncontext = { raise = [\"zanzibar\"] }")
        .replace("id = \"filler\"", "id = \"filler\"\nsensitive = true")
        .replace("basically", "zanzibar");
    std::fs::write(client.folder.path().join("pack.toml"), pack).unwrap();
    client.open("a.md", "You muppet of zanzibar.\n");
    let document = json!({ "uri": client.uri("a.md") });
    let at = json!({ "textDocument": document, "position": { "line": 0, "character": 6 } });
    let hover = client.ask("textDocument/hover", at)["contents"]["value"].to_string();
    assert!(hover.contains("context '••••••••' +0.3") && !hover.contains("zanzibar"), "{hover}");
}

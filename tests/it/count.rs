//! `postlint count` and `postlint channels`, as a user sees them.

use crate::program;
use std::path::Path;

fn postlint(args: &[&str]) -> (String, i32) {
    program::postlint(Path::new("fixtures/council"), args)
}

#[test]
fn a_text_is_counted_for_every_channel() {
    let text = "Café… 👨‍👩‍👧‍👦 https://westmarsh.gov.uk/bins #BinDay @bins@social.example";
    insta::assert_snapshot!(postlint(&["count", "--no-config", "--text", text]).0);
}

#[test]
fn a_long_text_says_by_how_much() {
    let text = "漢".repeat(150);
    insta::assert_snapshot!(postlint(&["count", "--channel", "x", "--channel", "bluesky", "--text", &text]).0);
}

#[test]
fn json_has_a_row_for_each_limit() {
    let (text, code) =
        postlint(&["count", "--text", "Bins are late #BinDay", "--channel", "twitter", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    let row = serde_json::json!({
        "channel": "x", "field": "text", "length": 21, "limit": 280, "unit": "x-weighted", "over": false
    });
    assert_eq!((rows, code), (serde_json::json!([row]), 0));
}

#[test]
fn a_thread_is_counted_part_by_part() {
    insta::assert_snapshot!(postlint(&["count", "thread.tweet"]).0);
}

#[test]
fn limits_of_settings_go_before() {
    let (text, _) = postlint(&["count", "--channel", "instagram", "--text", "#a #b #c #d"]);
    assert!(text.contains("4 of 3, 1 too many"), "{text}");
}

#[test]
fn a_channel_that_is_not_known_is_asked_wrongly() {
    let (text, code) = postlint(&["count", "--channel", "facebok", "--text", "a"]);
    assert_eq!(code, 2);
    assert!(text.contains("did you mean `facebook`?"), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let (text, code) = postlint(&["count", "no-such-file.md"]);
    assert_eq!(code, 2);
    assert!(text.contains("there is no such file or folder"), "{text}");
}

#[test]
fn every_limit_is_listed_with_source_and_date() {
    let (text, code) = postlint(&["channels"]);
    insta::assert_snapshot!(text);
    assert_eq!(code, 0);
}

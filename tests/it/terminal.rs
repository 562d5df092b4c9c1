//! What reaches the terminal: words of drafts, packs and paths without anything that moves the cursor or turns the text.

use crate::program::{PACK, folder, postlint, run};

#[test]
fn hostile_drafts_do_not_reach_the_terminal_raw() {
    let office = folder(&[("house.toml", PACK)]);
    let draft = "We promise \u{1b}[31mred\u{1b}[0m \u{202e}txet\n::error::pwned\n";
    let (text, _) = run(office.path(), &["check", "--pack", "./house.toml", "-"], draft);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    let long = format!("{} we promise {}", "x ".repeat(60_000), "y ".repeat(60_000));
    let (text, code) = run(office.path(), &["check", "--pack", "./house.toml", "-"], &long);
    assert_eq!(code, 1);
    assert!(text.len() < 4_000 && text.contains("<stdin>:1:120002"), "{text}");
}

#[test]
fn words_of_a_pack_do_not_reach_the_terminal_raw() {
    let pack = PACK.replace("summary = \"", "summary = \"\\u001b[31m\\u202e");
    assert!(pack.contains("\\u202e"), "{pack}");
    let office = folder(&[("house.toml", &pack)]);
    for args in [&["rules", "list", "--pack", "./house.toml"][..], &["check", "--config", "no\u{1b}[31m.toml", "-"]] {
        let (text, _) = postlint(office.path(), args);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    }
}

#[test]
fn an_emoji_of_several_is_shown_whole() {
    let office = folder(&[("house.toml", PACK)]);
    let (text, _) =
        run(office.path(), &["check", "--pack", "./house.toml", "-"], "We promise the crew 👩\u{200d}🚒 a cake.");
    assert!(text.contains("👩\u{200d}🚒"), "{text}");
}

#[test]
fn a_file_from_outside_that_is_no_pack_is_not_shown() {
    let office = folder(&[
        ("secrets.env", "password = hunter2\n"),
        ("site/postlint.toml", "[packs]\npaths = [\"../secrets.env\"]\n"),
        ("site/a.md", "Fine.\n"),
    ]);
    let (text, code) = postlint(&office.path().join("site"), &["check", "a.md"]);
    assert!(code == 2 && text.contains("secrets.env, which the settings load from outside"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn what_settings_load_from_outside_is_told_beside_every_format() {
    let settings = "[packs]\nuse = [\"opinion\"]\npaths = [\"../house.toml\"]\n";
    let office = folder(&[("house.toml", PACK), ("site/postlint.toml", settings), ("site/a.md", "Fine.\n")]);
    for format in ["human", "json", "sarif", "github", "concise"] {
        let (text, code) = postlint(&office.path().join("site"), &["check", "--format", format, "a.md"]);
        assert!(code == 0 && text.contains("load a pack from outside their folder"), "{format}: {text}");
    }
}

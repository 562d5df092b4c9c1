//! Suppressions that stand in the settings: they hold for many drafts, and for a time.

use crate::program::{PACK, folder, postlint};
use std::fs;

const UGLY: &str = "Gosh, it rains. We promise it stops.\n";

#[test]
fn settings_suppress_by_path_until_a_day() {
    let block = |until: &str| {
        format!(
            "[[suppress]]\npaths = [\"a.md\"]\nrules = [\"house/promise\"]\nreason = \"decided\"\nuntil = {until}\n"
        )
    };
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY)]);
    let config = office.path().join("postlint.toml");
    fs::write(&config, format!("[packs]\nuse = []\npaths = [\"house.toml\"]\n{}", block("2999-01-01"))).unwrap();
    let (text, _) = postlint(office.path(), &["check", "--format", "concise", "a.md"]);
    assert!(!text.contains("house/promise"), "{text}");
    fs::write(&config, format!("[packs]\nuse = []\npaths = [\"house.toml\"]\n{}", block("2020-01-01"))).unwrap();
    let (text, code) = postlint(office.path(), &["check", "--format", "concise", "a.md"]);
    assert_eq!(code, 1);
    assert!(text.contains("house/promise") && text.contains("postlint/expired-suppression"), "{text}");
}

#[test]
fn an_unused_suppression_of_the_settings_is_told_by_a_check_of_all() {
    let block =
        |paths| format!("[[suppress]]\npaths = [\"{paths}\"]\nrules = [\"house/promise\"]\nreason = \"decided\"\n");
    let settings = format!("[packs]\nuse = []\npaths = [\"house.toml\"]\n{}{}", block("a.md"), block("old/*.md"));
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY), ("b.md", "Fine.\n"), ("postlint.toml", &settings)]);
    let (text, _) = postlint(office.path(), &["check", "."]);
    let told = "postlint.toml:10: the suppression of house/promise lets nothing through: remove it.";
    assert_eq!(text.matches("lets nothing through").count(), 1, "{text}");
    assert!(text.contains(told), "{text}");
    for narrowed in [&["check", "a.md", "b.md"][..], &["check", ".", "--rule", "house/promise"]] {
        let (text, _) = postlint(office.path(), narrowed);
        assert!(!text.contains("lets nothing through"), "{text}");
    }
}

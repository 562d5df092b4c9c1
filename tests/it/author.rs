//! What those who write packs see: `rules lint`, the coverage of `rules test`.

use assert_cmd::Command;
use std::{fs, path::Path};
use tempfile::TempDir;

/// A pack with one of everything that `rules lint` tells.
const UGLY: &str = r#"
[pack]
name = "ugly"
version = "1.0.0"
summary = "Everything that could be better"

[[rule]]
id = "promise"
title = "Promise"
category = "reputation"
why = "Only the committee can promise."
phrases = ["we (really) promise", "we promise", "we (swear|vow|swear+) it", "stop. it", "mark (my|. your) words"]
fix = { advice = "Say what you aim for." }
[[rule.example]]
bad = "We promise it."
[[rule.example]]
good = "Promise Road is shut."
[[rule.example]]
good = "We stop it."

[[rule]]
id = "same-promise"
title = "Promise again"
category = "reputation"
why = "Only the committee can promise."
phrases = ["we promise", "we vow it"]
fix = { advice = "Say what you aim for." }
[[rule.example]]
bad = "We promise it."
[[rule.example]]
good = "Something else altogether."
[[rule.example]]
good = "And another thing."

[[rule]]
id = "weekend"
title = "Weekend"
category = "style"
why = "Say the day."
phrases = ["saturday", "the weekend"]
fix = { advice = "Say the date." }
[[rule.example]]
bad = "See you on Saturday."
[[rule.example]]
good = "Saturdays are fine."
"#;

fn rules(pack: &str, args: &[&str]) -> (String, i32) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("pack.toml"), pack).unwrap();
    in_folder(folder.path(), args)
}

fn in_folder(folder: &Path, args: &[&str]) -> (String, i32) {
    let mut command = Command::cargo_bin("postlint").unwrap();
    let output = command.current_dir(folder).env_clear().arg("rules").args(args).output().unwrap();
    (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.code().unwrap())
}

#[test]
fn lint_tells_what_does_nothing_what_is_hidden_and_what_proves_little() {
    let (told, code) = rules(UGLY, &["lint", "./pack.toml"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(told);
}

#[test]
fn a_pattern_that_costs_much_is_told_with_its_cost() {
    let dear =
        UGLY.replace("phrases = [\"saturday\", \"the weekend\"]", r"patterns = ['(?i)\b(\w+\W+){1,9}Sunday\W*x\b']");
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("pack.toml"), dear.replace("on Saturday", "on a Sunday X")).unwrap();
    // Where a text is not ASCII, `\b` makes the pattern's engine take the slow way.
    let post =
        "{\"text\": \"The café at the box office is open: on Saturday and Sunday the fox hunt exhibition too.\"}\n";
    fs::write(folder.path().join("clean.jsonl"), post.repeat(5)).unwrap();
    let (told, _) = in_folder(folder.path(), &["lint", "./pack.toml", "--clean", "clean.jsonl"]);
    let line = told.lines().find(|line| line.contains("µs a post")).unwrap_or_else(|| panic!("{told}"));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d+ µs a post, \d+ %", "N µs a post, N %");
    settings.bind(|| insta::assert_snapshot!(line));
}

#[test]
fn the_good_posts_can_be_ones_own() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("pack.toml"), UGLY).unwrap();
    fs::write(
        folder.path().join("clean.jsonl"),
        "{\"text\": \"The weekend is ours.\", \"id\": 7}\n\n{\"text\": \"Fine.\"}\n",
    )
    .unwrap();
    let args = ["lint", "./pack.toml", "--clean", "clean.jsonl", "--rule", "ugly/weekend"];
    let (told, _) = in_folder(folder.path(), &args);
    assert!(told.contains("`the weekend` fires on 1 of 2 good posts, first on post 1: \"The weekend\""), "{told}");
    assert!(!told.contains("promise"), "only the rule that is asked for: {told}");
    fs::write(folder.path().join("clean.jsonl"), "{\"text\": \"Fine.\"}\n{\"txt\": 1}\n").unwrap();
    let (told, code) = in_folder(folder.path(), &args);
    assert!(told.starts_with("error: clean.jsonl: line 2: missing field `text`") && code == 2, "{told}");
}

#[test]
fn a_good_post_is_not_quoted_where_the_rule_is_sensitive() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("pack.toml"), UGLY.replace("title = \"Weekend\"", "title = \"W\"\nsensitive = true"))
        .unwrap();
    fs::write(folder.path().join("clean.jsonl"), "{\"text\": \"The WEEKEND is ours.\"}\n").unwrap();
    let (told, _) = in_folder(folder.path(), &["lint", "./pack.toml", "--clean", "clean.jsonl"]);
    assert!(told.contains("fires on 1 of 1 good posts, first on post 1\n") && !told.contains("WEEKEND"), "{told}");
}

#[test]
fn test_counts_the_phrases_that_examples_meet_and_lists_the_others() {
    let (told, code) = rules(UGLY, &["test", "./pack.toml", "--coverage"]);
    assert_eq!(code, 0, "what has no example is no failure: {told}");
    insta::assert_snapshot!(told);
}

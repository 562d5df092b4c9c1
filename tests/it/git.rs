//! `--staged` and `--since`: which files and which posts of a repository are checked.

use crate::program::{PACK, folder, postlint};
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=Jo Bloggs", "-c", "user.email=jo@example.org", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").current_dir(folder).args(identity).args(args).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// A repository with one commit that has `files`.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let office = folder(&[&[("house.toml", PACK)], files].concat());
    git(office.path(), &["init", "-q"]);
    git(office.path(), &["add", "."]);
    git(office.path(), &["commit", "-qm", "first"]);
    office
}

fn check(folder: &Path, args: &[&str]) -> (String, i32) {
    let base = ["check", "--no-config", "--pack", "./house.toml", "--format", "concise"];
    postlint(folder, &[&base[..], args].concat())
}

#[test]
fn a_named_path_may_be_written_in_any_way() {
    let office = repository(&[("drafts/a.md", "Fine.\n"), ("b.md", "Fine.\n"), ("house/house.toml", PACK)]);
    let path = office.path();
    for name in ["drafts/a.md", "b.md"] {
        fs::write(path.join(name), "We promise it.\n").unwrap();
    }
    let full = path.join("drafts").display().to_string();
    for (named, found) in [(".", 2), ("./drafts", 1), (&full, 1), ("drafts/../b.md", 1), ("house", 0)] {
        let (text, code) = check(path, &["--since", "HEAD", named]);
        assert_eq!((text.lines().count(), code), (found, i32::from(found > 0)), "{named}: {text}");
    }
    for (named, found) in [("..", 2), ("../drafts", 1), (".", 0)] {
        let (text, code) = check(&path.join("house"), &["--since", "HEAD", named]);
        assert_eq!((text.lines().count(), code), (found, i32::from(found > 0)), "{named}: {text}");
    }
}

/// The lines that are told of `name` once it is `after` instead of `before`, staged and against the commit alike.
fn told(name: &str, before: &str, after: &str) -> Vec<String> {
    let office = repository(&[(name, before)]);
    fs::write(office.path().join(name), after).unwrap();
    let since = check(office.path(), &["--since", "HEAD"]);
    git(office.path(), &["add", "."]);
    assert_eq!(check(office.path(), &["--staged"]), since);
    since.0.lines().map(str::to_owned).collect()
}

/// A breach that was let through until now is told, although no line of the text has changed.
#[test]
fn what_is_said_about_a_post_is_a_part_of_it() {
    let ignored = "---\nchannel: x\npostlint-ignore: \"house/promise: agreed\"\n---\n\nFine.\n\nWe promise it.\n";
    let open = "---\nchannel: x\n---\n\nFine.\n\nWe promise it.\n";
    assert_eq!(told("a.md", ignored, open).len(), 1);
    assert_eq!(told("a.md", open, &open.replace("channel: x", "channel: facebook")).len(), 1);
    let post = |about: &str, text: &str| format!("  {{\n    \"text\": \"{text}\",\n    \"id\": 1{about}\n  }}");
    let queue = |first: &str, second: &str| format!("[\n{first},\n{second}\n]\n");
    let (first, second) = (post("", "We promise one."), post("", "We promise two."));
    let before = queue(&post(",\n    \"approved_by\": \"Jo\"", "We promise one."), &second);
    assert_eq!(told("q.json", &before, &queue(&first, &second)).len(), 1, "a member is gone");
    let added = queue(&first, &post(",\n    \"status\": \"ready\"", "We promise two."));
    assert_eq!(told("q.json", &queue(&first, &second), &added).len(), 1, "a member is new");
    assert_eq!(told("q.json", &queue(&first, &second), &queue(&second, &first)).len(), 0, "posts that only moved");
    let whole = "approved_by: Jo\nposts:\n- text: We promise one.\n- text: We promise two.\n";
    assert_eq!(told("q.yaml", whole, &whole.replace("approved_by: Jo\n", "")).len(), 2, "it held for both");
}

#[test]
fn a_second_post_that_says_the_same_is_new() {
    let table = "Text,Channel\nWe promise it,x\nFine,x\n";
    assert_eq!(told("q.csv", table, &format!("{table}We promise it,x\n")).len(), 1);
    assert_eq!(told("q.csv", table, &table.replace("Fine,x\n", "")).len(), 0);
}

/// A program that shows a file in another way, for diffs, says nothing of what is committed.
#[test]
fn what_a_repository_says_of_its_diffs_hides_nothing() {
    let rows = "Fine,x\n".repeat(20);
    let table = |last: &str| format!("Text,Channel\n{rows}{last},x\n");
    let files = [("in/q.csv", &*table("Well")), (".gitattributes", "*.csv diff=up\n"), ("in/house.toml", PACK)];
    let office = repository(&files);
    git(office.path(), &["config", "diff.up.textconv", "head -n 1"]);
    git(office.path(), &["config", "diff.up.command", "true"]);
    git(office.path(), &["config", "diff.relative", "true"]);
    fs::write(office.path().join("in/q.csv"), table("We promise it")).unwrap();
    git(office.path(), &["add", "."]);
    let (text, code) = check(&office.path().join("in"), &["--staged"]);
    assert!(code == 1 && text.contains("q.csv:22"), "{text}");
}

#[test]
fn a_commit_is_no_option_of_git() {
    let office = repository(&[("a.md", "Fine.\n")]);
    let (text, code) = check(office.path(), &["--since=--output=written"]);
    assert!(code == 2 && text.contains("--since needs a commit"), "{text}");
    assert!(!office.path().join("written").exists());
}

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

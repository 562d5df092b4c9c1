//! Fixes in real drafts: a copy of the posts of the galaxy-social project is mended, and checking it again finds none of
//! what was mended. Where the folder with them is missing the test says so and passes.

use super::{
    peers::data,
    program::{folder, postlint},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Rules that find something in most posts, so that there is something to mend.
const PACK: &str = r#"
[pack]
name = "busy"
version = "1.0.0"
summary = "Rules for words that are everywhere"
[[rule]]
id = "replace"
title = "A word to replace"
category = "style"
severity = "warning"
confidence = 0.9
why = "It is a test."
phrases = ["new", "available", "workshop", "research", "training", "community", "Galaxy"]
[rule.fix]
advice = "Write something else."
replace = "<“other” & *more*>"
applicability = "safe"
[[rule.example]]
bad = "It is new."
[[rule.example]]
good = "It is."
[[rule]]
id = "delete"
title = "A word to delete"
category = "style"
severity = "warning"
confidence = 0.9
why = "It is a test."
phrases = ["the", "this", "more", "join us", "learn"]
[rule.fix]
advice = "Leave it out."
delete = true
applicability = "safe"
[[rule.example]]
bad = "Open the door."
[[rule.example]]
good = "Open it."
"#;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // The bytes alone: the original may be read-only.
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// How often each rule found each words in each file; how many of all findings have a fix that can be made.
fn findings(folder: &Path, packs: &[&str]) -> (BTreeMap<(String, String, String), usize>, usize) {
    let args = [&["check", "--no-config", "--format", "jsonl"], packs, &["posts"]].concat();
    let (text, _) = postlint(folder, &args);
    let (mut counts, mut fixable) = (BTreeMap::new(), 0);
    for line in text.lines().filter(|line| line.starts_with('{')) {
        let finding: Value = serde_json::from_str(line).unwrap();
        let said = |key: &str| finding[key].as_str().unwrap_or_default().to_lowercase();
        let can = finding["fixes"][0]["applicability"].as_str().is_some_and(|a| a != "display");
        fixable += usize::from(can);
        if can {
            *counts.entry((said("path"), said("rule"), said("matched"))).or_default() += 1;
        }
    }
    (counts, fixable)
}

#[test]
fn what_was_mended_in_real_posts_is_not_found_again() {
    let Some(source) = data("drafts/galaxy-social") else { return };
    let office = folder(&[("busy.toml", PACK)]);
    copy(&source, &office.path().join("posts"));
    let packs: Vec<&str> = ["./busy.toml", "confidential", "reputation", "opinion", "conduct", "accessibility"]
        .into_iter()
        .flat_map(|pack| ["--pack", pack])
        .collect();
    let (before, fixable) = findings(office.path(), &packs);
    let fix = [&["check", "--no-config", "--fix", "--unsafe-fixes"], &packs[..], &["posts"]].concat();
    let (told, _) = postlint(office.path(), &fix);
    let refused = told.matches("Not mended in ").count();
    let mended: usize = told
        .lines()
        .find_map(|line| line.strip_prefix("Mended ")?.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{}", &told[told.len().saturating_sub(2000)..]));
    let (after, left) = findings(office.path(), &packs);
    let changed = files(&source)
        .iter()
        .filter(|f| fs::read(source.join(f)).unwrap() != fs::read(office.path().join("posts").join(f)).unwrap())
        .count();
    println!(
        "{fixable} findings with a fix, {mended} mended in {changed} files, {refused} refused with a reason, {left} left"
    );
    assert!(fixable > 1000 && changed > 300);
    assert!(left <= refused, "{left} left, {refused} refused");
    for (key, count) in after {
        assert!(count <= before.get(&key).copied().unwrap_or(0), "{key:?} came up");
    }
    // A second run has nothing to do.
    let (again, _) = postlint(office.path(), &fix);
    assert!(!again.contains("\nMended "), "{}", &again[again.len().saturating_sub(2000)..]);
}

/// The files below `folder`, by their paths from there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = PathBuf::from(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()).into_iter().map(|inner| name.join(inner)));
        } else {
            all.push(name);
        }
    }
    all
}

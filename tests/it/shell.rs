//! What the shells are offered. Each asks in its own way; the answers hold rule ids, packs and formats.

use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

const SHELLS: &[&str] = &["bash", "zsh", "fish", "elvish", "powershell"];

/// What `shell` is offered for the last of `words`.
fn offered(shell: &str, folder: &Path, words: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postlint"));
    command.current_dir(folder).env_clear().env("POSTLINT_COMPLETE", shell).args(["--", "postlint"]).args(words);
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "true").env("_CLAP_IFS", "\n");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // Some are told the title of a rule behind a tab or a colon.
    text.lines().map(|line| line.split(['\t', ':']).next().unwrap().trim().to_owned()).collect()
}

#[test]
fn every_shell_is_offered_rules_packs_and_formats() {
    let folder = TempDir::new().unwrap();
    for shell in SHELLS {
        let offered = |words: &[&str]| offered(shell, folder.path(), words);
        assert_eq!(offered(&["explain", "opinion/first-person-v"]), ["opinion/first-person-view"], "{shell}");
        assert_eq!(offered(&["check", "--rule", "opinion/first-person-v"]), ["opinion/first-person-view"], "{shell}");
        assert_eq!(offered(&["check", "--format", "sar"]), ["sarif"], "{shell}");
        assert_eq!(offered(&["rules", "test", "confid"]), ["confidential"], "{shell}");
        assert_eq!(offered(&["check", "--pack", "confid"]), ["confidential"], "{shell}");
        assert_eq!(offered(&["rules", "cov"]), ["coverage"], "{shell}");
    }
}

#[test]
fn the_rules_of_the_folders_own_packs_are_offered_too() {
    let folder = TempDir::new().unwrap();
    let init =
        Command::new(env!("CARGO_BIN_EXE_postlint")).args(["init", "--yes"]).current_dir(&folder).output().unwrap();
    assert!(init.status.success());
    assert_eq!(offered("fish", folder.path(), &["explain", "house/"]), ["house/open-ended-date"]);
    fs::write(folder.path().join("policy/house.toml"), "broken").unwrap();
    assert_eq!(offered("fish", folder.path(), &["explain", "opinion/first-person-v"]), ["opinion/first-person-view"]);
}

#[test]
fn the_script_of_every_shell_asks_the_program() {
    for shell in SHELLS {
        let output = Command::new(env!("CARGO_BIN_EXE_postlint")).args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains("POSTLINT_COMPLETE") && script.contains("postlint"), "{shell}: {script}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = TempDir::new().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_postlint")).args(["man", "--to", "man"]).current_dir(&folder).output();
    assert!(output.unwrap().status.success());
    for page in ["postlint.1", "postlint-check.1", "postlint-rules-lint.1"] {
        let text = fs::read_to_string(folder.path().join("man").join(page)).unwrap();
        assert!(text.starts_with(".ie") && text.contains(".TH"), "{page}: {text}");
    }
}

//! `postlint watch`, as somebody who writes in another window sees it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const PACK: &str = r#"
[pack]
name = "house"
version = "1.0.0"
summary = "A pack for tests"
[[rule]]
id = "promise"
title = "Promise"
category = "reputation"
why = "Only the committee can promise."
phrases = ["we promise"]
[rule.fix]
advice = "Say what you aim for."
[[rule.example]]
bad = "We promise it."
[[rule.example]]
good = "Promise Road is shut."
"#;

struct Watch {
    child: Child,
    lines: Receiver<String>,
    folder: TempDir,
}

impl Watch {
    fn start() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("drafts")).unwrap();
        fs::write(folder.path().join("drafts/a.md"), "All is well.\n").unwrap();
        fs::write(folder.path().join("house.toml"), PACK).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_postlint"))
            .args(["watch", "drafts", "--no-config", "--pack", "./house.toml"])
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let told = send.clone();
        thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).for_each(|l| drop(send.send(l))));
        thread::spawn(move || BufReader::new(err).lines().map_while(Result::ok).for_each(|l| drop(told.send(l))));
        Self { child, lines, folder }
    }

    /// What is shown until a line that contains `last`.
    fn until(&self, last: &str) -> String {
        let mut shown = String::new();
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|e| panic!("{e}:\n{shown}"));
            shown += &line;
            shown.push('\n');
            if line.contains(last) {
                return shown;
            }
        }
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A test that fails must not leave it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Like an editor that writes a new file and puts it in the place of the old one.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("md~");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

#[test]
fn a_draft_is_checked_again_whenever_it_is_saved() {
    let watch = Watch::start();
    let first = watch.until("Ctrl-C");
    assert!(first.contains("Checked 1 post") && !first.contains('\x1b'), "no terminal, no clearing: {first}");

    let mut file = fs::OpenOptions::new().append(true).open(watch.file("drafts/a.md")).unwrap();
    file.write_all(b"We promise it.\n").unwrap();
    assert!(watch.until("Ctrl-C").contains("house/promise"));

    replace(&watch.file("drafts/a.md"), "It is better now, and longer.\n");
    assert!(!watch.until("Ctrl-C").contains("house/promise"));

    fs::rename(watch.file("drafts/a.md"), watch.file("drafts/b.md")).unwrap();
    let renamed = watch.until("Ctrl-C");
    assert!(renamed.contains("drafts/a.md is gone.") && renamed.contains("Checked 1 post"), "{renamed}");

    fs::remove_file(watch.file("drafts/b.md")).unwrap();
    assert_eq!(watch.until("Ctrl-C"), "drafts/b.md is gone.\nWatching. Ctrl-C ends it.\n");

    fs::write(watch.file("drafts/c.md"), "We promise another.\n").unwrap();
    assert!(watch.until("Ctrl-C").contains("drafts/c.md"));
}

#[test]
fn rules_that_change_hold_at_once_and_broken_ones_are_told() {
    let watch = Watch::start();
    watch.until("Ctrl-C");
    fs::write(watch.file("house.toml"), PACK.replace("phrases", "frases")).unwrap();
    watch.until("frases");
    fs::write(
        watch.file("house.toml"),
        PACK.replace("we promise\"", "all is well\"").replace("We promise it", "All is well"),
    )
    .unwrap();
    assert!(watch.until("Ctrl-C").contains("house/promise"));
}

#[test]
fn a_path_that_is_not_there_is_no_watch() {
    let output = Command::new(env!("CARGO_BIN_EXE_postlint")).args(["watch", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nowhere: there is no such file or folder"));
}

//! The program as its users meet it: a folder with files, a run in it, what it said.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Longer than any run takes: it hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// `postlint` in a folder, with nothing in its environment but where programs are.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("postlint"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Output and exit code of `postlint` in a folder; the folder itself is called `FOLDER`.
pub(crate) fn postlint(folder: &Path, args: &[&str]) -> (String, i32) {
    run(folder, args, "")
}

/// The same with something on standard input.
pub(crate) fn run(folder: &Path, args: &[&str], stdin: &str) -> (String, i32) {
    let (text, code) = ended(command(folder, args), stdin);
    (text.replace(&*folder.to_string_lossy(), "FOLDER"), code)
}

/// Runs `command` to its end.
pub(crate) fn ended(mut command: Command, stdin: &str) -> (String, i32) {
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_owned();
    // A program that refuses its arguments closes its input unread.
    let writer = std::thread::spawn(move || drop(input.write_all(stdin.as_bytes())));
    let reader = std::thread::spawn(move || child_output(child));
    let start = Instant::now();
    while !reader.is_finished() {
        assert!(start.elapsed() < PATIENCE, "it hangs");
        std::thread::sleep(Duration::from_millis(2));
    }
    writer.join().unwrap();
    said(&reader.join().unwrap())
}

fn child_output(child: std::process::Child) -> Output {
    child.wait_with_output().unwrap()
}

/// What a run wrote, and its exit code.
pub(crate) fn said(output: &Output) -> (String, i32) {
    let text = String::from_utf8([&output.stdout[..], &output.stderr].concat()).unwrap();
    (text, output.status.code().unwrap_or(-1))
}

/// A pack that does not change when the built-in ones do.
pub(crate) const PACK: &str = r#"
[pack]
name = "house"
version = "1.0.0"
summary = "A pack for tests"

[[rule]]
id = "promise"
title = "Promise"
category = "reputation"
severity = "error"
confidence = 0.9
why = "Only the committee can promise."
message = "{match} is a promise"
phrases = ["we promise"]
[rule.fix]
advice = "Say what you aim for."
replace = "we aim"
applicability = "safe"
[[rule.example]]
bad = "We promise it."
finds = ["We promise"]
fixed = "We aim it."
[[rule.example]]
good = "Promise Road is shut."

[[rule]]
id = "code"
title = "Door code"
category = "confidential"
severity = "error"
confidence = 0.9
sensitive = true
why = "Anybody could walk in."
message = "the door code {match} is in the draft"
patterns = ['code (?:is )?[0-9]{4}']
[rule.fix]
advice = "Take the code out and change it."
[[rule.example]]
bad = "The code is 4417."
[[rule.example]]
good = "The code of conduct is out."

[[rule]]
id = "gosh"
title = "Gosh"
category = "opinion"
severity = "warning"
confidence = 0.6
why = "It is the officer who is surprised."
message = "{match} is a mood"
phrases = ["gosh"]
[rule.fix]
advice = "Delete it."
delete = true
applicability = "unsafe"
[[rule.example]]
bad = "Gosh, it rains."
[[rule.example]]
good = "Josh opened it."
"#;

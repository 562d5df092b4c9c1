//! The system fails in the middle of writing, or the run is killed there: a file is the old one or the new one, and a run
//! that lives leaves nothing beside it. The faults are put in by `strace`; where it is missing, or may not look into other
//! programs, the test says so and passes.
#![cfg(target_os = "linux")]

use crate::program::{PACK, folder};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// A run that writes a file.
struct Writer {
    name: &'static str,
    args: &'static [&'static str],
    /// The files that it writes.
    files: &'static [&'static str],
    /// What stands in them before; nothing: they are made.
    before: Option<&'static str>,
}

const CHECK: [&str; 5] = ["check", "--no-config", "--threads=1", "--pack=./house.toml", "a.md"];

const WRITERS: &[Writer] = &[
    Writer { name: "--fix", args: &["--fix"], files: &["a.md"], before: Some("We promise it.\n") },
    Writer { name: "--output", args: &["--format=json", "--output=new.json"], files: &["new.json"], before: None },
    Writer {
        name: "--output over another",
        args: &["--format=json", "--output=r.json"],
        files: &["r.json"],
        before: Some("old"),
    },
    Writer {
        name: "--baseline",
        args: &["--baseline=b.json", "--write-baseline"],
        files: &["b.json"],
        before: Some("{}"),
    },
    Writer { name: "init", args: &[], files: &["postlint.toml"], before: None },
];

/// System calls that a writer makes, and what may go wrong in them.
const CALLS: &[&str] = &["openat", "write", "fsync", "fchmod", "rename,renameat,renameat2,link,linkat"];
const FAULTS: &[&str] = &["error=ENOSPC", "error=EIO", "error=EROFS", "signal=KILL"];

fn strace(folder: &Path, fault: Option<&str>, writer: &Writer) -> Command {
    let mut command = Command::new("strace");
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(["-f", "-qq", "-o", "trace"]).args(fault.into_iter().flat_map(|f| ["-e", f]));
    command.arg(assert_cmd::cargo::cargo_bin("postlint"));
    if writer.name == "init" {
        command.args(["init", "--hook=none", "--ci=none"])
    } else {
        command.args(CHECK).args(writer.args)
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A folder before a run of `writer`.
fn office(writer: &Writer) -> tempfile::TempDir {
    let office = folder(&[("house.toml", PACK), ("a.md", "We promise it.\n")]);
    for file in writer.files.iter().filter(|_| writer.before.is_some()) {
        fs::write(office.path().join(file), writer.before.unwrap_or_default()).unwrap();
    }
    office
}

/// What is whole in the words of a file, whatever the salt of a baseline or the time of a report.
fn is_whole(file: &str, text: &str) -> bool {
    match file {
        "a.md" => text == "We aim it.\n",
        "postlint.toml" => text == include_str!("../../src/cli/init/postlint.toml"),
        _ => serde_json::from_str::<serde_json::Value>(text).is_ok_and(|v| v.as_object().is_some_and(|o| o.len() > 1)),
    }
}

/// Runs `writer` with `fault`; whether it was met.
fn survives(writer: &Writer, fault: &str) -> bool {
    let office = office(writer);
    let killed = fault.contains("KILL");
    let _ = strace(office.path(), Some(&format!("inject={fault}")), writer).status().unwrap();
    let trace = fs::read_to_string(office.path().join("trace")).unwrap_or_default();
    let met = trace.contains("(INJECTED)") || killed && trace.contains("killed by SIGKILL");
    for file in writer.files {
        let now = fs::read_to_string(office.path().join(file)).ok();
        let kept = now.as_deref() == writer.before;
        assert!(
            kept || now.as_deref().is_some_and(|t| is_whole(file, t)),
            "{} {fault}: {file} is {now:?}",
            writer.name
        );
    }
    for entry in fs::read_dir(office.path()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(killed || !name.starts_with(".postlint-"), "{} {fault}: {name} is left behind", writer.name);
    }
    met
}

#[test]
#[ignore = "runs postlint a few hundred times: minutes"]
fn a_file_is_the_old_one_or_the_new_one_whatever_fails() {
    let first = &WRITERS[0];
    if !strace(office(first).path(), None, first).status().is_ok_and(|s| s.code() == Some(0)) {
        println!("skipped: strace not found, or not allowed");
        return;
    }
    let mut met = 0;
    for writer in WRITERS {
        for (call, fault) in CALLS.iter().flat_map(|call| FAULTS.iter().map(move |fault| (call, fault))) {
            // The n-th call of the run fails, until there are no more.
            met += (1..60).take_while(|n| survives(writer, &format!("{call}:{fault}:when={n}"))).count();
        }
    }
    println!("{met} faults were met and survived");
    assert!(met > 100, "{met}");
}

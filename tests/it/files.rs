//! Files as a stranger may leave them: links, loops, pipes, devices, names that are no text, folders that cannot be
//! written to. Each is told or left be; none hangs, and no file is ever half written.
#![cfg(unix)]

use crate::program::{self, PACK, ended, folder, postlint, said};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt, fs::PermissionsExt, fs::symlink, net::UnixListener},
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

const DRAFT: &str = "Fantastic news: the library  opens on Monday.\n";
fn command(folder: &Path, args: &[&str]) -> Command {
    let base = ["check", "--no-config", "--pack", "./house.toml", "--format", "concise"];
    program::command(folder, &[&base[..], args].concat())
}

/// Output and exit code; a run that hangs is no answer.
fn check(folder: &Path, args: &[&str]) -> (String, i32) {
    ended(command(folder, args), "")
}

fn office() -> TempDir {
    folder(&[("house.toml", PACK)])
}

/// Names in a folder, to see that nothing was left behind.
fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    all.sort();
    all
}

#[test]
fn pipes_sockets_and_devices_are_told_and_never_waited_for() {
    let office = office();
    let path = office.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/a.md"), DRAFT).unwrap();
    assert!(Command::new("mkfifo").arg(path.join("in/pipe.md")).status().unwrap().success());
    let _socket = UnixListener::bind(path.join("in/socket.md")).unwrap();
    for named in ["in/pipe.md", "in/socket.md", "/dev/zero", "/dev/null"] {
        let (text, code) = check(path, &[named]);
        assert!(code == 2 && text.contains("neither a file nor a folder"), "{named}: {text}");
    }
    let (text, code) = check(path, &["in"]);
    assert_eq!(code, 0, "{text}");
    let (text, _) = check(path, &["--files", "in"]);
    assert!(text.contains("# in/pipe.md: ") && text.contains("# in/socket.md: "), "{text}");
}

#[test]
fn files_of_other_programs_are_told_and_lock_files_left_out() {
    let office = office();
    let path = office.path();
    fs::create_dir(path.join("in")).unwrap();
    for (name, text) in [("a.md", DRAFT), ("~$b.docx", "x"), ("c.rtf", "{\\rtf1 \\b We}"), ("d.odt", "PK\u{3}")] {
        fs::write(path.join("in").join(name), text).unwrap();
    }
    let (text, code) = ended(program::command(path, &["check", "--no-config", "--pack", "./house.toml", "in"]), "");
    assert!(code == 0 && text.contains("2 files were left out that may hold drafts: see --files"), "{code} {text}");
    let (text, _) = check(path, &["--files", "in"]);
    assert!(
        text.contains("# in/~$b.docx: a program keeps it") && text.contains("# in/c.rtf: postlint cannot"),
        "{text}"
    );
    let (text, code) = check(path, &["in/c.rtf"]);
    assert!(code == 2 && text.contains("Rich Text Format"), "{text}");
}

#[test]
fn links_are_followed_where_they_are_named_and_loops_end() {
    let office = office();
    let path = office.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("real.md"), "We promise it.\n").unwrap();
    symlink("../in", path.join("in/loop")).unwrap();
    symlink("self.md", path.join("in/self.md")).unwrap();
    symlink("../real.md", path.join("in/out.md")).unwrap();
    symlink("gone.md", path.join("in/dead.md")).unwrap();
    let (text, code) = check(path, &["in"]);
    assert!(code == 2 && text.contains("there is no draft in the folder"), "{text}");
    let (text, code) = check(path, &["in/self.md", "in/dead.md"]);
    assert_eq!(code, 2, "{text}");
    let (text, code) = check(path, &["--fix", "in/out.md"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(fs::read_to_string(path.join("real.md")).unwrap(), "We aim it.\n");
    assert!(path.join("in/out.md").is_symlink(), "the link stays a link");
    assert_eq!(names(&path.join("in")), ["dead.md", "loop", "out.md", "self.md"]);
}

#[test]
fn a_name_that_is_no_text_is_checked_and_mended() {
    let office = office();
    let name = OsStr::from_bytes(b"caf\xe9\x1b[31m.md");
    fs::write(office.path().join(name), "We promise it.\n").unwrap();
    let (text, code) = check(office.path(), &["."]);
    assert!(code == 1 && !text.contains('\u{1b}'), "{text:?}");
    let mut fix = command(office.path(), &["--fix"]);
    fix.arg(name);
    assert_eq!(ended(fix, "").1, 0);
    assert_eq!(fs::read_to_string(office.path().join(name)).unwrap(), "We aim it.\n");
}

#[test]
fn a_path_of_great_length_is_told() {
    let office = office();
    let long = format!("{}.md", "a/".repeat(5000));
    let (text, code) = check(office.path(), &[&long]);
    assert_eq!(code, 2, "{}", &text[text.len() - 200..]);
}

#[test]
fn a_read_only_folder_keeps_its_file() {
    let office = office();
    let folder = office.path().join("in");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.md"), "We promise it.\n").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let probe = fs::write(folder.join("probe"), "").is_ok();
    let (text, code) = check(office.path(), &["--fix", "in/a.md"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    // Root may write anywhere, so that there is nothing to see.
    if !probe {
        assert!(code == 2 && text.contains("could not be mended"), "{text}");
        assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), "We promise it.\n");
        assert_eq!(names(&folder), ["a.md"]);
    }
}

#[test]
fn permissions_stay_and_no_file_is_left_behind() {
    let office = office();
    let path = office.path().join("a.md");
    fs::write(&path, "We promise it.\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(check(office.path(), &["--fix", "a.md"]).1, 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(names(office.path()), ["a.md", "house.toml"]);
}

#[test]
fn two_runs_that_mend_one_file_leave_it_whole() {
    let office = office();
    let path = office.path().join("a.md");
    let before = "We promise it. The bins are out.\n".repeat(200);
    let after = before.replace("We promise", "We aim");
    for _ in 0..4 {
        fs::write(&path, &before).unwrap();
        let runs: Vec<_> = (0..4).map(|_| command(office.path(), &["--fix", "a.md"]).spawn().unwrap()).collect();
        for run in runs {
            let (text, code) = said(&run.wait_with_output().unwrap());
            assert!(code == 0 || code == 2, "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), after, "every run leaves the new file, whole");
        }
    }
    assert_eq!(names(office.path()), ["a.md", "house.toml"]);
}

#[test]
fn a_run_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let office = office();
    let path = office.path().join("a.md");
    let before = "We promise it. The bins are out.\n".repeat(400);
    let after = before.replace("We promise", "We aim");
    let mut whole = 0;
    for delay in (0..40).map(|n| n * 15) {
        fs::write(&path, &before).unwrap();
        let mut run = command(office.path(), &["--fix", "a.md"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let _ = run.kill();
        let _ = run.wait_with_output();
        let now = fs::read_to_string(&path).unwrap();
        assert!(now == before || now == after, "after {delay} ms the file is {} bytes", now.len());
        whole += usize::from(now == after);
    }
    println!("40 runs were killed, {whole} of them after the file was mended");
}

/// A run that was killed leaves its new file beside the old one; it is taken away by the next run that writes there, and
/// nothing else is.
#[test]
fn what_a_killed_run_has_left_is_taken_away() {
    let office = office();
    let path = office.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/a.md"), "We promise it.\n").unwrap();
    let old = SystemTime::now() - Duration::from_secs(3600);
    let leave = |name: &str, when: SystemTime| {
        let file = fs::File::create(path.join("in").join(name)).unwrap();
        file.set_modified(when).unwrap();
        file
    };
    drop(leave(".postlint-writing-Killed", old));
    drop(leave(".postlint-writing-Fresh1", SystemTime::now()));
    let own = [".postlint-baseline.json", ".postlint-backup", ".postlint-writing-list.md", ".postlint.toml"];
    for name in &own {
        leave(name, old);
    }
    let held = leave(".postlint-writing-Held22", old);
    held.lock().unwrap();
    fs::create_dir(path.join("in/.postlint-writing-Folder")).unwrap();
    symlink("a.md", path.join("in/.postlint-writing-Link22")).unwrap();
    symlink("in/a.md", path.join("link.md")).unwrap();
    check(path, &["in/a.md"]);
    check(path, &["--diff", "in/a.md"]);
    assert!(path.join("in/.postlint-writing-Killed").exists(), "a run that writes nothing takes nothing away");
    assert_eq!(check(path, &["--fix", "link.md"]).1, 0);
    let ours = ["Folder", "Fresh1", "Held22", "Link22"].map(|random| format!(".postlint-writing-{random}"));
    let mut stay: Vec<&str> = ours.iter().map(String::as_str).chain(own).chain(["a.md"]).collect();
    stay.sort_unstable();
    assert_eq!(names(&path.join("in")), stay);
    drop(held);
    check(path, &["--output=in/new.txt", "in/a.md"]);
    assert!(!path.join("in/.postlint-writing-Held22").exists(), "any run that writes there takes it away");
}

/// A text under two names would be two texts after its place is taken.
#[test]
fn a_file_with_two_names_is_refused() {
    let office = office();
    let path = office.path();
    fs::write(path.join("a.md"), "We promise it.\n").unwrap();
    fs::hard_link(path.join("a.md"), path.join("b.md")).unwrap();
    let (text, code) = check(path, &["--fix", "a.md"]);
    assert!(code == 2 && text.contains("make it a file of its own first"), "{text}");
    assert_eq!(fs::read_to_string(path.join("b.md")).unwrap(), "We promise it.\n");
    fs::remove_file(path.join("b.md")).unwrap();
    assert_eq!(check(path, &["--fix", "a.md"]).1, 0);
}

/// Only root can see it: others own what they write, and cannot give it away.
#[test]
fn a_mended_file_keeps_its_owner() {
    let office = office();
    let path = office.path().join("a.md");
    fs::write(&path, "We promise it.\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    if std::os::unix::fs::chown(&path, Some(1000), Some(1001)).is_err() {
        return;
    }
    assert_eq!(check(office.path(), &["--fix", "a.md"]).1, 0);
    let there = fs::metadata(&path).unwrap();
    assert_eq!((there.uid(), there.gid(), there.mode() & 0o777), (1000, 1001, 0o640));
}

/// A model is as long in the learning as it is soon written: the old one stays where the new one cannot be.
#[test]
fn a_model_is_the_old_one_or_the_new_one() {
    let office = office();
    let path = office.path();
    let bad: String = [("confidential", "the tenant"), ("reputation", "a shambles"), ("opinion", "in my view")]
        .iter()
        .flat_map(|(category, quote)| (0..20).map(move |n| (category, quote, n)))
        .map(|(category, quote, n)| {
            let violations = format!(r#"[{{"category": "{category}", "quote": "{quote}"}}]"#);
            format!("{{\"text\": \"Bin {n}, {quote}.\", \"violations\": {violations}}}\n")
        })
        .collect();
    let good: String =
        (0..60).map(|n| format!("{{\"id\": \"{n}\", \"text\": \"The bins are out on Monday {n}.\"}}\n")).collect();
    for (name, text) in [("one.jsonl", &(bad.clone() + &good)), ("two.jsonl", &(bad + &good)), ("clean.jsonl", &good)] {
        fs::write(path.join(name), text).unwrap();
    }
    fs::write(path.join("model.bin"), "old").unwrap();
    let program = assert_cmd::cargo::cargo_bin("postlint");
    let learn = "learn one.jsonl two.jsonl --clean clean.jsonl --output model.bin";
    for (script, whole) in
        [(format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {learn}"), false), (format!("exec \"$0\" {learn}"), true)]
    {
        let output = Command::new("sh").current_dir(path).arg("-c").arg(script).arg(&program).output().unwrap();
        let (text, code) = said(&output);
        assert_eq!(code == 0, whole, "{text}");
        assert_eq!(fs::read(path.join("model.bin")).unwrap() == b"old", !whole, "{text}");
    }
    assert_eq!(names(path), ["clean.jsonl", "house.toml", "model.bin", "one.jsonl", "two.jsonl"]);
}

#[test]
fn files_that_vanish_or_change_do_not_stop_a_run() {
    let office = office();
    let folder = office.path().join("in");
    fs::create_dir(&folder).unwrap();
    for n in 0..60 {
        fs::write(folder.join(format!("{n}.md")), "We promise it.\n").unwrap();
    }
    let run = command(office.path(), &["in"]).spawn().unwrap();
    for n in 0..60 {
        let _ = fs::remove_file(folder.join(format!("{n}.md")));
    }
    let (text, code) = said(&run.wait_with_output().unwrap());
    assert!(code == 1 || code == 2, "{code}: {text}");
}

#[test]
fn values_are_not_shown_in_a_ci_job_unless_forced() {
    let office = office();
    fs::write(office.path().join("a.md"), "We promise it.\n").unwrap();
    for (ci, how, code) in [
        ("true", "--show-values", 2),
        ("true", "--show-values=force", 1),
        ("", "--show-values", 1),
        ("false", "--show-values", 1),
    ] {
        let mut command = command(office.path(), &[how, "a.md"]);
        command.env("CI", ci);
        let (text, got) = ended(command, "");
        assert_eq!(got, code, "CI={ci} {how}: {text}");
    }
}

#[test]
fn a_pack_from_outside_the_folder_of_the_settings_is_announced() {
    let office = office();
    fs::create_dir(office.path().join("repo")).unwrap();
    let pack = office.path().join("house.toml");
    let settings = format!("[packs]\nuse = []\npaths = [\"{}\"]\n", pack.display());
    fs::write(office.path().join("repo/postlint.toml"), settings).unwrap();
    fs::write(office.path().join("repo/a.md"), "We promise it.\n").unwrap();
    let (text, _) = postlint(&office.path().join("repo"), &["check", "a.md"]);
    assert!(text.contains("outside their folder") || text.contains("postlint::settings"), "{text}");
}

#[test]
fn a_folder_that_may_not_be_read_is_told_once() {
    let office = office();
    let locked = office.path().join("in/locked");
    fs::create_dir_all(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything: then there is nothing to see here.
    if fs::read_dir(&locked).is_err() {
        for named in ["in", "in/locked"] {
            let (text, code) = postlint(office.path(), &["check", "--pack", "./house.toml", named]);
            assert_eq!(text.lines().next().unwrap(), "Not checked: in/locked: it may not be read: permission denied");
            assert!(text.contains("1 file could not be checked.") && !text.contains("no draft") && code == 2, "{text}");
        }
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
}

//! `postlint check --interactive`, in a real terminal: a pseudo-terminal whose other end is this test.
#![cfg(unix)]

use crate::{
    office::docx,
    program::{self, PACK, folder, postlint},
};
use postlint::{
    decode::{self, Options},
    model::document::SourceFile,
};
use rustix::{
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
    process::{Child, Command},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

/// Longer than the program ever thinks.
const PATIENCE: Duration = Duration::from_secs(60);
const CHOICE: &str = "Your choice: ";

/// A terminal of 80 columns with a program in it.
struct Terminal {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    /// How much of `bytes` an answer has been given to.
    seen: usize,
}

impl Terminal {
    fn open(folder: &Path, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let base = ["check", "--interactive", "--pack", "./house.toml"];
        let mut command = program::command(folder, &[&base[..], args].concat());
        command.envs(environment.iter().copied());
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        let here = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&here).unwrap();
        unlockpt(&here).unwrap();
        let there = ptsname(&here, Vec::new()).unwrap();
        let there = rustix::fs::open(there, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        tcsetwinsize(&there, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        command.stdin(there.try_clone().unwrap()).stdout(there.try_clone().unwrap()).stderr(there);
        let child = command.spawn().unwrap();
        // The command holds the program's end open, which would hide that the program has ended.
        drop(command);
        let keys = File::from(here);
        let (mut reader, (sender, screen)) = (keys.try_clone().unwrap(), channel());
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, screen, bytes: Vec::new(), seen: 0 }
    }

    /// Waits for `prompt` and types `line`; gives what was written before.
    fn answer(&mut self, prompt: &str, line: &str) -> String {
        let said = loop {
            let new = String::from_utf8_lossy(&self.bytes[self.seen..]).into_owned();
            if new.ends_with(prompt) {
                break new;
            }
            let piece = self.screen.recv_timeout(PATIENCE);
            self.bytes.extend(piece.unwrap_or_else(|e| panic!("{e}: no {prompt:?} in {new}")));
        };
        self.seen = self.bytes.len();
        writeln!(self.keys, "{line}").unwrap();
        said
    }

    /// Everything that was ever on the screen, and the exit code.
    fn end(mut self) -> (String, i32) {
        while let Ok(piece) = self.screen.recv_timeout(PATIENCE) {
            self.bytes.extend(piece);
        }
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        (String::from_utf8(self.bytes).unwrap().replace("\r\n", "\n"), code)
    }
}

/// Types `keys` into a terminal with `command` in it, whatever it asks, and waits for its end.
pub(crate) fn typed(command: Command, keys: &str) {
    let mut terminal = Terminal::start(command);
    terminal.keys.write_all(keys.as_bytes()).unwrap();
    terminal.end();
}

/// Answers each prompt in turn; gives the whole screen and the exit code.
fn talk(folder: &Path, args: &[&str], answers: &[(&str, &str)]) -> (String, i32) {
    let mut terminal = Terminal::open(folder, args, &[("NO_COLOR", "1")]);
    for (prompt, line) in answers {
        terminal.answer(prompt, line);
    }
    terminal.end()
}

const UGLY: &str = "---\nchannel: x\n---\nGosh, it rains. We promise it stops.\n\nThe side door code is 4417.\n";

#[test]
fn findings_are_gone_through_one_by_one() {
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY), ("b.txt", "We promise more.\n")]);
    let answers =
        [(CHOICE, "1"), (CHOICE, "w"), (CHOICE, "1"), (CHOICE, "z"), (CHOICE, "o"), ("> ", "is locked"), (CHOICE, "")];
    let (screen, code) = talk(office.path(), &["a.md", "b.txt"], &answers);
    assert_eq!(code, 1, "one finding was skipped");
    assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
    let mended = UGLY.replace("Gosh, it rains. We promise", "It rains. We aim");
    let mended = mended.replace("The side door code is 4417", "The side door is locked");
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), mended);
    assert_eq!(fs::read_to_string(office.path().join("b.txt")).unwrap(), "We promise more.\n");
    insta::assert_snapshot!(screen);
}

#[test]
fn what_is_let_through_is_noted_in_the_draft() {
    let office = folder(&[
        ("house.toml", PACK),
        ("a.md", "One.\n\nWe promise it.\n"),
        ("q.json", "[{\"text\": \"We promise\"}]\n"),
    ]);
    let answers =
        [(CHOICE, "l"), ("> ", ""), (CHOICE, "l"), ("> ", "Cabinet, 3 June"), (CHOICE, "L"), ("> ", "the same")];
    let (screen, code) = talk(office.path(), &["a.md", "q.json"], &answers);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("Noted in the draft, where it is not published."), "{screen}");
    let draft = fs::read_to_string(office.path().join("a.md")).unwrap();
    assert_eq!(draft, "One.\n\n<!-- postlint-ignore house/promise: Cabinet, 3 June -->\n\nWe promise it.\n");
    let queue = fs::read_to_string(office.path().join("q.json")).unwrap();
    assert_eq!(queue, "[{\"postlint-ignore\": \"house/promise: the same\", \"text\": \"We promise\"}]\n");
    assert_eq!(postlint(office.path(), &["check", "--pack", "./house.toml", "a.md", "q.json"]).1, 0);
}

#[test]
fn a_draft_without_a_place_for_it_is_let_through_in_the_settings() {
    let settings = "[packs]\nuse = []\npaths = [\"house.toml\"]";
    let office =
        folder(&[("house.toml", PACK), ("postlint.toml", settings), ("in/a [1].txt", "We promise it. We promise.\n")]);
    let no = [(CHOICE, "l"), ("> ", "Cabinet"), ("y or n: ", "n"), (CHOICE, "q")];
    talk(office.path(), &["in"], &no);
    assert_eq!(fs::read_to_string(office.path().join("postlint.toml")).unwrap(), settings);
    let yes = [(CHOICE, "l"), ("> ", "Cabinet"), ("y or n: ", "y")];
    let (screen, code) = talk(office.path(), &["in"], &yes);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("Wrote") && screen.contains("let through 1"), "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("in/a [1].txt")).unwrap(), "We promise it. We promise.\n");
    let written = fs::read_to_string(office.path().join("postlint.toml")).unwrap();
    let block =
        "[[suppress]]\npaths = [\"/in/a\\\\ \\\\[1\\\\].txt\"]\nrules = [\"house/promise\"]\nreason = \"Cabinet\"\n";
    assert_eq!(written, format!("{settings}\n\n{block}"));
    assert_eq!(postlint(office.path(), &["check", "in"]).1, 0);
}

#[test]
fn without_settings_there_is_nowhere_to_let_plain_text_through() {
    let office = folder(&[("house.toml", PACK), ("a.txt", "We promise it.\n")]);
    let (screen, code) =
        talk(office.path(), &["--no-config", "a.txt"], &[(CHOICE, "l"), ("> ", "Cabinet"), (CHOICE, "q")]);
    assert!(code == 1 && screen.contains("no settings that could hold it"), "{screen}");
    assert!(!office.path().join("postlint.toml").exists());
}

#[test]
fn all_that_a_rule_finds_in_a_file_is_skipped_at_once() {
    let promises = "We promise one.\n\nGosh.\n\nWe promise two.\n";
    let office = folder(&[("house.toml", PACK), ("a.md", promises), ("b.md", "We promise three.\n")]);
    let answers = [(CHOICE, "a"), (CHOICE, "b"), (CHOICE, "a"), (CHOICE, "s"), (CHOICE, "a"), (CHOICE, "1")];
    let (screen, _) = talk(office.path(), &["a.md", "b.md"], &answers);
    assert!(screen.contains("a  skip all 2 that this rule finds in this file"), "{screen}");
    assert!(screen.contains("Finding 3 of 4") && screen.contains("Finding 4 of 4"), "{screen}");
    assert_eq!(screen.matches("That is none of the choices").count(), 1, "one finding alone has no `a`: {screen}");
    assert!(screen.contains("Mended 1, let through 0, skipped 3."), "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("b.md")).unwrap(), "We aim three.\n");
}

#[test]
fn back_takes_a_decision_back() {
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY)]);
    let answers = [(CHOICE, "1"), (CHOICE, "b"), (CHOICE, "s"), (CHOICE, "1"), (CHOICE, "s")];
    let (screen, _) = talk(office.path(), &["a.md"], &answers);
    assert_eq!(
        fs::read_to_string(office.path().join("a.md")).unwrap(),
        UGLY.replace("We promise", "We aim"),
        "{screen}"
    );
    assert!(screen.contains("Mended 1, let through 0, skipped 2."), "{screen}");
}

#[test]
fn who_stops_keeps_what_was_decided() {
    for stop in ["q", "\u{4}"] {
        let office = folder(&[("house.toml", PACK), ("a.md", UGLY), ("b.md", UGLY)]);
        let (screen, code) = talk(office.path(), &["a.md", "b.md"], &[(CHOICE, "1"), (CHOICE, stop)]);
        assert_eq!(code, 1, "{screen}");
        assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), UGLY.replace("Gosh, it", "It"), "{screen}");
        assert_eq!(fs::read_to_string(office.path().join("b.md")).unwrap(), UGLY, "{screen}");
    }
}

#[test]
fn a_masked_value_stays_masked_also_when_the_draft_has_changed() {
    let draft = "Gosh, the code is 4417. We promise: 4417 it stays.\n";
    let office = folder(&[("house.toml", PACK), ("a.md", draft)]);
    let answers = [(CHOICE, "1"), (CHOICE, "w"), (CHOICE, "o"), ("> ", "code is secret"), (CHOICE, "1")];
    let (screen, code) = talk(office.path(), &["a.md"], &answers);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("••••") && !screen.contains("4417"), "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), "The code is secret. We aim: 4417 it stays.\n");
}

#[test]
fn a_fix_that_cannot_be_written_says_why() {
    let mail = "Subject: Bins\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nV2UgcHJvbWlzZSBpdC4K\n";
    let office = folder(&[("house.toml", PACK), ("a.eml", mail)]);
    let (screen, _) = talk(office.path(), &["a.eml"], &[(CHOICE, "1"), (CHOICE, "o"), (CHOICE, "s")]);
    assert_eq!(screen.matches("That is none of the choices").count(), 2, "{screen}");
    assert!(screen.contains("cannot be changed here: the e-mail is encoded"), "{screen}");
    assert!(screen.contains("“We promise i” is a promise") || screen.contains("“We promise” is a promise"), "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("a.eml")).unwrap(), mail);
}

#[test]
fn a_word_file_is_mended_unless_the_words_are_formatted_differently() {
    let office = folder(&[("house.toml", PACK)]);
    let run = |text: &str, format| (text.to_owned(), format);
    let paragraphs = [vec![run("We pro", 0), run("mise it.", 1)], vec![run("We promise more.", 0)]];
    let path = office.path().join("a.docx");
    fs::write(&path, docx(&paragraphs)).unwrap();
    let (screen, code) = talk(office.path(), &["a.docx"], &[(CHOICE, "1"), (CHOICE, "s"), (CHOICE, "1")]);
    assert!(code == 1 && screen.contains("cannot be written here, it reaches over\n     words"), "{screen}");
    let after = decode::read(&SourceFile { bytes: fs::read(&path).unwrap(), path }, &Options::default()).unwrap();
    let texts: Vec<&str> = after.posts.iter().flat_map(|p| &p.segments).map(|s| s.text.as_str()).collect();
    assert_eq!(texts, ["We promise it.", "We aim more."]);
}

#[test]
fn words_are_deleted_with_what_only_they_needed() {
    let office = folder(&[("house.toml", PACK), ("a.md", "It is open, code 4417, we promise.\n")]);
    let (screen, code) = talk(office.path(), &["a.md"], &[(CHOICE, "d"), (CHOICE, "d")]);
    assert_eq!(code, 0, "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), "It is open.\n");
    fs::write(office.path().join("a.md"), "Gosh, it rains.\n").unwrap();
    let (screen, _) = talk(office.path(), &["a.md"], &[(CHOICE, "q")]);
    assert!(!screen.contains("  d  "), "the fix deletes them: {screen}");
}

#[test]
fn one_of_several_suggestions_is_chosen() {
    let pack = PACK.replace("replace = \"we aim\"", "replace = [\"we aim\", \"we hope\"]");
    let office = folder(&[("house.toml", &pack), ("a.md", "We promise it.\n")]);
    let (screen, code) = talk(office.path(), &["a.md"], &[(CHOICE, "2")]);
    assert_eq!(code, 0, "{screen}");
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), "We hope it.\n");
}

#[test]
fn keys_that_are_no_text_are_asked_for_again() {
    let office = folder(&[("house.toml", PACK), ("a.md", "We promise it.\n")]);
    let answers = [(CHOICE, "o"), ("> ", "\u{1b}[D\u{1b}[Dwe hope"), ("> ", "We hope for")];
    let (screen, _) = talk(office.path(), &["a.md"], &answers);
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), "We hope for it.\n", "{screen}");
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let office = folder(&[("house.toml", PACK), ("a.md", "We promise it.\n")]);
    let mut terminal = Terminal::open(office.path(), &["a.md"], &[("NO_COLOR", "1")]);
    let path = office.path().join("a.md");
    let said = terminal.answer(CHOICE, "w");
    assert!(said.contains("Finding 1 of 1"), "{said}");
    fs::write(&path, "We promise another.\n").unwrap();
    terminal.answer(CHOICE, "1");
    let (screen, code) = terminal.end();
    assert!(code == 2 && screen.contains("changed while it was checked"), "{screen}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "We promise another.\n");
}

#[test]
fn the_baseline_and_the_formats_hold_here_too() {
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY)]);
    let base = ["check", "--pack", "./house.toml", "--baseline", "b.json", "--write-baseline", "a.md"];
    postlint(office.path(), &base);
    fs::write(office.path().join("a.md"), format!("{UGLY}\nWe promise.\n")).unwrap();
    let args = ["--baseline", "b.json", "--format", "json=out.json", "a.md"];
    let (screen, code) = talk(office.path(), &args, &[(CHOICE, "s")]);
    assert!(code == 1 && screen.contains("Finding 1 of 1"), "{screen}");
    let report = fs::read_to_string(office.path().join("out.json")).unwrap();
    assert_eq!(report.matches("\"rule\": \"house/").count(), 1, "{report}");
}

#[test]
fn colours_are_for_terminals_that_have_them() {
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY)]);
    for (environment, coloured) in [(("TERM", "xterm"), true), (("NO_COLOR", "1"), false), (("TERM", "dumb"), false)] {
        let mut terminal = Terminal::open(office.path(), &["a.md"], &[environment]);
        let said = terminal.answer(CHOICE, "q");
        assert_eq!(said.contains("\u{1b}["), coloured, "{environment:?}: {said}");
        terminal.end();
    }
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let office = folder(&[("house.toml", PACK), ("a.md", UGLY)]);
    let (text, code) = postlint(office.path(), &["check", "--interactive", "--pack", "./house.toml", "a.md"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(text, @"
    error: --interactive asks questions, and there is no terminal to ask them in
      run it in a terminal window, without a pipe; --fix and --diff need none
    ");
}

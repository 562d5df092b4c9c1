//! `postlint check --interactive`: the findings one by one, each with what can be done about it.
//!
//! It reads lines, not single keys, so that it works with a screen reader and in every terminal. A file is written once,
//! when its last finding is decided or the user stops, and then as a whole or not at all.

mod dialogue;
mod sitting;

use super::{Failure, Terminal, args::CheckArgs, session::Session};
use crate::{
    engine::{Linter, baseline::Baseline, fix, walk, whole},
    model::{
        document::SourceFile,
        fault::clean,
        finding::{FileReport, Report, Skipped},
    },
    report::Style,
    settings,
};
use dialogue::{Dialogue, Ended, Move};
use sitting::Sitting;
use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

/// Without a terminal there is nobody to ask.
pub(super) fn needs_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        return Ok(());
    }
    let help = "run it in a terminal window, without a pipe; --fix and --diff need none";
    Err(Failure::usage("--interactive asks questions, and there is no terminal to ask them in", help))
}

/// What was decided in all files.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    mended: usize,
    excused: usize,
    skipped: usize,
}

/// Goes through the findings in `files`, writes what was decided, and gives the report of what is left.
pub(super) fn run(
    args: &CheckArgs,
    session: &Session,
    linter: &Linter,
    files: &[PathBuf],
    baseline: Option<&Baseline>,
) -> Result<Report, Failure> {
    whole::tidy(files.iter().map(PathBuf::as_path));
    let (stdin, stdout) = (io::stdin(), io::stdout());
    let terminal = Terminal::of(&stdout);
    let style = Style {
        color: terminal.color,
        width: terminal.width,
        show_values: args.show_values.is_some(),
        show_suppressed: false,
    };
    let check = |file: &SourceFile| {
        let mut report = Report { files: vec![linter.lint(file).map_err(|e| e.to_string())?], ..Report::default() };
        if let Some(baseline) = baseline {
            baseline.apply(&mut report);
        }
        report.files.pop().ok_or_else(String::new)
    };
    let sittings = files.iter().filter_map(|path| sit(path, linter, &check)).filter(|s| s.left() > 0);
    let mut sittings: Vec<Sitting> = sittings.collect();
    let total = sittings.iter().map(Sitting::left).sum();
    let mut dialogue = Dialogue::new(linter, &check, style, total, Box::new(stdin.lock()), Box::new(stdout.lock()));
    dialogue.settings = (!args.rules.no_config).then(|| settings_path(session));
    let (mut tally, mut failed, mut notes) = (Tally::default(), Vec::new(), Vec::new());
    let mut changed = false;
    for start in sittings.drain(..) {
        let (end, ended) = dialogue.file(&start, &session.settings)?;
        let path = start.file.path.clone();
        match keep(&start.file, &end, session) {
            Ok(told) => {
                changed |= !end.blocks.is_empty();
                tally.add(end.tally);
                notes.extend(told);
            }
            Err(reason) => {
                let reason = format!("what was decided could not be written: {reason}");
                failed.push(Skipped { path, reason, help: None });
            }
        }
        if ended == Ended::Stopped {
            break;
        }
    }
    drop(dialogue);
    let mut report = left(args, linter, files, changed)?;
    report.skipped.extend(failed);
    report.notes.append(&mut notes);
    report.notes.push(tally.told());
    writeln!(io::stdout().lock())?;
    Ok(report)
}

/// A file with its findings; nothing where it cannot be read, which the report of what is left will say.
fn sit(path: &Path, linter: &Linter, check: &dyn Fn(&SourceFile) -> Result<FileReport, String>) -> Option<Sitting> {
    let file = walk::read(path, linter.options().decode.limits.bytes).ok()?;
    let report = check(&file).ok()?;
    Some(Sitting::new(file, report))
}

/// Checks `files` as they are now, with the settings as they are now.
fn left(args: &CheckArgs, linter: &Linter, files: &[PathBuf], changed: bool) -> Result<Report, Failure> {
    if !changed {
        return Ok(linter.run(files));
    }
    let session = Session::open(&args.rules, true)?;
    Ok(session.linter(&args.rules, &args.drafts)?.run(files))
}

/// Writes what was decided about a file: suppressions into the settings, the rest into the file. Says what was written.
fn keep(before: &SourceFile, end: &Sitting, session: &Session) -> Result<Vec<String>, String> {
    let mut told = Vec::new();
    if !end.blocks.is_empty() {
        let path = settings_path(session);
        let blocks: Vec<&str> = end.blocks.iter().map(|(_, block)| block.as_str()).collect();
        add_to_settings(&path, &blocks.join("\n"))?;
        told.push(format!("Wrote {}.", path.display()));
    }
    if before.bytes != end.file.bytes {
        fix::replace(before, &end.file.bytes)?;
        told.push(format!("Wrote {}.", before.path.display()));
    }
    Ok(told)
}

fn settings_path(session: &Session) -> PathBuf {
    let named = session.settings.file.as_ref().map(|file| PathBuf::from(&file.name));
    named.unwrap_or_else(|| PathBuf::from(settings::FILE_NAME))
}

/// Puts blocks at the end of the settings file, which is made if there is none.
fn add_to_settings(path: &Path, blocks: &str) -> Result<(), String> {
    let told = |what: String| format!("{}: {what}", path.display());
    if !path.exists() {
        return whole::write(path, blocks.as_bytes()).map_err(|e| told(walk::reason(&e)));
    }
    let bytes = fs::read(path).map_err(|e| told(walk::reason(&e)))?;
    let text = String::from_utf8_lossy(&bytes);
    let gap = if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    let text = format!("{text}{gap}{blocks}");
    settings::parse(&path.to_string_lossy(), &text)
        .map_err(|_| told("it has changed and has faults now".to_owned()))?;
    fix::replace(&SourceFile { path: path.to_owned(), bytes }, text.as_bytes()).map_err(told)
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.mended += other.mended;
        self.excused += other.excused;
        self.skipped += other.skipped;
    }

    fn count(&mut self, what: Move) {
        match what {
            Move::Mended => self.mended += 1,
            Move::Excused => self.excused += 1,
            Move::Skipped => self.skipped += 1,
        }
    }

    fn told(self) -> String {
        clean(&format!("Mended {}, let through {}, skipped {}.", self.mended, self.excused, self.skipped))
    }
}

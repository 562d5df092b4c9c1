//! `postlint check`.

use super::{
    FAILED, FOUND, Failure, Terminal,
    args::{CheckArgs, FailOnArg, OutputArg},
    asked, fix, git, interactive, progress,
    session::{Session, may_show, some_rule_runs, strange_reads, takes_in_all, text_path, use_threads},
    timings::{Clock, Ends},
};
use crate::{
    engine::{Linter, baseline::Baseline, walk, whole},
    model::{
        document::{Meta, SourceFile},
        fault::clean,
        finding::Report,
        rule::Severity,
    },
    report::{self, Reporter, Style},
    settings::FailOn,
};
use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    asked::check(args)?;
    use_threads(args.threads);
    if args.interactive {
        interactive::needs_terminal()?;
    }
    may_show(args.show_values)?;
    let mut clock = Clock::new();
    let session = Session::open(&args.rules, true)?;
    let opened = clock.lap();
    let linter = session.linter(&args.rules, &args.drafts)?;
    let linter = if args.timings { linter.timed() } else { linter };
    let compile = clock.lap();
    let mut report = collect(args, &session, &linter)?;
    some_rule_runs(&linter, report.files.iter().map(|file| file.path.as_path()))?;
    clock.lap();
    if args.files {
        return Ok(if report.skipped.is_empty() { 0 } else { FAILED });
    }
    report.notes.extend(strange_reads(&session.settings));
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    if is_whole(args, &session, &report) {
        report.notes.extend(linter.unused_suppressions(&report));
    }
    if let Some(path) = &args.baseline {
        use_baseline(path, args.write_baseline, &mut report)?;
    }
    write(args, &report)?;
    let settings = session.settled;
    let ends = Ends { settings, packs: opened.saturating_sub(settings), compile, report: clock.lap() };
    if let Some(table) = clock.table(&ends, &linter) {
        io::stderr().lock().write_all(table.as_bytes())?;
    }
    let code = exit_code(&report, fail_on(args, &session));
    // The process ends here: taking rules and report apart first would be a tenth of a short run.
    std::mem::forget((session, linter, report));
    Ok(code)
}

/// Whether the report says of all drafts that the settings hold for what would be found in them without more ado: neither
/// the drafts nor the rules were narrowed, none is mended, none could not be read.
fn is_whole(args: &CheckArgs, session: &Session, report: &Report) -> bool {
    let (rules, drafts) = (&args.rules, &args.drafts);
    let all_rules = rules.pack.is_empty() && rules.rule.is_empty() && rules.min_confidence.is_none();
    let as_they_are =
        drafts.channel.is_empty() && drafts.account.is_none() && drafts.at.is_none() && drafts.mode.is_none();
    let a_check = !(args.staged || args.since.is_some() || args.text.is_some() || args.fix || args.interactive);
    let all = all_rules && as_they_are && a_check && report.skipped.is_empty();
    all && !session.settings.suppress.is_empty() && takes_in_all(&args.paths, &session.settings)
}

/// Suppresses what the baseline at `path` knows, or writes it anew.
fn use_baseline(path: &Path, write: bool, report: &mut Report) -> Result<(), Failure> {
    if write {
        let salt = format!("{:x}", rand_salt());
        let baseline = Baseline::of(report, salt);
        let text = serde_json::to_string_pretty(&baseline).map_err(io::Error::from)?;
        report.notes.push(format!("Wrote a baseline of {} entries to {}.", baseline.entries.len(), path.display()));
        baseline.apply(report);
        return write_whole(path, format!("{text}\n").as_bytes());
    }
    let stale = read_baseline(path)?.apply(report);
    report.notes.extend(
        stale
            .iter()
            .map(|e| format!("The baseline knows {} in {}, which is no longer there: write it anew.", e.rule, e.path)),
    );
    Ok(())
}

fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    let told = |why: String| {
        let help = "make one with --baseline FILE --write-baseline";
        Failure::usage(format!("the baseline {}: {why}", path.display()), help)
    };
    let text = fs::read_to_string(path).map_err(|e| told(walk::reason(&e)))?;
    serde_json::from_str(&text)
        .map_err(|e| told(format!("it is none, from line {}, column {} on", e.line(), e.column())))
}

/// Random bits from the seeds that the standard library takes from the system for its hash maps.
fn rand_salt() -> u64 {
    std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id())
}

/// Checks everything that was named.
fn collect(args: &CheckArgs, session: &Session, linter: &Linter) -> Result<Report, Failure> {
    let change = if args.staged { Some(git::Change::Staged) } else { args.since.as_deref().map(git::Change::Since) };
    if let Some(change) = change {
        let named = git::Named::new(&args.paths)?;
        return git::run(change, linter, &session.settings, |path| walk::is_draft(path) && named.holds(path));
    }
    if let Some(text) = &args.text {
        let mut report = linter.report();
        report.files.push(linter.lint_text(&text_path().to_string_lossy(), text, Meta::default()));
        report.texts.push(text_path().to_owned());
        return Ok(report);
    }
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = args.paths.iter().partition(|p| p.as_os_str() == "-");
    if args.interactive && !stdin.is_empty() {
        return Err(Failure::usage("--interactive cannot mend standard input", "name a file or a folder"));
    }
    let paths: Vec<PathBuf> = paths.into_iter().cloned().collect();
    let mut found = walk::walk(&paths, &session.settings);
    if args.files {
        found.tell_unseen();
        list_files(&found)?;
        return Ok(Report { skipped: found.skipped, ..Report::default() });
    }
    let mut report = if args.interactive {
        let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
        interactive::run(args, session, linter, &found.files, baseline.as_ref())?
    } else if args.fix || args.diff {
        fix::run(args, linter, &found.files)?
    } else {
        progress::run(linter, &found.files)?
    };
    report.skipped.extend(found.skipped);
    report.notes.extend(unread(found.unread));
    if !stdin.is_empty() {
        lint_stdin(args, linter, &mut report)?;
    }
    if report.files.is_empty() && report.skipped.is_empty() {
        // Hooks pass whatever was committed, so this is no failure; but it is told.
        let note = "Every named file is excluded by the settings, so nothing was checked.";
        report.notes.push(note.to_owned());
        writeln!(io::stderr().lock(), "postlint: {note}")?;
    }
    Ok(report)
}

/// What to say about files in folders that postlint cannot read.
fn unread(files: usize) -> Option<String> {
    match files {
        0 => None,
        1 => Some("1 file was left out that may hold a draft: see --files".to_owned()),
        n => Some(format!("{n} files were left out that may hold drafts: see --files")),
    }
}

fn lint_stdin(args: &CheckArgs, linter: &Linter, report: &mut Report) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let limit = linter.options().decode.limits.bytes as u64;
    io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    let path = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
    match linter.lint(&SourceFile { path: path.clone(), bytes }) {
        Ok(file) => {
            linter.collect(file, report);
            report.texts.push(path);
        }
        Err(error) => report.skipped.push(error.skipped(&path)),
    }
    Ok(())
}

fn list_files(found: &walk::Walk) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for path in &found.files {
        writeln!(out, "{}", clean(&path.display().to_string()))?;
    }
    for (path, reason) in &found.left_out {
        writeln!(out, "# {}: {reason}", clean(&path.display().to_string()))?;
    }
    for skipped in &found.skipped {
        writeln!(out, "# {}: {}", clean(&skipped.path.display().to_string()), clean(&skipped.reason))?;
    }
    Ok(())
}

/// Writes the report in every format that was asked for.
fn write(args: &CheckArgs, report: &Report) -> Result<(), Failure> {
    if args.interactive && args.format.is_empty() && args.output.is_none() {
        // The findings have just been shown, one by one.
        return Ok(report::human::summary(report, &Style::default(), &mut io::stdout().lock())?);
    }
    let chosen = if args.format.is_empty() { vec![default_output()] } else { args.format.clone() };
    if chosen.iter().filter(|o| o.file.is_none()).count() > 1 {
        let help = "give all but one a file: --format human --format sarif=report.sarif";
        return Err(Failure::usage("two formats for standard output", help));
    }
    for output in &chosen {
        let format = report::find(&output.format).ok_or_else(|| Failure::usage("unknown format", "see --help"))?;
        write_one(args, report, format, output.file.as_ref().or(args.output.as_ref()))?;
        if format.name() == "github"
            && let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY")
        {
            append_summary(args, report, Path::new(&path))?;
        }
    }
    tell_notes(report, &chosen)
}

/// Tells on standard error what a report for programs has no place for.
fn tell_notes(report: &Report, chosen: &[OutputArg]) -> Result<(), Failure> {
    if chosen.iter().all(|output| output.format != "human") {
        let mut out = io::stderr().lock();
        for note in &report.notes {
            writeln!(out, "note: {}", clean(note))?;
        }
    }
    Ok(())
}

/// The format of the CI server that runs this, or the one for reading.
fn default_output() -> OutputArg {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| v == "true");
    let format = if set("GITHUB_ACTIONS") {
        "github"
    } else if set("GITLAB_CI") {
        "gitlab"
    } else {
        "human"
    };
    OutputArg { format: format.to_owned(), file: None }
}

fn write_one(args: &CheckArgs, report: &Report, format: &dyn Reporter, file: Option<&PathBuf>) -> Result<(), Failure> {
    let style = |terminal: Terminal| Style {
        color: terminal.color,
        width: terminal.width,
        show_values: args.show_values.is_some(),
        show_suppressed: false,
    };
    if let Some(path) = file {
        let mut bytes = Vec::new();
        format.write(report, &style(Terminal { color: false, width: 80 }), &mut bytes)?;
        return write_whole(path, &bytes);
    }
    let stdout = io::stdout();
    let style = style(Terminal::of(&stdout));
    let mut out = io::BufWriter::new(stdout.lock());
    match format.write(report, &style, &mut out).and_then(|()| out.flush()) {
        // Who has read enough wants no more of the report; the exit code says what was found all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Adds the table of findings to the summary of a GitHub step.
fn append_summary(args: &CheckArgs, report: &Report, path: &Path) -> Result<(), Failure> {
    let Some(table) = report::find("markdown") else { return Ok(()) };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    table.write(report, &Style { show_values: args.show_values.is_some(), ..Style::default() }, &mut file)?;
    Ok(())
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    whole::write(path, bytes).map_err(|error| {
        Failure::usage(
            format!("the report could not be written to {}: {error}", path.display()),
            "check that the folder is there and may be written to",
        )
    })
}

fn fail_on(args: &CheckArgs, session: &Session) -> Option<Severity> {
    match (args.fail_on, session.settings.check.fail_on) {
        (Some(asked), _) => asked.least(),
        (None, Some(FailOn::From(severity))) => Some(severity),
        (None, Some(FailOn::Never)) => None,
        (None, None) => FailOnArg::Error.least(),
    }
}

/// 2 where something could not be checked, else 1 where something is as grave as asked, else 0.
fn exit_code(report: &Report, least: Option<Severity>) -> u8 {
    let found =
        report.findings().any(|(_, f)| f.suppressed.is_none() && least.is_some_and(|least| f.severity >= least));
    match (report.skipped.is_empty(), found) {
        (false, _) => FAILED,
        (true, true) => FOUND,
        (true, false) => 0,
    }
}

//! `postlint watch`: checks again whatever is saved.
//!
//! A few times a second the folders are walked and each file's time and length are looked at: why not the system's own
//! notices, says docs/decisions/0007. What changed is checked once it has been quiet for one look, so that a file that an
//! editor is still writing, or has taken away to put another in its place, is not judged half-way.

use super::{
    Failure, Terminal,
    args::WatchArgs,
    session::{Session, strange_reads},
};
use crate::{
    engine::{Linter, walk},
    report::{self, Style},
    settings,
};
use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, SystemTime},
};

/// Time from one look to the next.
const LOOK: Duration = Duration::from_millis(200);
/// Looks after which a file is checked even if it never comes to rest.
const PATIENCE: usize = 10;

/// Time and length of each file.
type Stamps = BTreeMap<PathBuf, (SystemTime, u64)>;

pub(super) fn run(args: &WatchArgs) -> Result<u8, Failure> {
    if let Some(missing) = args.paths.iter().find(|path| !path.exists()) {
        let message = format!("{}: there is no such file or folder", missing.display());
        return Err(Failure::usage(message, "watch takes files and folders that are there"));
    }
    let mut rules = Rules::load(args)?;
    let mut checked = rules.drafts(args);
    show(&rules, &checked.keys().cloned().collect::<Vec<_>>(), &[])?;
    let mut last = (checked.clone(), rules.stamps.clone());
    let mut restless = 0;
    loop {
        thread::sleep(LOOK);
        let now = (rules.drafts(args), rules.look(args));
        let quiet = now == last;
        last = now;
        let (drafts, files) = &last;
        if *drafts == checked && *files == rules.stamps {
            restless = 0;
            continue;
        }
        restless += 1;
        if !quiet && restless < PATIENCE {
            continue;
        }
        restless = 0;
        let mut changed = differing(&checked, drafts);
        if *files != rules.stamps {
            changed = drafts.keys().cloned().collect();
            let files = files.clone();
            match Rules::load(args) {
                Ok(loaded) => rules = loaded,
                Err(failure) => {
                    // The last rules that were sound hold until these are.
                    rules.stamps = files;
                    io::stderr().lock().write_all(failure.render().as_bytes())?;
                    continue;
                }
            }
        }
        let gone: Vec<&Path> = checked.keys().filter(|p| !drafts.contains_key(*p)).map(PathBuf::as_path).collect();
        show(&rules, &changed, &gone)?;
        checked.clone_from(drafts);
    }
}

/// Rules, and the files that they come from.
struct Rules {
    session: Session,
    linter: Linter,
    stamps: Stamps,
}

impl Rules {
    fn load(args: &WatchArgs) -> Result<Self, Failure> {
        let session = Session::open(&args.rules, true)?;
        let linter = session.linter(&args.rules, &args.drafts)?;
        let mut rules = Self { session, linter, stamps: Stamps::new() };
        rules.stamps = rules.look(args);
        Ok(rules)
    }

    /// The settings and packs as they are on disk.
    fn look(&self, args: &WatchArgs) -> Stamps {
        let nearest = || env::current_dir().ok().and_then(|here| settings::find(&here));
        let settings = args.rules.config.clone().or_else(|| if args.rules.no_config { None } else { nearest() });
        let packs = self.session.set.files.iter().map(|file| PathBuf::from(&file.name));
        packs.chain(settings).filter_map(stamped).collect()
    }

    /// The drafts as they are on disk.
    fn drafts(&self, args: &WatchArgs) -> Stamps {
        walk::walk(&args.paths, &self.session.settings).files.into_iter().filter_map(stamped).collect()
    }
}

/// A path with its stamp; nothing where it has gone.
fn stamped(path: PathBuf) -> Option<(PathBuf, (SystemTime, u64))> {
    let meta = fs::metadata(&path).ok()?;
    Some((path, (meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), meta.len())))
}

/// Files that are new or other than before.
fn differing(before: &Stamps, now: &Stamps) -> Vec<PathBuf> {
    now.iter().filter(|(path, stamp)| before.get(*path) != Some(stamp)).map(|(path, _)| path.clone()).collect()
}

/// Checks `files` and shows what is found, on a cleared screen if there is one.
fn show(rules: &Rules, files: &[PathBuf], gone: &[&Path]) -> Result<(), Failure> {
    let mut report = rules.linter.run(files);
    report.notes.extend(strange_reads(&rules.session.settings));
    let stdout = io::stdout();
    let terminal = Terminal::of(&stdout);
    let clears = stdout.is_terminal();
    let mut out = io::BufWriter::new(stdout.lock());
    if clears {
        out.write_all(b"\x1b[2J\x1b[3J\x1b[H")?;
    }
    for path in gone {
        writeln!(out, "{} is gone.", crate::model::fault::clean(&path.display().to_string()))?;
    }
    if !files.is_empty() || gone.is_empty() {
        let style = Style { color: terminal.color, width: terminal.width, ..Style::default() };
        report::find("human").map_or(Ok(()), |human| human.write(&report, &style, &mut out))?;
    }
    writeln!(out, "Watching. Ctrl-C ends it.")?;
    Ok(out.flush()?)
}

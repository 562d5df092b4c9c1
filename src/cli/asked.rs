//! What is asked for and cannot be done. It is refused before anything is checked: an option without effect would look as if
//! it had had one.

use super::{
    Failure,
    args::{CheckArgs, DraftArgs},
};
use crate::{
    channel::{self, Channel},
    model::value::{nearest, suggestion},
    text::moment,
};
use std::path::{Path, PathBuf};

/// Refuses options of `check` that would do nothing.
pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    if args.paths.is_empty() && args.text.is_none() && !args.staged && args.since.is_none() {
        let help = "name a file or a folder, `-` for standard input, or a sentence with --text";
        return Err(Failure::usage("nothing to check", help));
    }
    let mends = args.fix.then_some("--fix").or(args.diff.then_some("--diff"));
    let no_file = args.text.as_ref().map(|_| "a text on the command line").or_else(|| {
        let stdin = args.paths.iter().any(|path| is_stdin(path));
        stdin.then_some("standard input")
    });
    if let (Some(option), Some(what)) = (mends, no_file) {
        let message = format!("{option} is about files that can be mended, and {what} is none");
        return Err(Failure::usage(message, format!("save the text to a file, or leave {option} out")));
    }
    if args.unsafe_fixes && mends.is_none() && !args.interactive {
        let help = "add --fix to mend the files, or --diff to see how";
        return Err(Failure::usage("--unsafe-fixes does nothing by itself", help));
    }
    stdin_filename(args.stdin_filename.as_deref(), &args.paths)
}

/// A name for standard input needs standard input.
pub(super) fn stdin_filename(name: Option<&Path>, paths: &[PathBuf]) -> Result<(), Failure> {
    if name.is_some() && !paths.iter().any(|path| is_stdin(path)) {
        let message = "--stdin-filename names the draft on standard input, which is not asked for";
        return Err(Failure::usage(message, "add `-` to read standard input, or leave --stdin-filename out"));
    }
    Ok(())
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses a channel or a time that is none. What a draft says itself is another matter: that is a finding.
pub(super) fn drafts(args: &DraftArgs) -> Result<(), Failure> {
    channels(&args.channel)?;
    match args.at.as_deref() {
        Some(at) if at != "now" && moment::parse(at).is_none() => {
            let message = format!("`{at}` is no day and time that could be read");
            Err(Failure::usage(message, "write day and time, 2027-03-25T09:00 say, or `now`"))
        }
        _ => Ok(()),
    }
}

/// The channels that were named, each known.
pub(super) fn channels(names: &[String]) -> Result<Vec<&'static Channel>, Failure> {
    names.iter().map(|name| channel::find(name).ok_or_else(|| unknown_channel(name))).collect()
}

fn unknown_channel(name: &str) -> Failure {
    let lower = name.to_lowercase();
    // Other names are near what people type; where none is, the channels' own names are list enough.
    let names = channel::names();
    let names = if nearest(&lower, &names).is_some() {
        names
    } else {
        channel::all().iter().map(|c| c.name.as_str()).collect()
    };
    Failure::usage(format!("there is no channel `{name}`"), suggestion(&lower, &names))
}

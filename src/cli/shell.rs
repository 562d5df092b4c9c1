//! Completions and the manual pages, made from the command line's own description.
//!
//! A shell does not know rules: its script asks the program, which answers with the ids of the rules that hold in the
//! folder, with packs and with formats. The script asks through the variable [`ASKED`].

use super::{
    Failure,
    args::{Cli, RuleArgs},
    session::Session,
};
use crate::{
    engine::walk,
    pack::{self, Request},
    report,
};
use clap::CommandFactory;
use clap_complete::{
    CompleteEnv, PathCompleter,
    engine::{CompletionCandidate, ValueCompleter},
    env::Shells,
};
use std::{
    collections::BTreeMap,
    env,
    ffi::OsStr,
    io::{self, Write},
    path::Path,
};

/// Names the shell that asks for completions.
const ASKED: &str = "POSTLINT_COMPLETE";

/// Answers a shell that asks for completions; gives whether one did.
pub(super) fn complete() -> Result<bool, clap::Error> {
    let here = env::current_dir().ok();
    CompleteEnv::with_factory(Cli::command).var(ASKED).try_complete(env::args_os(), here.as_deref())
}

/// Prints the script that `shell` reads.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<u8, Failure> {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&shell.to_string()) {
        shell.write_registration(ASKED, "postlint", "postlint", "postlint", &mut script)?;
    }
    io::stdout().lock().write_all(&script)?;
    Ok(0)
}

/// Prints the manual page, or writes one for each command to a folder.
pub(super) fn man(folder: Option<&Path>) -> Result<u8, Failure> {
    if let Some(folder) = folder {
        let made = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
        return made.map(|()| 0).map_err(|error| {
            let why = if folder.is_file() { "it is a file".to_owned() } else { walk::reason(&error) };
            let message = format!("the pages could not be written to {}: {why}", folder.display());
            Failure::usage(message, "name a folder that may be written to; it is made if it is not there")
        });
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(0)
}

/// Ids of all rules that come with the program, and of those that the settings load, with their titles.
pub(super) fn rule_ids() -> Vec<CompletionCandidate> {
    let all: Vec<Request> = pack::names().iter().map(|name| Request::Name((*name).to_owned())).collect();
    let own = Session::open(&RuleArgs::default(), true).map(|session| session.set.packs).unwrap_or_default();
    let packs = pack::load_sound(&all).0.packs.into_iter().chain(own);
    let titles: BTreeMap<String, String> =
        packs.flat_map(|pack| pack.rules).map(|rule| (rule.meta.id.clone(), rule.meta.title.clone())).collect();
    titles.into_iter().map(|(id, title)| CompletionCandidate::new(id).help(Some(title.into()))).collect()
}

/// Names of the output formats.
pub(super) fn formats() -> Vec<CompletionCandidate> {
    report::FORMATS.iter().map(|format| CompletionCandidate::new(format.name())).collect()
}

/// Names of packs, and paths.
pub(super) struct Packs;

impl ValueCompleter for Packs {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let begun = current.to_string_lossy();
        let names = pack::names().into_iter().filter(|name| name.starts_with(&*begun)).map(CompletionCandidate::new);
        names.chain(PathCompleter::any().complete(current)).collect()
    }
}

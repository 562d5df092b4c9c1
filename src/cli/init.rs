//! `postlint init`: settings, a hook, a CI file, a pack and a draft to begin with.
//!
//! The files stand in `init/` as they are written: first all beside their places, then each is renamed, so that none is
//! ever half there. A file that is there already stays, and with it all others, unless `--force` says otherwise.

mod plan;

use super::{
    Failure,
    args::{CiArg, HookArg, InitArgs},
};
use crate::engine::whole::{self, Mode};
use clap::ValueEnum;
use plan::{Place, Planned};
use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::Path,
};
use tempfile::NamedTempFile;

pub(super) fn run(args: &InitArgs) -> Result<u8, Failure> {
    let place = Place::of(&args.folder);
    let (hook, ci) = choose(args, &place)?;
    let planned = plan::plan(&place, hook, ci)?;
    whole::tidy(planned.iter().map(|file| file.path.as_path()));
    if !args.force {
        refuse_existing(&planned)?;
    }
    write_all(&planned, args.force)?;
    let mut out = io::stdout().lock();
    writeln!(out, "Wrote:")?;
    table(planned.iter().map(|file| (file.path.display().to_string(), file.what)).collect(), &mut out)?;
    let call = |command: &str, path: &Path| plan::call(&args.folder, command, path);
    let pack = place.below("policy/house.toml");
    let mut next = vec![
        (call("check", &args.folder), "finds what is wrong in the sample"),
        (call("rules test", &pack), "runs the examples of the pack"),
        (call("rules lint", &pack), "says what could be better in it"),
    ];
    if hook == HookArg::PreCommit {
        next.push(("pre-commit install".to_owned(), "sets the hook"));
    }
    writeln!(out, "\nNext:")?;
    table(next, &mut out)?;
    Ok(0)
}

/// Writes two columns.
fn table(rows: Vec<(String, &str)>, out: &mut dyn Write) -> io::Result<()> {
    let width = rows.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    rows.into_iter().try_for_each(|(left, right)| writeln!(out, "  {left:<width$}  {right}"))
}

/// The hook and the CI server: what was given, else what is answered, else what would be proposed.
fn choose(args: &InitArgs, place: &Place) -> Result<(HookArg, CiArg), Failure> {
    let proposed = (HookArg::PreCommit, place.proposed_ci());
    let (input, output) = (io::stdin(), io::stderr());
    if args.yes {
        return Ok((args.hook.unwrap_or(proposed.0), args.ci.unwrap_or(proposed.1)));
    }
    if !(input.is_terminal() && output.is_terminal()) {
        let help = "add --yes to take what it would propose; --hook and --ci choose";
        return Err(Failure::usage("init asks in a terminal, and this is none", help));
    }
    let (mut input, mut output) = (input.lock(), output.lock());
    let hook = match args.hook {
        Some(hook) => hook,
        None => ask("What checks drafts before a commit?", proposed.0, &mut input, &mut output)?,
    };
    let ci = match args.ci {
        Some(ci) => ci,
        None => ask("Which CI server checks them again?", proposed.1, &mut input, &mut output)?,
    };
    Ok((hook, ci))
}

/// Asks until the answer is one of the choices; an empty one takes `proposed`.
fn ask<C: ValueEnum>(what: &str, proposed: C, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<C, Failure> {
    let name = |choice: &C| choice.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
    let names: Vec<String> = C::value_variants().iter().map(name).collect();
    loop {
        write!(output, "{what} {} [{}] ", names.join(", "), name(&proposed))?;
        output.flush()?;
        let mut answer = String::new();
        if input.read_line(&mut answer)? == 0 {
            return Err(Failure::usage("the questions were not answered", "nothing was written; --yes asks none"));
        }
        match answer.trim() {
            "" => return Ok(proposed),
            answer => match C::from_str(answer, true) {
                Ok(choice) => return Ok(choice),
                Err(_) => writeln!(output, "Please answer {}.", names.join(", "))?,
            },
        }
    }
}

fn refuse_existing(planned: &[Planned]) -> Result<(), Failure> {
    let there: Vec<String> = planned
        .iter()
        .filter(|file| fs::symlink_metadata(&file.path).is_ok())
        .map(|file| file.path.display().to_string())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let help =
        "nothing was written; --force replaces them, --hook none and --ci none leave the hook and the CI file out";
    Err(Failure::usage(format!("already there: {}", there.join(", ")), help))
}

/// Writes all files beside their places, then renames each.
fn write_all(planned: &[Planned], force: bool) -> Result<(), Failure> {
    let told = |file: &Planned, error: io::Error| {
        let message = format!("{} could not be written: {error}", file.path.display());
        Failure::usage(message, "check that the folder is there and may be written to")
    };
    let ready: Result<Vec<NamedTempFile>, Failure> =
        planned.iter().map(|file| beside(file).map_err(|error| told(file, error))).collect();
    for (file, ready) in planned.iter().zip(ready?) {
        let placed = if force { ready.persist(&file.path) } else { ready.persist_noclobber(&file.path) };
        placed.map_err(|error| told(file, error.error))?;
    }
    Ok(())
}

fn beside(file: &Planned) -> io::Result<NamedTempFile> {
    fs::create_dir_all(file.path.parent().unwrap_or(Path::new("")))?;
    let mode = if file.executable { Mode::Executable } else { Mode::New };
    whole::beside(&file.path, file.text.as_bytes(), mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(said: &str) -> (Option<CiArg>, String) {
        let mut output = Vec::new();
        let chosen = ask("Which?", CiArg::Github, &mut said.as_bytes(), &mut output).ok();
        (chosen, String::from_utf8(output).unwrap())
    }

    #[test]
    fn an_empty_answer_takes_what_is_proposed() {
        assert_eq!(answer("\n"), (Some(CiArg::Github), "Which? github, gitlab, none [github] ".to_owned()));
    }

    #[test]
    fn another_answer_is_asked_for_until_it_is_a_choice() {
        let (chosen, output) = answer("jenkins\nGitLab\n");
        assert_eq!(chosen, Some(CiArg::Gitlab));
        assert!(output.contains("Please answer github, gitlab, none."), "{output}");
    }

    #[test]
    fn no_answer_at_all_writes_nothing() {
        assert_eq!(answer("").0, None);
    }
}

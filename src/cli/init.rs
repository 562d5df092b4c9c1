//! `postlint init`: settings, a hook, a CI file, a pack and a draft to begin with.
//!
//! The files stand in `init/` as they are written: first all beside their places, then each is renamed, so that none is
//! ever half there. A file that is there already stays, and with it all others, unless `--force` says otherwise.

use super::{
    Failure,
    args::{CiArg, HookArg, InitArgs},
    schema,
};
use crate::engine::whole::{self, Mode};
use clap::ValueEnum;
use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::NamedTempFile;

/// A file that is to be written.
struct Planned {
    path: PathBuf,
    what: &'static str,
    text: &'static str,
    executable: bool,
}

impl Planned {
    fn new(path: impl Into<PathBuf>, what: &'static str, text: &'static str) -> Self {
        Self { path: path.into(), what, text, executable: false }
    }
}

pub(super) fn run(args: &InitArgs) -> Result<u8, Failure> {
    let (hook, ci) = choose(args)?;
    let planned = plan(&args.folder, hook, ci)?;
    whole::tidy(planned.iter().map(|file| file.path.as_path()));
    if !args.force {
        refuse_existing(&planned)?;
    }
    write_all(&planned, args.force)?;
    let mut out = io::stdout().lock();
    writeln!(out, "Wrote:")?;
    table(planned.iter().map(|file| (file.path.display().to_string(), file.what)).collect(), &mut out)?;
    let at = |name: &str| below(&args.folder, name).display().to_string();
    let mut next = vec![
        (format!("postlint check {}", args.folder.display()), "finds what is wrong in the sample"),
        (format!("postlint rules test {}", at("policy/house.toml")), "runs the examples of the pack"),
        (format!("postlint rules lint {}", at("policy/house.toml")), "says what could be better in it"),
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

/// `name` in `folder`, without a `./` before it.
fn below(folder: &Path, name: impl AsRef<Path>) -> PathBuf {
    if folder == Path::new(".") { name.as_ref().to_owned() } else { folder.join(name) }
}

/// The hook and the CI server: what was given, else what is answered, else what would be proposed.
fn choose(args: &InitArgs) -> Result<(HookArg, CiArg), Failure> {
    let proposed = (HookArg::PreCommit, proposed_ci(&args.folder));
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

/// GitLab where the repository's remote says so.
fn proposed_ci(folder: &Path) -> CiArg {
    let config = fs::read_to_string(folder.join(".git/config")).unwrap_or_default();
    if config.contains("gitlab") { CiArg::Gitlab } else { CiArg::Github }
}

fn plan(folder: &Path, hook: HookArg, ci: CiArg) -> Result<Vec<Planned>, Failure> {
    let mut planned = vec![
        Planned::new("postlint.toml", "settings", include_str!("init/postlint.toml")),
        Planned::new("policy/house.toml", "a pack of your own, to change", include_str!("init/house.toml")),
        Planned::new("policy/schema/pack.json", "for editors: what a pack may say", schema::PACK),
        Planned::new("policy/schema/settings.json", "for editors: what settings may say", schema::SETTINGS),
        Planned::new("drafts/sample.md", "a draft with something wrong", include_str!("init/draft.md")),
    ];
    let pre_commit = include_str!("init/pre-commit.yaml");
    match hook {
        HookArg::PreCommit => planned.push(Planned::new(".pre-commit-config.yaml", "the hook", pre_commit)),
        HookArg::Git => planned.push(Planned {
            executable: true,
            ..Planned::new(git_hook(folder)?, "the hook", include_str!("init/pre-commit.sh"))
        }),
        HookArg::None => {}
    }
    match ci {
        CiArg::Github => {
            let text = include_str!("init/github.yml");
            planned.push(Planned::new(".github/workflows/postlint.yml", "CI: say how to install postlint", text));
        }
        CiArg::Gitlab => {
            let text = include_str!("init/gitlab.yml");
            planned.push(Planned::new(".gitlab-ci.yml", "CI: say which image has postlint", text));
        }
        CiArg::None => {}
    }
    for file in &mut planned {
        file.path = below(folder, &file.path);
    }
    Ok(planned)
}

/// Where Git looks for the hook, from `folder`; settings of Git may have moved it.
fn git_hook(folder: &Path) -> Result<PathBuf, Failure> {
    let told = Command::new("git").arg("-C").arg(folder).args(["rev-parse", "--git-path", "hooks/pre-commit"]).output();
    match told {
        Ok(told) if told.status.success() => Ok(String::from_utf8_lossy(&told.stdout).trim_end().into()),
        _ => {
            let message = format!("{} is in no Git repository, so there is no place for a hook", folder.display());
            Err(Failure::usage(message, "run `git init` first, or take --hook pre-commit or --hook none"))
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

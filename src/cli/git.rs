//! `--staged` and `--since`: what Git is about to commit, or what changed since a commit, through the `git` command.

use super::{Failure, changed};
use crate::{
    decode::DecodeError,
    engine::{Linter, walk},
    model::{
        document::SourceFile,
        finding::{FileReport, Report, Skipped},
    },
    settings::{self, Settings},
};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What of a repository is checked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change<'a> {
    /// The staged content of files that are staged.
    Staged,
    /// Files on disk that differ from a commit.
    Since(&'a str),
}

/// What of the changed files was asked for: files, and what is in folders.
pub(super) struct Named(Vec<PathBuf>);

impl Named {
    pub(super) fn new(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut named = Vec::new();
        for path in paths {
            named.push(settings::absolute(path)?);
            // Git names files by their true folders, and a link by its own name.
            named.extend(std::fs::canonicalize(path).ok());
        }
        Ok(Self(named))
    }

    /// Whether `path` was asked for; where nothing is named, everything is.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let full = settings::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.0.is_empty() || self.0.iter().any(|named| full.starts_with(named))
    }
}

/// A file that changed.
struct Changed {
    name: String,
    /// What Git has of it from before: nothing where the file is new.
    old: Option<String>,
    /// What is staged of it.
    staged: String,
}

/// Checks the changed files, and keeps the findings of posts that changed.
pub(super) fn run(
    change: Change<'_>,
    linter: &Linter,
    settings: &Settings,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Report, Failure> {
    let mut report = linter.report();
    let top = PathBuf::from(text(&git(&["rev-parse", "--show-toplevel"])?).trim_end());
    for Changed { name, old, staged } in listed(change)? {
        let path = relative(&top.join(&name));
        if is_hidden(Path::new(&name)) || !wanted(&path) || settings.excludes(&path) {
            continue;
        }
        let bytes = match change {
            Change::Staged => blob(&staged)?,
            Change::Since(_) => match walk::read(&top.join(&name), linter.options().decode.limits.bytes) {
                Ok(file) => file.bytes.clone(),
                Err(skipped) => {
                    report.skipped.push(Skipped { path, ..skipped });
                    continue;
                }
            },
        };
        let old = old.map(|id| blob(&id)).transpose()?.map(|bytes| SourceFile { path: path.clone(), bytes });
        match lint(linter, &SourceFile { path: path.clone(), bytes }, old.as_ref()) {
            Ok(file) => linter.collect(file, &mut report),
            Err(error) => report.skipped.push(error.skipped(&path)),
        }
    }
    Ok(report)
}

/// Whether a file, as it is named from the top of the repository, lies in a hidden folder or is hidden itself: a walk through
/// folders does not see it, so it is no draft here either.
fn is_hidden(name: &Path) -> bool {
    name.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

/// Checks a file, and keeps the findings of posts that are not in `old`.
fn lint(linter: &Linter, new: &SourceFile, old: Option<&SourceFile>) -> Result<FileReport, DecodeError> {
    let document = linter.decode(new)?;
    // What could not be read before has no post that could be the same.
    let old = old.and_then(|old| linter.decode(old).ok());
    let touched = old.map(|old| changed::posts(&old, &document));
    let mut file = linter.lint_document(&new.path, document);
    file.findings.retain(|f| touched.as_ref().is_none_or(|touched| touched.contains(&f.place.post)));
    Ok(file)
}

/// The files that changed. Git compares them as they are: whatever a repository says of how its diffs are shown, of
/// renames or of the folder that they are shown from must not hide a file.
fn listed(change: Change<'_>) -> Result<Vec<Changed>, Failure> {
    let diff = ["-c", "diff.relative=false", "diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=AMT"];
    let commit = match change {
        Change::Staged => "--cached",
        // Git would take it for an option: one of them writes files.
        Change::Since(commit) if commit.starts_with('-') => {
            return Err(Failure::usage(
                "--since needs a commit, and no commit has a name that begins with `-`",
                "name a commit, a branch or a tag: --since main",
            ));
        }
        Change::Since(commit) => commit,
    };
    let told = git(&[&diff[..], &[commit, "--"]].concat())?;
    let told = text(&told);
    let mut parts = told.split('\0');
    let mut all = Vec::new();
    // Each file is `:100644 100644 OLD NEW M`, then its name.
    while let (Some(about), Some(name)) = (parts.next(), parts.next()) {
        let mut ids = about.split(' ').skip(2).map(str::to_owned);
        let (old, staged) = (ids.next().unwrap_or_default(), ids.next().unwrap_or_default());
        let old = Some(old).filter(|id| id.bytes().any(|b| b != b'0'));
        all.push(Changed { name: name.to_owned(), old, staged });
    }
    Ok(all)
}

/// The bytes that Git keeps under this name, as they are.
fn blob(id: &str) -> Result<Vec<u8>, Failure> {
    git(&["cat-file", "blob", id])
}

/// `path` from the working folder, if it lies below it.
fn relative(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).unwrap_or_default();
    path.strip_prefix(&here).map_or_else(|_| path.to_owned(), Path::to_owned)
}

fn git(args: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = Command::new("git").args(args).output().map_err(|error| {
        Failure::usage(format!("git could not be run: {error}"), "--staged and --since need the git command")
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(Failure::usage(
        format!("git {}: {}", args.join(" "), told.trim()),
        "run this inside a Git repository, with a commit that exists",
    ))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

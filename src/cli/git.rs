//! `--staged` and `--since`: what Git is about to commit, or what changed since a commit, through the `git` command.

use super::Failure;
use crate::{
    engine::{Linter, walk},
    model::{
        document::SourceFile,
        finding::{FileReport, Report, Skipped},
    },
    settings::{self, Settings},
};
use std::{
    collections::BTreeSet,
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

/// Checks the changed files, and keeps the findings of posts that changed.
pub(super) fn run(
    change: Change<'_>,
    linter: &Linter,
    settings: &Settings,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Report, Failure> {
    let mut report = linter.report();
    let top = PathBuf::from(text(&git(&["rev-parse", "--show-toplevel"])?).trim_end());
    for name in changed(change)? {
        let path = relative(&top.join(&name));
        if !wanted(&path) || settings.excludes(&path) {
            continue;
        }
        let bytes = match change {
            Change::Staged => git(&["show", &format!(":{name}")])?,
            Change::Since(_) => match walk::read(&top.join(&name), linter.options().decode.limits.bytes) {
                Ok(file) => file.bytes.clone(),
                Err(skipped) => {
                    report.skipped.push(Skipped { path, ..skipped });
                    continue;
                }
            },
        };
        match linter.lint(&SourceFile { path: path.clone(), bytes }) {
            Ok(file) => linter.collect(only_changed(file, change, &name)?, &mut report),
            Err(error) => report.skipped.push(error.skipped(&path)),
        }
    }
    Ok(report)
}

fn changed(change: Change<'_>) -> Result<Vec<String>, Failure> {
    let names = match change {
        Change::Staged => git(&["diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR"])?,
        Change::Since(commit) => git(&["diff", "--name-only", "-z", "--diff-filter=ACMR", commit, "--"])?,
    };
    Ok(text(&names).split('\0').filter(|n| !n.is_empty()).map(str::to_owned).collect())
}

/// Keeps the findings of posts with a changed line; a file that is new has changed everywhere.
fn only_changed(mut file: FileReport, change: Change<'_>, name: &str) -> Result<FileReport, Failure> {
    let pathspec = format!(":(top){name}");
    let diff = match change {
        Change::Staged => git(&["diff", "--cached", "--unified=0", "--no-color", "--no-ext-diff", "--", &pathspec])?,
        Change::Since(commit) => git(&["diff", "--unified=0", "--no-color", "--no-ext-diff", commit, "--", &pathspec])?,
    };
    let lines = changed_lines(&String::from_utf8_lossy(&diff));
    if lines.is_empty() {
        return Ok(file);
    }
    let source = file.document.source.clone();
    let line_of = |at: usize| source.get(..at).unwrap_or_default().matches('\n').count() + 1;
    let touched: BTreeSet<usize> = (0..file.document.posts.len())
        .filter(|number| {
            let Some(post) = file.document.posts.get(*number) else { return false };
            post.segments.iter().any(|segment| {
                let span = segment.map.map(crate::text::span::Span::new(0, segment.text.len()));
                (line_of(span.start)..=line_of(span.end)).any(|line| lines.contains(&line))
            })
        })
        .collect();
    file.findings.retain(|f| touched.contains(&f.place.post));
    Ok(file)
}

/// The new lines of a unified diff, from its `@@ -a,b +c,d @@` lines.
fn changed_lines(diff: &str) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for header in diff.lines().filter(|l| l.starts_with("@@ ")) {
        let Some(new) = header.split(' ').find_map(|part| part.strip_prefix('+')) else { continue };
        let (start, count) = new.split_once(',').unwrap_or((new, "1"));
        if let (Ok(start), Ok(count)) = (start.parse::<usize>(), count.parse::<usize>()) {
            lines.extend(start..start + count.max(1));
        }
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_lines_are_read_from_the_headers_of_a_diff() {
        let diff = "@@ -1,2 +3 @@ x\n+a\n@@ -9,0 +10,2 @@\n+b\n+c\n@@ -20 +21,0 @@\n";
        assert_eq!(changed_lines(diff).into_iter().collect::<Vec<_>>(), [3, 10, 11, 21]);
    }
}

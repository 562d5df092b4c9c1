//! Paths in settings: patterns in the manner of `.gitignore`, and the walk up to the settings file.

use super::FILE_NAME;
use crate::model::file;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::{
    io,
    path::{Component, Path, PathBuf},
};

/// How many folders below its fixed part a pattern for packs is followed.
const DEEPEST: usize = 8;

/// Patterns for paths, in the manner of `.gitignore`: `*.bak` and `sent/` match at any depth, `archive/**` and `/old`
/// from the folder of the settings, and a folder that matches takes all in it along.
#[derive(Debug, Clone)]
pub struct Globs {
    patterns: Vec<String>,
    matcher: Gitignore,
}

impl Default for Globs {
    fn default() -> Self {
        Self { patterns: Vec::new(), matcher: Gitignore::empty() }
    }
}

impl Globs {
    /// Compiles patterns. A fault is the number of the pattern and what is wrong with it.
    pub fn new(patterns: Vec<String>) -> Result<Self, Vec<(usize, String)>> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        let mut faults = Vec::new();
        for (i, pattern) in patterns.iter().enumerate() {
            if let Err(message) = judge(pattern) {
                faults.push((i, message.to_owned()));
            } else if let Err(error) = builder.add_line(None, pattern) {
                faults.push((i, why(error)));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let matcher = builder.build().map_err(|error| vec![(0, why(error))])?;
        Ok(Self { patterns, matcher })
    }

    /// The patterns as written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether a file's path, from the folder of the settings, matches.
    pub fn holds(&self, path: &Path) -> bool {
        let mut parts: Vec<&Path> = path.ancestors().filter(|p| !p.as_os_str().is_empty()).collect();
        parts.reverse();
        let last = parts.len().saturating_sub(1);
        parts.iter().enumerate().any(|(i, part)| self.matcher.matched(part, i < last).is_ignore())
    }
}

/// What is wrong with a pattern, without the pattern.
fn why(error: ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err,
        other => other.to_string(),
    }
}

fn judge(pattern: &str) -> Result<(), &'static str> {
    match pattern.trim() {
        "" => Err("the pattern is empty"),
        p if p.starts_with('#') => Err("a pattern that begins with # matches nothing"),
        p if p.split('/').any(|part| part == "..") => Err("a pattern cannot leave the folder of the settings file"),
        _ => Ok(()),
    }
}

/// The settings file that holds for `start`, a folder: its own, or that of the nearest folder above it.
pub fn find(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    plain(&start).ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
}

/// `path` from `base` where it is in there, and as it is elsewhere. Links are not followed.
pub(super) fn relative(base: &Path, path: &Path) -> PathBuf {
    let (Ok(base), Ok(full)) = (absolute(base), absolute(path)) else { return path.to_owned() };
    full.strip_prefix(&base).map_or_else(|_| path.to_owned(), Path::to_owned)
}

/// `path` from the root, without `.` and `..`. Links are not followed.
pub fn absolute(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().is_empty() { std::env::current_dir() } else { std::path::absolute(path).map(|p| plain(&p)) }
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The paths that `pattern` means, from `base`, in order of name.
pub(super) fn expand(base: &Path, pattern: &str) -> Result<Vec<PathBuf>, (&'static str, String)> {
    if !pattern.contains(['*', '?', '[', '{']) {
        let path = base.join(pattern);
        return if path.exists() {
            Ok(vec![path])
        } else {
            Err(("missing_pack", format!("there is no pack at `{pattern}`")))
        };
    }
    // Anchored: unlike in `exclude`, a pattern for packs means one place.
    let anchored = format!("/{}", pattern.trim_start_matches("./").trim_start_matches('/'));
    let globs = Globs::new(vec![anchored]).map_err(|faults| {
        let why = faults.into_iter().map(|(_, why)| why).next().unwrap_or_default();
        ("bad_pattern", format!("`{pattern}` is not a pattern for paths: {why}"))
    })?;
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let mut found = file::tomls(&base.join(fixed), DEEPEST)
        .map_err(|error| ("unreadable", format!("`{pattern}` cannot be followed: {error}")))?;
    found.retain(|path| path.strip_prefix(base).is_ok_and(|path| globs.holds(path)));
    if found.is_empty() { Err(("missing_pack", format!("`{pattern}` matches no .toml file"))) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn holds(pattern: &str, path: &str) -> bool {
        Globs::new(vec![pattern.to_owned()]).unwrap().holds(Path::new(path))
    }

    #[test]
    fn patterns_match_as_in_gitignore() {
        assert!(holds("archive/**", "archive/2024/a.md"));
        assert!(!holds("archive/**", "old/archive/a.md"));
        assert!(holds("**/sent/**", "queue/sent/a.md"));
        assert!(holds("sent/", "queue/sent/deep/a.md"));
        assert!(!holds("sent/", "queue/sent"));
        assert!(holds("*.bak", "queue/a.bak"));
        assert!(!holds("queue/*.md", "queue/deep/a.md"));
    }

    #[test]
    fn a_broken_pattern_is_a_fault() {
        for pattern in ["[a", "", "# no", "../x", "{a"] {
            assert!(Globs::new(vec!["ok".into(), pattern.into()]).is_err_and(|f| f[0].0 == 1), "{pattern}");
        }
    }

    #[test]
    fn dots_in_paths_do_not_matter() {
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/./b/../b/c.md")), Path::new("c.md"));
        assert_eq!(relative(Path::new(""), Path::new("./x/y.md")), Path::new("x/y.md"));
        assert_eq!(relative(Path::new("/a/b"), Path::new("/z/c.md")), Path::new("/z/c.md"));
    }

    #[test]
    fn settings_are_found_by_walking_up() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("queue/may");
        fs::create_dir_all(&deep).unwrap();
        fs::write(folder.path().join(FILE_NAME), "").unwrap();
        assert_eq!(find(&deep), Some(folder.path().join(FILE_NAME)));
    }

    #[test]
    fn a_pattern_of_packs_is_expanded_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("policy/deep")).unwrap();
        for name in ["policy/b.toml", "policy/a.toml", "policy/c.md", "policy/deep/d.toml"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = expand(folder.path(), "policy/*.toml").unwrap();
        assert_eq!(found, [folder.path().join("policy/a.toml"), folder.path().join("policy/b.toml")]);
        assert!(expand(folder.path(), "none/*.toml").is_err());
    }
}

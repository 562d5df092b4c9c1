//! From the paths that were asked for to the files that are checked. The one reader of drafts on disk.
//!
//! Nothing is left out in silence: a path that is missing, a folder without drafts, a file that cannot be read is a
//! [`Skipped`] entry, and what is left out on purpose (an ignore file, an exclude, an unknown ending) is told on request.

use crate::{
    decode,
    model::{document::SourceFile, finding::Skipped},
    settings::Settings,
};
use ignore::WalkBuilder;
use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// What became of the paths that were asked for.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files to check, sorted, each once.
    pub files: Vec<PathBuf>,
    /// Files and folders that are left out on purpose, and why.
    pub left_out: Vec<(PathBuf, String)>,
    /// What could not be looked at.
    pub skipped: Vec<Skipped>,
    /// How many files are left out because postlint cannot read what people write drafts with.
    pub unread: usize,
    /// Folders that were looked through.
    folders: Vec<PathBuf>,
}

/// Finds the drafts in `paths`. Excludes of `settings` hold for named files too, since hooks pass file names; ignore files
/// hold for what is found in folders.
pub fn walk(paths: &[PathBuf], settings: &Settings) -> Walk {
    let mut walk = Walk::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk.folder(path, settings),
            Ok(meta) if meta.is_file() => walk.file(path.clone(), settings, true),
            Ok(_) => walk.skip(path, "it is neither a file nor a folder", None),
            Err(error) => {
                if let (io::ErrorKind::NotFound, Ok(target)) = (error.kind(), fs::read_link(path)) {
                    let told = format!("it is a symbolic link to {}, where there is nothing", target.display());
                    walk.skip(path, &told, Some("mend the link, or take it away"));
                    continue;
                }
                let help = "check the spelling, and that the path is seen from here";
                walk.skip(path, &reason(&error), Some(help));
            }
        }
    }
    walk.files.sort();
    walk.files.dedup();
    walk.left_out.sort();
    walk
}

impl Walk {
    /// Adds what ignore files and hidden names kept out of sight: folders as a whole, files one by one.
    pub fn tell_unseen(&mut self) {
        let left_out = self.left_out.iter().map(|(path, _)| path);
        let seen: BTreeSet<PathBuf> = self.files.iter().chain(left_out).chain(&self.folders).cloned().collect();
        for folder in &self.folders {
            for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
                let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
                let is_folder = entry.file_type().is_ok_and(|t| t.is_dir());
                // Git's own folder and the settings of programs are of no interest; a hidden draft is.
                if seen.contains(&path) || name == ".git" || !is_folder && !has_ending(&path) {
                    continue;
                }
                let why = if name.starts_with('.') { "hidden by its name" } else { "ignored by .gitignore or .ignore" };
                self.left_out.push((path, why.to_owned()));
            }
        }
        self.left_out.sort();
    }

    fn skip(&mut self, path: &Path, reason: &str, help: Option<&str>) {
        let help = help.map(str::to_owned);
        self.skipped.push(Skipped { path: path.to_owned(), reason: reason.to_owned(), help });
    }

    fn file(&mut self, path: PathBuf, settings: &Settings, named: bool) {
        if settings.excludes(&path) {
            self.left_out.push((path, "excluded by settings".to_owned()));
        } else if named || is_draft(&path) {
            self.files.push(path);
        } else if is_lock(&path) {
            self.left_out.push((path, "a program keeps it while the file is open there; no draft".to_owned()));
        } else {
            self.unread += usize::from(decode::foreign(&path).is_some());
            let why = match (decode::foreign(&path), path.extension().is_some_and(|e| e == "toml")) {
                (Some(what), _) => format!("postlint cannot read it; {what}"),
                (None, true) => "settings or a pack, no draft; name it to check it".to_owned(),
                (None, false) if is_schema(&path) => "a JSON schema, no draft; name it to check it".to_owned(),
                (None, false) => "no ending of a known format".to_owned(),
            };
            self.left_out.push((path, why));
        }
    }

    fn folder(&mut self, folder: &Path, settings: &Settings) {
        let before = (self.files.len(), self.skipped.len());
        let mut walker = WalkBuilder::new(folder);
        walker.require_git(false).follow_links(false).sort_by_file_path(Path::cmp);
        for entry in walker.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                    self.file(entry.into_path(), settings, false);
                }
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_symlink()) && is_draft(entry.path()) => {
                    self.left_out.push((entry.into_path(), "a symbolic link; name it to check it".to_owned()));
                }
                Ok(entry) if is_draft(entry.path()) && entry.file_type().is_some_and(|t| !t.is_dir()) => {
                    self.left_out.push((entry.into_path(), "neither a file nor a folder".to_owned()));
                }
                Ok(entry) => {
                    self.folders.extend(entry.file_type().filter(fs::FileType::is_dir).map(|_| entry.into_path()));
                }
                Err(error) => {
                    let told = error.io_error().map_or_else(|| error.to_string(), reason);
                    self.skip(place(&error).unwrap_or(folder), &told, None);
                }
            }
        }
        // Whether there are drafts where nobody could look is not known.
        if (self.files.len(), self.skipped.len()) == before {
            let help = format!("drafts are files that end in {}", endings().collect::<Vec<_>>().join(", "));
            self.skip(folder, "there is no draft in the folder", Some(&help));
        }
    }
}

/// The path that an error is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(err),
        _ => None,
    }
}

/// Whether a path has the ending of a known format, and is no settings file.
pub fn is_draft(path: &Path) -> bool {
    // Settings of postlint itself, and of other tools, are no drafts.
    has_ending(path)
        && !is_lock(path)
        && !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
        && !is_schema(path)
}

/// Whether a path is called as schemas are, `postlint init` writes some.
fn is_schema(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_ascii_lowercase().ends_with(".schema.json"))
}

/// The endings of drafts: those of all formats, but `.toml` files are settings and packs unless they are named.
pub fn endings() -> impl Iterator<Item = &'static str> {
    decode::DECODERS.iter().flat_map(|d| d.extensions()).copied().filter(|ending| *ending != "toml")
}

/// Whether a program of Office keeps a file of that name beside one that is open.
fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("~$"))
}

/// Whether a path has the ending of a format for drafts.
fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| endings().any(|known| known == ending))
}

/// Reads a draft, at most one byte more than `limit` of it, so that an endless file ends.
///
/// # Errors
/// Why the file cannot be read.
pub fn read(path: &Path, limit: usize) -> Result<SourceFile, Skipped> {
    let skip = |error: &io::Error| Skipped { path: path.to_owned(), reason: reason(error), help: None };
    // It was a file when the folder was read; a pipe in its place would be waited for.
    let about = fs::metadata(path).map_err(|e| skip(&e))?;
    if !about.is_file() {
        return Err(skip(&io::Error::other("it is neither a file nor a folder")));
    }
    let file = fs::File::open(path).map_err(|e| skip(&e))?;
    // One byte of room more than there is to read tells the end without growing.
    let size = usize::try_from(about.len()).unwrap_or(limit).min(limit);
    let mut bytes = Vec::with_capacity(size + 1);
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|e| skip(&e))?;
    Ok(SourceFile { path: path.to_owned(), bytes })
}

/// An I/O error in plain words.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read: permission denied".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is a file, not a folder".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_an_error_is_found_under_what_else_it_says() {
        let denied = ignore::Error::Io(io::ErrorKind::PermissionDenied.into());
        let placed = ignore::Error::WithPath { path: "drafts/lockd".into(), err: Box::new(denied) };
        let error = ignore::Error::WithDepth { depth: 1, err: Box::new(placed) };
        assert_eq!(place(&error), Some(Path::new("drafts/lockd")));
        assert_eq!(error.io_error().map(reason).as_deref(), Some("it may not be read: permission denied"));
    }
}

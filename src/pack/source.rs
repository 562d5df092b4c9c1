//! From a request to the texts of its files. The only place of the pack floor that touches the disk, and it only reads.

use crate::model::{
    fault::{NamedText, Shown},
    file::{self, Unreadable},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Files of a pack at most.
const FILES: usize = 1000;

/// The files of `path`: itself, or the TOML files of a folder by name. Sub-folders are not entered.
pub(super) fn files(path: &Path) -> Result<Vec<NamedText>, Vec<Shown>> {
    let paths = match list(path) {
        Ok(paths) if paths.is_empty() => {
            let message = format!("the folder {} holds no .toml file", path.display());
            return Err(vec![shown(
                "empty_folder",
                &message,
                "name a pack's file, or a folder with the files of one pack",
            )]);
        }
        Ok(paths) if paths.len() > FILES => {
            let message =
                format!("the folder {} holds {} .toml files, over the limit of {FILES}", path.display(), paths.len());
            return Err(vec![shown("too_many", &message, "name the folder of one pack")]);
        }
        Ok(paths) => paths,
        Err(error) => return Err(vec![unreadable(path, &error)]),
    };
    let (mut texts, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match file::read_text(&path) {
            Ok(text) => texts.push(NamedText::new(path.display().to_string(), text)),
            Err(Unreadable::NotUtf8(at)) => {
                let message = format!("{} is not UTF-8 text (byte {at})", path.display());
                faults.push(shown("not_utf8", &message, "save the file as UTF-8"));
            }
            Err(Unreadable::Io(error)) => faults.push(unreadable(&path, &error)),
        }
    }
    if faults.is_empty() { Ok(texts) } else { Err(faults) }
}

fn list(path: &Path) -> io::Result<Vec<PathBuf>> {
    if fs::metadata(path)?.is_dir() { file::tomls(path, 0) } else { Ok(vec![path.to_owned()]) }
}

fn unreadable(path: &Path, error: &io::Error) -> Shown {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no pack at {}", path.display()),
        _ => format!("the pack {} cannot be read: {error}", path.display()),
    };
    shown("unreadable", &message, "check the path; paths in settings start at the settings file")
}

fn shown(code: &str, message: &str, help: &str) -> Shown {
    Shown::placeless(format!("postlint::pack::{code}"), message, Some(help.to_owned()))
}

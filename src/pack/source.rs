//! From a request to the texts of its files. The only place of the pack floor that touches the disk, and it only reads.

use crate::model::fault::{NamedText, Shown};
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

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
        Ok(paths) => paths,
        Err(error) => return Err(vec![unreadable(path, &error)]),
    };
    let (mut texts, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match read(&path, LONGEST) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => texts.push(NamedText::new(path.display().to_string(), text)),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let message = format!("{} is not UTF-8 text (byte {at})", path.display());
                    faults.push(shown("not_utf8", &message, "save the file as UTF-8"));
                }
            },
            Err(error) => faults.push(unreadable(&path, &error)),
        }
    }
    if faults.is_empty() { Ok(texts) } else { Err(faults) }
}

/// Bytes of a pack's file at most: a hundred times the largest that anybody wrote by hand.
const LONGEST: usize = 4 << 20;

/// Reads a file of at most `limit` bytes. A pipe, a socket or a device is none: it may never end.
fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    Read::take(fs::File::open(path)?, limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is over the limit of {limit} bytes")));
    }
    Ok(bytes)
}

fn list(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "toml") && !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &io::Error) -> Shown {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no pack at {}", path.display()),
        _ => format!("the pack {} cannot be read: {error}", path.display()),
    };
    shown("unreadable", &message, "check the path; paths in settings start at the settings file")
}

fn shown(code: &str, message: &str, help: &str) -> Shown {
    Shown::placeless(format!("postlint::pack::{code}"), crate::model::fault::clean(message), Some(help.to_owned()))
}

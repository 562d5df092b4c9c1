//! Files of packs and settings: ordinary ones, of a bounded size. The only reader of this floor; drafts are read by
//! `engine/walk.rs`.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Bytes of a settings file, or of a file of a pack, at most: a hundred times the largest that anybody wrote by hand.
pub const LONGEST: usize = 4 << 20;

/// Why a text file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file cannot be opened, is too long, or is none.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no UTF-8 text from this byte on.
    #[error("it is not UTF-8 text (byte {0})")]
    NotUtf8(usize),
}

/// Reads a file of at most `limit` bytes. A pipe, a socket or a device is none: it may never end.
pub fn read(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
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

/// Reads a text of at most [`LONGEST`] bytes.
pub fn read_text(path: &Path) -> Result<String, Unreadable> {
    let bytes = read(path, LONGEST)?;
    String::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8(error.utf8_error().valid_up_to()))
}

/// The `.toml` files in `folder` and in folders at most `deep` levels below it, in the order of their paths. Hidden folders
/// and links to folders are not entered.
pub fn tomls(folder: &Path, deep: usize) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if deep > 0 && !entry.file_name().to_string_lossy().starts_with('.') {
                found.extend(tomls(&path, deep - 1)?);
            }
        } else if path.extension().is_some_and(|e| e == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

//! Files that a run writes: beside their places, then renamed, so that each is the old one or the new one at every moment,
//! also where the disk is full or the run is killed.
//!
//! A run that is killed while it writes leaves the file beside, which nobody can tell from one that is being written, but
//! for its lock: that ends with its process. The next run that writes into the folder takes away what nobody holds.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::{self, File, Metadata},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::NamedTempFile;

/// What the name of a file begins with until it gets its own. What begins so and goes on as it may be deleted: no file of a
/// user's has such a name.
const PREFIX: &str = ".postlint-writing-";

/// Letters and digits that come after it.
const RANDOM: usize = 6;

/// A file that is younger may be one that another run has made and not locked yet.
const FRESH: Duration = Duration::from_secs(60);

/// Who may read and write a new file.
#[derive(Debug, Clone)]
pub enum Mode {
    /// All, less what the user's umask takes away, like any file that a program makes.
    New,
    /// The same, and it is a program.
    Executable,
    /// Those of the file in whose place it comes, and its owner and group, where the system allows that.
    As(Metadata),
}

/// Writes `bytes` to `path`. A symbolic link stays one; a file keeps its permissions. What is no file, `/dev/stdout` say, is
/// written to as it is, and so is a file in a folder where no other can be made.
///
/// # Errors
/// What the system says; a file is then as it was, unless nothing could be made beside it.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    tidy([path]);
    let Ok(real) = fs::canonicalize(path) else {
        // There is nothing yet, or a link to nothing.
        return if path.is_symlink() { fs::write(path, bytes) } else { placed(beside(path, bytes, Mode::New)?, path) };
    };
    let there = fs::metadata(&real)?;
    if !there.is_file() {
        return fs::write(path, bytes);
    }
    if there.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    match beside(&real, bytes, Mode::As(there)) {
        Ok(ready) => placed(ready, &real),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => fs::write(&real, bytes),
        Err(error) => Err(error),
    }
}

/// Puts `bytes` in the place of the file at `path`, which is no link, with its permissions and its owner. A file with
/// several names is refused: the others would still have the old text.
///
/// # Errors
/// What the system says; the file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let there = fs::metadata(path)?;
    if there.permissions().readonly() {
        return Err(io::ErrorKind::ReadOnlyFilesystem.into());
    }
    if names(&there) > 1 {
        let why =
            "it has another name (a hard link), under which it would stay as it is; make it a file of its own first";
        return Err(io::Error::other(why));
    }
    placed(beside(path, bytes, Mode::As(there))?, path)
}

/// How many names a file has, where the system says.
#[cfg(unix)]
fn names(there: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(there)
}

#[cfg(not(unix))]
fn names(_there: &Metadata) -> u64 {
    1
}

fn placed(ready: NamedTempFile, path: &Path) -> io::Result<()> {
    ready.persist(path).map(drop).map_err(|error| error.error)
}

/// A new file with `bytes` in the folder of `path`, ready to be given its name.
///
/// # Errors
/// What the system says; nothing is left then.
pub fn beside(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    #[cfg(unix)]
    if !matches!(mode, Mode::As(_)) {
        use std::os::unix::fs::PermissionsExt;
        let bits = if matches!(mode, Mode::Executable) { 0o777 } else { 0o666 };
        builder.permissions(fs::Permissions::from_mode(bits));
    }
    let mut ready = builder.tempfile_in(folder_of(path))?;
    // Where a folder knows no locks, nothing in it is ever taken away.
    let _ = ready.as_file().try_lock();
    ready.write_all(bytes)?;
    if let Mode::As(there) = mode {
        // Before the permissions: some of them go when the owner does.
        give(ready.as_file(), &there);
        ready.as_file().set_permissions(there.permissions())?;
    }
    ready.as_file().sync_all()?;
    Ok(ready)
}

/// Gives a file the owner and the group of another one. Only root may give files away; others may choose among their groups.
#[cfg(unix)]
fn give(file: &File, there: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(there.uid()), Some(there.gid())).or_else(|_| fchown(file, None, Some(there.gid())));
}

#[cfg(not(unix))]
fn give(_file: &File, _there: &Metadata) {}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Takes away what runs that were killed have left in the folders of `paths`, behind links too. What cannot be taken away
/// stays: it harms nobody.
pub fn tidy<'p>(paths: impl IntoIterator<Item = &'p Path>) {
    let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folders: BTreeSet<PathBuf> = paths.into_iter().map(|path| folder_of(&real(path)).to_owned()).collect();
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        if is_ours(&entry.file_name()) && is_left(&entry).unwrap_or(false) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_ours(name: &OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    random.is_some_and(|random| random.len() == RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether it is an old file whose lock nobody holds.
fn is_left(entry: &fs::DirEntry) -> io::Result<bool> {
    let about = entry.metadata()?;
    let old = about.modified()?.elapsed().is_ok_and(|age| age > FRESH);
    Ok(about.is_file() && old && File::open(entry.path())?.try_lock().is_ok())
}

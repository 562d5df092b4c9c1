//! Files that a run writes: beside their places, then renamed, so that each is the old one or the new one at every moment,
//! also where the disk is full or the run is killed.

use std::{fs, io, io::Write, path::Path};
use tempfile::NamedTempFile;

/// Writes `bytes` to `path`. A symbolic link stays one; a file keeps its permissions. What is no file, `/dev/stdout` say, is
/// written to as it is, and so is a file in a folder where no other can be made.
///
/// # Errors
/// What the system says; a file is then as it was, unless nothing could be made beside it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Ok(real) = fs::canonicalize(path) else {
        // There is nothing yet, or a link to nothing.
        return if path.is_symlink() { fs::write(path, bytes) } else { place(path, bytes) };
    };
    let there = fs::metadata(&real)?;
    if !there.is_file() {
        return fs::write(path, bytes);
    }
    if there.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    match beside(&real, bytes, false) {
        Ok(ready) => {
            ready.as_file().set_permissions(there.permissions())?;
            ready.persist(&real).map(drop).map_err(|error| error.error)
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => fs::write(&real, bytes),
        Err(error) => Err(error),
    }
}

fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    beside(path, bytes, false)?.persist(path).map(drop).map_err(|error| error.error)
}

/// A new file with `bytes` in the folder of `path`, ready to be given its name.
pub(super) fn beside(path: &Path, bytes: &[u8], executable: bool) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".postlint-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Less what the user's umask takes away, like any file that a program makes.
        builder.permissions(fs::Permissions::from_mode(if executable { 0o777 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = executable;
    let mut ready = builder.tempfile_in(folder)?;
    ready.write_all(bytes)?;
    ready.as_file().sync_all()?;
    Ok(ready)
}

//! The zip file around the parts, read with limits, rewritten without touching the other parts.

use crate::decode::{DecodeError, Limits};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// An open office file.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    limits: Limits,
    /// Bytes unpacked so far.
    unpacked: usize,
}

/// Below this size a part is never taken for a zip bomb, in bytes.
const HARMLESS: u64 = 1 << 20;
/// Times the limit of one part that all parts together may have: many of less than that fill the memory too.
const WHOLE: usize = 4;
/// Parts that one file may have; Word makes a few dozen.
const MOST_PARTS: usize = 10_000;

fn broken(error: &ZipError) -> DecodeError {
    DecodeError::damaged(format!("the zip file is damaged: {error}"))
}

impl<'b> Package<'b> {
    /// Opens `bytes`.
    pub(super) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, DecodeError> {
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            let what = "the file is locked with a password or from before 2007; save it again without";
            return Err(DecodeError::damaged(what));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
        if archive.len() > MOST_PARTS {
            return Err(DecodeError::limit("the number of parts of the zip file", MOST_PARTS, "parts"));
        }
        Ok(Self { archive, limits: *limits, unpacked: 0 })
    }

    /// Names of the parts, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
        names.sort();
        names
    }

    /// The text of the part called `name`, if there is one.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, DecodeError> {
        let mut file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(e) => return Err(broken(&e)),
        };
        let (size, packed) = (file.size(), file.compressed_size().max(1));
        let most = self.limits.part_bytes as u64;
        if size > most {
            return Err(DecodeError::limit(format!("the unpacked size of {name}"), self.limits.part_bytes, "bytes")
                .raised_by("unpacked-mib"));
        }
        if size > HARMLESS && size / packed > self.limits.part_ratio as u64 {
            let what = format!("the packing of {name}");
            return Err(DecodeError::limit(what, self.limits.part_ratio, "bytes from one").raised_by("unpacked-ratio"));
        }
        let mut bytes = Vec::new();
        let read = file.by_ref().take(most + 1).read_to_end(&mut bytes);
        read.map_err(|e| DecodeError::damaged(format!("{name} is damaged: {e}")))?;
        if bytes.len() as u64 > most {
            return Err(DecodeError::limit(format!("the unpacked size of {name}"), self.limits.part_bytes, "bytes")
                .raised_by("unpacked-mib"));
        }
        self.unpacked += bytes.len();
        let whole = self.limits.part_bytes.saturating_mul(WHOLE);
        if self.unpacked > whole {
            return Err(DecodeError::limit("the unpacked size of all parts", whole, "bytes").raised_by("unpacked-mib"));
        }
        let text = String::from_utf8(bytes).map_err(|_| DecodeError::damaged(format!("{name} is no UTF-8")))?;
        Ok(Some(text))
    }

    /// The file with the text of some parts changed; all others are copied as they are.
    pub(super) fn rewritten(mut self, changed: &BTreeMap<String, String>) -> Result<Vec<u8>, DecodeError> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(|e| broken(&e))?;
            let name = file.name().map_err(|e| broken(&e))?.into_owned();
            let Some(text) = changed.get(&name) else {
                out.raw_copy_file(file).map_err(|e| broken(&e))?;
                continue;
            };
            let mut options = SimpleFileOptions::default().compression_method(file.compression());
            if let Some(time) = file.last_modified() {
                options = options.last_modified_time(time);
            }
            drop(file);
            out.start_file(name, options).map_err(|e| broken(&e))?;
            out.write_all(text.as_bytes()).map_err(|e| DecodeError::damaged(format!("cannot pack: {e}")))?;
        }
        out.set_raw_comment(self.archive.comment().into()).map_err(|e| broken(&e))?;
        Ok(out.finish().map_err(|e| broken(&e))?.into_inner())
    }
}

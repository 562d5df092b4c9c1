//! What decoding copies: what posts take over from around them, names of columns, addresses. A draft of a megabyte must
//! not fill gigabytes, so copies are counted while they are made. Over the limit none is made any more, and whoever
//! counts refuses the file in the end.

use super::{DecodeError, Limits};
use crate::model::document::{Address, Located, Meta, Scope};
use std::cell::Cell;

/// Bytes of copies that a file may take.
const MOST: usize = 64 << 20;
/// What is no longer than this, in bytes, is not counted: it is no longer than the post that it belongs to.
const FREE: usize = 256;
/// Bytes that a value takes besides its text.
const VALUE: usize = 64;

/// The copies made so far, and the posts.
#[derive(Debug)]
pub(super) struct Growth {
    bytes: Cell<usize>,
    posts: Cell<usize>,
    most_posts: usize,
}

impl Growth {
    /// Nothing so far.
    pub(super) fn new(limits: &Limits) -> Self {
        Self { bytes: Cell::new(0), posts: Cell::new(0), most_posts: limits.posts }
    }

    /// Counts a copy of `bytes` bytes; whether it may be made.
    pub(super) fn copy(&self, bytes: usize) -> bool {
        self.bytes.set(self.bytes.get().saturating_add(bytes.saturating_sub(FREE)));
        self.is_within()
    }

    /// Counts a post; whether it may be kept.
    pub(super) fn post(&self) -> bool {
        self.posts.set(self.posts.get() + 1);
        self.is_within()
    }

    /// Whether no limit is reached.
    pub(super) fn is_within(&self) -> bool {
        self.bytes.get() <= MOST && self.posts.get() <= self.most_posts
    }

    /// Refuses a file that is over a limit.
    pub(super) fn check(&self) -> Result<(), DecodeError> {
        if self.posts.get() > self.most_posts {
            return Err(too_many(self.most_posts));
        }
        if self.bytes.get() > MOST {
            let what = "what posts take over from around them, with names and addresses,";
            return Err(DecodeError::limit(what, MOST, "bytes"));
        }
        Ok(())
    }
}

/// The error of a file with more than `most` posts.
pub(super) fn too_many(most: usize) -> DecodeError {
    DecodeError::limit("the number of posts", most, "posts").raised_by("posts")
}

/// Bytes of a copy of `meta`.
pub(super) fn weight(meta: &Meta) -> usize {
    let one = |l: &Located| l.value.len() + VALUE;
    let single = [
        &meta.account,
        &meta.author,
        &meta.approved_by,
        &meta.service,
        &meta.scheduled,
        &meta.status,
        &meta.in_reply_to,
    ];
    let named = meta.other.iter().map(|(name, l)| name.len() + one(l));
    let single = single.into_iter().flatten().map(one);
    let listed = meta.channels.iter().chain(meta.suppress.iter().map(|s| &s.said)).map(one);
    single.chain(listed).chain(named).sum::<usize>() + meta.media.len() * 3 * VALUE
}

/// Bytes of a copy of `address`.
pub(super) fn length(address: &Address) -> usize {
    match address {
        Address::Pointer(pointer) => pointer.len(),
        Address::Cell { sheet, column, .. } => sheet.as_ref().map_or(0, String::len) + column.len(),
        _ => 0,
    }
}

/// Bytes of the name in `scope`.
pub(super) fn named(scope: &Scope) -> usize {
    match scope {
        Scope::Cell(name) | Scope::Field(name) => name.len(),
        _ => 0,
    }
}

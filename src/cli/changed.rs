//! Which posts of a file are new, or say something else than before. Posts are compared by all that a rule can see of
//! them, not by lines: an approval that is gone from the head of a file changes each post in it, and a row that only moved
//! is the same.

use crate::model::document::{Document, Located, Media, Meta, Post};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// The numbers of posts in `new` that are not in `old`. A post that is all of its file has changed when the file has.
pub(super) fn posts(old: &Document, new: &Document) -> BTreeSet<usize> {
    if old.posts.len().max(new.posts.len()) < 2 {
        return (0..new.posts.len()).collect();
    }
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for post in &old.posts {
        *known.entry(said(post, &old.source)).or_default() += 1;
    }
    let is_new = |post: &Post| match known.get_mut(&said(post, &new.source)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    let new: Vec<bool> = new.posts.iter().map(is_new).collect();
    (0..).zip(new).filter(|(_, new)| *new).map(|(number, _)| number).collect()
}

/// What a post says, of its own and about itself, without where it stands.
fn said(post: &Post, source: &str) -> String {
    // Every field has a name here, so that one that is added later is not forgotten.
    let Meta {
        channels,
        account,
        author,
        approved_by,
        service,
        scheduled,
        status,
        in_reply_to,
        mode,
        media,
        suppress,
        other,
    } = &post.meta;
    let mut out = String::new();
    let mut add = |part: &dyn std::fmt::Debug| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{part:?};");
    };
    for segment in &post.segments {
        add(&(&segment.scope, &segment.text));
    }
    let value = |located: &Option<Located>| located.as_ref().map(|l| l.value.clone());
    let named = |others: &BTreeMap<String, Located>| -> Vec<(String, String)> {
        others.iter().map(|(name, l)| (name.clone(), l.value.clone())).collect()
    };
    add(&channels.iter().map(|l| l.value.as_str()).collect::<Vec<_>>());
    add(&[account, author, approved_by, service, scheduled, status, in_reply_to].map(value));
    add(mode);
    for Media { file, alt, other } in media {
        add(&(value(file), value(alt), named(other)));
    }
    for said in suppress {
        add(&(&said.said.value, said.covers.map(|span| span.of(source))));
    }
    add(&named(other));
    out
}

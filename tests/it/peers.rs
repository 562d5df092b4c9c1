//! Files of other projects: real drafts and the test suites of other parsers. They are not part of this repository;
//! where the folder with them is missing the tests say so and pass.

use postlint::{
    decode::{self, Options},
    model::{
        document::{Scope, SourceFile},
        finding::Edit,
    },
    text::span::Span,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// `name` in the folder of borrowed data.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/data not found");
    None
}

/// Every file below `folder`, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

pub(crate) fn load(path: &Path) -> SourceFile {
    SourceFile { path: path.to_owned(), bytes: fs::read(path).unwrap() }
}

#[test]
fn every_galaxy_social_post_is_read() {
    let Some(folder) = data("drafts/galaxy-social") else { return };
    let posts: Vec<_> = files(&folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    for path in &posts {
        let file = load(path);
        let doc = decode::read(&file, &Options::default()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let post = &doc.posts[0];
        assert!(!post.meta.channels.is_empty(), "{}", path.display());
        assert!(post.segments.iter().any(|s| s.scope == Scope::Body), "{}", path.display());
        for segment in &post.segments {
            for (at, c) in segment.text.char_indices() {
                let origin = segment.map.map(Span::new(at, at + c.len_utf8())).of(&doc.source);
                let same = origin == c.to_string() || c.is_whitespace() || origin.starts_with(['&', '\\', '\'', '<']);
                assert!(same, "{}: {c:?} from {origin:?}", path.display());
            }
        }
    }
    println!("{} posts", posts.len());
    assert!(posts.len() >= 516);
}

#[test]
fn galaxy_social_posts_can_be_fixed() {
    let Some(folder) = data("drafts/galaxy-social") else { return };
    let (mut made, mut refused) = (0, 0);
    for path in files(&folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let (file, options) = (load(&path), Options::default());
        let doc = decode::read(&file, &options).unwrap();
        let bodies = doc.posts.iter().flat_map(|p| &p.segments).filter(|s| s.scope == Scope::Body);
        // The third word of every block, with the blank after it.
        let fixes: Vec<Vec<Edit>> = bodies
            .filter_map(|s| {
                let word = s.text.split_inclusive(' ').nth(2)?;
                let at = s.text.split_inclusive(' ').take(2).map(str::len).sum();
                let content = format!("{} ", word.trim().to_uppercase());
                Some(vec![Edit { span: s.map.map(Span::new(at, at + word.len())), content }])
            })
            .collect();
        let fixes: Vec<&[Edit]> = fixes.iter().map(Vec::as_slice).collect();
        let applied = decode::apply(&file, &doc, &fixes, &options).unwrap();
        made += fixes.len() - applied.refused.len();
        refused += applied.refused.len();
        let after = SourceFile { bytes: applied.bytes, ..file };
        decode::read(&after, &options).unwrap();
    }
    println!("fixes made {made}, refused {refused}");
    assert!(refused * 20 < made, "{refused} of {made}");
}

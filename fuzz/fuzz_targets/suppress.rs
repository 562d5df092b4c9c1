//! A suppression of any finding in any draft is refused, or lets through that finding, adds bytes in one place, and leaves
//! every text as it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    engine::{Linter, Options, excuse},
    model::{document::SourceFile, finding::FileReport},
    pack::{self, Request},
};
use std::sync::LazyLock;

static PROMISE: LazyLock<Linter> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/packs/promise.toml");
    let set = pack::load(&[Request::Path(path.into())]).expect("the pack loads");
    Linter::new(&set, Options::default()).unwrap_or_else(|_| panic!("the pack compiles"))
});

fn texts(report: &FileReport) -> Vec<(usize, String)> {
    let posts = report.document.posts.iter().enumerate();
    posts.flat_map(|(i, p)| p.segments.iter().map(move |s| (i, s.text.trim().to_owned()))).collect()
}

fuzz_target!(|data: &[u8]| {
    let Some(file) = postlint_fuzz::file(data) else { return };
    let Ok(before) = PROMISE.lint(&file) else { return };
    for finding in before.findings.iter().filter(|f| f.suppressed.is_none()).take(3) {
        let Some(next) = PROMISE.excuse(&file, &before, finding, "the Cabinet -- \"decided\" it's so: #1 <b> \\ {x}")
        else {
            continue;
        };
        let added = next.bytes.len().checked_sub(file.bytes.len()).expect("nothing goes");
        let head = file.bytes.iter().zip(next.bytes.iter()).take_while(|(a, b)| a == b).count();
        assert_eq!(file.bytes[head..], next.bytes[head + added..], "it is not one insertion");
        let next = SourceFile { path: file.path.clone(), bytes: next.bytes };
        let after = PROMISE.lint(&next).expect("what was written can be read");
        assert_eq!(texts(&before), texts(&after));
        let own = excuse::key(&before, finding);
        assert!(after.findings.iter().any(|f| f.suppressed.is_some() && excuse::key(&after, f) == own));
    }
});

//! What the fuzz targets share. An input that stands for a file begins with a line that names it, so that a corpus can be
//! made of files and read by people.

use postlint::{
    engine::{Linter, Options},
    model::document::{Document, Origin, SourceFile},
    pack::{self, Request},
    text::{map::OffsetMap, span::Span},
};
use std::{path::PathBuf, sync::LazyLock};

/// All rules that come with postlint.
pub static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let names: Vec<Request> = pack::names().into_iter().map(|n| Request::Name(n.to_owned())).collect();
    let set = pack::load(&names).expect("the packs load");
    Linter::new(&set, Options::default()).unwrap_or_else(|_| panic!("the packs compile"))
});

/// A number that sensitive rules know.
pub const SECRET: &str = "9434765919";

/// The file that `data` stands for: its name up to the first line end, then its bytes.
pub fn file(data: &[u8]) -> Option<SourceFile> {
    let at = data.iter().position(|b| *b == b'\n').filter(|at| *at < 64)?;
    let name = std::str::from_utf8(data.get(..at)?).ok()?;
    Some(SourceFile { path: PathBuf::from(name), bytes: data.get(at + 1..)?.into() })
}

/// Reads `text` as a pack, from a file of this process.
pub fn pack(text: &str) -> pack::PackSet {
    let path = std::env::temp_dir().join(format!("postlint-fuzz-{}.toml", std::process::id()));
    std::fs::write(&path, text).expect("the temporary folder can be written to");
    pack::load_sound(&[Request::Path(path)]).0
}

/// The pack of one rule that is sound but for `key`, which holds `words`.
pub fn rule(key: &str, words: &str) -> String {
    format!(
        "[pack]\nname='p'\nversion='1'\nsummary='s'\n[[rule]]\nid='r'\ntitle='t'\ncategory='style'\nseverity='error'\n\
         confidence=0.9\nwhy='w'\nmessage='m'\n{key}=['''{}''']\n[rule.fix]\nadvice='a'\n\
         [[rule.example]]\nbad='b'\n[[rule.example]]\ngood='g'\n",
        words.replace("'''", "")
    )
}

/// Every character of `text` maps to whole characters of `source`, none before the one in front of it.
pub fn map_is_sound<A, B>(text: &str, map: &OffsetMap<A, B>, source: &str) {
    let mut last = 0;
    for (at, c) in text.char_indices() {
        let span = map.map(Span::new(at, at + c.len_utf8()));
        assert!(source.get(span.range()).is_some(), "{span:?} cuts a character");
        assert!(span.start >= last, "{span:?} is before {last}");
        last = span.start;
        if map.is_copied(Span::new(at, at + c.len_utf8())) {
            assert_eq!(span.of(source).chars().next(), Some(c), "a copied character is another one at {span:?}");
        }
    }
}

/// Every segment of `document` maps to its source, and that to the bytes of the file.
pub fn document_is_sound(document: &Document, bytes: usize) {
    for segment in document.posts.iter().flat_map(|p| &p.segments) {
        map_is_sound(&segment.text, &segment.map, &document.source);
        if document.origin == Origin::Bytes {
            for (at, c) in segment.text.char_indices() {
                let own = document.encoding.map.map(segment.map.map(Span::new(at, at + c.len_utf8())));
                assert!(own.start <= own.end && own.end <= bytes, "{own:?} is no place among {bytes} bytes");
            }
        }
    }
}

//! How every fixture file is read, in one picture for each format.

use postlint::{
    decode::{self, Options},
    model::document::{Document, Located, SourceFile},
    text::span::Span,
};
use std::{fmt::Write, fs, path::Path};

fn show(doc: &Document) -> String {
    let mut out = format!("{}, {}\n", doc.format, doc.encoding.name);
    doc.notes.iter().for_each(|n| writeln!(out, "  note: {n}").unwrap());
    doc.faults.iter().for_each(|f| writeln!(out, "  fault at {}: {}", f.address, f.message).unwrap());
    for post in &doc.posts {
        writeln!(out, "  post [{}]", post.address).unwrap();
        let meta = &post.meta;
        let mut line = |name: &str, value: Option<&Located>| {
            if let Some(v) = value {
                writeln!(out, "    {name} = {}", v.value).unwrap();
            }
        };
        meta.channels.iter().for_each(|c| line("channel", Some(c)));
        line("account", meta.account.as_ref());
        line("author", meta.author.as_ref());
        line("approved by", meta.approved_by.as_ref());
        line("scheduled", meta.scheduled.as_ref());
        line("status", meta.status.as_ref());
        line("in reply to", meta.in_reply_to.as_ref());
        for media in &meta.media {
            line("file", media.file.as_ref());
            line("alt", media.alt.as_ref());
        }
        meta.suppress.iter().for_each(|s| line("ignore", Some(&s.said)));
        meta.other.iter().for_each(|(k, v)| line(&format!("other {k}"), Some(v)));
        for segment in &post.segments {
            let origin = segment.map.map(Span::new(0, segment.text.len())).of(&doc.source);
            let label = segment.scope.label().unwrap_or_default();
            write!(out, "    {}{label:?} [{}] {:?}", segment.scope.name(), segment.address, segment.text).unwrap();
            let same = origin == segment.text;
            writeln!(out, "{}", if same { String::new() } else { format!(" <- {origin:?}") }).unwrap();
        }
    }
    out.replace("\"\" [", " [")
}

#[test]
fn every_fixture_reads_as_it_did() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for format in
        ["text", "markdown", "tweet", "csv", "tsv", "json", "jsonl", "yaml", "toml", "html", "eml", "docx", "xlsx"]
    {
        let mut files: Vec<_> = fs::read_dir(root.join(format)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let mut out = String::new();
        for path in files {
            let file = SourceFile { bytes: fs::read(&path).unwrap(), path: path.clone() };
            let doc = decode::read(&file, &Options::default()).unwrap();
            write!(out, "{}: {}", path.file_name().unwrap().to_string_lossy(), show(&doc)).unwrap();
        }
        insta::assert_snapshot!(format!("fixtures_{format}"), out);
    }
}

#[test]
fn the_page_of_formats_names_every_decoder_and_ending() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md")).unwrap();
    for decoder in decode::DECODERS {
        let row = page
            .lines()
            .find(|l| l.starts_with(&format!("| {} |", decoder.name())))
            .unwrap_or_else(|| panic!("{}", decoder.name()));
        for ending in decoder.extensions() {
            assert!(row.contains(&format!("`.{ending}`")), "{ending}");
        }
    }
}

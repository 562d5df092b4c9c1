//! Files that cannot be read are refused with a named error, never with a panic, and quickly.

use crate::program::{PACK, folder, postlint, run, said};
use postlint::{
    decode::{self, DECODERS, DecodeError, Decoder, Limits, Options},
    model::{
        document::{Document, SourceFile},
        finding::Edit,
    },
    text::span::Span,
};
use proptest::prelude::*;
use std::{
    io::{Cursor, Write},
    path::Path,
    time::{Duration, Instant},
};

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Document, DecodeError> {
    read_with(name, bytes, Limits::default())
}

fn read_with(name: &str, bytes: impl Into<Vec<u8>>, limits: Limits) -> Result<Document, DecodeError> {
    let file = SourceFile { path: name.into(), bytes: bytes.into() };
    decode::read(&file, &Options { limits, ..Options::default() })
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn message(result: Result<Document, DecodeError>) -> String {
    result.map_or_else(|e| e.to_string(), |d| format!("read {} posts", d.posts.len()))
}

#[test]
fn every_kind_of_bad_file_has_its_own_words() {
    let document = |xml: &str| zip(&[("word/document.xml", xml)]);
    let whole = fixture("docx/draft.docx");
    let cut = whole[..whole.len() / 2].to_vec();
    let mut out = String::new();
    let mut say = |what: &str, result| out += &format!("{what}: {}\n", message(result));
    say("PNG called .md", read("a.md", *b"\x89PNG\r\n\x1a\n\0\0"));
    say("NUL in text", read("a.txt", *b"a\0b"));
    say("NUL in CSV", read("a.csv", *b"Text\na\0b\n"));
    say("two encodings", read("a.txt", *b"caf\xC3\xA9 and caf\xE9"));
    say("bad UTF-8 behind a mark", read("a.txt", *b"\xEF\xBB\xBFa\xE9"));
    say("lone surrogate, JSON", read("a.json", r#"["\ud83d x"]"#));
    say("lone surrogate, UTF-16", read("a.txt", *b"\xFF\xFE\x3D\xD8a\0"));
    say("half a UTF-16 character", read("a.txt", *b"\xFF\xFEa\0b"));
    say("open quote", read("a.csv", "Date,Text\n1,\"open"));
    say("JSON cut short", read("a.json", "[{\"text\": \"a\""));
    say("JSON with a comma too many", read("a.json", "[1,]"));
    say("empty JSON", read("a.json", ""));
    say("deep JSON", read("a.json", "[".repeat(100_000)));
    say("deep YAML", read("a.yaml", "[".repeat(100_000)));
    say("deep TOML", read("a.toml", format!("a = {}", "[".repeat(100_000))));
    say("broken YAML", read("a.yaml", "a: [1\nb: 2\n"));
    say("colon in front matter", read("a.md", "---\ntitle: one: two\n---\n"));
    say("broken TOML", read("a.toml", "a = \n"));
    say("twice the same TOML key", read("a.toml", "a = 1\na = 2\n"));
    say("broken TOML front matter", read("a.md", "+++\na = \n+++\nx"));
    say("truncated zip", read("a.docx", cut));
    say("text called .docx", read("a.docx", "hello"));
    say("old Word file", read("a.docx", *b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
    say("zip without document", read("a.docx", zip(&[("a.txt", "x")])));
    say("zip without workbook", read("a.xlsx", zip(&[("a.txt", "x")])));
    say("zip bomb", read("a.docx", document(&" ".repeat(4 << 20))));
    say("entity trick", read("a.docx", document("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")));
    say("unknown entity", read("a.docx", document("<a>&b;</a>")));
    say("XML cut short", read("a.docx", document("<w:p><w:r>")));
    say("XML with crossed tags", read("a.docx", document("<a><b></a></b>")));
    say("deep XML", read("a.docx", document(&"<a>".repeat(100_000))));
    say("mail without boundary", read("a.eml", "Content-Type: multipart/mixed\n\nx"));
    say("mail with an open part", read("a.eml", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx"));
    let small = Limits { rows: 10, bytes: 1000, part_bytes: 1000, ..Limits::default() };
    say("too many rows", read_with("a.csv", "a,b\n".repeat(20), small));
    say("too many lines", read_with("a.jsonl", "{}\n".repeat(20), small));
    say("too large", read_with("a.csv", "a".repeat(2000), small));
    say(
        "too many posts",
        read_with(
            "a.json",
            format!("[{}{{\"text\": \"b\"}}]", "{\"text\": \"a\"},".repeat(9)),
            Limits { posts: 9, ..small },
        ),
    );
    let roomy = Limits { bytes: 1 << 20, ..small };
    say("too large a part", read_with("a.docx", document(&"<a/>".repeat(500)), roomy));
    insta::assert_snapshot!(out);
}

/// A folder as bad as can be, with one sound draft in it.
#[test]
fn every_bad_file_is_told_and_the_others_are_checked() {
    let office = folder(&[
        ("house.toml", PACK),
        ("in/sound.md", "We promise it.\n"),
        ("in/pipes.csv", "Text|To\nWe promise|x\n"),
    ]);
    let document = |xml: &str| zip(&[("word/document.xml", xml)]);
    let whole = fixture("docx/draft.docx");
    let bad: &[(&str, Vec<u8>, &str)] = &[
        ("truncated.docx", whole[..whole.len() / 2].to_vec(), "the zip file is damaged"),
        ("bomb.docx", document(&" ".repeat(4 << 20)), "raise `unpacked-ratio`"),
        ("entity.docx", document("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "document type"),
        ("ten-million-rows.csv", b"a,b\n".repeat(10_000_000), "raise `rows`"),
        ("open-quote.csv", b"Date,Text\n1,\"open".to_vec(), "never closed"),
        ("nul.txt", b"a\0b".to_vec(), "zero byte"),
        ("surrogate.json", br#"["\ud83d x"]"#.to_vec(), "surrogate"),
        ("deep.json", b"[".repeat(100_000), "nesting"),
        ("mixed.txt", b"caf\xC3\xA9 and caf\xE9".to_vec(), "mixes UTF-8"),
        ("picture.md", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "binary"),
        ("line.jsonl", b"{\"text\": \"We promise\"}\n{\n".to_vec(), "line 2"),
    ];
    for (name, bytes, _) in bad {
        std::fs::write(office.path().join("in").join(name), bytes).unwrap();
    }
    // One cell of 200 MB; only its beginning takes room on the disk.
    let cell = std::fs::File::create(office.path().join("in/cell.csv")).unwrap();
    (&cell).write_all(b"Date,Text\n1,\"We promise").unwrap();
    cell.set_len(200 << 20).unwrap();
    let (text, code) = postlint(office.path(), &["check", "--pack", "./house.toml", "in"]);
    assert_eq!(code, 2, "{text}");
    let told = |name: &str, why: &str| {
        let all = text.split("Not checked: ").skip(1);
        all.filter(|part| part.starts_with(&format!("in/{name}: "))).any(|part| part.contains(why))
    };
    for (name, _, why) in bad {
        assert!(told(name, why), "{name}: {why}\n{text}");
    }
    assert!(told("cell.csv", "raise `file-mib`"), "{text}");
    for sound in ["in/sound.md:1:1", "in/pipes.csv, row 2", "in/line.jsonl, /text:1"] {
        assert!(text.contains(sound), "{sound}\n{text}");
    }
    assert_eq!(text.matches("Not checked: ").count(), bad.len() + 1, "{text}");
}

#[test]
fn settings_raise_the_limits_and_lower_them() {
    let row = "We promise,x\n";
    let office = folder(&[("house.toml", PACK), ("q.csv", &format!("Text,To\n{}", row.repeat(20)))]);
    let run = |limits: &str| {
        let settings = format!("[packs]\nuse = []\npaths = [\"house.toml\"]\n[limits]\n{limits}\n");
        std::fs::write(office.path().join("postlint.toml"), settings).unwrap();
        postlint(office.path(), &["check", "--format", "concise", "q.csv"])
    };
    for (limits, code, why) in [
        ("rows = 21\nposts = 20\nfindings = 20\nfile-mib = 1", 1, "q.csv:21:1"),
        ("rows = 20", 2, "the number of rows is over the limit of 20 rows"),
        ("posts = 19", 2, "the number of posts is over the limit of 19 posts"),
        ("findings = 5", 2, "the number of findings is over the limit of 5; the others are not told"),
        ("rows = 0", 2, "nothing could be checked"),
        ("nesting = 1001", 2, "1000 levels deep at most"),
        ("lines = 5", 2, "lines"),
    ] {
        let (text, got) = run(limits);
        assert!(got == code && text.contains(why), "{limits}: {got}\n{text}");
    }
    assert_eq!(run("findings = 5").0.matches("is a promise").count(), 5);
}

/// As deep as settings may allow: what reads it must come back from each level, on the small stack of a thread.
#[test]
fn settings_raise_the_nesting_as_far_as_can_be_read() {
    let deep = |levels: usize, open: &str, text: &str, close: &str| open.repeat(levels) + text + &close.repeat(levels);
    let drafts = [
        ("a.json", deep(999, "[", r#"{"text": "We promise it."}"#, "]")),
        ("b.json", deep(998, r#"{"a": "#, r#"{"text": "We promise it."}"#, "}")),
        ("a.jsonl", deep(998, "[", r#"{"text": "We promise it."}"#, "]") + "\n"),
        ("a.yaml", deep(998, "[", "{text: We promise it.}", "]")),
        ("a.md", format!("---\na: {}\n---\nWe promise it.\n", deep(997, "[", "x", "]"))),
    ];
    let office = folder(&[("house.toml", PACK)]);
    for (name, text) in &drafts {
        std::fs::write(office.path().join(name), text).unwrap();
    }
    let xml = deep(990, "<w:p>", "<w:r><w:t>We promise it.</w:t></w:r>", "</w:p>");
    std::fs::write(office.path().join("a.docx"), zip(&[("word/document.xml", &xml)])).unwrap();
    for (nesting, code, why) in [("", 2, "`nesting`"), ("nesting = 1000", 1, "is a promise")] {
        let settings = format!("[packs]\nuse = []\npaths = [\"house.toml\"]\n[limits]\n{nesting}\n");
        std::fs::write(office.path().join("postlint.toml"), settings).unwrap();
        for name in drafts.iter().map(|(name, _)| *name).chain(["a.docx"]) {
            let (text, got) = postlint(office.path(), &["check", name]);
            assert!(got == code && text.contains(why), "{name}, {nesting}: {got}\n{text}");
        }
    }
}

/// One answer for each line, also for one that is too long to be read.
#[test]
fn a_line_of_the_stream_over_the_limit_is_one_error() {
    let office = folder(&[
        ("house.toml", PACK),
        ("one.toml", "[limits]\nline-mib = 1\n"),
        ("two.toml", "[limits]\nline-mib = 2\n"),
    ]);
    let post = |text: &str| format!("{{\"text\": \"{text}\"}}\n");
    let lines = post("We promise one.") + &post(&"bins ".repeat(300_000)) + &post("We promise two.");
    for (config, errors) in [("one.toml", 1), ("two.toml", 0)] {
        let args = ["stream", "--config", config, "--pack", "./house.toml"];
        let (told, code) = run(office.path(), &args, &lines);
        assert_eq!((code, told.lines().count()), (0, 3), "{config}");
        assert_eq!(told.matches("raise `line-mib`").count(), errors, "{config}");
        assert_eq!(told.lines().filter(|line| line.contains("house/promise")).count(), 2, "{config}");
    }
}

/// A limit for the size of files is as good as a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let before = "We promise it. The bins are out.\n".repeat(200);
    let office = folder(&[("house.toml", PACK), ("a.md", &before), ("b.md", "We promise it.\n")]);
    let program = assert_cmd::cargo::cargo_bin("postlint");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" check --pack ./house.toml --fix a.md b.md";
    let output =
        std::process::Command::new("sh").current_dir(office.path()).arg("-c").arg(script).arg(program).output();
    let (text, code) = said(&output.unwrap());
    assert!(code == 2 && text.contains("Not checked: a.md: it could not be mended: "), "{text}");
    assert_eq!(std::fs::read_to_string(office.path().join("a.md")).unwrap(), before);
    assert_eq!(std::fs::read_to_string(office.path().join("b.md")).unwrap(), "We aim it.\n");
    let left: Vec<_> = std::fs::read_dir(office.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn hostile_markup_is_read_quickly() {
    let start = Instant::now();
    for piece in [">", "[", "*", "- ", "![", "<a ", "&", "`", "|", "<!--", "_a", "<div>", "\\", "- a\n", "[a](b)"] {
        for name in ["a.md", "a.html"] {
            let _ = read(name, piece.repeat(20_000));
        }
    }
    for name in ["a.csv", "a.json", "a.yaml", "a.toml", "a.tweet", "a.txt", "a.eml", "a.jsonl"] {
        for piece in ["\"", ",", "{", "- ", "? ", "a: ", "---\n", "\n", "&a ", "=?a?Q?", "\"a\","] {
            let _ = read(name, piece.repeat(20_000));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Maps and places of what was read lie in the file.
fn maps_hold(doc: &Document, bytes: &[u8]) {
    for meta in doc.posts.iter().map(|p| &p.meta) {
        let media = meta.media.iter().flat_map(|m| m.file.iter().chain(&m.alt).chain(m.other.values()));
        let one = [&meta.account, &meta.author, &meta.scheduled, &meta.status, &meta.service, &meta.in_reply_to];
        let all = meta.channels.iter().chain(meta.other.values()).chain(media).chain(one.into_iter().flatten());
        let said = meta.suppress.iter().flat_map(|s| s.said.span.into_iter().chain(s.covers));
        for span in all.filter_map(|l| l.span).chain(said) {
            assert!(doc.source.get(span.range()).is_some(), "{span:?}");
        }
    }
    for segment in doc.posts.iter().flat_map(|p| &p.segments) {
        for (at, c) in segment.text.char_indices() {
            let span = segment.map.map(Span::new(at, at + c.len_utf8()));
            assert!(doc.source.get(span.range()).is_some());
            if doc.origin == postlint::model::document::Origin::Bytes {
                assert!(bytes.get(doc.encoding.map.map(span).range()).is_some());
            }
        }
    }
}

/// Every place that is proposed for a suppression is one where text can be put.
fn marks_are_in_the_file(decoder: &dyn Decoder, file: &SourceFile, doc: &Document) {
    for segment in doc.posts.iter().flat_map(|p| &p.segments) {
        let span = segment.map.map(Span::new(0, segment.text.len()));
        for mark in decoder.marks(doc, span, "a/b: c", &Options::default()) {
            assert!(doc.source.is_char_boundary(mark.at), "{mark:?} in {:?}", doc.source);
            let bytes = decode::insert(file, doc, &mark).unwrap();
            assert_eq!(bytes.len(), file.bytes.len() + mark.text.len());
        }
    }
}

fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        Just("---\n"),
        Just("+++\n"),
        Just("text: "),
        Just("\"text\": "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just("\""),
        Just("'"),
        Just("\n"),
        Just("\r\n"),
        Just(","),
        Just(";"),
        Just("\t"),
        Just("|\n  "),
        Just(">-\n "),
        Just("&amp;"),
        Just("&"),
        Just("<p>"),
        Just("</p>"),
        Just("<!-- postlint-ignore a/b: c -->"),
        Just("<b"),
        Just("=C3=A9"),
        Just("Subject: "),
        Just("\\u00e9"),
        Just("\\ud83d"),
        Just("\\"),
        Just("é"),
        Just("😀"),
        Just("a"),
        Just("**"),
        Just("[a]("),
        Just(")"),
        Just("![x]("),
        Just("`"),
        Just("- "),
        Just("# "),
        Just("| "),
        Just("  "),
        Just("a = "),
        Just("[[b]]\n"),
        Just("'''"),
        Just("\"\"\""),
        Just("Text,Date\n"),
        Just("<title>"),
        Just("=?utf-8?Q?"),
    ];
    prop::collection::vec(scrap, 0..30).prop_map(|s| s.concat())
}

/// Elements of office files in any order, one inside another.
fn elements() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a é".to_owned()),
        Just("&amp;".to_owned()),
        Just("<w:br/>".to_owned()),
        Just("<w:tab/>".to_owned()),
        Just("<w:pStyle w:val=\"Heading1\"/>".to_owned()),
        Just("<wp:docPr descr=\"x\"/>".to_owned()),
        Just("Text".to_owned()),
        Just("<v>1</v>".to_owned()),
        Just(" ".to_owned()),
    ];
    let tags = prop::sample::select(vec![
        "w:p",
        "w:r",
        "w:t",
        "w:tbl",
        "w:tr",
        "w:tc",
        "w:del",
        "w:ins",
        "w:hyperlink r:id=\"1\"",
        "w:rPr",
        "w:pPr",
        "mc:Fallback",
        "w:t xml:space=\"preserve\"",
        "row r=\"2\"",
        "c r=\"B1\" t=\"s\"",
        "c t=\"inlineStr\"",
        "c r=\"ZZZZ1\"",
        "v",
        "t",
    ]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        (tags.clone(), prop::collection::vec(inner, 0..6)).prop_map(|(tag, inner)| {
            let name = tag.split(' ').next().unwrap();
            format!("<{tag}>{}</{name}>", inner.concat())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_scrap_of_text_makes_a_decoder_panic(text in scraps()) {
        for decoder in DECODERS {
            let file = SourceFile { path: "a".into(), bytes: text.as_bytes().into() };
            if let Ok(doc) = decode::read_as(*decoder, &file, &Options::default()) {
                maps_hold(&doc, &file.bytes);
                marks_are_in_the_file(*decoder, &file, &doc);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for decoder in DECODERS {
            let file = SourceFile { path: "a".into(), bytes: bytes.clone() };
            if let Ok(doc) = decode::read_as(*decoder, &file, &Options::default()) {
                maps_hold(&doc, &file.bytes);
            }
        }
    }

    #[test]
    fn no_order_of_elements_makes_a_decoder_panic(inner in elements(), at: usize) {
        let xml = format!("<a>{inner}</a>");
        let sheet = [("xl/workbook.xml", "<a><sheet name='S' r:id='1'/></a>"), ("xl/sharedStrings.xml", "<a><si><t>x</t></si></a>"),
            ("xl/_rels/workbook.xml.rels", "<a><Relationship Id='1' Target='s.xml'/></a>"), ("xl/s.xml", &xml)];
        let doc = read("a.xlsx", zip(&sheet)).unwrap();
        maps_hold(&doc, &[]);
        let file = SourceFile { path: "a.docx".into(), bytes: zip(&[("word/document.xml", &xml)]) };
        let doc = decode::read(&file, &Options::default()).unwrap();
        maps_hold(&doc, &[]);
        let segments: Vec<_> = doc.posts.iter().flat_map(|p| &p.segments).collect();
        if let Some(segment) = segments.get(at % segments.len().max(1)) {
            let span = segment.map.map(Span::new(0, segment.text.len()));
            let edit = Edit { span, content: "new & words".into() };
            let _ = decode::write(&file, &doc, &[edit], &Options::default());
        }
    }

    #[test]
    fn no_damage_to_an_office_file_makes_a_decoder_panic(at in 0..5000usize, len in 0..64usize, byte: u8) {
        for name in ["docx/draft.docx", "xlsx/calendar.xlsx"] {
            let mut bytes = fixture(name);
            let end = (at + len).min(bytes.len());
            bytes[at.min(end)..end].fill(byte);
            let _ = read(name, bytes);
        }
    }
}

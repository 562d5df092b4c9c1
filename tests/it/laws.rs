//! `decode(write(edits)) == edits(decode)` for every format that can be written, over generated files.
//!
//! 256 files a format; `PROPTEST_CASES` asks for more.

use postlint::{
    decode::{self, Options, WriteError},
    model::{
        document::{Document, Origin, Quoting, Segment, SourceFile},
        finding::Edit,
    },
    text::span::Span,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::cell::Cell;

/// A file with some texts in it, an edit of one of them, by fractions of its length.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    pick: usize,
    from: usize,
    len: usize,
    content: String,
}

pub(crate) fn words() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-zA-Z]{1,6}|[0-9]{2,4}|£5|café|it's|\"so\"|A&B|a, b|😀|#BinDay|x_y|l: m|’tis", 1..10)
        .prop_map(|w| w.join(" "))
}

fn lines() -> impl Strategy<Value = String> {
    prop::collection::vec(words(), 1..4).prop_map(|w| w.join("\n"))
}

fn content() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => words(),
        1 => Just(String::new()),
        1 => "[a-z \"',;:&<>*_#£é😀\\\\\\[\\]{}-]{1,12}",
        1 => Just("one\ntwo".to_owned()),
    ]
}

pub(crate) fn case(name: &'static str, file: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Case> {
    (file, any::<(usize, usize)>(), 0..12usize, content()).prop_map(move |(bytes, (pick, from), len, content)| Case {
        name,
        bytes,
        pick,
        from,
        len,
        content,
    })
}

fn segments(doc: &Document) -> Vec<&Segment> {
    doc.posts.iter().flat_map(|p| &p.segments).collect()
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// Text as a reader sees it, for formats that do not keep white space.
fn normal(segment: &Segment, text: &str) -> String {
    match segment.quoting {
        Quoting::Verbatim | Quoting::Csv { .. } | Quoting::Json | Quoting::TomlBasic { .. } => text.trim().to_owned(),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

/// Runs the law; returns the share of edits that were refused.
pub(crate) fn law(cases: impl Strategy<Value = Case>) -> f64 {
    let (tried, refused) = (Cell::new(0.0), Cell::new(0.0));
    let run = |case: Case| {
        let file = SourceFile { path: case.name.into(), bytes: case.bytes.clone() };
        let options = Options::default();
        let doc = decode::read(&file, &options).map_err(|e| TestCaseError::fail(format!("{e}")))?;
        spans_are_exact(&file.bytes, &doc)?;
        let all = segments(&doc);
        prop_assume!(!all.is_empty());
        let segment = all[case.pick % all.len()];
        let start = boundary(&segment.text, case.from % (segment.text.len() + 1));
        let end = boundary(&segment.text, start + case.len).max(start);
        let span = segment.map.map(Span::new(start, end));
        let edit = Edit { span, content: case.content.clone() };
        tried.set(tried.get() + 1.0);
        let bytes = match decode::write(&file, &doc, &[edit], &options) {
            Ok(bytes) => bytes,
            Err(WriteError::Refused { reason, .. }) => {
                println!("refused: {reason}: {:?} for {:?} in {:?}", case.content, span.of(&doc.source), doc.source);
                prop_assert!(!reason.is_empty());
                refused.set(refused.get() + 1.0);
                return Ok(());
            }
            Err(other) => return Err(TestCaseError::fail(format!("{other}"))),
        };
        prop_assert!(!matches!(segment.quoting, Quoting::ReadOnly(_)), "{:?} was written", segment);
        let plain = segment.map.unmap(span, segment.text.len()).unwrap();
        let mut want = segment.text.clone();
        want.replace_range(plain.range(), &case.content);
        let after = decode::read(&SourceFile { bytes: bytes.clone(), ..file.clone() }, &options).unwrap();
        let want = normal(segment, &want);
        let got: Vec<String> = segments(&after).iter().map(|s| normal(segment, &s.text)).collect();
        prop_assert!(want.trim().is_empty() || got.contains(&want), "{:?} not in {:?}", want, got);
        outside_is_untouched(&file.bytes, &bytes, &doc, segment)
    };
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    runner.run(&cases, run).unwrap_or_else(|e| panic!("{e}"));
    refused.get() / tried.get()
}

/// The bytes of the file at every character decode to what the source says there, and that reads as the character.
fn spans_are_exact(bytes: &[u8], doc: &Document) -> Result<(), TestCaseError> {
    if doc.origin == Origin::Rendered {
        return Ok(());
    }
    let encoding = encoding_rs::Encoding::for_label(doc.encoding.name.as_bytes()).unwrap();
    for segment in segments(doc) {
        for (at, c) in segment.text.char_indices() {
            let span = segment.map.map(Span::new(at, at + c.len_utf8()));
            let source = span.of(&doc.source);
            let (text, _) = encoding.decode_without_bom_handling(&bytes[doc.encoding.map.map(span).range()]);
            prop_assert_eq!(source, text);
            let escaped = source.starts_with(['&', '\\', '<', '=']) || ["\"\"", "''"].contains(&source);
            let encoded = matches!(segment.quoting, Quoting::ReadOnly(_));
            prop_assert!(encoded || source.starts_with(c) || escaped || c.is_whitespace(), "{:?} for {:?}", source, c);
        }
    }
    Ok(())
}

/// Every byte before and behind the segment (and its quotes) is as it was.
fn outside_is_untouched(before: &[u8], after: &[u8], doc: &Document, segment: &Segment) -> Result<(), TestCaseError> {
    if doc.origin == Origin::Rendered || doc.encoding.map.map(Span::new(0, 1)).len() > 1 {
        return Ok(());
    }
    let all = doc.encoding.map.map(segment.map.map(Span::new(0, segment.text.len())));
    let (head, tail) = (all.start.saturating_sub(1), (all.end + 1).min(before.len()));
    prop_assert!(after.starts_with(&before[..head]));
    prop_assert!(after.ends_with(&before[tail..]));
    Ok(())
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn plain_text_and_tweets() {
    let encoded = (lines(), 0..4).prop_map(|(text, how)| match how {
        0 => text.into_bytes(),
        1 => format!("\u{FEFF}{}", text.replace('\n', "\r\n")).into_bytes(),
        2 => text.replace('\n', "\r\n").into_bytes(),
        _ => utf16(&text),
    });
    assert!(law(case("a.txt", encoded)) < 0.001);
    let tweets = prop::collection::vec(words(), 1..4).prop_map(|parts| parts.join("\n---\n").into_bytes());
    assert!(law(case("a.tweet", tweets)) < 0.02);
}

#[test]
fn windows_1252_refuses_only_what_it_cannot_write() {
    let encoded = words().prop_map(|text| {
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        [&b"caf\xE9 "[..], bytes.as_ref()].concat()
    });
    assert!(law(case("a.txt", encoded)) < 0.3);
}

#[test]
fn csv_cells() {
    let rows = prop::collection::vec((lines(), words(), any::<bool>()), 1..4);
    let file = (rows, prop_oneof![Just(','), Just(';'), Just('\t')], any::<bool>()).prop_map(|(rows, d, crlf)| {
        let mut out = format!("Date{d}Text{d}Notes\n");
        for (text, notes, quoted) in rows {
            let quote = |t: &str| format!("\"{}\"", t.replace('"', "\"\""));
            let bare = !quoted && !notes.contains([d, '"', '\n']);
            out += &format!("01/02/2027{d}{}{d}{}\n", quote(&text), if bare { notes } else { quote(&notes) });
        }
        if crlf { out.replace('\n', "\r\n") } else { out }.into_bytes()
    });
    assert!(law(case("a.csv", file)) < 0.02);
}

#[test]
fn json_strings() {
    let file = (prop::collection::vec((lines(), words()), 1..4), any::<bool>()).prop_map(|(posts, escaped)| {
        let posts: Vec<_> =
            posts.iter().map(|(text, alt)| serde_json::json!({"text": text, "alt": alt, "n": 1})).collect();
        let text = serde_json::to_string_pretty(&posts).unwrap();
        if escaped { ascii(&text) } else { text }.into_bytes()
    });
    assert!(law(case("a.json", file)) < 0.001);
}

/// JSON with everything that is not ASCII as an escape.
fn ascii(json: &str) -> String {
    let escape = |c: char| c.encode_utf16(&mut [0; 2]).iter().fold(String::new(), |s, u| format!("{s}\\u{u:04X}"));
    json.chars().map(|c| if c.is_ascii() { c.to_string() } else { escape(c) }).collect()
}

#[test]
fn json_lines() {
    let line = (lines(), words(), any::<bool>()).prop_map(|(text, alt, escaped)| {
        let line = serde_json::json!({"text": text, "images": [{"alt": alt}], "n": 1}).to_string();
        if escaped { ascii(&line) } else { line }
    });
    let file = (prop::collection::vec(line, 1..5), any::<bool>(), any::<bool>()).prop_map(|(lines, crlf, open)| {
        let end = if crlf { "\r\n" } else { "\n" };
        let text = lines.join(end);
        // The last line may lack its end.
        if open { text } else { text + end }.into_bytes()
    });
    assert!(law(case("a.jsonl", file)) < 0.001);
}

/// A part of an e-mail in one of its transfer encodings: its header lines and its body.
fn mail_part(kind: &str, text: &str, encoding: usize) -> String {
    let head = format!("Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: ");
    match encoding {
        0 => format!("{head}8bit\n\n{text}\n"),
        1 => {
            let escape = |b: u8| {
                if b.is_ascii_alphanumeric() || b"\n ,'".contains(&b) {
                    (b as char).to_string()
                } else {
                    format!("={b:02X}")
                }
            };
            format!("{head}quoted-printable\n\n{}=\n\n", text.bytes().map(escape).collect::<String>())
        }
        _ => format!("{head}base64\n\n{}\n", base64(text.as_bytes())),
    }
}

fn base64(bytes: &[u8]) -> String {
    const SET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let quad = |three: &[u8]| {
        let bits = three.iter().chain([0, 0].iter()).take(3).fold(0, |all, b| all << 8 | usize::from(*b));
        let digit = |i: usize| if i > three.len() { '=' } else { SET[bits >> (18 - 6 * i) & 63] as char };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(quad).collect::<Vec<_>>().chunks(19).map(<[String]>::concat).collect::<Vec<_>>().join("\n")
}

#[test]
fn mails_are_written_where_they_are_not_encoded() {
    let plain = || (lines(), 0..3usize);
    let file = (words(), plain(), prop::option::of(plain()), any::<bool>()).prop_map(|(subject, (text, how), html, crlf)| {
        let subject = if how == 2 {
            format!("=?utf-8?B?{}?=", base64(subject.chars().take(12).collect::<String>().as_bytes()))
        } else {
            subject.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect::<String>()
        };
        let head = format!("From: jo@example.org\nSubject: {subject}\nMIME-Version: 1.0\n");
        let text = mail_part("text/plain", &text, how);
        let mail = match html {
            None => head + &text,
            Some((words, how)) => {
                let words = words.replace('&', "&amp;").replace('<', "&lt;");
                let html = mail_part("text/html", &format!("<p>{words}</p>"), how);
                format!("{head}Content-Type: multipart/alternative; boundary=\"==x\"\n\n--==x\n{text}--==x\n{html}--==x--\n")
            }
        };
        if crlf { mail.replace('\n', "\r\n") } else { mail }.into_bytes()
    });
    // Two of three encodings are only read.
    let refused = law(case("a.eml", file));
    assert!((0.3..0.8).contains(&refused), "{refused}");
}

fn yaml_scalar(text: &str, style: usize) -> String {
    let indented = |t: &str| t.lines().map(|l| format!("    {l}\n")).collect::<String>();
    match style {
        0 => format!("'{}'\n", text.replace('\'', "''").replace('\n', "\n\n    ")),
        1 => format!("{}\n", serde_json::to_string(text).unwrap()),
        2 => format!("|\n{}", indented(text)),
        3 => format!(">-\n{}", indented(text)),
        _ => {
            let plain: String = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '\n').collect();
            format!("w {}\n", plain.replace('\n', "\n    "))
        }
    }
}

#[test]
fn yaml_scalars() {
    let file = prop::collection::vec((lines(), 0..5usize), 1..4).prop_map(|posts| {
        let posts: String =
            posts.iter().map(|(t, style)| format!("- text: {}  channel: x\n", yaml_scalar(t, *style))).collect();
        posts.into_bytes()
    });
    let refused = law(case("a.yaml", file));
    assert!(refused < 0.25, "{refused}");
}

#[test]
fn toml_strings() {
    let file = prop::collection::vec((lines(), 0..4usize), 1..4).prop_map(|posts| {
        let mut out = String::new();
        for (text, style) in posts {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            out += "[[post]]\ntext = ";
            out += &match style {
                0 => format!("\"{}\"", escaped.replace('\n', "\\n")),
                1 => format!("'{}'", text.replace(['\'', '\n'], " ")),
                2 => format!("\"\"\"\n{escaped}\"\"\""),
                _ => format!("'''\n{}'''", text.replace('\'', " ")),
            };
            out += "\nchannel = \"x\"\n";
        }
        out.into_bytes()
    });
    let refused = law(case("a.toml", file));
    assert!(refused < 0.02, "{refused}");
}

#[test]
fn markdown_blocks() {
    let block = (words(), words(), 0..7usize).prop_map(|(a, b, kind)| match kind {
        0 => format!("## {a}\n"),
        1 => format!("{a} **{b}** {a}\n"),
        2 => format!("{a}\n{b} [link {b}](https://a.gov.uk/b) &amp; `code`\n"),
        3 => format!("- {a}\n- *{b}*\n"),
        4 => format!("> {a}\n> {b}\n"),
        5 => format!("| A | B |\n|---|---|\n| {a} | {b} |\n"),
        _ => format!("![{a}](b.png) {b}\n"),
    });
    let file = (prop::collection::vec(block, 1..5), words()).prop_map(|(blocks, title)| {
        format!("---\ntitle: '{}'\n---\n{}", title.replace('\'', "''"), blocks.join("\n")).into_bytes()
    });
    let refused = law(case("a.md", file));
    assert!(refused < 0.25, "{refused}");
}

#[test]
fn html_blocks() {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('é', "&eacute;");
    let block = (words(), words(), 0..5usize).prop_map(move |(a, b, kind)| {
        let (a, b) = (escape(&a), escape(&b));
        match kind {
            0 => format!("<h1>{a}</h1>\r\n"),
            1 => format!("<p>{a} <b>{b}</b>\n  {a}</p>"),
            2 => format!("<p>{a}<br>{b} <a href=\"https://a.gov.uk/?a=1&amp;b\">{b}</a></p>"),
            3 => format!("<ul><li>{a}<li>{b}</ul>"),
            _ => format!("<img src=a.png alt=\"{a}\" title='{}'>", b.replace('\'', "&#39;")),
        }
    });
    let file = prop::collection::vec(block, 1..5)
        .prop_map(|blocks| format!("<!doctype html>\n<title>x</title>{}", blocks.concat()).into_bytes());
    let refused = law(case("a.html", file));
    assert!(refused < 0.1, "{refused}");
}

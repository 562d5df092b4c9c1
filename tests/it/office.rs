//! Files made by `LibreOffice`: a Word file, a spreadsheet, and its CSV in several encodings. And the law of write-back for
//! Word files.

use super::laws::{case, law, words};
use postlint::{
    decode::{self, Options, WriteError},
    model::{
        document::{Address, Document, Origin, Scope, SourceFile},
        finding::Edit,
    },
    text::span::Span,
};
use proptest::prelude::*;
use std::{
    io::{Cursor, Read, Write},
    path::Path,
};

fn fixture(name: &str) -> SourceFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    SourceFile { bytes: std::fs::read(&path).unwrap(), path }
}

fn read(file: &SourceFile) -> Document {
    decode::read(file, &Options::default()).unwrap()
}

fn texts(doc: &Document) -> Vec<(Scope, String)> {
    doc.posts.iter().flat_map(|p| &p.segments).map(|s| (s.scope.clone(), s.text.clone())).collect()
}

#[test]
fn a_word_file_is_read_paragraph_by_paragraph() {
    let doc = read(&fixture("docx/draft.docx"));
    assert_eq!(doc.origin, Origin::Rendered);
    let body = |t: &str| (Scope::Body, t.to_owned());
    assert_eq!(
        texts(&doc),
        [
            (Scope::Heading, "Christmas bin collections".into()),
            body("Your bins are collected on Monday & Tuesday, see our bin page."),
            (Scope::LinkText, "our bin page".into()),
            body("Ring Jo on 01632 960123 or 07700 900123."),
            body("Area"),
            body("Day"),
            body("Café quarter 😀"),
            body("Friday"),
            body("Second line\nafter a break\tand a tab."),
            (Scope::LinkUrl, "https://www.westmarsh.gov.uk/bins".into()),
            (Scope::Field("comment".into()), "Is this Jo’s own number?".into()),
            body("Draft for the bin calendar"),
        ]
    );
    let segments = &doc.posts[0].segments;
    assert_eq!(segments[1].address, Address::Paragraph(2));
    assert_eq!(segments[11].address.to_string(), "header1, paragraph 1");
    for segment in segments {
        assert_eq!(segment.map.map(Span::new(0, segment.text.len())).of(&doc.source), segment.text);
    }
}

/// The source span of `word`, in the first segment that has it.
fn place(doc: &Document, word: &str) -> Span<postlint::text::span::Source> {
    let segment = doc.posts.iter().flat_map(|p| &p.segments).find(|s| s.text.contains(word)).unwrap();
    let at = segment.text.find(word).unwrap();
    segment.map.map(Span::new(at, at + word.len()))
}

fn edited(file: &SourceFile, word: &str, content: &str) -> Result<Document, WriteError> {
    let doc = read(file);
    let edit = Edit { span: place(&doc, word), content: content.into() };
    let bytes = decode::write(file, &doc, &[edit], &Options::default())?;
    Ok(read(&SourceFile { path: file.path.clone(), bytes }))
}

#[test]
fn a_word_file_is_fixed_in_its_runs() {
    let file = fixture("docx/draft.docx");
    for (word, content, want) in [
        ("Monday", "Friday", "Your bins are collected on Friday & Tuesday, see our bin page."),
        ("& Tuesday", "<or> Sunday", "Your bins are collected on Monday <or> Sunday, see our bin page."),
        (" or 07700 900123", "", "Ring Jo on 01632 960123."),
        ("our bin page", "that page", "Your bins are collected on Monday & Tuesday, see that page."),
        ("line\nafter", "line, after", "Second line, after a break\tand a tab."),
        ("Café", "Tea\nroom", "Tea\nroom quarter 😀"),
    ] {
        let after = edited(&file, word, content).unwrap();
        assert!(texts(&after).iter().any(|(_, t)| t == want), "{word}: {:?}", texts(&after));
    }
    let refused = edited(&file, "collected", "picked up").unwrap_err();
    assert_eq!(refused.to_string(), "it reaches over words that are formatted differently");
    for content in ["", " "] {
        let refused = edited(&file, "our bin page", content).unwrap_err();
        assert_eq!(refused.to_string(), "it would leave a link without words");
    }
    assert!(edited(&file, "our bin ", "").is_ok());
    let refused = edited(&file, "960123 or 07700", "1").unwrap_err();
    assert_eq!(refused.to_string(), "it reaches over the end of a tracked change");
    assert!(edited(&file, "https://www.westmarsh", "x").is_err());
}

#[test]
fn no_fixes_together_take_all_words_of_a_link() {
    let file = fixture("docx/draft.docx");
    let (doc, options) = (read(&file), Options::default());
    let edit = |word: &str| Edit { span: place(&doc, word), content: String::new() };
    let edits = [edit("our bin p"), edit("age")];
    let fixes: Vec<&[Edit]> = edits.iter().map(std::slice::from_ref).collect();
    let applied = decode::apply(&file, &doc, &fixes, &options).unwrap();
    assert_eq!(applied.refused.len(), 1);
    assert_eq!(applied.refused[0].1.to_string(), "it would leave a link without words");
}

#[test]
fn the_other_parts_of_a_word_file_stay_as_they_are() {
    let file = fixture("docx/draft.docx");
    let doc = read(&file);
    let edit = Edit { span: place(&doc, "Monday"), content: "Friday".into() };
    let bytes = decode::write(&file, &doc, &[edit], &Options::default()).unwrap();
    let mut before = zip::ZipArchive::new(Cursor::new(&file.bytes[..])).unwrap();
    let mut after = zip::ZipArchive::new(Cursor::new(&bytes[..])).unwrap();
    assert_eq!(before.len(), after.len());
    for i in 0..before.len() {
        let (mut a, mut b) = (before.by_index_raw(i).unwrap(), after.by_index_raw(i).unwrap());
        assert_eq!(a.name().unwrap(), b.name().unwrap());
        if a.name().unwrap() != "word/document.xml" {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            a.read_to_end(&mut x).unwrap();
            b.read_to_end(&mut y).unwrap();
            assert_eq!(x, y);
        }
    }
    let text = |archive: &mut zip::ZipArchive<Cursor<&[u8]>>| {
        let mut text = String::new();
        archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let (a, b) = (text(&mut before), text(&mut after));
    assert_eq!(a.replace("<w:t>Monday</w:t>", "<w:t xml:space=\"preserve\">Friday</w:t>"), b);
}

#[test]
fn a_calendar_reads_the_same_in_every_format() {
    let sheet = read(&fixture("xlsx/calendar.xlsx"));
    let want = texts(&sheet);
    assert_eq!(want[0], (Scope::Body, "Bins are late today, \"sorry\" – it’s £5 for a new one".into()));
    let meta = &sheet.posts[0].meta;
    assert_eq!(meta.scheduled.as_ref().unwrap().value, "2026-12-01 09:30");
    assert_eq!(meta.channels.iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["x", "facebook"]);
    let address = Address::Cell { sheet: Some("Sheet1".into()), row: 2, column: "Post Content".into() };
    assert_eq!(sheet.posts[0].segments[0].address.to_string().replace("calendar", "Sheet1"), address.to_string());
    for (name, encoding) in [
        ("csv/calendar-utf8.csv", "utf-8"),
        ("csv/calendar-windows-1252.csv", "windows-1252"),
        ("csv/calendar-utf16.csv", "utf-16le"),
        ("csv/calendar-semicolon.csv", "windows-1252"),
    ] {
        let doc = read(&fixture(name));
        assert_eq!(doc.encoding.name, encoding, "{name}");
        assert_eq!(texts(&doc), want, "{name}");
        assert_eq!(doc.posts[0].meta.channels.len(), 2);
    }
}

#[test]
fn merged_cells_and_late_rows_keep_their_columns() {
    let cell = |wide: &str, text: &str| format!("<w:tc>{wide}<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let rows = [
        ["Date", "Platform", "Copy"].map(|name| cell("", name)).concat(),
        cell("<w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>", "Some day") + &cell("", "Bins are late"),
        "<w:trPr><w:gridBefore w:val=\"2\"/></w:trPr>".to_owned() + &cell("", "Trees"),
    ];
    let rows: String = rows.iter().map(|row| format!("<w:tr>{row}</w:tr>")).collect();
    let tab = "<w:p><w:r><w:t>One</w:t><w:ptab/><w:t>two</w:t></w:r></w:p>";
    let doc = read(&SourceFile { path: "a.docx".into(), bytes: docx_of(&format!("{tab}<w:tbl>{rows}</w:tbl>")) });
    let bodies: Vec<String> = texts(&doc).into_iter().filter(|(s, _)| *s == Scope::Body).map(|t| t.1).collect();
    assert_eq!(bodies, ["One two", "Bins are late", "Trees"]);
}

#[test]
fn a_sheet_in_windows_1252_is_fixed_byte_for_byte() {
    let file = fixture("csv/calendar-windows-1252.csv");
    let doc = read(&file);
    let edit = |word: &str, content: &str| Edit { span: place(&doc, word), content: content.into() };
    let edits = [edit("naïve", "“fine”"), edit("Trees & leaves", "Leaves, \"trees\"")];
    let bytes = decode::write(&file, &doc, &edits, &Options::default()).unwrap();
    let want = file.bytes.clone();
    let swap = |bytes: Vec<u8>, from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let want = swap(want, b"na\xEFve", b"\x93fine\x94");
    let want = swap(want, b"Trees & leaves", b"\"Leaves, \"\"trees\"\"\"");
    assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&want));
    let refused = decode::write(&file, &doc, &[edit("naïve", "😀")], &Options::default()).unwrap_err();
    assert!(refused.to_string().contains("windows-1252, cannot write"), "{refused}");
}

#[test]
fn the_edit_that_cannot_be_made_is_named_and_the_others_can_be_made() {
    let file = fixture("csv/calendar-windows-1252.csv");
    let (doc, options) = (read(&file), Options::default());
    let edit = |word: &str, content: &str| Edit { span: place(&doc, word), content: content.into() };
    let edits = [edit("naïve", "plain"), edit("Bins", "😀"), edit("Trees", "Shrubs")];
    let error = decode::write(&file, &doc, &edits, &options).unwrap_err();
    assert!(matches!(error, WriteError::Refused { span, .. } if span == edits[1].span), "{error}");
    let fixes: Vec<&[Edit]> = edits.iter().map(std::slice::from_ref).collect();
    let applied = decode::apply(&file, &doc, &fixes, &options).unwrap();
    assert_eq!(applied.refused.iter().map(|r| r.0).collect::<Vec<_>>(), [1]);
    let text = String::from_utf8_lossy(&applied.bytes).into_owned();
    assert!(text.contains("Bins are late") && text.contains("plain caf") && text.contains("Shrubs & leaves"));
}

#[test]
fn what_stands_beside_the_cells_of_a_sheet_has_a_limit() {
    let comment = |n: usize| format!("<comment ref=\"B{n}\"><text><t>Late</t></text></comment>");
    let comments: String = (1..9000).map(comment).collect();
    let sheets = |name: &str| format!("<workbook><sheets><sheet name=\"{name}\" id=\"r1\"/></sheets></workbook>");
    let relation = |kind: &str, target: &str| {
        format!("<r><Relationship Id=\"r1\" Type=\"http://a.example/{kind}\" Target=\"{target}\"/></r>")
    };
    let book = |name: &str| SourceFile {
        path: "a.xlsx".into(),
        bytes: zip_of(&[
            ("xl/workbook.xml", &sheets(name)),
            ("xl/_rels/workbook.xml.rels", &relation("worksheet", "s.xml")),
            ("xl/s.xml", "<worksheet/>"),
            ("xl/_rels/s.xml.rels", &relation("comments", "c.xml")),
            ("xl/c.xml", &format!("<comments>{comments}</comments>")),
        ]),
    };
    let doc = read(&book("Plan"));
    assert_eq!(doc.posts[0].segments.len(), 8999);
    assert_eq!(doc.posts[0].segments[2].address.to_string(), "Plan, comment on B3");
    let error = decode::read(&book(&"x".repeat(20_000)), &Options::default()).unwrap_err().to_string();
    assert!(error.starts_with("what posts take over"), "{error}");
    let limits = decode::Limits { bytes: 40_000, ..decode::Limits::default() };
    let error = decode::read(&book("Plan"), &Options { limits, ..Options::default() }).unwrap_err().to_string();
    assert!(error.starts_with("the size of the"), "{error}");
}

#[test]
fn spreadsheets_are_only_read() {
    let file = fixture("xlsx/calendar.xlsx");
    assert!(edited(&file, "Bins", "Skips").is_err());
}

/// A Word file of paragraphs, each of runs with text and a number for their format.
pub(crate) fn docx(paragraphs: &[Vec<(String, u8)>]) -> Vec<u8> {
    let mut body = String::new();
    for runs in paragraphs {
        body += "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>";
        for (text, format) in runs {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            let format =
                ["", "<w:rPr><w:b/></w:rPr>", "<w:rPr><w:lang w:val=\"en-GB\"/></w:rPr>"][usize::from(*format)];
            body += &format!("<w:r w:rsidR=\"1\">{format}<w:t xml:space=\"preserve\">{text}</w:t></w:r><w:proofErr/>");
        }
        body += "</w:p>";
    }
    docx_of(&body)
}

fn docx_of(body: &str) -> Vec<u8> {
    let xml = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    zip_of(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &xml)])
}

fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn diagrams_charts_and_old_drawings_of_word_are_read() {
    let picture =
        "<w:pict><v:shape alt=\"A late bin\"><v:textpath string=\"Late\"/></v:shape><v:rect alt=\"\"/></w:pict>";
    let document = format!("<w:document><w:body><w:p><w:r><w:t>Bins</w:t>{picture}</w:r></w:p></w:body></w:document>");
    let names = "<c:cat><c:strCache><c:pt><c:v>North &amp; south</c:v></c:pt></c:strCache></c:cat>";
    let numbers = "<c:val><c:numCache><c:pt><c:v>12</c:v></c:pt></c:numCache></c:val>";
    let title = "<c:title><a:p><a:r><a:t>They are late</a:t></a:r></a:p></c:title>";
    let points = "<dgm:pt><dgm:t><a:p><a:r><a:t>Ring Jo</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt type=\"pres\"/>";
    let bytes = zip_of(&[
        ("word/document.xml", &document),
        ("word/charts/chart1.xml", &format!("<c:chartSpace>{title}{names}{numbers}</c:chartSpace>")),
        ("word/charts/style1.xml", "<cs><a:p><a:r><a:t>style</a:t></a:r></a:p></cs>"),
        ("word/diagrams/data1.xml", &format!("<dgm:dataModel>{points}</dgm:dataModel>")),
        ("word/diagrams/drawing1.xml", "<d><a:p><a:r><a:t>Ring Jo</a:t></a:r></a:p></d>"),
    ]);
    let file = SourceFile { path: "a.docx".into(), bytes };
    let doc = read(&file);
    let said: Vec<_> =
        doc.posts[0].segments.iter().map(|s| (s.address.to_string(), s.scope.name(), &*s.text)).collect();
    let said: Vec<_> = said.iter().map(|(at, scope, text)| (at.as_str(), *scope, *text)).collect();
    assert_eq!(
        said,
        [
            ("paragraph 1", "body", "Bins"),
            ("paragraph 1", "alt", "A late bin"),
            ("paragraph 1", "body", "Late"),
            ("chart1, paragraph 1", "body", "They are late"),
            ("chart1, paragraph 2", "body", "North & south"),
            ("diagram1, paragraph 1", "body", "Ring Jo"),
        ]
    );
    assert_eq!(doc.posts[0].meta.media.len(), 1);
    let refused = edited(&file, "They are", "We are").unwrap_err().to_string();
    assert_eq!(refused, "words of a diagram or a chart in a Word file are not written");
}

#[test]
fn words_of_a_link_or_a_tracked_change_are_not_mixed_with_others() {
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let [we, promise, help] = ["We ", "promise to", " help."].map(run);
    for (between, word, why) in [
        (format!("<w:hyperlink>{promise}</w:hyperlink>"), "We promise to", Some("it reaches over the end of a link")),
        (format!("<w:hyperlink>{promise}</w:hyperlink>"), "promise to", None),
        (format!("<w:ins>{promise}</w:ins>"), "promise to help", Some("it reaches over the end of a tracked change")),
        (format!("<w:ins>{promise}</w:ins>"), "promise", None),
        (format!("<w:del>{we}</w:del>{promise}"), "We promise", Some("it reaches over the end of a tracked change")),
        (promise.clone(), "We promise to", None),
    ] {
        let file = SourceFile { path: "a.docx".into(), bytes: docx_of(&format!("<w:p>{we}{between}{help}</w:p>")) };
        assert_eq!(edited(&file, word, "aim to").err().map(|e| e.to_string()).as_deref(), why, "{between}");
    }
}

#[test]
fn a_tracked_change_of_formatting_is_no_formatting() {
    let old = "<w:rPrChange><w:rPr><w:i/></w:rPr></w:rPrChange>";
    let run = |format: &str, text: &str| format!("<w:r><w:rPr>{format}</w:rPr><w:t>{text}</w:t></w:r>");
    let edit = |behind: &str| {
        let body = format!("<w:p>{}{}</w:p>", run(&format!("<w:b/>{old}"), "One"), run(behind, "two"));
        edited(&SourceFile { path: "a.docx".into(), bytes: docx_of(&body) }, "Onetwo", "Three")
    };
    assert!(edit("<w:b/>").is_ok());
    assert!(edit("<w:i/>").is_err() && edit("").is_err());
}

#[test]
fn a_calendar_in_a_word_table_has_a_post_for_each_row() {
    let cell = |paragraphs: &str| {
        let paragraphs: String =
            paragraphs.split('\n').map(|p| format!("<w:p><w:r><w:t>{p}</w:t></w:r></w:p>")).collect();
        format!("<w:tc>{paragraphs}</w:tc>")
    };
    let row = |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|c| cell(c)).collect::<String>());
    let rows = [
        row(&["Date", "Platform", "Copy"]),
        row(&["2026-12-01", "X", "Bins are late\nSorry"]),
        row(&["2026-12-02", "Facebook", "Trees"]),
    ];
    let body = format!("<w:p><w:r><w:t>Plan for December</w:t></w:r></w:p><w:tbl>{}</w:tbl>", rows.concat());
    let file = SourceFile { path: "a.docx".into(), bytes: docx_of(&body) };
    let doc = read(&file);
    let said: Vec<_> = doc.posts.iter().map(|p| (p.address.to_string(), p.segments[0].text.as_str())).collect();
    assert_eq!(
        said,
        [
            (String::new(), "Plan for December"),
            ("table 1, row 2".into(), "Bins are late\nSorry"),
            ("table 1, row 3".into(), "Trees")
        ]
    );
    assert_eq!(doc.posts[1].meta.channels[0].value, "x");
    let after = edited(&file, "Sorry", "So sorry").unwrap();
    assert_eq!(after.posts[1].segments[0].text, "Bins are late\nSo sorry");
}

#[test]
fn word_files_obey_the_law() {
    let runs = prop::collection::vec((words(), 0..3u8), 1..5);
    let file = prop::collection::vec(runs, 1..4).prop_map(|paragraphs| docx(&paragraphs));
    let refused = law(case("a.docx", file));
    assert!(refused < 0.3, "{refused}");
}

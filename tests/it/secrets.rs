//! Secrets for the masking tests: made-up values in drafts of every format, and the forms in which they could leak.

use postlint::{model::document::SourceFile, pack};
use proptest::prelude::*;
use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    sync::LazyLock,
};

/// A draft's words, with the value that was put into them on purpose.
#[derive(Debug, Clone)]
pub(crate) struct Planted {
    pub(crate) text: String,
    pub(crate) value: Option<String>,
}

fn digits(n: usize) -> impl Strategy<Value = String> {
    proptest::string::string_regex(&format!("[0-9]{{{n}}}")).unwrap()
}

/// Ten digits whose last one is the check digit of an NHS number, if there is one for the others.
fn nhs(nine: &str) -> Option<String> {
    let sum: u32 = nine.chars().zip((2..=10).rev()).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(format!("{nine}0")),
        check => Some(format!("{nine}{check}")),
    }
}

fn luhn(head: &str) -> String {
    let sum: u32 = head
        .chars()
        .rev()
        .enumerate()
        .map(|(i, c)| {
            let d = c.to_digit(10).unwrap() * if i % 2 == 0 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    format!("{head}{}", (10 - sum % 10) % 10)
}

fn grouped(text: &str, size: usize, gap: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    all.chunks(size).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(gap)
}

/// Drafts with a random value each.
pub(crate) fn generated() -> impl Strategy<Value = Planted> {
    let gap = prop_oneof![Just(""), Just(" "), Just("-"), Just("\u{a0}"), Just("."), Just("\u{200b}")];
    let value = prop_oneof![
        (digits(9), gap.clone()).prop_filter_map("check digit", |(n, gap)| {
            nhs(&n).map(|v| ("Her NHS number is ", grouped(&v, 3, gap)))
        }),
        (digits(14), gap.clone())
            .prop_map(|(n, gap)| ("Paid with card number ", grouped(&luhn(&format!("4{n}")), 4, gap))),
        (digits(6), "[A-D]")
            .prop_map(|(n, end)| ("National Insurance number ", format!("AB {} {end}", grouped(&n, 2, " ")))),
        (digits(6), gap).prop_map(|(n, gap)| ("Ring Mrs Example at home on ", grouped(&format!("07{n}911"), 5, gap))),
        "[A-Za-z0-9]{4}[!#$%&+*=?]{1,3}[A-Za-z0-9\"\\\\<&]{2,6}[a-z0-9]".prop_map(|p| ("The login password is ", p)),
        "[a-z]{3,8}\\.[a-z]{3,8}[0-9]{1,3}"
            .prop_map(|p| ("Write to the resident at ", format!("{p}@mail.example.org"))),
        (digits(6), digits(8))
            .prop_map(|(s, a)| ("Pay to sort code ", format!("{}, account number {a}", grouped(&s, 2, "-")))),
        digits(4).prop_map(|n| ("The key safe code is ", n)),
    ];
    let tail = prop_oneof![Just(""), Just(", golly"), Just(". gosh what now"), Just("\n\nSecond line, golly.")];
    (value, any::<bool>(), tail).prop_map(|((lead, value), twice, tail)| {
        let again = if twice { format!(" gosh {value} it is") } else { String::new() };
        Planted { text: format!("golly, {lead}{value}{again}{tail}"), value: Some(value) }
    })
}

/// Whether the packs themselves say `words` somewhere, so that finding them in an output proves nothing.
pub(crate) fn known_words(words: &str) -> bool {
    static OWN: LazyLock<String> = LazyLock::new(|| {
        let set = pack::load(&pack::names().iter().map(|n| pack::Request::Name((*n).to_owned())).collect::<Vec<_>>());
        let mut all = "postlint codes sort code account number whole row text".to_owned();
        for rule in set.unwrap().packs.iter().flat_map(|p| &p.rules).map(|r| &r.meta) {
            let _ = write!(all, "\n{}\n{}\n{}\n{}\n{}", rule.id, rule.title, rule.why, rule.message, rule.fix.advice);
        }
        all.to_lowercase()
    });
    let bare: String = words.chars().filter(char::is_ascii_digit).collect();
    OWN.contains(&words.to_lowercase()) && bare.len() < 4
}

/// The draft in every format.
pub(crate) fn drafts(text: &str) -> Vec<SourceFile> {
    let json = serde_json::to_string(text).unwrap();
    let escaped: String = text.encode_utf16().map(|u| format!("\\u{u:04x}")).collect();
    let html = text.replace('&', "&amp;").replace('<', "&lt;");
    let line = text.replace('\n', " ");
    let coded: String =
        text.bytes().map(|b| format!("={b:02X}")).collect::<Vec<_>>().chunks(20).map(|c| c.concat() + "=\n").collect();
    let coded = format!("{}\n", coded.trim_end_matches("=\n"));
    let mime = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding:";
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let all: Vec<(&str, Vec<u8>)> = vec![
        ("a.txt", text.into()),
        ("utf16.txt", utf16),
        ("a.md", format!("---\nchannel: facebook\nalt: {json}\n---\n{text}\n").into()),
        ("comment.md", format!("<!-- postlint-ignore {line} -->\n\n{text}\n").into()),
        ("a.tweet", text.into()),
        ("a.csv", format!("Channel,Text\nx,\"golly {}\"\n", text.replace('"', "\"\"")).into()),
        ("head.csv", format!("Channel,Text,\"{0}\"\nx,\"{0}\",golly\n", text.replace('"', "\"\"")).into()),
        ("a.json", format!("[{{\"channel\": \"x\", \"text\": {json}, \"alt\": \"golly\"}}]").into()),
        ("escaped.json", format!("[{{\"text\": \"{escaped}\", \"title\": \"gosh {escaped}\"}}]").into()),
        ("key.json", format!("{{{json}: {{\"text\": {json}}}}}").into()),
        ("a.jsonl", format!("{{\"text\": {json}}}\n").into()),
        ("a.yaml", format!("- text: {json}\n  channel: x\n").into()),
        ("a.toml", format!("text = {json}\n").into()),
        ("a.html", format!("<p>{html}</p><img alt=\"{}\">", html.replace('"', "&quot;")).into()),
        ("a.eml", format!("Subject: Draft, golly\n{mime} 8bit\n\n{text}\n").into()),
        ("coded.eml", format!("Subject: Draft\n{mime} quoted-printable\n\n{coded}").into()),
        (
            "base64.eml",
            format!("Subject: Draft\n{mime} base64\n\n{}\n", grouped(&base64(text.as_bytes()), 76, "\n")).into(),
        ),
        ("a.docx", docx(&html)),
    ];
    all.into_iter().map(|(name, bytes)| SourceFile { path: name.into(), bytes }).collect()
}

fn docx(html: &str) -> Vec<u8> {
    let paragraphs: String = html.split('\n').map(|l| format!("<w:p><w:r><w:t>{l}</w:t></w:r></w:p>")).collect();
    let xml = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}</w:body></w:document>"
    );
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    out.write_all(xml.as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

/// The forms in which `secret` could stand in an output, lower case, each with its name.
pub(crate) fn forms(secret: &str) -> Vec<(String, Vec<u8>)> {
    let bare: String = secret.chars().filter(|c| c.is_alphanumeric()).collect();
    let digits: String = secret.chars().filter(char::is_ascii_digit).collect();
    let json = serde_json::to_string(secret).unwrap();
    let percent: String = secret
        .bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    let mut all = vec![
        ("it as it is", secret.to_owned()),
        ("its letters and digits", bare),
        ("its JSON form", json.trim_matches('"').to_owned()),
        ("its JSON form in full", secret.encode_utf16().map(|u| format!("\\u{u:04x}")).collect()),
        ("its percent form", percent),
        ("its percent form in full", secret.bytes().map(|b| format!("%{b:02X}")).collect()),
        ("its XML form", secret.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")),
    ];
    // A number of a few digits is anywhere.
    if digits.len() >= 6 {
        all.push(("its digits", digits));
    }
    // What Base64 has in common at each of the three places at which it can begin.
    for shift in 0..3 {
        let coded = base64(&[vec![b'x'; shift], secret.as_bytes().to_vec()].concat());
        let inner: String = coded.trim_end_matches('=').chars().skip(if shift == 0 { 0 } else { 4 }).collect();
        let inner = inner.get(..inner.len().saturating_sub(2)).unwrap_or_default().to_owned();
        if inner.len() >= 6 {
            all.push(("its Base64", inner));
        }
    }
    all.into_iter().map(|(name, form)| (format!("{name} ({form})"), form.to_ascii_lowercase().into_bytes())).collect()
}

/// Base64 without line breaks. *Source:* RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let all = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for i in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * i)) as usize & 63];
            out.push(if i > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

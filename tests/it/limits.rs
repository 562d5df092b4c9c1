//! Limits: what is too large is refused by name, and the time to check a draft grows as the draft does.

use crate::program;
use postlint::pack::{self, Request};
use std::{path::Path, process::Command};

/// Instructions that a check of `text` takes, from the start of the program to its end. Unlike time they do not depend on
/// what else the machine does. Nothing where there is no valgrind to count them.
fn instructions(folder: &Path, text: &str) -> Option<f64> {
    std::fs::write(folder.join("draft.txt"), text).unwrap();
    let mut command = Command::new("valgrind");
    command.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    command.arg(assert_cmd::cargo::cargo_bin("postlint"));
    command.args(["check", "--no-config", "--threads", "1", "--format", "concise", "draft.txt"]);
    let output = command.current_dir(folder).env_remove("CI").output().ok()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let counted = told.lines().find_map(|l| l.split_once(" refs:")).unwrap_or_else(|| panic!("{told}")).1;
    Some(counted.trim().replace(',', "").parse().unwrap())
}

/// Pieces that a quadratic step would choke on: a name, how the draft begins, what it goes on with.
const PIECES: &[(&str, &str, &str)] = &[
    ("digits", "", "7"),
    ("numbers", "", "07700 "),
    ("quotes", "", "\"a"),
    ("curly quotes", "", "“a "),
    ("apostrophes", "", "'a "),
    ("hashtags", "", "#BinDay"),
    ("mentions", "", "@a "),
    ("zero-width characters", "", "a\u{200b}"),
    ("combining marks", "", "\u{301}"),
    ("full-width letters", "", "ａ"),
    ("one word", "", "a"),
    ("words", "", "bin "),
    ("sentences", "", "A b. "),
    ("dots", "", "."),
    ("brackets", "", "("),
    ("slashes", "", "/a"),
    ("links", "", "https://a.uk/ "),
    ("addresses", "", "a@b.uk "),
    ("emoji", "", "😀"),
    ("lines", "", "\n"),
    ("spaces", "", " "),
    ("letters apart", "", "a b "),
    ("quotations", "", "\"a\" "),
    ("links with open brackets", "", "https://a.uk/((( "),
    ("links that end in brackets", "", "https://a.uk/))) "),
    ("a link that ends in brackets", "https://a.uk/", ")"),
    ("said twice", "", "double "),
    ("names", "", "Mrs Priya Nair "),
    ("addresses of houses", "", "14 Curlew Close, "),
    ("sums", "", "£1,984.12 "),
    ("dates", "", "12/05/2026 "),
    ("identity numbers", "", "QQ123456C "),
    ("opinions", "", "honestly, "),
    ("sentences with a mood", "", "Honestly, they haven't a clue. "),
];

/// Twice the text more, twice the instructions more: what they are is told by the difference of a large and a small draft,
/// so that the start of the program does not count. A quadratic step makes it four times.
#[test]
#[ignore = "takes minutes; run it with a release build: an unoptimised one is twenty times slower"]
fn twice_the_text_takes_about_twice_the_instructions() {
    let folder = tempfile::TempDir::new().unwrap();
    let only = std::env::var("POSTLINT_PIECE").ok();
    let kib = std::env::var("POSTLINT_KIB").ok().and_then(|n| n.parse().ok()).unwrap_or(8_u16);
    let mut slow = Vec::new();
    for (name, start, piece) in PIECES.iter().filter(|(name, ..)| only.as_deref().is_none_or(|o| o == *name)) {
        let text = |kib: u16| format!("{start}{}", piece.repeat((usize::from(kib) << 10) / piece.len()));
        let count = |kib: u16| instructions(folder.path(), &text(kib));
        let (Some(small), Some(large), Some(larger)) = (count(kib), count(2 * kib), count(4 * kib)) else {
            println!("skipped: valgrind not found");
            return;
        };
        let ratio = (larger - large) / (large - small).max(1.0);
        println!("{name}: {:.1} M a KiB, {ratio:.2} times", (larger - large) / 1e6 / f64::from(2 * kib));
        // Where a piece costs next to nothing, the ratio is chance.
        if ratio > 3.0 && larger - large > 2e7 {
            slow.push(format!("{name}: {small}, {large}, {larger} instructions, {ratio:.2} times"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn a_pack_or_settings_that_never_end_are_refused_by_name() {
    for args in [["--pack", "/dev/zero"], ["--config", "/dev/zero"]] {
        let (told, code) = program::postlint(Path::new("."), &[&["check", "--text", "x"], &args[..]].concat());
        assert!(code == 2 && told.contains("not a file"), "{args:?}: {told}");
    }
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("big.toml"), "#".repeat(5 << 20)).unwrap();
    let told = pack::load(&[Request::Path(folder.path().join("big.toml"))]).unwrap_err().0;
    let told = told.all().iter().map(postlint::model::fault::Shown::line).collect::<Vec<_>>().join("\n");
    assert!(told.contains("over the limit of 4194304 bytes"), "{told}");
}

#[test]
fn a_pack_of_too_many_files_and_a_run_of_too_many_packs_are_refused() {
    let folder = tempfile::TempDir::new().unwrap();
    for n in 0..=1000 {
        std::fs::write(folder.path().join(format!("{n}.toml")), "").unwrap();
    }
    let path = |n: usize| folder.path().join(format!("{n}.toml"));
    for (requests, limit) in [
        (vec![Request::Path(folder.path().to_owned())], "1001 .toml files, over the limit of 1000"),
        ((0..201).map(|n| Request::Path(path(n))).collect(), "201 packs are asked for, over the limit of 200"),
    ] {
        let told = pack::load(&requests).unwrap_err().0;
        let told = told.all().iter().map(postlint::model::fault::Shown::line).collect::<Vec<_>>().join("\n");
        assert!(told.contains(limit), "{told}");
    }
}

/// A pack that is surer of tenants where `rent` stands near, with these keys of `context` besides.
fn pack_with_context(keys: &str) -> String {
    let head = program::PACK.split("[[rule]]").next().unwrap();
    let context = format!("context = {{ raise = [\"rent\"]{keys} }}");
    format!(
        "{head}[[rule]]\nid = \"tenant\"\ntitle = \"Tenant\"\ncategory = \"confidential\"\nseverity = \"error\"\n\
         why = \"It is theirs.\"\nmessage = \"it is about a tenant\"\nphrases = [\"tenant\"]\n{context}\n\
         [rule.fix]\nadvice = \"Leave it out.\"\n[[rule.example]]\nbad = \"A tenant.\"\n[[rule.example]]\ngood = \"A tent.\"\n"
    )
}

#[test]
fn context_words_are_looked_for_in_1000_characters_at_most() {
    for (keys, faults) in [("", 0), (", before = 1000, after = 1000", 0), (", before = 1001", 1), (", after = 1001", 1)]
    {
        let folder = program::folder(&[("house.toml", &pack_with_context(keys))]);
        let args = ["check", "--no-config", "--pack", "./house.toml", "--text", "Fine."];
        let (told, code) = program::postlint(folder.path(), &args);
        assert_eq!(told.matches("` is at most 1000 characters").count(), faults, "{told}");
        assert_eq!(code, if faults == 0 { 0 } else { 2 }, "{told}");
    }
}

#[test]
fn the_name_of_a_key_is_context_as_far_as_its_first_256_bytes() {
    let folder = program::folder(&[("house.toml", &pack_with_context(""))]);
    let args = ["check", "--no-config", "--pack", "./house.toml", "--format", "json", "draft.json"];
    for (before, raised) in [(0, true), (252, true), (253, false), (100_000, false)] {
        let name = format!("{}rent", "é ".repeat(before / 3) + &".".repeat(before % 3));
        let draft = format!("[{{\"{name}\": \"A tenant.\"}}]");
        std::fs::write(folder.path().join("draft.json"), draft).unwrap();
        let told = program::postlint(folder.path(), &args).0;
        assert!(told.contains("house/tenant"), "{before}: {told:.2000}");
        assert_eq!(told.contains("context '"), raised, "{before}: {told:.2000}");
    }
}

/// A run of many files says the same, byte by byte, whatever the threads, the order of arguments, the place and the zone.
#[test]
fn the_answer_is_the_same_everywhere() {
    let folder = tempfile::TempDir::new().unwrap();
    let names: Vec<String> = (0..24).map(|n| format!("{n}.md")).collect();
    for (n, name) in names.iter().enumerate() {
        let text = format!(
            "---\nscheduled: 2027-04-0{}T09:00\n---\nHonestly, the councillors haven't a clue. Ring Jo on 07700 900{n:03}.\n",
            n % 9 + 1
        );
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let run = |format: &str, threads: &str, turn: usize, zone: &str, locale: &str| {
        let mut names = names.clone();
        names.rotate_left(turn * 5);
        if turn % 2 == 1 {
            names.reverse();
        }
        let args = ["check", "--no-config", "--format", format, "--threads", threads];
        let mut command = program::command(folder.path(), &args);
        command.env("TZ", zone).env("LC_ALL", locale).env("LANG", locale).args(names);
        command.output().unwrap().stdout
    };
    for format in ["json", "sarif", "human"] {
        let first = run(format, "1", 0, "Europe/London", "C");
        assert!(first.len() > 10_000);
        for (turn, (threads, zone, locale)) in [
            ("1", "Pacific/Kiritimati", "tr_TR.UTF-8"),
            ("2", "America/New_York", "de_DE.UTF-8"),
            ("8", "UTC", "C"),
            ("8", "Asia/Kolkata", "ja_JP.UTF-8"),
        ]
        .into_iter()
        .enumerate()
        {
            let same = run(format, threads, turn + 1, zone, locale) == first;
            assert!(same, "{format}, {threads} threads, {zone}, {locale}");
        }
    }
}

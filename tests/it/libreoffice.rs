//! As a comms officer would: a calendar is exported from `LibreOffice` as "Windows-1252", checked, mended and opened again;
//! the same with a Word file. Starts `LibreOffice`, so it runs only when asked for.

use crate::program::{PACK, folder, postlint};
use std::{fs, path::Path, process::Command};

const CALENDAR: &str = "Date;Platform;Copy;Status
2026-12-01;X;\"Gosh, the café on the Green: “tea” – it’s £5 for \"\"cake\"\". We promise; really.\";Draft
2026-12-02;Facebook;\"Two lines,
we promise naïve ones\";Draft
";
const LETTER: &str = "<h1>Christmas</h1><p>Gosh, the bins are <b>late</b> &ndash; it&rsquo;s &pound;5.</p>\
    <p>We promise <i>it</i>.</p><table><tr><td>Café</td><td>We promise</td></tr></table>";

/// Converts a file of the folder into another format; gives whether there is a `LibreOffice` to do it.
fn convert(folder: &Path, name: &str, to: &str, options: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let mut command = Command::new("soffice");
    command.current_dir(folder).args([&profile, "--headless", "--convert-to", to]).args(options).arg(name);
    let Ok(output) = command.output() else { return false };
    assert!(output.status.success(), "{output:?}");
    true
}

fn mend(folder: &Path, name: &str) {
    let args = ["check", "--pack", "./house.toml", "--fix", "--unsafe-fixes", "--format", "concise", name];
    let (text, code) = postlint(folder, &args);
    assert_eq!(code, 0, "{text}");
}

#[test]
#[ignore = "starts LibreOffice"]
fn a_calendar_survives_the_way_through_windows_1252() {
    let office = folder(&[("house.toml", PACK), ("plan.csv", CALENDAR)]);
    let path = office.path();
    // Semicolon, quotes, UTF-8, then out again as Windows-1252.
    assert!(convert(path, "plan.csv", "ods", &["--infilter=CSV:59,34,76,1"]), "LibreOffice is needed");
    fs::remove_file(path.join("plan.csv")).unwrap();
    convert(path, "plan.ods", "csv:Text - txt - csv (StarCalc):59,34,1,1,,0,false,true", &[]);
    let before = fs::read(path.join("plan.csv")).unwrap();
    assert!(before.contains(&0xE9) && before.contains(&0x93), "it is no Windows-1252");
    mend(path, "plan.csv");
    let after = fs::read(path.join("plan.csv")).unwrap();
    let decode = |bytes: &[u8]| encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned();
    let want =
        decode(&before).replace("Gosh, the", "The").replace("We promise", "We aim").replace("we promise", "we aim");
    assert_eq!(decode(&after), want);
    fs::rename(path.join("plan.csv"), path.join("again.csv")).unwrap();
    convert(path, "again.csv", "ods", &["--infilter=CSV:59,34,1,1"]);
    convert(path, "again.ods", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true", &[]);
    assert_eq!(fs::read_to_string(path.join("again.csv")).unwrap(), want);
}

#[test]
#[ignore = "starts LibreOffice"]
fn a_word_file_opens_after_it_was_mended() {
    let office = folder(&[("house.toml", PACK), ("letter.html", LETTER)]);
    let path = office.path();
    assert!(convert(path, "letter.html", "docx:MS Word 2007 XML", &["--writer"]), "LibreOffice is needed");
    mend(path, "letter.docx");
    convert(path, "letter.docx", "txt:Text (encoded):UTF8", &[]);
    let text = fs::read_to_string(path.join("letter.txt")).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Christmas", "The bins are late – it’s £5.", "We aim it.", "Café", "We aim"]);
}

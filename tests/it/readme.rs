//! The README shows what the program prints. `POSTLINT_BLESS=1 cargo test` writes it anew.

use assert_cmd::Command;
use std::{fs, path::Path};

#[test]
fn the_run_in_the_readme_is_a_real_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (head, rest) = readme.split_once("<!-- run: ").unwrap();
    let (command, rest) = rest.split_once(" -->\n").unwrap();
    let (shown, tail) = rest.split_once("<!-- /run -->").unwrap();
    let output = Command::cargo_bin("postlint")
        .unwrap()
        .current_dir(root)
        .env_clear()
        .args(command.split(' '))
        .arg("--no-config")
        .output()
        .unwrap();
    let real = format!("```text\n{}```\n", String::from_utf8(output.stdout).unwrap());
    if std::env::var_os("POSTLINT_BLESS").is_some() {
        fs::write(root.join("README.md"), format!("{head}<!-- run: {command} -->\n{real}<!-- /run -->{tail}")).unwrap();
        return;
    }
    assert_eq!(shown, real, "run POSTLINT_BLESS=1 cargo test to bring the README up to date");
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    for link in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !link.starts_with("http") {
            assert!(root.join(link).exists(), "{link} is not there");
        }
    }
}

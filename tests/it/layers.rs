//! The house: a module imports only from floors below its own, and inside a folder a leaf does not import another leaf
//! of an adapter. The floors stand in `src/lib.rs`; here they are checked.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From the ground up. Modules on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["model"],
    &["decode", "pack", "validate", "channel", "report", "settings"],
    &["check"],
    &["engine"],
    &["cli", "lsp", "desk"],
];

/// Imports on one floor that are allowed, each with its reason.
/// `cli`: commands start the language server and the page.
const ALLOWED: &[(&str, &str)] = &[("cli", "lsp"), ("cli", "desk")];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|names| names.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The code of a file without comments and without its inline tests, which may reach anywhere.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let body = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    body.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The names right behind each `crate::`, also inside braces.
fn imports(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let mut depth = 0;
        let mut name = String::new();
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => names.push(std::mem::take(&mut name)),
                c if depth <= 1 && (c.is_alphanumeric() || c == '_') && !name.contains(':') => name.push(c),
                ':' if depth <= 1 => name.push(':'),
                c if depth == 0 && !c.is_whitespace() => break,
                _ => {}
            }
            if depth <= 0 && (c == '}' || name.contains(':')) {
                break;
            }
        }
        names.push(name);
    }
    names
        .iter()
        .map(|n| n.trim_matches(':').split(':').next().unwrap_or_default().to_owned())
        .filter(|n| !n.is_empty())
        .collect()
}

#[test]
fn imports_only_go_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let own = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if ["lib", "main"].contains(&own.as_str()) {
            continue;
        }
        let here = floor(&own).unwrap_or_else(|| panic!("{own} stands on no floor"));
        for name in imports(&code(&path)) {
            let down = floor(&name).is_some_and(|there| there < here);
            let allowed = ALLOWED.contains(&(own.as_str(), name.as_str()));
            if name != own && !down && !allowed {
                wrong.push(format!("{} imports crate::{name}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "not downward:\n{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_every_form_of_import() {
    let code =
        "use crate::cli;\nuse crate::{engine::Linter, text::{span::Span, map}, pack};\nlet x = crate::report::find(1);";
    let mut names = imports(code);
    names.sort();
    assert_eq!(names, ["cli", "engine", "pack", "report", "text"]);
}

#[test]
fn every_file_says_what_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let silent: Vec<PathBuf> = ["src", "tests"]
        .iter()
        .flat_map(|folder| sources(&root.join(folder)))
        .filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "without module docs: {silent:?}");
}

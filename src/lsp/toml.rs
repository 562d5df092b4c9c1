//! Diagnostics inside packs and `postlint.toml`, from the client's text, saved or not.

use super::{
    analysis::{SOURCE, top},
    place::Unit,
};
use crate::{
    engine::{Linter, Options},
    model::{
        fault::{NamedText, Shown},
        file,
    },
    pack::{self, PackErrors, Request},
    settings,
    text::lines::LineIndex,
};
use lsp_types::{Diagnostic, DiagnosticSeverity, NumberOrString};
use miette::Diagnostic as _;
use std::{fs, path::Path};

/// What is wrong with a TOML file; nothing where it is neither settings nor part of a pack.
pub(super) fn diagnostics(path: &Path, text: &str, unit: Unit) -> Vec<Diagnostic> {
    let name = path.to_string_lossy();
    let faults = if path.file_name().is_some_and(|n| n == settings::FILE_NAME) {
        settings::parse(&name, text).err().map(|e| e.0.all().to_vec()).unwrap_or_default()
    } else {
        pack_faults(path, text)
    };
    let lines = LineIndex::new(text.into());
    let own = faults.iter().filter(|f| f.spot().is_none_or(|s| *s.name == *name));
    own.map(|fault| diagnostic(fault, &lines, unit)).collect()
}

fn diagnostic(fault: &Shown, lines: &LineIndex, unit: Unit) -> Diagnostic {
    let range = fault.spot().map_or_else(top, |spot| unit.range(lines, spot.start..spot.end));
    let help = fault.advice().map_or_else(String::new, |help| format!("\n{help}"));
    Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::ERROR),
        code: fault.code().map(|code| NumberOrString::String(code.to_string())),
        source: Some(SOURCE.to_owned()),
        message: format!("{fault}{help}"),
        ..Diagnostic::default()
    }
}

/// Faults of the pack that `path` is, or is a file of.
fn pack_faults(path: &Path, text: &str) -> Vec<Shown> {
    let own = NamedText::new(path.to_string_lossy(), text.to_owned());
    if !is_part(text) {
        return Vec::new();
    }
    let mut files = beside(path);
    files.push(own.clone());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    // A folder with several packs is not one pack of several files.
    let headers = files.iter().filter(|f| has(&f.text, "[pack]")).count();
    if headers == 0 && !has(text, "[policy]") {
        return Vec::new();
    }
    if headers > 1 {
        files = vec![own];
    }
    let (set, errors) = pack::load_sound(&[Request::Texts(files)]);
    let mut faults = errors.map(|e| e.0.all().to_vec()).unwrap_or_default();
    if let Err(more) = Linter::new(&set, Options::default()) {
        faults.extend(PackErrors::from_faults(&set.files, more).0.all().to_vec());
    }
    faults
}

/// The other TOML files of the folder that may belong to the same pack.
fn beside(path: &Path) -> Vec<NamedText> {
    let Some(entries) = path.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return Vec::new() };
    let paths = entries.filter_map(Result::ok).map(|e| e.path());
    let others = paths.filter(|p| p != path && p.extension().is_some_and(|e| e == "toml"));
    let texts = others.filter_map(|p| Some(NamedText::new(p.to_string_lossy(), file::read_text(&p).ok()?)));
    texts.filter(|t| is_part(&t.text)).collect()
}

fn is_part(text: &str) -> bool {
    ["[pack]", "[[rule]]", "[policy]", "[lists]"].iter().any(|mark| has(text, mark))
}

fn has(text: &str, header: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with(header))
}

//! Prepares what would otherwise be worked out whenever the program starts.
//!
//! Lists the rule files in a table of name, hash and `include_str!`, so that a new file in `rules/` needs no line of code.
//!
//! `rules/NAME.toml` and the files of `rules/NAME/` are the pack NAME; `rules/policies/*.toml` are policies;
//! `rules/lists.toml` holds the shared lists. The table is read by `src/pack/builtin.rs`. `rules/channels.toml` is no pack
//! and not in the table: `src/channel` embeds it.
//!
//! Makes tables of the words of `src/check/scorer/classes.txt` and of the words and phrases of `fields.txt`, which
//! `classes.rs` and `fields.rs` beside them look up.

#[expect(dead_code, reason = "the reader is the program's")]
#[path = "src/check/scorer/bytes.rs"]
mod bytes;

use bytes::{fnv, mix};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs, io,
    path::Path,
};

/// Lists of the scorer's fields.
const FIELDS: &str = "src/check/scorer/fields.txt";
/// Lists of its classes.
const CLASSES: &str = "src/check/scorer/classes.txt";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={FIELDS}");
    println!("cargo::rerun-if-changed={CLASSES}");
    println!("cargo::rerun-if-changed=src/check/scorer/bytes.rs");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in toml_files(&Path::new(&root).join("rules"))? {
        let Some(name) = path.strip_prefix(&root).ok().and_then(Path::to_str) else { continue };
        let name = name.replace('\\', "/");
        if name == "rules/channels.toml" {
            continue;
        }
        let pack = name.trim_start_matches("rules/").split(['/', '.']).next().unwrap_or_default().to_owned();
        rows.entry(pack).or_default().push(name);
    }
    let mut code = String::from("&[\n");
    for (pack, files) in rows {
        let _ = writeln!(code, "    ({pack:?}, &[");
        for file in files {
            let path = format!("{root}/{file}");
            let hash = fnv(&fs::read(&path)?);
            let _ = writeln!(code, "        ({file:?}, {hash:#x}, include_str!({path:?})),");
        }
        code.push_str("    ]),\n");
    }
    code.push_str("]\n");
    fs::write(Path::new(&out).join("builtin.rs"), code)?;
    classes(Path::new(&root), Path::new(&out))?;
    fields(Path::new(&root), Path::new(&out))
}

/// Writes the classes' table: `KEYS`, and for each its classes in `CLASSES`, one bit a list.
fn classes(root: &Path, out: &Path) -> io::Result<()> {
    let source = fs::read_to_string(root.join(CLASSES))?;
    let mut table: BTreeMap<u64, u64> = BTreeMap::new();
    for (number, (_, words)) in lists(&source).enumerate() {
        for word in words.split_whitespace() {
            *table.entry(fnv(word.as_bytes())).or_default() |= 1 << number;
        }
    }
    let classes: Vec<u64> = table.values().copied().collect();
    let code = format!(
        "{}pub(super) static CLASSES: [u64; {}] = {classes:?};\n",
        keys(&table.into_keys().collect::<Vec<_>>()),
        classes.len()
    );
    fs::write(out.join("classes.rs"), code)
}

/// Names and members of the lists of a file.
fn lists(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(':'))
}

/// The code of `KEYS`, which finds ascending hashes by their upper 12 bits.
fn keys(keys: &[u64]) -> String {
    let starts: Vec<usize> = (0..=1 << 12).map(|upper| keys.partition_point(|k| k >> 52 < upper)).collect();
    format!(
        "pub(super) static KEYS: crate::check::scorer::keys::Keys = crate::check::scorer::keys::Keys {{\n    \
         keys: &{keys:?},\n    starts: &{starts:?},\n}};\n"
    )
}

/// What is known of a word, or of the words of a phrase: the fields that it is in, one bit each, and the number of words
/// of the longest phrase that begins with it.
type Fields = BTreeMap<u64, (u128, usize)>;

/// Writes the fields' table: `KEYS`, and for each its number in `SETS` and the longest phrase in `ENTRIES`.
fn fields(root: &Path, out: &Path) -> io::Result<()> {
    let source = fs::read_to_string(root.join(FIELDS))?;
    let mut table = Fields::new();
    for (number, (_, phrases)) in lists(&source).enumerate() {
        for phrase in phrases.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            enter(&mut table, phrase, 1 << number);
        }
    }
    let sets: BTreeSet<u128> = table.values().map(|(fields, _)| *fields).collect();
    let sets: Vec<u128> = sets.into_iter().collect();
    let entry = |(fields, longest): &(u128, usize)| (sets.binary_search(fields).unwrap_or_default(), *longest);
    let entries: Vec<(usize, usize)> = table.values().map(entry).collect();
    let code = format!(
        "{}pub(super) static ENTRIES: [(u16, u8); {}] = {entries:?};\npub(super) static SETS: [u128; {}] = {sets:?};\n",
        keys(&table.into_keys().collect::<Vec<_>>()),
        entries.len(),
        sets.len(),
    );
    fs::write(out.join("fields.rs"), code)
}

fn enter(table: &mut Fields, phrase: &str, field: u128) {
    let words: Vec<u64> = phrase.split_whitespace().map(|w| fnv(w.as_bytes())).collect();
    let Some((first, rest)) = words.split_first() else { return };
    // Every word of a phrase is known by itself, so that `mum's` in `mum's the word` is not read as `mum`.
    for word in rest {
        table.entry(*word).or_default();
    }
    let start = table.entry(*first).or_default();
    start.1 = start.1.max(words.len());
    let whole = rest.iter().fold(*first, |hash, word| mix(hash, *word));
    table.entry(whole).or_default().0 |= field;
}

fn toml_files(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(toml_files(&path)?);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

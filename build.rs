//! Lists the rule files in a table of name, hash and `include_str!`, so that a new file in `rules/` needs no line of code.
//!
//! `rules/NAME.toml` and the files of `rules/NAME/` are the pack NAME; `rules/policies/*.toml` are policies;
//! `rules/lists.toml` holds the shared lists. The table is read by `src/pack/builtin.rs`. `rules/channels.toml` is no pack
//! and not in the table: `src/channel` embeds it.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, io, path::Path};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
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
    fs::write(Path::new(&out).join("builtin.rs"), code)
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3))
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

//! The packs that come with the program. The table is written by `build.rs` from the files in `rules/`.

/// A file: its path in the repository, the hash of its text, and the text.
pub(super) type File = (&'static str, u64, &'static str);

/// Rows of name and files. The rows `policies` and `lists` are not packs but the policies and the lists that all packs
/// share.
#[expect(clippy::unreadable_literal, reason = "the hashes are generated")]
pub(super) const BUILTIN: &[(&str, &[File])] = include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// Rows of [`BUILTIN`] that are not packs.
const NOT_PACKS: &[&str] = &["lists", "policies"];

/// Names of the built-in packs, in alphabetical order.
pub fn names() -> Vec<&'static str> {
    BUILTIN.iter().map(|(name, _)| *name).filter(|name| !NOT_PACKS.contains(name)).collect()
}

/// The files of the row `name`.
pub(super) fn files(name: &str) -> Option<&'static [File]> {
    BUILTIN.iter().find(|(row, _)| *row == name).map(|(_, files)| *files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_in_the_rules_folder_is_in_the_table() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("rules")];
        let known: Vec<&str> = BUILTIN.iter().flat_map(|(_, files)| files.iter().map(|(name, ..)| *name)).collect();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "toml") {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    let channels = name == "rules/channels.toml";
                    assert!(channels || known.contains(&name.as_str()), "{name} is not in the table");
                }
            }
        }
    }

    #[test]
    fn lists_and_policies_are_no_packs() {
        assert!(files("lists").is_some() && files("policies").is_some());
        assert!(!names().contains(&"lists") && !names().contains(&"policies"));
    }
}

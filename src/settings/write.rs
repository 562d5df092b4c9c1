//! A suppression as settings write it.

use super::Settings;
use serde_json::Value;
use std::path::{Component, Path};

impl Settings {
    /// A `[[suppress]]` block for `rule` in the file at `path`; nothing where the path is not in the folder of the
    /// settings, so that no pattern can name it.
    pub fn suppression(&self, path: &Path, rule: &str, reason: &str) -> Option<String> {
        let relative = self.relative(path);
        let mut pattern = String::new();
        for part in relative.components() {
            let Component::Normal(part) = part else { return None };
            pattern.push('/');
            for c in part.to_str()?.chars() {
                if "*?[]{}\\!# ".contains(c) {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
        // The strings of JSON are strings of TOML.
        let [pattern, rule, reason] = [pattern.as_str(), rule, reason.trim()].map(Value::from);
        Some(format!("[[suppress]]\npaths = [{pattern}]\nrules = [{rule}]\nreason = {reason}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_for_its_file_alone() {
        for name in ["a.txt", "in/a b.txt", "in/[a]*.txt", "#1!.txt", "a\\b.txt"] {
            let block = Settings::default().suppression(Path::new(name), "a/b", "it's \"agreed\"\u{7}").unwrap();
            let settings = super::super::parse("postlint.toml", &block).unwrap();
            let [suppress] = &settings.suppress[..] else { panic!("{block}") };
            assert!(suppress.paths.holds(&settings.relative(Path::new(name))), "{block}");
            assert!(!suppress.paths.holds(Path::new("other/a.txt")), "{block}");
            assert_eq!(suppress.reason, "it's \"agreed\"\u{7}");
        }
    }

    #[test]
    fn a_path_outside_the_folder_has_no_block() {
        assert_eq!(Settings::default().suppression(Path::new("../a.txt"), "a/b", "c"), None);
        assert_eq!(Settings::default().suppression(Path::new("/a.txt"), "a/b", "c"), None);
    }
}

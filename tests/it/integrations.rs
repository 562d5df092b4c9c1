//! What hooks pass to postlint is what it would check itself: the patterns in our files know every ending.

use postlint::{decode, engine::walk};
use std::{collections::BTreeSet, fs, path::Path};

/// The endings of the first list between `open` and `close` in each line that has one.
fn lists(text: &str, open: &str, close: &str, between: char) -> Vec<BTreeSet<String>> {
    let list = |line: &str| Some(line.split_once(open)?.1.split_once(close)?.0.to_owned());
    text.lines().filter_map(list).map(|list| list.split(between).map(str::to_owned).collect()).collect()
}

#[test]
fn every_hook_passes_every_format() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let all: BTreeSet<String> = walk::endings().map(str::to_owned).collect();
    let mut known: BTreeSet<&str> = decode::DECODERS.iter().flat_map(|d| d.extensions()).copied().collect();
    // Settings and packs are TOML: no draft, unless they are named one by one.
    assert!(known.remove("toml") && known.iter().eq(&all));
    for (name, count) in [(".pre-commit-hooks.yaml", 4), ("README.md", 1)] {
        assert_eq!(lists(&read(name), r"files: '\.(", ")$'", '|'), vec![all.clone(); count], "{name}");
    }
    for name in ["docs/integrations.md", "integrations/lefthook/lefthook.yml"] {
        assert_eq!(lists(&read(name), "glob: \"*.{", "}\"", ','), std::slice::from_ref(&all), "{name}");
    }
    let descriptor = read("integrations/megalinter/postlint.megalinter-descriptor.yml");
    assert_eq!(lists(&descriptor, "      - \".", "\"", ' ').into_iter().flatten().collect::<BTreeSet<_>>(), all);
}

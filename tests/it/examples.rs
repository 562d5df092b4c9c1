//! Every rule of every pack that ships keeps its own word.

use crate::program::postlint;
use postlint::pack;
use std::path::Path;

#[test]
fn the_examples_of_all_built_in_packs_hold() {
    for name in pack::names() {
        let (told, code) = postlint(Path::new("."), &["rules", "test", "--no-config", name]);
        assert!(code == 0 && told.contains(" passed, 0 failed"), "{name}:\n{told}");
    }
}

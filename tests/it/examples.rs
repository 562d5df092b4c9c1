//! Every rule of every pack that ships keeps its own word.

use postlint::pack;

#[test]
fn the_examples_of_all_built_in_packs_hold() {
    for name in pack::names() {
        let mut command = assert_cmd::Command::cargo_bin("postlint").unwrap();
        let output = command.args(["rules", "test", "--no-config", name]).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && told.contains(" passed, 0 failed"), "{name}:\n{told}");
    }
}

//! What is asked for holds or is refused: no option is passed over, no name is guessed at.

use crate::program::{folder, postlint};
use std::path::Path;

/// Commands with what they said.
fn told(folder: &Path, commands: &[&[&str]]) -> String {
    let one = |args: &&[&str]| {
        let (text, code) = postlint(folder, args);
        format!("$ postlint {}\n{text}exit {code}\n", args.join(" "))
    };
    commands.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_that_is_none_is_answered_with_one_that_may_be_meant() {
    let draft = "---\npostlint-ignore: \"accessibility/link-text: it is a button\"\n---\nFine.\n";
    let mistyped = draft.replace("accessibility/link-text", "first-person-view");
    let settings = "[rules]\n\"opinion/nope\" = \"off\"\n\"opinion/first-person-veiw\" = \"off\"\n";
    let office = folder(&[("a.md", draft), ("b.md", &mistyped), ("wrong.toml", settings)]);
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["explain", "first-person-view"],
            &["explain", "opinion/nope"],
            &["explain", "accessibility/link-text"],
            &["check", "--rule", "accessibility/link-text", "a.md"],
            &["check", "--rule", "conduct/first-person-veiw", "a.md"],
            &["check", "--format", "concise", "a.md", "b.md"],
            &["check", "--config", "wrong.toml", "a.md"],
        ]
    ));
}

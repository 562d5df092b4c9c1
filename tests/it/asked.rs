//! What is asked for holds or is refused: no option is passed over, no name is guessed at.

use crate::program::{PACK, folder, postlint, run};
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
fn rules_are_listed_as_they_are_asked_for() {
    let office = folder(&[("house.toml", PACK)]);
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["rules", "list", "--pack", "./house.toml", "--rule", "house/gosh"],
            &["rules", "list", "--pack", "./house.toml", "--min-confidence", "0.8"],
            &["rules", "list", "--rule", "opinion/nope"],
            &["rules", "coverage", "--rule", "opinion/nope"],
            &["config", "--rule", "opinion/nope"],
        ]
    ));
    let (text, code) = postlint(office.path(), &["rules", "coverage", "--rule", "opinion/first-person-view"]);
    assert!(text.contains("opinion/first-person-view") && !text.contains("opinion/scorer") && code == 0, "{text}");
    assert!(text.contains("  1 rule, ") && text.contains("  0 rules, 0 examples"), "{text}");
}

#[test]
fn config_shows_every_setting_and_where_a_pack_is_named() {
    let settings = "[packs]
use = [\"opinion\"]
paths = [
  \"house.toml\",
  \"policy/*\",
]
[organisation]
name = \"Westmarsh Council\"
domains = [\"westmarsh.gov.uk\"]
names = [\"Cllr Ada Bright\", \"Sam Okoro\"]
[accounts.a]
officers = [\"j.bloggs\"]
[accounts.council]
channels = [\"x\", { name = \"threads\", from = 2027-05-10 }]
voice = \"corporate\"
approval-for = [\"publicity\"]
services = { housing = [\"a.okafor\"] }
profile = \"council\"
";
    let one = "[pack]\nname = \"one\"\nversion = \"1.0.0\"\nsummary = \"One\"\n";
    let rule = PACK.split("[[rule]]").nth(1).unwrap();
    let one = format!("{one}\n[[rule]]{rule}");
    let office = folder(&[("house.toml", PACK), ("policy/one.toml", &one), ("postlint.toml", settings)]);
    let (text, code) = postlint(office.path(), &["config", "--min-confidence", "0.9", "--rule", "house/gosh"]);
    assert_eq!(code, 0, "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn an_override_cannot_allow_phrases() {
    let settings = "[[overrides]]\npaths = [\"a/**\"]\nrules.\"opinion/scorer\" = { allow-phrases = [\"gosh\"] }\n";
    let office = folder(&[("postlint.toml", settings), ("a.md", "Fine.")]);
    insta::assert_snapshot!(told(office.path(), &[&["check", "a.md"]]));
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

#[test]
fn options_that_would_do_nothing_are_refused() {
    let office = folder(&[("house.toml", PACK), ("a.md", "We promise.")]);
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["check", "--fix", "--text", "We promise."],
            &["check", "--diff", "-"],
            &["check", "--unsafe-fixes", "a.md"],
            &["check", "--stdin-filename", "b.md", "a.md"],
            &["count", "--stdin-filename", "b.md", "a.md"],
        ]
    ));
}

#[test]
fn a_text_that_is_no_file_is_not_said_to_be_mendable() {
    let office = folder(&[("house.toml", PACK), ("a.md", "We promise.")]);
    for (args, mendable) in [(&["--text", "We promise."][..], false), (&["-"], false), (&["a.md", "-"], true)] {
        let (text, code) = run(office.path(), &[&["check", "--pack", "./house.toml"], args].concat(), "We promise.");
        assert_eq!((text.contains("1 finding can be mended with --fix."), code), (mendable, 1), "{text}");
    }
}

#[test]
fn a_channel_or_a_time_that_is_none_is_refused() {
    let office = folder(&[("a.md", "---\nchannel: twiter\nscheduled: tomorrow\n---\nFine.\n")]);
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["check", "--channel", "twiter", "--text", "Fine."],
            &["check", "--channel", "pigeon post", "--text", "Fine."],
            &["count", "--channel", "twiter", "--text", "Fine."],
            &["channels", "twiter"],
            &["watch", "--channel", "twiter", "a.md"],
            &["check", "--at", "tomorrow", "--text", "Fine."],
            &["check", "--at", "2027-02-30", "--text", "Fine."],
            &[
                "check",
                "--at",
                "25 March 2027, 9am",
                "--channel",
                "X: @westmarsh",
                "--format",
                "concise",
                "--text",
                "Fine."
            ],
            &["check", "--format", "concise", "a.md"],
        ]
    ));
}

#[test]
fn a_run_without_rules_is_no_clean_run() {
    let none = "[packs]\nuse = []\n";
    let nowhere = "[[overrides]]\npaths = [\"**\"]\npacks = []\n";
    let off = "[rules]\n\"opinion/first-person-view\" = \"off\"\n";
    let empty = "[pack]\nname = \"empty\"\nversion = \"1.0.0\"\nsummary = \"No rules\"\n";
    let archive = "[[overrides]]\npaths = [\"archive/**\"]\npacks = []\n";
    let office = folder(&[
        ("none.toml", none),
        ("nowhere.toml", nowhere),
        ("off.toml", off),
        ("empty.toml", empty),
        ("archive.toml", archive),
        ("a.md", "Fine."),
        ("archive/b.md", "Fine."),
    ]);
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["check", "--config", "none.toml", "a.md"],
            &["check", "--config", "nowhere.toml", "a.md"],
            &["check", "--config", "nowhere.toml", "--text", "Fine."],
            &["check", "--config", "off.toml", "--rule", "opinion/first-person-view", "a.md"],
            &["check", "--pack", "./empty.toml", "a.md"],
            &["check", "--config", "archive.toml", "archive"],
            &["check", "--config", "archive.toml", "--format", "concise", "a.md", "archive"],
            &["stream", "--config", "nowhere.toml"],
        ]
    ));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_or_written_is_told_with_its_place() {
    let settings = "[scorer]\nmodel = \"nope.bin\"\n";
    let broken = "[scorer]\nmodel = \"a.md\"\n";
    let office = folder(&[("a.md", "Fine."), ("none.toml", settings), ("broken.toml", broken)]);
    std::os::unix::fs::symlink("gone.md", office.path().join("dangling.md")).unwrap();
    insta::assert_snapshot!(told(
        office.path(),
        &[
            &["man", "--to", "a.md"],
            &["man", "--to", "a.md/pages"],
            &["check", "--config", "none.toml", "a.md"],
            &["check", "--config", "broken.toml", "a.md"],
            &["check", "--no-config", "dangling.md"],
        ]
    ));
}

//! A council's year: two accounts, six officers, three periods, forty posts and more, both changes of the clocks. What is
//! found in its queue is read by people.

use crate::program::{folder, postlint};
use std::path::Path;

#[test]
fn a_years_queue_of_a_council_is_checked() {
    let (text, code) = postlint(Path::new("fixtures/council"), &["check", ".", "--format", "concise"]);
    insta::assert_snapshot!(text);
    assert_eq!(code, 1);
}

/// What `postlint check` with these arguments prints, in a folder with these settings.
fn check(settings: &str, args: &[&str]) -> String {
    let folder = folder(&[("postlint.toml", settings)]);
    postlint(folder.path(), &[&["check", "--format", "concise"], args].concat()).0
}

#[test]
fn what_another_rule_finds_can_ask_for_an_approval() {
    let settings =
        "[packs]\nuse = [\"conduct\", \"reputation\"]\n[accounts.council]\napproval-for = [\"reputation\"]\n";
    let found = check(settings, &["--text", "The councillors haven't a clue about parking."]);
    assert!(found.contains("a post about reputation needs an approval"), "{found}");
    let found = check(settings, &["--text", "Bins are a day later this week."]);
    assert!(!found.contains("approval"), "{found}");
}

#[test]
fn the_calendar_is_asked_for_now_only_on_request() {
    let settings =
        "[packs]\nuse = [\"conduct\"]\n[[period]]\nname = \"mourning\"\nfrom = 2000-01-01\nto = 2199-12-31\n";
    let text = ["--text", "Party in the park!"];
    let found = check(settings, &text);
    assert!(found.contains("info") && !found.contains("warning"), "{found}");
    let found = check(settings, &[&text[..], &["--at", "now"]].concat());
    assert!(found.contains("warning: “Party” in a period"), "{found}");
}

#[test]
fn without_accounts_and_calendar_nothing_is_said_of_them() {
    let found = check("[packs]\nuse = [\"conduct\"]\n", &["--text", "Party in the park!", "--channel", "tiktok"]);
    assert!(!found.contains("conduct/"), "{found}");
}

#[test]
fn a_channel_that_is_misspelt_in_settings_is_an_error() {
    let found = check("[accounts.council]\nchannels = [\"facebok\"]\n", &["--text", "Bins"]);
    assert!(found.contains("unknown channel `facebok`") && found.contains("did you mean `facebook`?"), "{found}");
    let found = check("[channels.x]\ntexts = 3\n", &["--text", "Bins"]);
    assert!(found.contains("unknown field of a channel `texts`"), "{found}");
}

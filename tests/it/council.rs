//! A council's year: two accounts, six officers, three periods, forty posts and more, both changes of the clocks. What is
//! found in its queue is read by people.

use assert_cmd::Command;

#[test]
fn a_years_queue_of_a_council_is_checked() {
    let output = Command::cargo_bin("postlint")
        .unwrap()
        .current_dir("fixtures/council")
        .args(["check", ".", "--format", "concise"])
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8([output.stdout, output.stderr].concat()).unwrap());
    assert_eq!(output.status.code(), Some(1));
}

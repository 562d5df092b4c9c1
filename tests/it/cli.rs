//! What a user sees: whole outputs as snapshots, and the list of false greens that other linters have.

use crate::program::{PACK, folder, postlint, run};
use std::fs;
use tempfile::TempDir;

const UGLY: &str = "---\nchannel: x\n---\nGosh, it rains. We promise it stops.\n\nThe side door code is 4417.\n";

fn office() -> TempDir {
    folder(&[("house.toml", PACK), ("a.md", UGLY), ("b.txt", "Nothing wrong here.\n")])
}

fn check(args: &[&str]) -> (String, i32) {
    let office = office();
    let mut all = vec!["check", "--pack", "./house.toml"];
    all.extend(args);
    postlint(office.path(), &all)
}

#[test]
fn human_output_shows_the_sentence_the_reason_and_what_to_do() {
    let (text, code) = check(&["a.md", "b.txt"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(text);
}

#[test]
fn concise_output_is_a_line_a_finding() {
    let (text, code) = check(&["--format", "concise", "a.md"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(text);
}

#[test]
fn json_output_names_every_place_three_ways() {
    let (text, code) = check(&["--format", "json", "a.md"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn words_are_quoted_as_readers_see_them() {
    let office = folder(&[
        ("house.toml", PACK),
        ("q.csv", "Text,To\n\"Gosh \"\"we promise\"\" it\",x\n"),
        ("a.json", "{\"text\": \"we \\u0070romise\"}"),
    ]);
    let (text, _) = postlint(office.path(), &["check", "--pack", "./house.toml", "q.csv", "a.json"]);
    assert_eq!(text.matches("“we promise” is a promise").count(), 2, "{text}");
    assert_eq!(text.matches("write “we aim” for “we promise”").count(), 2, "{text}");
}

#[test]
fn jsonl_output_is_an_object_a_line() {
    let (text, _) = check(&["--format", "jsonl", "a.md"]);
    assert_eq!(text.lines().count(), 3);
    assert!(text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn a_sensitive_value_is_in_no_output() {
    for format in postlint::report::FORMATS {
        let (text, _) = check(&["--format", format.name(), "a.md"]);
        assert!(!text.contains("4417"), "{} shows the code:\n{text}", format.name());
    }
    let (text, _) = check(&["--show-values", "a.md"]);
    assert!(text.contains("4417"));
}

#[test]
fn timings_name_stages_and_rules_and_nothing_of_the_draft() {
    let (text, code) = check(&["--timings", "--threads", "2", "--format", "jsonl=out.jsonl", "a.md"]);
    assert_eq!(code, 1);
    // Which of the rules is the dearest changes from run to run.
    insta::with_settings!({filters => [(r"\d+\.\d\d", "N.NN"), (r" +N\.NN", " N.NN"), (r" +\d+ %", " N %"), ("house/[a-z]+", "house/RULE")]}, {
        insta::assert_snapshot!(text);
    });
    assert!(!text.contains("4417") && !text.contains("Gosh"));
}

#[test]
fn a_clean_draft_is_no_approval() {
    let (text, code) = check(&["b.txt"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(text);
}

#[test]
fn safe_fixes_are_made_and_a_second_run_changes_nothing() {
    let office = office();
    let fix = ["check", "--pack", "./house.toml", "--fix", "--format", "concise", "a.md"];
    let (first, _) = postlint(office.path(), &fix);
    let mended = fs::read_to_string(office.path().join("a.md")).unwrap();
    assert_eq!(mended, UGLY.replace("We promise", "We aim"));
    let (second, _) = postlint(office.path(), &fix);
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), mended);
    assert!(!first.contains("promise"), "{first}");
    assert_eq!(first, format!("{second}note: Mended 1 finding.\n"));
}

#[test]
fn unsafe_fixes_are_made_on_request_only() {
    let office = office();
    postlint(office.path(), &["check", "--pack", "./house.toml", "--fix", "--unsafe-fixes", "a.md"]);
    let mended = fs::read_to_string(office.path().join("a.md")).unwrap();
    assert!(mended.contains("\nIt rains. We aim it stops."), "{mended}");
}

#[test]
fn a_diff_shows_what_a_fix_would_do_and_masks_values() {
    let office = office();
    let (text, _) =
        postlint(office.path(), &["check", "--pack", "./house.toml", "--diff", "--format", "concise", "a.md"]);
    assert_eq!(fs::read_to_string(office.path().join("a.md")).unwrap(), UGLY);
    insta::assert_snapshot!(text);
}

#[test]
fn a_file_that_may_not_be_written_stays_and_is_told() {
    let office = office();
    let path = office.path().join("a.md");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let (text, code) = postlint(office.path(), &["check", "--pack", "./house.toml", "--fix", "a.md"]);
    assert_eq!((code, fs::read_to_string(&path).unwrap().as_str()), (2, UGLY), "{text}");
}

#[test]
fn text_and_standard_input_are_checked_like_files() {
    let office = office();
    let base = ["check", "--pack", "./house.toml", "--format", "concise"];
    let (text, code) = postlint(office.path(), &[&base[..], &["--text", "We promise."]].concat());
    assert_eq!((text.as_str(), code), ("<text>:1:1: error: “We promise” is a promise [house/promise]\n", 1));
    let (text, code) = run(office.path(), &[&base[..], &["-", "--stdin-filename", "x.md"]].concat(), UGLY);
    assert_eq!(code, 1);
    assert!(text.contains("x.md:4:17: error"), "{text}");
}

#[test]
fn fail_on_and_confidence_move_the_bar() {
    for (args, code) in [
        (["--fail-on", "never"], 0),
        (["--fail-on", "error"], 1),
        (["--rule", "house/gosh"], 0),
        (["--min-confidence", "0.95"], 0),
    ] {
        assert_eq!(check(&[&args[..], &["a.md"]].concat()).1, code, "{args:?}");
    }
    assert_eq!(check(&["--rule", "house/gosh", "--fail-on", "warning", "a.md"]).1, 1);
}

#[test]
fn nothing_is_green_that_was_not_checked() {
    let office = office();
    fs::create_dir(office.path().join("empty")).unwrap();
    fs::write(office.path().join("picture.md"), b"\x89PNG\r\n\x1a\n\0\0\0").unwrap();
    let base = ["check", "--pack", "./house.toml"];
    for (args, why) in [
        (&["missing.md"][..], "a missing path"),
        (&["b.txt", "missing.md"], "a missing path beside a present one"),
        (&["empty"], "a folder without drafts"),
        (&["picture.md"], "a picture called .md"),
        (&["--rule", "house/promize", "b.txt"], "a misspelt rule"),
        (&["--pack", "./nothing.toml", "b.txt"], "a missing pack"),
        (&["--config", "nothing.toml", "b.txt"], "missing settings"),
        (&["--fail-on", "never", "missing.md"], "a missing path with --fail-on never"),
        (&["--formt", "json", "b.txt"], "a misspelt option"),
        (&[], "no path at all"),
    ] {
        let (text, code) = postlint(office.path(), &[&base[..], args].concat());
        assert_eq!(code, 2, "{why}:\n{text}");
    }
}

#[test]
fn a_missing_path_does_not_stop_the_others() {
    let (text, code) = check(&["missing.md", "a.md"]);
    assert_eq!(code, 2);
    assert!(text.contains("missing.md") && text.contains("house/promise"), "{text}");
}

#[test]
fn a_misspelt_setting_is_an_error_with_its_place() {
    let office = office();
    fs::write(office.path().join("postlint.toml"), "[chek]\nfail-on = \"error\"\n").unwrap();
    let (text, code) = postlint(office.path(), &["check", "b.txt"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(text);
}

#[test]
fn the_report_file_never_changes_the_exit_code() {
    let office = office();
    let (_, code) = postlint(office.path(), &["check", "--pack", "./house.toml", "--output", "r.txt", "a.md"]);
    assert_eq!(code, 1);
    assert!(fs::read_to_string(office.path().join("r.txt")).unwrap().contains("Found 2 errors"));
}

#[test]
fn files_lists_what_would_be_checked_and_why_not() {
    let office = office();
    fs::write(office.path().join("postlint.toml"), "[check]\nexclude = [\"b.txt\"]\n").unwrap();
    for name in ["notes.xyz", "plan.ods", ".secret.md", "old/a.md", "node/x.md"] {
        let path = office.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    fs::write(office.path().join(".gitignore"), "/old/\n").unwrap();
    fs::create_dir(office.path().join(".git")).unwrap();
    let (text, code) = postlint(office.path(), &["check", "--pack", "./house.toml", "--files", "."]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(text);
}

#[test]
fn config_says_what_holds_for_a_path_and_where_that_is_from() {
    let settings = "[packs]
use = []
paths = [\"house.toml\"]
[rules]
\"house/gosh\" = \"info\"
[rules.\"house/promise\"]
allow-phrases = [\"we promise to pay\"]
[check]
fail-on = \"warning\"
exclude = [\"sent/\"]
skip-status = [\"sent\"]
[formats.csv]
text = \"Copy\"
[channels.mastodon]
text = 1000
[limits]
rows = 300_000
[[overrides]]
paths = [\"archive/**\"]
rules = { \"house/gosh\" = \"off\" }
[[suppress]]
paths = [\"archive/**\"]
rules = [\"house/promise\"]
reason = \"they were made before\"
until = 2999-01-01
";
    let office = folder(&[("house.toml", PACK), ("postlint.toml", settings), ("archive/q.csv", "Copy\nx\n")]);
    let mut all = String::new();
    for path in ["archive/q.csv", "sent/b.md", "new.md", "archive"] {
        let (text, code) = postlint(office.path(), &["config", "--for", path]);
        assert_eq!(code, 0, "{text}");
        all += &format!("--for {path}\n{text}\n");
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_stream_answers_every_line_in_order() {
    let office = office();
    let input =
        "{\"id\": 7, \"text\": \"We promise é\"}\n\nnot json\n{\"id\": \"b\", \"text\": \"fine\"}\n{\"id\": 9}\n";
    let (text, code) = run(office.path(), &["stream", "--pack", "./house.toml"], input);
    assert_eq!(code, 0);
    insta::assert_snapshot!(text);
}

#[test]
fn rules_are_listed_explained_and_tested() {
    let office = office();
    let (list, _) = postlint(office.path(), &["rules", "list", "--pack", "./house.toml"]);
    let (explained, _) = postlint(office.path(), &["explain", "--pack", "./house.toml", "house/gosh"]);
    let (tested, code) = postlint(office.path(), &["rules", "test", "./house.toml"]);
    assert_eq!(code, 0, "{tested}");
    insta::assert_snapshot!(format!("{list}\n{explained}\n{tested}"));
}

#[test]
fn a_rule_that_breaks_its_word_fails_the_test() {
    let broken = PACK.replace("good = \"Josh opened it.\"", "good = \"Gosh opened it.\"");
    let office = folder(&[("house.toml", &broken)]);
    let (text, code) = postlint(office.path(), &["rules", "test", "./house.toml"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(text);
}

#[test]
fn a_misspelt_command_and_rule_get_a_suggestion() {
    let office = office();
    let (text, code) = postlint(office.path(), &["explain", "--pack", "./house.toml", "house/promis"]);
    assert_eq!(code, 2);
    assert!(text.contains("house/promise"), "{text}");
    let (text, code) = postlint(office.path(), &["chek", "a.md"]);
    assert_eq!(code, 2);
    assert!(text.contains("check"), "{text}");
}

#[test]
fn threads_do_not_change_the_answer() {
    let files: Vec<(String, String)> =
        (0..40).map(|i| (format!("d/{i}.md"), UGLY.replace("rains", &format!("rains {i}")))).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all.push(("house.toml", PACK));
    let office = folder(&all);
    let with = |n: &str| {
        postlint(office.path(), &["check", "--pack", "./house.toml", "--format", "json", "--threads", n, "d"])
    };
    assert_eq!(with("1"), with("4"));
}

#[test]
fn a_locked_rule_is_not_let_through_with_a_longer_finding() {
    let rule = |id: &str, phrase: &str, locked: bool| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntitle = \"T\"\ncategory = \"confidential\"\nseverity = \"error\"\nconfidence = 0.9\n\
             why = \"W\"\nmessage = \"{id}\"\nphrases = [\"{phrase}\"]\nlocked = {locked}\nfix.advice = \"A\"\n\
             [[rule.example]]\nbad = \"{phrase}\"\n[[rule.example]]\ngood = \"fine\"\n"
        )
    };
    let head = "[pack]\nname = \"keys\"\nversion = \"1\"\nsummary = \"Keys\"\n";
    let pack = [head, &rule("where", "the key is under the mat", false), &rule("key", "key is under", true)].concat();
    let draft = "<!-- postlint-ignore keys/where: agreed -->\nThe key is under the mat.\n";
    let office = folder(&[("keys.toml", &pack), ("a.md", draft)]);
    let (text, code) = postlint(office.path(), &["check", "--pack", "./keys.toml", "--format", "concise", "a.md"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("keys/where here: keys/key finds the same words and cannot be suppressed"), "{text}");
}

#[test]
fn a_suppression_needs_a_reason_and_something_to_suppress() {
    let draft = "<!-- postlint-ignore house/promise: the Cabinet decided on 3 June -->\nWe promise it.\n\n\
        <!-- postlint-ignore house/gosh -->\nGosh.\n\n<!-- postlint-ignore house/code: none here -->\nFine.\n";
    let office = folder(&[("house.toml", PACK), ("a.md", draft)]);
    let base = ["check", "--pack", "./house.toml", "--format", "concise", "a.md"];
    let (text, code) = postlint(office.path(), &base);
    assert_eq!(code, 0, "{text}");
    insta::assert_snapshot!(text);
    let (text, code) = postlint(office.path(), &[&base[..], &["--ignore-suppressions"]].concat());
    assert_eq!(code, 1);
    assert!(text.contains("house/promise") && !text.contains("postlint/"), "{text}");
}

#[test]
fn a_baseline_lets_old_findings_be_and_tells_stale_ones() {
    let office = office();
    let base = ["check", "--pack", "./house.toml", "--format", "concise", "--baseline", "base.json", "a.md"];
    let (text, code) = postlint(office.path(), &[&base[..], &["--write-baseline"]].concat());
    assert_eq!(code, 0, "{text}");
    let written = fs::read_to_string(office.path().join("base.json")).unwrap();
    assert!(!written.contains("4417") && !written.to_lowercase().contains("we promise"), "{written}");
    assert_eq!(postlint(office.path(), &base).1, 0);
    let moved = UGLY.replace("Gosh, it rains.", "First line.\n\nGosh, it rains. We promise more.");
    fs::write(office.path().join("a.md"), moved).unwrap();
    let (text, code) = postlint(office.path(), &base);
    assert_eq!(code, 1);
    assert_eq!(text.lines().count(), 1, "only the second promise is new:\n{text}");
    fs::write(office.path().join("a.md"), "Fine.\n").unwrap();
    let human = ["check", "--pack", "./house.toml", "--baseline", "base.json", "a.md"];
    assert!(postlint(office.path(), &human).0.contains("no longer there"));
}

#[test]
fn staged_checks_the_index_and_changed_posts_only() {
    let office =
        folder(&[("house.toml", PACK), ("q.csv", "Text,Channel\nWe promise one,x\nfine,x\n"), ("a b.md", "Fine.\n")]);
    let git = |args: &[&str]| {
        let identity =
            ["-c", "user.name=Jo Bloggs", "-c", "user.email=jo@example.org", "-c", "init.defaultBranch=main"];
        let done =
            std::process::Command::new("git").current_dir(office.path()).args(identity).args(args).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    fs::write(office.path().join("q.csv"), "Text,Channel\nWe promise one,x\nwe promise two,x\n").unwrap();
    fs::write(office.path().join("a b.md"), "We promise staged.\n").unwrap();
    git(&["add", "."]);
    fs::write(office.path().join("a b.md"), "Nothing on disk.\n").unwrap();
    let (text, code) = postlint(office.path(), &["check", "--pack", "./house.toml", "--format", "concise", "--staged"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(text);
}

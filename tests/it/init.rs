//! `postlint init`: what it writes works at once, and it never writes over what is there.

use assert_cmd::Command;
use std::{fs, path::Path};
use tempfile::TempDir;

/// Output and exit code of `postlint` in a folder; no terminal.
fn postlint(folder: &Path, args: &[&str]) -> (String, i32) {
    let mut command = Command::cargo_bin("postlint").unwrap();
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).args(args);
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (text, output.status.code().unwrap())
}

fn git(folder: &Path) {
    let done = std::process::Command::new("git").arg("init").arg("-q").current_dir(folder).status().unwrap();
    assert!(done.success());
}

#[test]
fn what_it_says_is_what_to_do_next() {
    let folder = TempDir::new().unwrap();
    insta::assert_snapshot!(postlint(folder.path(), &["init", "--yes"]).0);
}

#[test]
fn the_sample_is_found_and_the_pack_keeps_its_word() {
    let folder = TempDir::new().unwrap();
    assert_eq!(postlint(folder.path(), &["init", "--yes"]).1, 0);
    let (found, code) = postlint(folder.path(), &["check", ".", "--format", "concise"]);
    assert!(found.contains("drafts/sample.md:3:16") && found.contains("house/open-ended-date"), "{found}");
    assert_eq!(code, 0, "a warning stops nobody's first commit");
    assert_eq!(postlint(folder.path(), &["check", ".", "--fail-on", "warning"]).1, 1);
    let (tested, code) = postlint(folder.path(), &["rules", "test", "policy/house.toml"]);
    assert!(tested.contains("5 passed, 0 failed") && code == 0, "{tested}");
    let (linted, code) = postlint(folder.path(), &["rules", "lint", "policy/house.toml"]);
    assert!(linted.contains("nothing to better") && code == 0, "{linted}");
}

#[test]
fn the_files_point_editors_to_their_schemas() {
    let folder = TempDir::new().unwrap();
    postlint(folder.path(), &["init", "--yes"]);
    for file in ["postlint.toml", "policy/house.toml"] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let schema = text.lines().next().unwrap().strip_prefix("#:schema ").unwrap();
        let schema = fs::read_to_string(path.parent().unwrap().join(schema)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&schema).unwrap()["$schema"].is_string(), "{file}");
    }
}

#[test]
fn nothing_is_written_where_one_file_is_there_already() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("policy")).unwrap();
    fs::write(folder.path().join("policy/house.toml"), "mine").unwrap();
    let (told, code) = postlint(folder.path(), &["init", "--yes"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(told, @"
    error: already there: policy/house.toml
      nothing was written; --force replaces them, --hook none and --ci none leave the hook and the CI file out
    ");
    assert!(!folder.path().join("postlint.toml").exists() && !folder.path().join("drafts").exists());
    assert_eq!(postlint(folder.path(), &["init", "--yes", "--force"]).1, 0);
    assert!(fs::read_to_string(folder.path().join("policy/house.toml")).unwrap().starts_with("#:schema"));
}

#[test]
fn a_file_that_cannot_be_written_is_named_and_no_other_is_left() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("drafts"), "a file where a folder must be").unwrap();
    let (told, code) = postlint(folder.path(), &["init", "--yes", "--force"]);
    assert!(told.contains("drafts/sample.md could not be written") && code == 2, "{told}");
    assert!(!folder.path().join("postlint.toml").exists(), "nothing is renamed before everything is ready");
}

#[test]
fn where_nobody_can_be_asked_it_wants_to_be_told() {
    let folder = TempDir::new().unwrap();
    let (told, code) = postlint(folder.path(), &["init"]);
    assert!(told.contains("--yes") && code == 2, "{told}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_git_hook_can_be_run_and_needs_a_repository() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let args = ["init", "--yes", "--hook", "git", "--ci", "none"];
    let (told, code) = postlint(folder.path(), &args);
    assert!(told.contains("in no Git repository") && code == 2, "{told}");
    git(folder.path());
    assert_eq!(postlint(folder.path(), &args).1, 0);
    let mode = fs::metadata(folder.path().join(".git/hooks/pre-commit")).unwrap().permissions().mode();
    assert_eq!(mode & 0o100, 0o100);
    assert!(!folder.path().join(".github").exists());
}

#[test]
fn the_ci_server_is_that_of_the_remote() {
    let folder = TempDir::new().unwrap();
    git(folder.path());
    let config = folder.path().join(".git/config");
    let text = fs::read_to_string(&config).unwrap() + "[remote \"origin\"]\n\turl = https://gitlab.example.org/a/b\n";
    fs::write(config, text).unwrap();
    postlint(folder.path(), &["init", "--yes"]);
    assert!(folder.path().join(".gitlab-ci.yml").exists() && !folder.path().join(".github").exists());
}

/// A repository with a folder of drafts in it, after `postlint init` with these arguments.
fn content(args: &[&str]) -> TempDir {
    let office = TempDir::new().unwrap();
    git(office.path());
    let (told, code) = postlint(office.path(), &[&["init", "--yes"], args].concat());
    assert_eq!(code, 0, "{told}");
    office
}

fn run_git(folder: &Path, args: &[&str]) -> (String, bool) {
    let identity = ["-c", "user.name=Jo Bloggs", "-c", "user.email=jo@example.org"];
    let program = assert_cmd::cargo::cargo_bin("postlint");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(program.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path)));
    let mut command = std::process::Command::new("git");
    let output = command.current_dir(folder).env("PATH", path.unwrap()).args(identity).args(args).output().unwrap();
    (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.success())
}

#[cfg(unix)]
#[test]
fn the_hook_of_a_folder_in_a_repository_judges_its_drafts_with_its_settings() {
    let office = content(&["--hook", "git", "content"]);
    insta::assert_snapshot!(fs::read_to_string(office.path().join(".git/hooks/pre-commit")).unwrap());
    fs::write(office.path().join("notes.md"), "Honestly, about time! We will reopen in due course.").unwrap();
    run_git(office.path(), &["add", "."]);
    let (told, committed) = run_git(office.path(), &["commit", "-m", "first"]);
    assert!(committed && told.contains("content/drafts/sample.md:3:16"), "{told}");
    assert!(told.contains("Checked 1 post in 1 file"), "neither schemas nor what is beside the folder: {told}");
    fs::write(office.path().join("content/drafts/b.md"), "Text me on 07400 123456, says Jane Doe.").unwrap();
    run_git(office.path(), &["add", "."]);
    let (told, committed) = run_git(office.path(), &["commit", "-m", "second"]);
    assert!(!committed && told.contains("content/drafts/b.md"), "{told}");
}

#[test]
fn what_programs_look_for_in_the_root_is_written_there() {
    let office = content(&["--ci", "github", "content"]);
    let read = |name: &str| fs::read_to_string(office.path().join(name)).unwrap();
    insta::assert_snapshot!(read(".pre-commit-config.yaml") + &read(".github/workflows/postlint.yml"));
    assert!(!office.path().join("content/.pre-commit-config.yaml").exists());
    assert!(!office.path().join("content/.github").exists());
    let (told, code) = postlint(office.path(), &["init", "--yes", "--ci", "gitlab", "--hook", "none", "content/deep"]);
    assert_eq!(code, 0, "{told}");
    insta::assert_snapshot!(read(".gitlab-ci.yml"));
}

#[test]
fn from_inside_a_repository_its_root_is_found_and_what_is_there_stays() {
    let office = TempDir::new().unwrap();
    git(office.path());
    fs::create_dir(office.path().join("content")).unwrap();
    insta::assert_snapshot!(postlint(&office.path().join("content"), &["init", "--yes"]).0);
    let (told, code) = postlint(office.path(), &["init", "--yes", "other"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(told);
    assert!(!office.path().join("other").exists());
}

#[test]
fn what_it_says_to_do_next_can_be_done() {
    let office = content(&["--hook", "git", "--ci", "none", "new/content"]);
    assert!(office.path().join(".git/hooks/pre-commit").exists(), "also where the folder was not there yet");
    let config = ["--config", "new/content/postlint.toml"];
    let (told, code) = postlint(office.path(), &[&["check", "new/content"][..], &config].concat());
    assert!(told.contains("house/open-ended-date") && !told.contains("schema") && code == 0, "{told}");
    let (told, _) = postlint(office.path(), &["check", "--files", "--no-config", "new/content"]);
    assert!(told.contains("pack.schema.json: a JSON schema, no draft"), "{told}");
}

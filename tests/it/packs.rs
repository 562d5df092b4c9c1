//! What an author of packs and settings sees when something in them is wrong. All snapshots are read by people.

use miette::GraphicalTheme;
use postlint::{
    engine::{Linter, Options},
    model::{document::Meta, fault::Faults},
    pack::{self, PackErrors, Request},
    settings,
};
use std::{fs, path::Path};

fn shown(faults: &Faults) -> String {
    faults.render(GraphicalTheme::unicode_nocolor(), 80)
}

fn errors(paths: &[&str]) -> PackErrors {
    let requests: Vec<Request> = paths.iter().map(|p| Request::Path(Path::new("fixtures/packs").join(p))).collect();
    pack::load(&requests).unwrap_err()
}

#[test]
fn a_pack_of_several_files_loads_whole() {
    let set = pack::load(&[Request::Path("fixtures/packs/sound".into())]).unwrap();
    let pack = &set.packs[0];
    assert_eq!((pack.name.as_str(), pack.enabled, pack.rules.len()), ("parks", false, 2));
    assert_eq!(set.policy(pack).unwrap().clauses[0].id, "2-a");
    let promise = &pack.rules[0].meta;
    assert_eq!(promise.id, "parks/works-promise");
    assert_eq!(promise.message, "{match}: Promises a date for works");
    assert_eq!((promise.applies.channels.as_slice(), promise.applies.accounts.len()), (["x".to_owned()].as_slice(), 0));
    let keys: Vec<&str> = pack.rules[0].params.entries.iter().map(|e| e.key.as_ref()).collect();
    assert_eq!(keys, ["phrases"]);
    let length = &pack.rules[1];
    assert_eq!((length.kind.as_str(), length.meta.message.as_str()), ("limit", "Too long about works"));
    assert!(!set.shared.is_empty());
}

#[test]
fn toml_that_does_not_parse_is_shown() {
    insta::assert_snapshot!(shown(&errors(&["broken-syntax.toml"]).0));
}

#[test]
fn keys_and_values_that_are_wrong_are_shown() {
    insta::assert_snapshot!(shown(&errors(&["broken-keys.toml"]).0));
}

#[test]
fn rules_that_lack_something_are_shown() {
    insta::assert_snapshot!(shown(&errors(&["broken-rules.toml"]).0));
}

#[test]
fn placeholders_that_nobody_fills_in_are_shown() {
    let set = pack::load(&[Request::Path("fixtures/packs/broken-placeholders.toml".into())]).unwrap();
    let faults = Linter::new(&set, Options::default()).err().unwrap();
    insta::assert_snapshot!(shown(&PackErrors::from_faults(&set.files, faults).0));
}

#[test]
fn headers_that_are_wrong_are_shown() {
    insta::assert_snapshot!(shown(&errors(&["broken-header.toml", "two-headers"]).0));
}

#[test]
fn packs_that_are_not_there_are_shown() {
    let requests = [Request::Name("confidental".into()), Request::Path("fixtures/no-such-pack.toml".into())];
    insta::assert_snapshot!(shown(&pack::load(&requests).unwrap_err().0));
}

#[test]
fn two_packs_of_one_name_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.toml");
    fs::write(&path, fs::read("fixtures/packs/sound/pack.toml").unwrap()).unwrap();
    let (set, errors) = pack::load_sound(&[Request::Path("fixtures/packs/sound".into()), Request::Path(path)]);
    assert_eq!(set.packs.len(), 1);
    assert!(errors.unwrap().0.all()[0].line().ends_with("two packs are called `parks`"));
}

#[test]
fn the_same_pack_asked_for_twice_is_loaded_once() {
    let request = Request::Path("fixtures/packs/sound".into());
    assert_eq!(pack::load(&[request.clone(), request]).unwrap().packs.len(), 1);
}

#[test]
fn what_is_sound_is_kept_beside_the_faults() {
    let (set, errors) = pack::load_sound(&[
        Request::Path("fixtures/packs/broken-keys.toml".into()),
        Request::Path("fixtures/packs/sound".into()),
    ]);
    assert!(errors.is_some());
    assert_eq!(set.packs.last().unwrap().rules.len(), 2);
}

#[test]
fn a_rule_that_lacks_only_examples_still_runs() {
    let (set, errors) = pack::load_sound(&[Request::Path("fixtures/packs/no-examples.toml".into())]);
    assert_eq!(errors.unwrap().0.all().len(), 1);
    assert_eq!(set.packs[0].rules.len(), 1);
}

#[test]
fn a_hostile_pack_neither_hangs_nor_speaks_to_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let deep = format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("[pack]\nname = \"{}\u{1b}[31m\u{202e}\"\n", "a".repeat(1 << 20));
    let many = "[[rule]]\n".repeat(20_000);
    for (name, text) in [("deep.toml", deep), ("long.toml", long), ("many.toml", many), ("bin.toml", "\0".repeat(9))] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let shown = shown(&pack::load(&[Request::Path(path)]).unwrap_err().0);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
        assert!(shown.len() < 100_000, "{name}: {} bytes", shown.len());
    }
}

#[test]
fn a_hostile_pattern_is_refused_or_read_quickly() {
    let folder = tempfile::tempdir().unwrap();
    let sound = fs::read_to_string("fixtures/packs/no-examples.toml").unwrap();
    let nested = (0..80).fold("a".to_owned(), |inner, _| format!("(?:{inner}b?)+"));
    let doubled = format!("(?:a?){}", "{2}".repeat(80));
    let long = format!("(?:abc){}", "{12}".repeat(9));
    for pattern in [&long, &nested, &doubled, "a{12}{12}{12}{12}{12}{12}{12}{12}", "(?:a?){1000}{1000}"] {
        let path = folder.path().join("pack.toml");
        fs::write(&path, format!("{sound}\npatterns = ['{pattern}']")).unwrap();
        let set = pack::load_sound(&[Request::Path(path)]).0;
        match Linter::new(&set, Options::default()) {
            Ok(linter) => drop(linter.lint_text("draft", &"ab".repeat(999), Meta::default())),
            Err(faults) => assert!(faults[0].to_string().contains("more than 2097152 bytes"), "{}", faults[0]),
        }
    }
}

#[test]
fn hostile_lists_and_words_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sound = fs::read_to_string("fixtures/packs/no-examples.toml").unwrap();
    let path = folder.path().join("pack.toml");
    let refused = |phrase: &str, lists: &dyn Fn(usize) -> String, many: usize| {
        let lists: Vec<String> = (0..many).map(|n| format!("l{n} = {}", lists(n + 1))).collect();
        let pack = sound.replace("something untested", phrase);
        fs::write(&path, format!("{pack}\n[lists]\n{}\nl{many} = ['b']\n", lists.join("\n"))).unwrap();
        let set = pack::load_sound(&[Request::Path(path.clone())]).0;
        let linter = Linter::new(&set, Options::default());
        linter.err().map(|faults| faults[0].to_string()).unwrap_or_default()
    };
    let deep = refused("{l0}", &|next| format!("['a {{l{next}}}']"), 5000);
    assert_eq!(deep, "lists name each other more than 16 deep");
    let wide = refused("{l0} c", &|next| format!("['a {{l{next}}}', 'a {{l{next}}} a']"), 15);
    assert!(wide.ends_with("has more than 200000 parts"), "{wide}");
    let spelled = refused(&format!("x{}", "(a|b)".repeat(24)), &|_| "['a']".into(), 0);
    assert!(spelled.ends_with("has more than 256 spellings"), "{spelled}");
}

#[test]
fn settings_that_are_wrong_are_shown() {
    let errors = settings::load(Path::new("fixtures/settings/broken.toml")).unwrap_err();
    insta::assert_snapshot!(shown(&errors.0));
}

#[test]
fn strangers_in_settings_are_shown() {
    let settings = settings::load(Path::new("fixtures/settings/strangers.toml")).unwrap();
    let mut all = Faults::new(Vec::new());
    for checked in [
        settings.check_rule_ids(&["opinion/first-person-view", "opinion/taste"]),
        settings.check_packs(&["confidential", "opinion"], &[]),
        settings.check_channels(&["x", "facebook", "twitter"], &["text"]),
        settings.check_columns(&["csv", "json"], &["text", "channel"]),
    ] {
        all = all.and(checked.unwrap_err().0);
    }
    insta::assert_snapshot!(shown(&all));
}

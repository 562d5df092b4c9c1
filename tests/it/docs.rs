//! Pages that are made from data: they must be those in `docs/`. `POSTLINT_BLESS=1 cargo test` writes them.

use postlint::pack::{self, Request};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

#[test]
fn the_page_of_a_rule_says_what_why_and_how() {
    let set = pack::load(&[Request::Path("fixtures/packs/sound".into())]).unwrap();
    let pack = &set.packs[0];
    insta::assert_snapshot!(pack::page(&pack.rules[0], set.policy(pack)));
    insta::assert_snapshot!("index", pack::index(&set.packs, &set.policies));
}

/// A dependency that comes in has its reason written down, and one that goes takes it along.
#[test]
fn every_direct_dependency_has_a_reason() {
    let names = |text: &str, from: &str| -> Vec<String> {
        let part = text.split(from).nth(1).unwrap_or_else(|| panic!("no {from}"));
        let lines = part.lines().skip(1).take_while(|line| !line.starts_with('['));
        lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
    };
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let page = fs::read_to_string("docs/decisions/0010-every-direct-dependency-has-a-reason.md").unwrap();
    let told: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(" |")).map(|t| t.0).collect();
    let told: Vec<&str> = told.iter().flat_map(|names| names.split(", ")).map(|name| name.trim_matches('`')).collect();
    assert_eq!(names(&manifest, "\n[dependencies]"), told);
    for name in names(&manifest, "\n[dev-dependencies]") {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn pages_of_rules_are_in_step_with_the_packs() {
    let requests: Vec<Request> = pack::names().into_iter().map(|n| Request::Name(n.to_owned())).collect();
    let set = pack::load(&requests).unwrap_or_else(|e| panic!("{}", e.0.render(miette::GraphicalTheme::none(), 100)));
    let root = Path::new("docs/rules");
    let mut pages = BTreeMap::from([(root.join("index.md"), pack::index(&set.packs, &set.policies))]);
    for pack in &set.packs {
        for rule in &pack.rules {
            pages.insert(root.join(format!("{}.md", rule.meta.id)), pack::page(rule, set.policy(pack)));
        }
    }
    let stale: Vec<PathBuf> = files(root).into_iter().filter(|path| !pages.contains_key(path)).collect();
    if env::var_os("POSTLINT_BLESS").is_some() {
        for path in &stale {
            fs::remove_file(path).unwrap();
        }
        for (path, text) in &pages {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let differ: Vec<&PathBuf> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text))
        .map(|(p, _)| p)
        .collect();
    assert!(
        differ.is_empty() && stale.is_empty(),
        "run POSTLINT_BLESS=1 cargo test: {} pages differ ({:?} …), {} are of no rule",
        differ.len(),
        differ.first(),
        stale.len()
    );
}

/// All Markdown files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|e| e.unwrap().path());
    paths
        .flat_map(|p| if p.is_dir() { files(&p) } else { vec![p] })
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect()
}

#[test]
fn the_settings_in_the_docs_are_settings() {
    let page = fs::read_to_string("docs/settings.md").unwrap();
    let block = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let settings = postlint::settings::parse("docs/settings.md", block).unwrap();
    assert!(settings.file.is_some() && settings.scorer.enabled == Some(true));
}

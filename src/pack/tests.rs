//! Tests of the loader on packs in memory.

use super::*;

#[test]
fn the_builtin_packs_load() {
    let requests: Vec<Request> = names().into_iter().map(|n| Request::Name(n.to_owned())).collect();
    match load(&requests) {
        Ok(set) => assert!(set.packs.iter().all(|p| !p.rules.is_empty())),
        Err(errors) => panic!("{}", errors.0.render(miette::GraphicalTheme::unicode_nocolor(), 100)),
    }
}

/// What is wrong with a pack whose policy has `clauses` clauses, and whose `rules` rules cite one that it has not.
fn strangers(clauses: usize, rules: usize) -> Vec<Shown> {
    let mut text = "pack = { name = \"p\", version = \"1\", summary = \"s\", policy = \"own\" }\n".to_owned();
    text.push_str("policy = { name = \"own\", title = \"t\" }\n");
    text.extend((0..clauses).map(|n| format!("[[clause]]\nid = \"clause-{n}\"\ntext = \"t\"\n")));
    text.extend((0..rules).map(|n| {
        format!("[[rule]]\nid = \"r{n}\"\ntitle = \"t\"\ncategory = \"style\"\nclauses = [\"x{n}\"]\nwhy = \"w\"\nphrases = [\"p\"]\nexample = [{{ bad = \"p\" }}, {{ good = \"g\" }}]\n")
    }));
    let pack = Request::Texts(vec![NamedText::new("p.toml", text)]);
    load(&[pack]).expect_err("no rule cites a clause that is there").0.all().to_vec()
}

#[test]
fn an_unknown_clause_is_told_with_a_few_that_are_known() {
    let told = strangers(51, 1);
    assert!(told[0].line().ends_with("the policy `own` has no clause `x0`"), "{told:?}");
    assert!(told[0].advice().unwrap().ends_with("clause-9, … and 41 more"), "{told:?}");
}

#[test]
fn of_many_unknown_clauses_of_a_rule_most_are_counted_only() {
    let clauses: Vec<String> = (0..1_000).map(|n| format!("\"x{n}\"")).collect();
    let text = format!(
        "pack = {{ name = \"p\", version = \"1\", summary = \"s\", policy = \"tmbc-2014\" }}\n[[rule]]\nid = \"r\"\n\
         title = \"t\"\ncategory = \"style\"\nwhy = \"w\"\nclauses = [{}]\nphrases = [\"p\"]\n\
         example = [{{ bad = \"p\" }}, {{ good = \"g\" }}]\n",
        clauses.join(", ")
    );
    let errors = load(&[Request::Texts(vec![NamedText::new("p.toml", text)])]).expect_err("no clause is known");
    let last = errors.0.all().last().unwrap().line();
    assert_eq!(errors.0.all().len(), 101);
    assert!(last.ends_with("900 more clauses of rule `r` are unknown"), "{last}");
}

#[test]
fn after_a_few_hundred_faults_the_rest_of_a_file_is_counted_only() {
    let told = strangers(3, 1_000);
    assert_eq!(told.len(), ENOUGH + 2);
    let last = told.last().unwrap().line();
    assert!(last.ends_with(&format!("{} more rules of the file were not read", 1_000 - ENOUGH - 1)), "{last}");
}

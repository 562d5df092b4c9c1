//! The examples of a rule as its tests.

use super::{Linter, around};
use crate::{
    model::{
        document::{Located, Meta, Mode},
        facts::Facts,
        fault::Shown,
        finding::FileReport,
        rule::{Example, Pack, RuleMeta},
        value::Fault,
    },
    settings,
};
use std::collections::BTreeMap;

/// The organisations that packs bring for their examples.
pub(super) fn facts(packs: &[&Pack]) -> Result<BTreeMap<String, Facts>, Vec<Fault>> {
    let (mut trials, mut faults) = (BTreeMap::new(), Vec::new());
    for pack in packs {
        let Some((text, at)) = &pack.example_settings else { continue };
        match settings::parse("example-settings", text) {
            Ok(settings) => {
                trials.insert(pack.name.clone(), around::facts(&settings));
            }
            Err(errors) => {
                let why = errors.0.all().iter().map(Shown::line).collect::<Vec<_>>().join("; ");
                faults.push(Fault::new(*at, format!("the settings for examples are wrong: {why}")));
            }
        }
    }
    if faults.is_empty() { Ok(trials) } else { Err(faults) }
}

/// What `rule` alone finds in `example`.
pub fn run(linter: &Linter, rule: &RuleMeta, example: &Example) -> FileReport {
    let meta = Meta {
        channels: example.channel.clone().map(Located::given).into_iter().collect(),
        account: example.account.clone().map(Located::given),
        scheduled: example.scheduled.clone().map(Located::given),
        mode: example.mode.as_deref().map(|mode| if mode == "reply" { Mode::Reply } else { Mode::Post }),
        ..Meta::default()
    };
    linter.lint_rule(rule, &example.text, example.format.as_deref(), meta)
}

/// Whether `rule` does with `example` what its author says.
///
/// # Errors
/// What it did instead, in words.
pub fn example(linter: &Linter, rule: &RuleMeta, example: &Example) -> Result<(), String> {
    let found = run(linter, rule, example).findings;
    let texts: Vec<&str> = found.iter().map(|f| f.core.of(&example.text)).collect();
    match (example.bad, texts.is_empty()) {
        (false, false) => return Err(format!("must be let through, but the rule found {texts:?}")),
        (true, true) => return Err("the rule found nothing".to_owned()),
        _ => {}
    }
    // Each is looked for behind the one before it; others may be found between them.
    let mut rest = texts.iter();
    if let Some(missed) = example.finds.iter().find(|wanted| !rest.any(|found| found == wanted)) {
        let order = if texts.contains(&missed.as_str()) { " in this order" } else { "" };
        return Err(format!("the rule was to find {missed:?}{order}, and found {texts:?}"));
    }
    let Some(wanted) = &example.fixed else { return Ok(()) };
    let mut fixed = example.text.clone();
    for edit in found.iter().rev().filter_map(|f| f.fixes.first()).flat_map(|fix| fix.edits.iter().rev()) {
        if fixed.get(edit.span.range()).is_some() {
            fixed.replace_range(edit.span.range(), &edit.content);
        }
    }
    if fixed == *wanted { Ok(()) } else { Err(format!("fixed it reads {fixed:?}, not {wanted:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::Options,
        model::fault::NamedText,
        pack::{self, Request},
    };

    #[test]
    fn what_an_example_finds_is_found_in_the_order_of_the_text() {
        let text = r#"
            pack = { name = "p", version = "1", summary = "s" }
            [[rule]]
            id = "colour"
            title = "t"
            category = "style"
            why = "w"
            phrases = ["red", "green", "blue"]
            example = [{ bad = "Red, green and blue.", finds = ["Red", "blue"] }, { good = "Grey." }]
        "#;
        let set = pack::load(&[Request::Texts(vec![NamedText::new("p.toml", text)])]).unwrap();
        let linter = Linter::new(&set, Options::default()).unwrap();
        let (rule, mut own) = (&set.packs[0].rules[0].meta, set.packs[0].rules[0].meta.examples[0].clone());
        assert_eq!(example(&linter, rule, &own), Ok(()), "what stands between may be left out");
        own.finds = vec!["blue".to_owned(), "Red".to_owned()];
        let told = example(&linter, rule, &own).unwrap_err();
        assert!(told.starts_with("the rule was to find \"Red\" in this order"), "{told}");
    }
}

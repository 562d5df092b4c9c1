//! The kind `swap`: wording to change, each with what to write instead.
//!
//! ```toml
//! kind = "swap"
//! [rule.swap]
//! "the disabled" = "disabled people"
//! "utilise" = "use"
//! ```

use super::{Check, Hit, Kind, Rule, index::PhraseIndex, phrase::Compiler, placeholder, view::View};
use crate::model::value::{Fault, Value};

/// Rules that are tables of wrong and right.
pub(super) struct Swap;

impl Kind for Swap {
    fn name(&self) -> &'static str {
        "swap"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["swap"]
    }

    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut swaps, mut faults) = (Swaps { index: PhraseIndex::default(), right: Vec::new() }, Vec::new());
        for rule in rules {
            match rows(rule, compiler, &mut swaps) {
                Ok(()) => {}
                Err(found) => faults.extend(found),
            }
        }
        swaps.index.finish(&compiler.groups);
        if faults.is_empty() { Ok(vec![Box::new(swaps)]) } else { Err(faults) }
    }
}

/// Adds the rows of one rule. A key is a phrase; its value the words to write, empty to delete.
fn rows(rule: &Rule<'_>, compiler: &mut Compiler, swaps: &mut Swaps) -> Result<(), Vec<Fault>> {
    let table = rule.spec.params.read("swap", Value::table).map_err(|f| vec![f])?;
    let Some(table) = table.filter(|t| !t.entries.is_empty()) else {
        let fault = Fault::new(rule.spec.at, format!("rule `{}` has no [rule.swap] table", rule.spec.meta.id));
        return Err(vec![fault.help("write \"wrong words\" = \"right words\" under [rule.swap]")]);
    };
    let mut faults = Vec::new();
    for entry in &table.entries {
        match (compiler.phrase(&entry.key, entry.at, rule.scope), entry.value.str()) {
            (Ok(node), Ok(right)) => {
                swaps.index.add(rule.number, node, compiler);
                swaps.right.push(right.to_owned());
                faults.extend(placeholder::of_replacement(rule, "swap", right, entry.value.at));
            }
            (node, right) => faults.extend(node.err().into_iter().chain(right.err())),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

struct Swaps {
    index: PhraseIndex,
    /// The right words for each phrase, by its number.
    right: Vec<String>,
}

impl Check for Swaps {
    fn name(&self) -> &'static str {
        "swaps"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for number in 0..view.segments.len() {
            let Some(words) = view.words(number) else { continue };
            self.index.scan(&words, &view.asked, &mut |rule, phrase, tokens| {
                let replacement = self.right.get(phrase).cloned();
                hits.push(Hit { replacement, ..Hit::new(rule, number, words.span(&tokens)) });
            });
        }
    }
}

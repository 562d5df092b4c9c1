//! The kind `field`: a condition on what is known of a post besides its text: channel, account, author, approval, posting
//! time, media.
//!
//! ```toml
//! kind = "field"
//! field = "author"
//! is = "not-nominated"
//! ```
//!
//! A condition that needs something which neither the draft nor the settings say does not hold.

use super::{Check, Hit, Kind, Rule, Spot, accounts, calendar, media, phrase::Compiler, view::View};
use crate::{
    model::{
        document::Located,
        rule::Category,
        value::{Fault, Table, Value, suggestion},
    },
    text::span::{Plain, Span},
};

/// Rules about what is known of a post.
pub(super) struct Fields;

/// What a condition looks at.
pub(super) struct Seen<'v, 'p> {
    /// The post and what is around it.
    pub(super) view: &'v View<'p>,
    /// Categories of what other rules found in it.
    pub(super) categories: &'v [Category],
}

/// A place where a condition holds, and what to say about it.
pub(super) struct Found {
    pub(super) spot: Spot,
    pub(super) says: Vec<(&'static str, String)>,
}

impl Found {
    /// At a value of the draft, or at the post where the value does not stand in the file.
    pub(super) fn at(value: Option<&Located>, says: Vec<(&'static str, String)>) -> Self {
        Self { spot: value.and_then(|v| v.span).map_or(Spot::Post, Spot::Source), says }
    }

    /// At a stretch of a segment.
    pub(super) fn in_text(segment: usize, span: Span<Plain>, says: Vec<(&'static str, String)>) -> Self {
        Self { spot: Spot::Raw { segment, span }, says }
    }
}

/// A condition: its field, its name, what it says, and where it holds.
pub(super) type Condition = (&'static str, &'static str, &'static [&'static str], fn(&Seen<'_, '_>) -> Vec<Found>);

/// All conditions, in the order of the manual.
fn conditions() -> impl Iterator<Item = &'static Condition> {
    accounts::CONDITIONS.iter().chain(calendar::CONDITIONS).chain(media::CONDITIONS)
}

impl Kind for Fields {
    fn name(&self) -> &'static str {
        "field"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["field", "is"]
    }

    fn finds_words(&self) -> bool {
        false
    }

    fn says(&self, params: &Table) -> &'static [&'static str] {
        let said = |key| params.get(key).and_then(|v| v.str().ok());
        let condition = said("field").zip(said("is"));
        conditions().find(|c| condition == Some((c.0, c.1))).map_or(&[], |c| c.2)
    }

    fn compile(&self, rules: &[Rule<'_>], _: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut conditions, mut faults) = (Vec::new(), Vec::new());
        for rule in rules {
            match condition(rule) {
                Ok(condition) => conditions.push((rule.number, condition)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(vec![Box::new(All(conditions))]) } else { Err(faults) }
    }
}

fn condition(rule: &Rule<'_>) -> Result<&'static Condition, Fault> {
    let params = &rule.spec.params;
    let (Some(field), Some(is)) = (params.get("field"), params.get("is")) else {
        let fault = Fault::new(rule.spec.at, format!("rule `{}` has no condition", rule.spec.meta.id));
        return Err(fault.help("add field = \"author\" and is = \"missing\""));
    };
    let mut fields: Vec<&str> = conditions().map(|c| c.0).collect();
    fields.dedup();
    let name = field.one_of(&fields, "field")?;
    let states: Vec<&str> = conditions().filter(|c| c.0 == name).map(|c| c.1).collect();
    let state = Value::str(is)?;
    conditions()
        .find(|c| c.0 == name && c.1 == state)
        .ok_or_else(|| Fault::new(is.at, format!("`{name}` cannot be `{state}`")).help(suggestion(state, &states)))
}

struct All(Vec<(usize, &'static Condition)>);

impl Check for All {
    fn name(&self) -> &'static str {
        "fields"
    }

    fn scan(&self, _: &View<'_>, _: &mut Vec<Hit>) {}

    fn conclude(&self, view: &View<'_>, categories: &[Category], hits: &mut Vec<Hit>) {
        let seen = Seen { view, categories };
        for (rule, (_, _, _, holds)) in self.0.iter().filter(|(rule, _)| view.holds(*rule)) {
            hits.extend(holds(&seen).into_iter().map(|found| Hit::apart(*rule, found.spot, found.says)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::block::is_kebab;
    use std::collections::HashSet;

    #[test]
    fn conditions_are_unique_and_kebab_case() {
        let names: Vec<_> = conditions().map(|c| (c.0, c.1)).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert!(names.iter().all(|(field, is)| is_kebab(field) && is_kebab(is)));
    }
}

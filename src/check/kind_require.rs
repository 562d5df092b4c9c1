//! The kind `require`: something must be in the post, always or when something else is.
//!
//! ```toml
//! kind = "require"
//! when = ["prize draw", "giveaway"]      # without it: in every post
//! any = ["closing date", "closes on *"]
//! ```

use super::{Check, Hit, Kind, Rule, Spot, phrase::Compiler, program::Node, view::View};
use crate::{
    model::value::{Fault, Value},
    text::span::Span,
};

/// Rules about what is missing.
pub(super) struct Require;

impl Kind for Require {
    fn name(&self) -> &'static str {
        "require"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["when", "any"]
    }

    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut checks, mut faults): (Vec<Box<dyn Check>>, Vec<Fault>) = (Vec::new(), Vec::new());
        for rule in rules {
            match Required::read(rule, compiler) {
                Ok(required) => checks.push(Box::new(required)),
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(checks) } else { Err(faults) }
    }
}

struct Required {
    rule: usize,
    when: Option<Node>,
    any: Node,
}

impl Required {
    fn read(rule: &Rule<'_>, compiler: &mut Compiler) -> Result<Self, Vec<Fault>> {
        let params = &rule.spec.params;
        let when = params.read("when", Value::strings).map_err(|f| vec![f])?;
        let any = params.read("any", Value::strings).map_err(|f| vec![f])?.filter(|any| !any.is_empty());
        let Some(any) = any else {
            let fault = Fault::new(rule.spec.at, format!("rule `{}` does not say what is required", rule.spec.meta.id));
            return Err(vec![fault.help("add any = [\"…\"], one of which must be in the post")]);
        };
        let when = when.map(|when| compiler.any(&when, rule.scope)).transpose()?;
        Ok(Self { rule: rule.number, when, any: compiler.any(&any, rule.scope)? })
    }
}

impl Check for Required {
    fn name(&self) -> &'static str {
        "required words"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        if !view.holds(self.rule) {
            return;
        }
        let found = |node: Node| {
            (0..view.segments.len()).find_map(|number| {
                let words = view.words(number)?;
                let hit = words.find_in(node, 0..words.reading.tokens.len())?;
                Some((number, words.span(&hit)))
            })
        };
        if found(self.any).is_some() {
            return;
        }
        match self.when {
            Some(when) => hits.extend(found(when).map(|(number, span)| Hit::new(self.rule, number, span))),
            None => hits.push(Hit { spot: Spot::Post, ..Hit::new(self.rule, 0, Span::new(0, 0)) }),
        }
    }
}

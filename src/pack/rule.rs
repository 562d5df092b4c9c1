//! A `[[rule]]` block: the keys that every rule has become its [`RuleMeta`], the rest is kept for the rule's kind.
//!
//! This reader does not know which kinds there are. A key that neither it nor the kind knows is found by the kind.

use super::{is_kebab, keep, missing, not_kebab, required};
use crate::model::{
    document::Scope,
    rule::{Applies, Category, Example, FixSpec, Policy, RuleMeta, RuleSpec, Severity},
    value::{At, Fault, Read, Table, Value, unknown},
};
use std::sync::Arc;

/// Kind of a rule that names none.
pub const DEFAULT_KIND: &str = "match";

/// Confidence of a rule that names none.
const DEFAULT_CONFIDENCE: f32 = 0.8;

/// Keys that every rule may have, whatever its kind.
pub const RULE_KEYS: &[&str] = &[
    "id",
    "kind",
    "title",
    "category",
    "severity",
    "confidence",
    "clauses",
    "why",
    "message",
    "scopes",
    "applies",
    "sensitive",
    "locked",
    "fix",
    "example",
];
const APPLIES_KEYS: &[&str] = &["channels", "accounts", "mode", "period"];
const FIX_KEYS: &[&str] = &["advice", "delete", "replace", "applicability"];
const EXAMPLE_KEYS: &[&str] = &["bad", "good", "finds", "fixed", "channel", "account", "scheduled", "mode"];
const MODES: &[&str] = &["any", "post", "reply"];

/// What a rule block needs to know of the pack around it.
pub(super) struct Around<'a> {
    pub(super) pack: &'a str,
    pub(super) policy: Option<&'a Policy>,
}

/// Reads one block. Without a readable id there is no rule; every other fault leaves a rule that should not be used.
pub(super) fn rule(block: &Value, around: &Around<'_>, faults: &mut Vec<Fault>) -> Option<RuleSpec> {
    let table = keep(block.table(), faults)?;
    let mut block = Block { table, what: "a rule without an id".to_owned(), faults };
    let id = block.id()?;
    block.what = format!("rule `{id}`");
    let kind = block.string("kind").unwrap_or_else(|| DEFAULT_KIND.to_owned());
    let title = block.needed("title");
    let message = block.string("message").unwrap_or_else(|| match kind.as_str() {
        DEFAULT_KIND => format!("{{match}}: {title}"),
        _ => title.clone(),
    });
    let category = block.needed("category");
    let meta = RuleMeta {
        id: format!("{}/{id}", around.pack),
        title,
        category: category.parse().unwrap_or(Category::Style),
        severity: block.named("severity", Severity::NAMES).and_then(|s| s.parse().ok()).unwrap_or(Severity::Warning),
        confidence: block.read("confidence", Value::unit).unwrap_or(DEFAULT_CONFIDENCE),
        clauses: block.clauses(around.policy),
        why: block.needed("why"),
        message,
        scopes: block.scopes(),
        applies: block.applies(),
        sensitive: block.read("sensitive", Value::bool).unwrap_or(false),
        locked: block.read("locked", Value::bool).unwrap_or(false),
        fix: block.fix(),
        examples: block.examples(),
    };
    block.named("category", Category::NAMES);
    let entries = table.entries.iter().filter(|e| !RULE_KEYS.contains(&e.key.as_str())).cloned().collect();
    Some(RuleSpec { meta: Arc::new(meta), kind, params: Table { at: table.at, entries }, at: table.at })
}

struct Block<'t, 'f> {
    table: &'t Table,
    what: String,
    faults: &'f mut Vec<Fault>,
}

impl<'t> Block<'t, '_> {
    fn keep<T>(&mut self, read: Read<T>) -> Option<T> {
        keep(read, self.faults)
    }

    fn read<T>(&mut self, key: &str, read: impl FnOnce(&'t Value) -> Read<T>) -> Option<T> {
        let read = self.table.read(key, read);
        self.keep(read).flatten()
    }

    fn string(&mut self, key: &str) -> Option<String> {
        self.read(key, |v| v.str().map(str::to_owned))
    }

    fn named(&mut self, key: &str, names: &[&'static str]) -> Option<&'static str> {
        self.read(key, |v| v.one_of(names, key))
    }

    /// A string that must be there and not be blank.
    fn needed(&mut self, key: &str) -> String {
        let read = required(self.table, key, &self.what).and_then(|v| {
            let text = v.str()?;
            if text.trim().is_empty() {
                Err(Fault::new(v.at, format!("`{key}` is empty")).code("empty"))
            } else {
                Ok(text)
            }
        });
        self.keep(read).map(str::to_owned).unwrap_or_default()
    }

    fn id(&mut self) -> Option<String> {
        let value = self.keep(required(self.table, "id", &self.what))?;
        let id = self.keep(value.str())?;
        if !is_kebab(id) {
            self.faults.push(not_kebab(value.at, id));
        }
        Some(id.to_owned())
    }

    fn clauses(&mut self, policy: Option<&Policy>) -> Vec<String> {
        let Some(clauses) = self.read("clauses", Value::strings) else {
            if policy.is_some() && self.table.get("clauses").is_none() {
                let fault = missing(self.table.at, "clauses", &self.what);
                self.faults.push(fault.help("name the clause of the policy that the rule is derived from"));
            }
            return Vec::new();
        };
        for (id, at) in &clauses {
            match policy {
                Some(policy) if policy.clauses.iter().any(|c| c.id == *id) => {}
                Some(policy) => {
                    let names: Vec<&str> = policy.clauses.iter().map(|c| c.id.as_str()).collect();
                    let mut fault = unknown(*at, id, &names, "clause");
                    fault.message = format!("the policy `{}` has no clause `{id}`", policy.name);
                    self.faults.push(fault.code("unknown_clause"));
                }
                None => {
                    let fault = Fault::new(*at, format!("clause `{id}` of no policy")).code("unknown_clause");
                    self.faults.push(fault.help("name the policy in [pack]: policy = \"tmbc-2014\""));
                }
            }
        }
        clauses.into_iter().map(|(id, _)| id).collect()
    }

    fn scopes(&mut self) -> Vec<String> {
        let scopes = self.read("scopes", Value::array).unwrap_or_default();
        let names = scopes.iter().filter_map(|v| self.keep(v.one_of(Scope::NAMES, "scope")));
        names.map(str::to_owned).collect()
    }

    fn applies(&mut self) -> Applies {
        let Some(table) = self.read("applies", Value::table) else { return Applies::default() };
        let what = format!("`applies` of {}", self.what);
        self.faults.extend(table.unknown_keys(APPLIES_KEYS, &what));
        let mut inner = Block { table, what, faults: self.faults };
        let lower = |words: Vec<(String, At)>| words.into_iter().map(|(w, _)| w.to_lowercase()).collect::<Vec<_>>();
        let everywhere = |words: Vec<String>| if words.iter().any(|w| w == "*") { Vec::new() } else { words };
        Applies {
            channels: inner.read("channels", Value::strings).map(lower).map(everywhere).unwrap_or_default(),
            accounts: inner
                .read("accounts", Value::strings)
                .map(|words| everywhere(words.into_iter().map(|(w, _)| w).collect()))
                .unwrap_or_default(),
            mode: inner.named("mode", MODES).filter(|m| *m != "any").map(str::to_owned),
            period: inner.string("period").filter(|p| !p.is_empty()),
        }
    }

    fn fix(&mut self) -> FixSpec {
        let Some(table) = self.read("fix", Value::table) else { return FixSpec::default() };
        let what = format!("`fix` of {}", self.what);
        self.faults.extend(table.unknown_keys(FIX_KEYS, &what));
        let mut inner = Block { table, what, faults: self.faults };
        let fix = FixSpec {
            advice: inner.string("advice").unwrap_or_default(),
            delete: inner.read("delete", Value::bool).unwrap_or(false),
            replace: inner.string("replace"),
            safe: inner.named("applicability", &["safe", "unsafe"]) == Some("safe"),
        };
        if fix.delete && fix.replace.is_some() {
            let fault = Fault::new(table.at, format!("{} both deletes and replaces", inner.what)).code("conflict");
            self.faults.push(fault.help("keep one of `delete` and `replace`"));
        }
        fix
    }

    fn examples(&mut self) -> Vec<Example> {
        let blocks = self.read("example", Value::array).unwrap_or_default();
        let what = format!("an example of {}", self.what);
        let examples: Vec<Example> = blocks.iter().filter_map(|b| example(b, &what, self.faults)).collect();
        // An example that could not be read is told already; that its like is missing would be one fault too many.
        let readable = examples.len() == blocks.len();
        for (bad, word) in [(true, "bad"), (false, "good")] {
            if readable && !examples.iter().any(|e| e.bad == bad) {
                let fault = Fault::new(self.table.at, format!("{} has no {word} example", self.what));
                let help = format!(
                    "add a [[rule.example]] block with {word} = \"a draft that the rule must {}\"",
                    if bad { "find" } else { "leave alone" }
                );
                self.faults.push(fault.code("missing_example").help(help));
            }
        }
        examples
    }
}

fn example(block: &Value, what: &str, faults: &mut Vec<Fault>) -> Option<Example> {
    let table = keep(block.table(), faults)?;
    faults.extend(table.unknown_keys(EXAMPLE_KEYS, what));
    let mut block = Block { table, what: what.to_owned(), faults };
    let (bad, text) = match (table.get("bad"), table.get("good")) {
        (Some(text), None) => (true, text),
        (None, Some(text)) => (false, text),
        _ => {
            let fault = Fault::new(table.at, format!("{what} must have either `bad` or `good`"));
            block
                .faults
                .push(fault.code("missing_key").help("bad = \"a draft with a breach\", or good = \"one without\""));
            return None;
        }
    };
    let text = block.keep(text.str())?.to_owned();
    let finds = block.read("finds", Value::strings).unwrap_or_default();
    for (find, at) in &finds {
        if !bad {
            let fault = Fault::new(*at, "a good example finds nothing").code("conflict");
            block.faults.push(fault.help("remove `finds`, or call the example `bad`"));
        } else if !text.contains(find.as_str()) {
            let fault = Fault::new(*at, format!("`{find}` does not occur in the example")).code("bad_example");
            block
                .faults
                .push(fault.help("`finds` lists the matched text as it stands in the example, capitals included"));
        }
    }
    Some(Example {
        at: table.at,
        text,
        bad,
        finds: finds.into_iter().map(|(text, _)| text).collect(),
        fixed: block.string("fixed"),
        channel: block.string("channel").map(|c| c.to_lowercase()),
        account: block.string("account"),
        scheduled: block.read("scheduled", |v| v.date().map(str::to_owned)),
        mode: block.named("mode", MODES).filter(|m| *m != "any").map(str::to_owned),
    })
}

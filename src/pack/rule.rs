//! A `[[rule]]` block: the keys that every rule has become its [`RuleMeta`], the rest is kept for the rule's kind.
//!
//! This reader does not know which kinds there are. A key that neither it nor the kind knows is found by the kind.

use crate::model::{
    block::{Block, filled, is_kebab, keep, not_kebab},
    document::Scope,
    rule::{Applies, Category, Example, FixSpec, Policy, RuleMeta, RuleSpec, Severity},
    value::{At, Data, Fault, Table, Value, suggestion},
};
use std::sync::Arc;

/// Kind of a rule that names none.
pub const DEFAULT_KIND: &str = "match";

/// Confidence of a rule that names none.
const DEFAULT_CONFIDENCE: f32 = 0.8;

/// Clauses of a rule that are told to be unknown at most: nobody mends more of them at a time.
const STRANGERS: usize = 100;

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
const EXAMPLE_KEYS: &[&str] = &["bad", "good", "finds", "fixed", "channel", "account", "scheduled", "mode", "format"];
const MODES: &[&str] = &["any", "post", "reply"];

/// What a rule block needs to know of the pack around it.
pub(super) struct Around<'a> {
    pub(super) pack: &'a str,
    pub(super) cites: Cites<'a>,
    /// Whether its rules must have examples.
    pub(super) examples: bool,
}

/// The policy that a pack cites.
#[derive(Clone, Copy)]
pub(super) enum Cites<'a> {
    /// It names none.
    Nothing,
    /// It names one that is not known, which is told already.
    Stranger,
    /// It names this one.
    Policy(&'a Policy),
}

/// Reads one block. Without a readable id there is no rule; every other fault leaves a rule that should not be used.
pub(super) fn rule(value: Value, around: &Around<'_>, faults: &mut Vec<Fault>) -> Option<RuleSpec> {
    let table = keep(value.table(), faults)?;
    let mut block = Block::open(table, "a [[rule]] block", faults);
    let id = id(&mut block);
    if let Some(id) = &id {
        block.what = format!("rule `{id}`");
    }
    block.all_there(match around.cites {
        Cites::Nothing => &["id", "title", "category", "why"],
        _ => &["id", "title", "category", "why", "clauses"],
    });
    let kind = block.string("kind").unwrap_or_else(|| DEFAULT_KIND.to_owned());
    let title = block.filled("title");
    let message = block.string("message").unwrap_or_else(|| match kind.as_str() {
        DEFAULT_KIND => format!("{{match}}: {title}"),
        _ => title.clone(),
    });
    let meta = RuleMeta {
        id: format!("{}/{}", around.pack, id.as_deref().unwrap_or_default()),
        title,
        category: block.named("category", Category::NAMES).and_then(|c| c.parse().ok()).unwrap_or(Category::Style),
        severity: block.named("severity", Severity::NAMES).and_then(|s| s.parse().ok()).unwrap_or(Severity::Warning),
        confidence: block.read("confidence", Value::unit).unwrap_or(DEFAULT_CONFIDENCE),
        clauses: clauses(&mut block, around.cites),
        why: block.filled("why"),
        message,
        scopes: scopes(&mut block),
        applies: applies(&mut block),
        sensitive: block.read("sensitive", Value::bool).unwrap_or(false),
        locked: block.read("locked", Value::bool).unwrap_or(false),
        fix: fix(&mut block),
        examples: if around.examples { examples(&mut block) } else { Vec::new() },
    };
    id?;
    let message_at = table.get("message").map(|v| v.at);
    let replace_at = replacements(table);
    let mut params = value.into_table().ok()?;
    params.entries.retain(|e| e.key == "kind" || !RULE_KEYS.contains(&e.key.as_ref()));
    Some(RuleSpec { meta: Arc::new(meta), kind, at: params.at, params, message_at, replace_at })
}

/// Where the replacements of a block's fix stand.
fn replacements(table: &Table) -> Vec<At> {
    let fix = table.get("fix").and_then(|v| v.table().ok());
    match fix.and_then(|fix| fix.get("replace")) {
        Some(Value { data: Data::Array(all), .. }) => all.iter().map(|v| v.at).collect(),
        one => one.iter().map(|v| v.at).collect(),
    }
}

fn id(block: &mut Block<'_, '_>) -> Option<String> {
    let value = block.table.get("id")?;
    let id = block.keep(filled(value))?;
    if !is_kebab(id) {
        block.faults.push(not_kebab(value.at, id));
    }
    Some(id.to_owned())
}

fn clauses(block: &mut Block<'_, '_>, cites: Cites<'_>) -> Vec<String> {
    let clauses = block.strings("clauses").unwrap_or_default();
    if let (true, Some(value)) = (clauses.is_empty(), block.table.get("clauses")) {
        let fault = Fault::new(value.at, format!("{} cites no clause", block.what)).code("empty");
        block.faults.push(fault.help("name the clause of the policy that the rule is derived from"));
    }
    let is_known = |id: &str| match cites {
        Cites::Stranger => true,
        Cites::Policy(policy) => policy.clauses.iter().any(|c| c.id == id),
        Cites::Nothing => false,
    };
    let strangers: Vec<&(String, At)> = clauses.iter().filter(|(id, _)| !is_known(id)).collect();
    if let Some((_, at)) = strangers.get(STRANGERS) {
        let message = format!("{} more clauses of {} are unknown", strangers.len() - STRANGERS, block.what);
        block.faults.push(Fault::new(*at, message).code("too_many"));
    }
    for (id, at) in strangers.into_iter().take(STRANGERS) {
        let fault = match cites {
            Cites::Stranger => continue,
            Cites::Policy(policy) => {
                let names: Vec<&str> = policy.clauses.iter().map(|c| c.id.as_str()).collect();
                Fault::new(*at, format!("the policy `{}` has no clause `{id}`", policy.name))
                    .help(suggestion(id, &names))
            }
            Cites::Nothing => {
                let fault = Fault::new(*at, format!("{} cites `{id}`, but its pack names no policy", block.what));
                fault.help("name the policy in [pack]: policy = \"tmbc-2014\"")
            }
        };
        block.faults.push(fault.code("unknown_clause"));
    }
    clauses.into_iter().map(|(id, _)| id).collect()
}

fn scopes(block: &mut Block<'_, '_>) -> Vec<String> {
    let scopes = block.read("scopes", Value::array).unwrap_or_default();
    scopes.iter().filter_map(|v| block.keep(v.one_of(Scope::NAMES, "scope"))).map(str::to_owned).collect()
}

fn applies(block: &mut Block<'_, '_>) -> Applies {
    let Some(mut inner) = block.inner("applies", APPLIES_KEYS) else { return Applies::default() };
    // `*` among the names means what no name means.
    let everywhere = |words: Vec<String>| if words.iter().any(|w| w == "*") { Vec::new() } else { words };
    Applies {
        channels: everywhere(inner.words("channels")).iter().map(|c| c.to_lowercase()).collect(),
        accounts: everywhere(inner.words("accounts")),
        mode: inner.named("mode", MODES).filter(|m| *m != "any").map(str::to_owned),
        period: inner.string("period").filter(|p| !p.is_empty()),
    }
}

fn fix(block: &mut Block<'_, '_>) -> FixSpec {
    let Some(mut inner) = block.inner("fix", FIX_KEYS) else { return FixSpec::default() };
    let fix = FixSpec {
        advice: inner.string("advice").unwrap_or_default(),
        delete: inner.read("delete", Value::bool).unwrap_or(false),
        replace: match inner.table.get("replace").map(|v| &v.data) {
            Some(Data::Array(_)) => inner.words("replace"),
            _ => inner.string("replace").into_iter().collect(),
        },
        safe: inner.named("applicability", &["safe", "unsafe"]) == Some("safe"),
    };
    if fix.delete && !fix.replace.is_empty() {
        let message = format!("{} both deletes and replaces", inner.what);
        inner.fault("conflict", message, "keep one of `delete` and `replace`");
    }
    fix
}

fn examples(block: &mut Block<'_, '_>) -> Vec<Example> {
    let values = block.read("example", Value::array).unwrap_or_default();
    let what = format!("an example of {}", block.what);
    let examples: Vec<Example> = values.iter().filter_map(|v| example(v, &what, block.faults)).collect();
    // An example that could not be read is told already; that its like is missing would be one fault too many.
    let has = |bad| examples.len() < values.len() || examples.iter().any(|e| e.bad == bad);
    let lacks = match (has(true), has(false)) {
        (true, true) => return examples,
        (false, false) => {
            ("examples", "add [[rule.example]] blocks: at least one with bad = \"…\", one with good = \"…\"")
        }
        (false, true) => ("bad example", "add a [[rule.example]] block with bad = \"a draft that the rule must find\""),
        (true, false) => {
            ("good example", "add a [[rule.example]] block with good = \"a draft that the rule must leave alone\"")
        }
    };
    block.fault("missing_example", format!("{} has no {}", block.what, lacks.0), lacks.1);
    examples
}

fn example(value: &Value, what: &str, faults: &mut Vec<Fault>) -> Option<Example> {
    let table = keep(value.table(), faults)?;
    let mut block = Block::new(table, what, EXAMPLE_KEYS, faults);
    let (bad, text) = match (table.get("bad"), table.get("good")) {
        (Some(text), None) => (true, text),
        (None, Some(text)) => (false, text),
        _ => {
            let message = format!("{what} must have either `bad` or `good`");
            block.fault("missing_key", message, "bad = \"a draft with a breach\", or good = \"one without\"");
            return None;
        }
    };
    let text = block.keep(text.str())?.to_owned();
    let finds = block.strings("finds").unwrap_or_default();
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
        format: block.string("format"),
    })
}

//! The parts of a pack file that are not rules: `[pack]`, `[lists]`, and a policy with its clauses.

use crate::model::{
    block::{Block, filled, is_kebab, kebab, keep, not_kebab},
    rule::{Clause, Lists, Policy},
    value::{At, Fault, Table, Value},
};

/// Top-level keys of a pack file.
const KEYS: &[&str] = &["pack", "lists", "rule", "policy", "clause"];
const PACK_KEYS: &[&str] = &["name", "version", "summary", "policy", "enabled", "example-settings"];
const POLICY_KEYS: &[&str] = &["name", "title", "source"];
const CLAUSE_KEYS: &[&str] = &["id", "text", "risk"];

/// What `[pack]` says.
#[derive(Debug)]
pub(super) struct Header {
    /// Nothing where it is missing or cannot be a name.
    pub(super) name: Option<String>,
    pub(super) name_at: At,
    pub(super) version: String,
    pub(super) summary: String,
    pub(super) policy: Option<(String, At)>,
    pub(super) enabled: bool,
    pub(super) example_settings: Option<(String, At)>,
}

/// Faults of the top level of a file.
pub(super) fn top_level(root: &Table) -> Vec<Fault> {
    root.unknown_keys(KEYS, "a pack file")
}

/// Reads `[pack]` if the file has it.
pub(super) fn header(root: &Table, faults: &mut Vec<Fault>) -> Option<Header> {
    let table = keep(root.get("pack")?.table(), faults)?;
    let mut block = Block::new(table, "[pack]", PACK_KEYS, faults);
    block.all_there(&["name", "version", "summary"]);
    let name = block.read("name", |v| kebab(v).map(str::to_owned));
    let name_at = table.get("name").map_or(table.at, |v| v.at);
    let (version, summary) = (block.filled("version"), block.filled("summary"));
    let policy = block.read("policy", |v| Ok((filled(v)?.to_owned(), v.at)));
    let enabled = block.read("enabled", Value::bool).unwrap_or(true);
    let example_settings = block.read("example-settings", |v| Ok((filled(v)?.to_owned(), v.at)));
    Some(Header { name, name_at, version, summary, policy, enabled, example_settings })
}

/// Adds the file's `[lists]` to `lists`. A name that is there already is a fault.
pub(super) fn lists(root: &Table, lists: &mut Lists, faults: &mut Vec<Fault>) {
    let Some(table) = root.get("lists").and_then(|v| keep(v.table(), faults)) else { return };
    let mut block = Block::open(table, "[lists]", faults);
    for entry in &table.entries {
        if !is_kebab(&entry.key) {
            block.faults.push(not_kebab(entry.at, &entry.key));
        }
        let Some(words) = block.strings_of(&entry.value) else { continue };
        if entry.value.array().is_ok_and(<[Value]>::is_empty) {
            let fault = Fault::new(entry.value.at, format!("the list `{}` is empty", entry.key));
            block.faults.push(fault.code("empty").help("a list needs at least one phrase"));
        }
        if lists.insert(entry.key.to_string(), words).is_some() {
            let message = format!("the list `{}` is already in another file of the pack", entry.key);
            block.faults.push(Fault::new(entry.at, message).code("duplicate").help("give one of them another name"));
        }
    }
}

/// Reads `[policy]` and its `[[clause]]` blocks if the file has them.
pub(super) fn policy(root: &Table, faults: &mut Vec<Fault>) -> Option<Policy> {
    let clauses = root.get("clause");
    let Some(value) = root.get("policy") else {
        if let Some(clauses) = clauses {
            let fault = Fault::new(clauses.at, "clauses without a policy").code("missing_key");
            faults.push(fault.help("add a [policy] table with a name and a title"));
        }
        return None;
    };
    let table = keep(value.table(), faults)?;
    let mut block = Block::new(table, "[policy]", POLICY_KEYS, faults);
    let name = block.required("name").and_then(kebab);
    let name = block.keep(name).map(str::to_owned);
    let title = block.needed("title");
    let source = block.string("source").unwrap_or_default();
    let mut policy = Policy { name: name?, title, source, clauses: Vec::new() };
    for value in clauses.and_then(|v| keep(v.array(), faults)).unwrap_or_default() {
        let Some(table) = keep(value.table(), faults) else { continue };
        let mut block = Block::new(table, "[[clause]]", CLAUSE_KEYS, faults);
        let clause = Clause {
            id: block.needed("id"),
            text: block.needed("text"),
            risk: block.string("risk").unwrap_or_default(),
        };
        if policy.clauses.iter().any(|c| c.id == clause.id) {
            block.fault("duplicate", format!("two clauses are called `{}`", clause.id), "give each clause its own id");
        }
        policy.clauses.push(clause);
    }
    Some(policy)
}

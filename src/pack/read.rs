//! The parts of a pack file that are not rules: `[pack]`, `[lists]`, and a policy with its clauses.

use super::{is_kebab, keep, not_kebab, required};
use crate::model::{
    rule::{Clause, Lists, Policy},
    value::{At, Fault, Read, Table, Value},
};

/// Top-level keys of a pack file.
const KEYS: &[&str] = &["pack", "lists", "rule", "policy", "clause"];
const PACK_KEYS: &[&str] = &["name", "version", "summary", "policy", "enabled"];
const POLICY_KEYS: &[&str] = &["name", "title", "source"];
const CLAUSE_KEYS: &[&str] = &["id", "text", "risk"];

/// What `[pack]` says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) name_at: At,
    pub(super) version: String,
    pub(super) summary: String,
    pub(super) policy: Option<(String, At)>,
    pub(super) enabled: bool,
}

/// Faults of the top level of a file.
pub(super) fn top_level(root: &Table) -> Vec<Fault> {
    root.unknown_keys(KEYS, "a pack file")
}

/// Reads `[pack]` if the file has it.
pub(super) fn header(root: &Table, faults: &mut Vec<Fault>) -> Option<Header> {
    let table = keep(root.get("pack")?.table(), faults)?;
    faults.extend(table.unknown_keys(PACK_KEYS, "[pack]"));
    let name = keep(required(table, "name", "[pack]"), faults)?;
    let text = keep(kebab(name), faults)?.to_owned();
    Some(Header {
        name: text,
        name_at: name.at,
        version: optional(table, "version", faults).map_or_else(|| "0.0.0".to_owned(), |(s, _)| s),
        summary: optional(table, "summary", faults).map(|(s, _)| s).unwrap_or_default(),
        policy: optional(table, "policy", faults),
        enabled: keep(table.read("enabled", Value::bool), faults).flatten().unwrap_or(true),
    })
}

/// Adds the file's `[lists]` to `lists`. A name that is there already is a fault.
pub(super) fn lists(root: &Table, lists: &mut Lists, faults: &mut Vec<Fault>) {
    let Some(table) = root.get("lists").and_then(|v| keep(v.table(), faults)) else { return };
    for entry in &table.entries {
        if !is_kebab(&entry.key) {
            faults.push(not_kebab(entry.at, &entry.key));
        }
        let Some(words) = keep(entry.value.strings(), faults) else { continue };
        if words.is_empty() {
            faults.push(Fault::new(entry.value.at, format!("the list `{}` is empty", entry.key)).code("empty"));
        }
        if lists.insert(entry.key.clone(), words).is_some() {
            let message = format!("the list `{}` is already in another file of the pack", entry.key);
            faults.push(Fault::new(entry.at, message).code("duplicate").help("give one of them another name"));
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
    faults.extend(table.unknown_keys(POLICY_KEYS, "[policy]"));
    let name = keep(required(table, "name", "[policy]").and_then(kebab), faults)?.to_owned();
    let title = keep(required(table, "title", "[policy]").and_then(Value::str), faults)?.to_owned();
    let source = optional(table, "source", faults).map(|(s, _)| s).unwrap_or_default();
    let mut policy = Policy { name, title, source, clauses: Vec::new() };
    for block in clauses.and_then(|v| keep(v.array(), faults)).unwrap_or_default() {
        let Some(clause) = clause(block, faults) else { continue };
        if policy.clauses.iter().any(|c| c.id == clause.id) {
            faults.push(Fault::new(block.at, format!("two clauses are called `{}`", clause.id)).code("duplicate"));
        }
        policy.clauses.push(clause);
    }
    Some(policy)
}

fn clause(block: &Value, faults: &mut Vec<Fault>) -> Option<Clause> {
    let table = keep(block.table(), faults)?;
    faults.extend(table.unknown_keys(CLAUSE_KEYS, "[[clause]]"));
    let id = keep(required(table, "id", "[[clause]]").and_then(Value::str), faults)?.to_owned();
    let text = keep(required(table, "text", "[[clause]]").and_then(Value::str), faults)?.to_owned();
    let risk = optional(table, "risk", faults).map(|(s, _)| s).unwrap_or_default();
    Some(Clause { id, text, risk })
}

fn optional(table: &Table, key: &str, faults: &mut Vec<Fault>) -> Option<(String, At)> {
    keep(table.read(key, |v| Ok((v.str()?.to_owned(), v.at))), faults).flatten()
}

fn kebab(value: &Value) -> Read<&str> {
    let word = value.str()?;
    if is_kebab(word) { Ok(word) } else { Err(not_kebab(value.at, word)) }
}

//! The rule book: what the page shows of rules, clauses, channels and the organisation's accounts.

use crate::{
    channel,
    engine::Linter,
    model::rule::{Pack, RuleMeta},
    pack::PackSet,
    settings::Settings,
};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Everything that does not change while the desk is open.
pub(super) fn book(linter: &Linter, set: &PackSet) -> Value {
    let running = linter.rules();
    let ids: HashSet<&str> = running.iter().map(|r| r.id.as_str()).collect();
    let settings = &linter.options().settings;
    json!({
        "postlint": env!("CARGO_PKG_VERSION"),
        "rules": running.len(),
        "organisation": settings.organisation.name,
        "packs": set.packs.iter().map(|p| pack(p, &ids)).collect::<Vec<_>>(),
        "policies": policies(set),
        "channels": channel::all().iter().map(|c| json!({ "name": c.name, "title": c.title })).collect::<Vec<_>>(),
        "accounts": accounts(settings),
        "periods": settings.periods.iter().map(|p| json!({ "name": p.name, "kind": p.kind,
            "from": p.from.to_string(), "to": p.to.to_string() })).collect::<Vec<_>>(),
    })
}

fn pack(pack: &Pack, running: &HashSet<&str>) -> Value {
    let rules = pack.rules.iter().map(|r| &*r.meta).filter(|r| running.contains(r.id.as_str()));
    json!({ "name": pack.name, "version": pack.version, "summary": pack.summary, "policy": pack.policy,
        "rules": rules.map(rule).collect::<Vec<_>>() })
}

fn rule(rule: &RuleMeta) -> Value {
    json!({
        "id": rule.id, "title": rule.title, "category": rule.category, "severity": rule.severity,
        "clauses": rule.clauses, "why": rule.why, "advice": rule.fix.advice, "locked": rule.locked,
        "examples": rule.examples.iter().map(|e| json!({ "bad": e.bad, "text": e.text })).collect::<Vec<_>>(),
    })
}

/// The policies that a pack of this desk cites.
fn policies(set: &PackSet) -> Vec<Value> {
    let cited = |name: &str| set.packs.iter().any(|p| p.policy.as_deref() == Some(name));
    let clause = |c: &crate::model::rule::Clause| json!({ "id": c.id, "text": c.text, "risk": c.risk });
    let policies = set.policies.iter().filter(|p| cited(&p.name));
    policies
        .map(|p| {
            json!({ "name": p.name, "title": p.title, "source": p.source,
                "clauses": p.clauses.iter().map(clause).collect::<Vec<_>>() })
        })
        .collect()
}

fn accounts(settings: &Settings) -> Vec<Value> {
    let channel = |name: &str| channel::find(name).map_or_else(|| name.to_owned(), |c| c.name.clone());
    let accounts = settings.accounts.iter();
    accounts
        .map(|(name, a)| {
            json!({ "name": name, "channels": a.channels.iter().map(|(c, _)| channel(c)).collect::<Vec<_>>(),
                "officers": a.officers, "services": a.services })
        })
        .collect()
}

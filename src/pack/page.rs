//! A rule as a page of Markdown, and the index of all rules. The pages in `docs/rules/` are made here and kept in step
//! by a test, so that a rule is described in one place: its block.

use crate::model::rule::{Applies, Example, FixSpec, Pack, Policy, RuleMeta, RuleSpec, Severity};
use std::fmt::Write as _;

/// The page of a rule: what, why, which clause, what to do, examples, how to switch it off.
pub fn page(rule: &RuleSpec, policy: Option<&Policy>) -> String {
    let meta = &rule.meta;
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n\n`{}` · {} · {}\n", meta.title, meta.id, meta.category, meta.severity);
    let _ = writeln!(out, "{}\n\n## Policy\n", meta.why.trim());
    clauses(&mut out, meta, policy);
    let _ = writeln!(out, "## What to do\n");
    remedy(&mut out, &meta.fix);
    examples(&mut out, "Found", meta.examples.iter().filter(|e| e.bad));
    examples(&mut out, "Left alone", meta.examples.iter().filter(|e| !e.bad));
    let _ = writeln!(out, "## Details\n");
    details(&mut out, rule);
    switching_off(&mut out, meta);
    let _ = writeln!(out, "---\n\nThis page is made from the rule's block in its pack: change it there.");
    out
}

/// The index of all packs and their rules, with links to the pages.
pub fn index(packs: &[Pack], policies: &[Policy]) -> String {
    let rules: usize = packs.iter().map(|p| p.rules.len()).sum();
    let mut out = format!(
        "# Rules\n\n{rules} rules in {} packs. Every rule names the clause that it is derived from.\n\n",
        packs.len()
    );
    for pack in packs {
        let state = if pack.enabled { "" } else { " It is off unless settings name it." };
        let _ = writeln!(out, "## {}\n\n{}.{state}\n", pack.name, pack.summary.trim_end_matches('.'));
        let _ = writeln!(out, "| rule | flags | severity | clause |\n|---|---|---|---|");
        for rule in &pack.rules {
            let meta = &rule.meta;
            let (id, title) = (&meta.id, meta.title.replace('|', "\\|"));
            let _ = writeln!(out, "| [`{id}`]({id}.md) | {title} | {} | {} |", meta.severity, meta.clauses.join(", "));
        }
        out.push('\n');
    }
    for policy in policies {
        let _ = writeln!(
            out,
            "## Policy `{}`\n\n{}. {}.\n",
            policy.name,
            policy.title,
            policy.source.trim_end_matches('.')
        );
        for clause in &policy.clauses {
            let _ = writeln!(out, "- **{}** {} *Risk:* {}", clause.id, clause.text, clause.risk);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "---\n\nThis page is made from the packs: change it there.");
    out
}

fn clauses(out: &mut String, meta: &RuleMeta, policy: Option<&Policy>) {
    for id in &meta.clauses {
        let clause = policy.and_then(|p| p.clauses.iter().find(|c| c.id == *id));
        let _ = match clause {
            Some(clause) => writeln!(out, "- **{id}** {} *Risk:* {}", clause.text, clause.risk),
            None => writeln!(out, "- **{id}**"),
        };
    }
    let _ = match policy {
        Some(policy) if !meta.clauses.is_empty() => writeln!(out, "\nDerived from: {}.\n", policy.title),
        _ if meta.clauses.is_empty() => writeln!(out, "The rule cites no clause of a policy.\n"),
        _ => writeln!(out),
    };
}

fn remedy(out: &mut String, fix: &FixSpec) {
    if !fix.advice.is_empty() {
        let _ = writeln!(out, "{}\n", fix.advice.trim());
    }
    let with = if fix.safe { "`--fix`" } else { "`--unsafe-fixes`, or by hand after a look" };
    let _ = match fix.replace.as_slice() {
        [text] => writeln!(out, "Can be replaced by {} with {with}.\n", code(text)),
        [first, others @ ..] => {
            let others: Vec<String> = others.iter().map(|text| code(text)).collect();
            writeln!(out, "Can be replaced by {} with {with}; or by {}.\n", code(first), others.join(" or "))
        }
        [] if fix.delete => writeln!(out, "Can be deleted with {with}.\n"),
        [] if fix.advice.is_empty() => writeln!(out, "Rewrite the draft so that it no longer says this.\n"),
        [] => Ok(()),
    };
}

fn examples<'e>(out: &mut String, title: &str, examples: impl Iterator<Item = &'e Example>) {
    let _ = writeln!(out, "## {title}\n");
    for example in examples {
        let fence = "`".repeat(longest_run(&example.text).max(2) + 1);
        let _ = writeln!(out, "{fence}text\n{}\n{fence}\n", example.text.trim_end());
        let finds: Vec<String> = example.finds.iter().map(|f| code(f)).collect();
        let mut notes = Vec::new();
        if !finds.is_empty() {
            notes.push(format!("finds {}", finds.join(", ")));
        }
        let known = [
            ("channel", &example.channel),
            ("account", &example.account),
            ("scheduled", &example.scheduled),
            ("mode", &example.mode),
        ];
        notes.extend(known.iter().filter_map(|(key, value)| Some(format!("{key} {}", code(value.as_deref()?)))));
        if let Some(fixed) = &example.fixed {
            notes.push(format!("fixed: {}", code(fixed)));
        }
        if !notes.is_empty() {
            let _ = writeln!(out, "{}\n", notes.join("; "));
        }
    }
}

fn details(out: &mut String, rule: &RuleSpec) {
    let meta = &rule.meta;
    let severity = match meta.severity {
        Severity::Error => "error: must not go out",
        Severity::Warning => "warning: a human should look",
        Severity::Info => "info: advice, fails a run only with --fail-on info",
    };
    let scopes = if meta.scopes.is_empty() { "all text that a reader sees".to_owned() } else { meta.scopes.join(", ") };
    let _ = writeln!(out, "- Severity: {severity}\n- Confidence of a bare match: {}", meta.confidence);
    let _ = writeln!(out, "- Kind: {}\n- Looks at: {scopes}\n- Holds: {}", rule.kind, holds(&meta.applies));
    if meta.sensitive {
        out.push_str("- What it matched is masked in every output\n");
    }
    out.push('\n');
}

fn holds(applies: &Applies) -> String {
    let mut parts = Vec::new();
    if !applies.channels.is_empty() {
        parts.push(format!("on {}", applies.channels.join(", ")));
    }
    if !applies.accounts.is_empty() {
        parts.push(format!("on the accounts {}", applies.accounts.join(", ")));
    }
    match applies.mode.as_deref() {
        Some("reply") => parts.push("in replies".to_owned()),
        Some(_) => parts.push("in posts that are no replies".to_owned()),
        None => {}
    }
    if let Some(period) = &applies.period {
        parts.push(format!("in the period {period}"));
    }
    if parts.is_empty() { "everywhere".to_owned() } else { parts.join(", ") }
}

fn switching_off(out: &mut String, meta: &RuleMeta) {
    let id = &meta.id;
    let _ = writeln!(out, "## Switching it off\n\nFor the whole organisation, in `postlint.toml`:\n");
    let _ = writeln!(out, "```toml\n[rules.\"{id}\"]\nseverity = \"off\"\n```\n");
    let _ = if meta.locked {
        writeln!(out, "A draft cannot suppress this rule.\n")
    } else {
        writeln!(
            out,
            "In one draft (Markdown, HTML), before the block that it is about:\n\n```html\n<!-- postlint-ignore {id}: the reason -->\n```\n"
        )
    };
}

/// `text` as inline code, whatever marks are in it.
fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match longest_run(&text) {
        0 => format!("`{text}`"),
        n => format!("{0} {text} {0}", "`".repeat(n + 1)),
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

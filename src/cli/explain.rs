//! `postlint explain`: a rule, its reason, its clauses, and what it does with its examples.

use super::{
    Failure,
    args::{DraftArgs, ExplainArgs},
    print,
    session::{Session, unknown_rule},
};
use crate::{
    engine::{Linter, trial},
    model::{
        fault::clean,
        finding::FileReport,
        rule::{Pack, RuleMeta},
    },
    pack::Examples,
    report::{Shown, Style},
};
use std::io::{self, Write};

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Failure> {
    let session = Session::open_with(&args.rules, true, Examples::Read)?;
    let all = || session.set.packs.iter().flat_map(|p| p.rules.iter().map(move |r| (p, r)));
    let Some((pack, rule)) = all().find(|(_, r)| r.meta.id == args.id) else {
        return Err(unknown_rule(&args.id, &session.set));
    };
    let mut out = Vec::new();
    let linter = session.linter(&args.rules, &DraftArgs::default())?;
    write_rule(&session, &linter, pack, &rule.meta, &mut out)?;
    print(&out)?;
    Ok(0)
}

fn write_rule(session: &Session, linter: &Linter, pack: &Pack, rule: &RuleMeta, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} ({}, {})\n", rule.title, rule.id, rule.severity)?;
    writeln!(out, "Why: {}", rule.why)?;
    let policy = session.set.policy(pack);
    for id in &rule.clauses {
        let clause = policy.and_then(|p| p.clauses.iter().find(|c| c.id == *id));
        let text = clause.map_or("", |c| c.text.as_str());
        writeln!(out, "Clause {id}: {text}")?;
    }
    writeln!(out, "Do:  {}\n", rule.fix.advice)?;
    writeln!(out, "Stopped:")?;
    for example in rule.examples.iter().filter(|e| e.bad) {
        write_found(&trial::run(linter, rule, example), out)?;
    }
    writeln!(out, "Let through:")?;
    for example in rule.examples.iter().filter(|e| !e.bad) {
        writeln!(out, "  {}", example.text.trim_end().replace('\n', "\n  "))?;
    }
    if rule.locked {
        writeln!(out, "\nThis rule cannot be suppressed in a draft.")
    } else {
        writeln!(out, "\nTo suppress it in Markdown or HTML, before the block, with your reason:")?;
        writeln!(out, "  <!-- postlint-ignore {}: reason -->", rule.id)
    }
}

/// Writes an example with what is found in it: the words underlined, the message below.
fn write_found(file: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    // The values of examples are made up.
    let shown = Shown::new(file, &Style { show_values: true, ..Style::default() });
    for (number, line) in shown.source().trim_end().lines().enumerate() {
        writeln!(out, "  {line}")?;
        for finding in &file.findings {
            let place = shown.range(finding.place.span);
            if place.start.line != number {
                continue;
            }
            let end = if place.end.line == number { place.end.chars } else { line.chars().count() };
            let (from, len) = (place.start.chars, end.saturating_sub(place.start.chars));
            if len > 0 {
                writeln!(out, "  {}{}", " ".repeat(from), "─".repeat(len))?;
            }
            writeln!(out, "    {}", clean(&shown.message(finding)))?;
            for fix in &finding.fixes {
                writeln!(out, "    Fix: {}", clean(&shown.fix_title(finding, fix)))?;
            }
        }
    }
    Ok(())
}

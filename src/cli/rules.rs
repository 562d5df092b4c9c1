//! `postlint rules` and `postlint explain`: what the rules are, and whether they keep their own word.

use super::{
    FOUND, Failure,
    args::{DraftArgs, RuleArgs, RulesCommand},
    print,
    session::Session,
};
use crate::{
    engine::{audit, message, score::Labelled, trial, walk},
    model::{
        fault::NamedText,
        rule::{Pack, RuleMeta},
        value::At,
    },
    pack::Examples,
};
use serde_json::json;
use std::{
    io::{self, Write},
    path::PathBuf,
};

pub(super) fn run(command: &RulesCommand) -> Result<u8, Failure> {
    match command {
        RulesCommand::List { rules, format } => list(rules, format),
        RulesCommand::Show(args) => super::explain::run(args),
        RulesCommand::Test { packs, coverage, rules } => test(packs, *coverage, rules),
        RulesCommand::Lint(args) => super::lint::run(args),
        RulesCommand::Score { files, list, rules } => score(files, *list, rules),
        RulesCommand::Coverage { rules } => coverage(rules),
        RulesCommand::Schema { name } => super::schema::run(name),
    }
}

fn list(args: &RuleArgs, format: &str) -> Result<u8, Failure> {
    let session = Session::open(args, true)?;
    session.check_rules(args)?;
    let mut out = Vec::new();
    if format == "json" {
        let rules: Vec<_> = session
            .set
            .packs
            .iter()
            .flat_map(|p| &p.rules)
            .filter(|r| is_asked(args, &r.meta))
            .map(|r| {
                json!({
                    "id": r.meta.id, "title": r.meta.title, "category": r.meta.category, "severity": r.meta.severity,
                    "clauses": r.meta.clauses, "why": r.meta.why, "sensitive": r.meta.sensitive, "kind": r.kind,
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rules).map_err(io::Error::from)?)?;
        print(&out)?;
        return Ok(0);
    }
    for pack in &session.set.packs {
        let rules: Vec<_> = pack.rules.iter().filter(|r| is_asked(args, &r.meta)).collect();
        if rules.is_empty() && !pack.rules.is_empty() {
            continue;
        }
        writeln!(out, "{} {}: {}", pack.name, pack.version, pack.summary)?;
        for rule in rules {
            writeln!(out, "  {:<8} {:<44} {}", rule.meta.severity.name(), rule.meta.id, rule.meta.title)?;
        }
    }
    print(&out)?;
    Ok(0)
}

/// Whether `--rule` and `--min-confidence` ask for `rule`; of its confidence the pack's word counts, without what a draft
/// adds to it.
fn is_asked(args: &RuleArgs, rule: &RuleMeta) -> bool {
    (args.rule.is_empty() || args.rule.contains(&rule.id))
        && args.min_confidence.is_none_or(|least| rule.confidence >= least)
}

fn test(packs: &[String], list: bool, args: &RuleArgs) -> Result<u8, Failure> {
    let mut args = args.clone();
    args.pack.extend(packs.iter().cloned());
    let session = Session::open_with(&args, true, Examples::Read)?;
    let linter = session.linter(&args, &DraftArgs::default())?;
    let mut out = Vec::new();
    let (mut examples, mut failed, mut rules) = (0, 0, 0);
    for rule in session.set.packs.iter().flat_map(|p| &p.rules) {
        if !args.rule.is_empty() && !args.rule.contains(&rule.meta.id) {
            continue;
        }
        rules += 1;
        for example in &rule.meta.examples {
            examples += 1;
            if let Err(problem) = trial::example(&linter, &rule.meta, example) {
                failed += 1;
                let name = session.set.files.get(example.at.file).map_or("", |f| f.name.as_str());
                writeln!(out, "{}: {name}\n  {:?}\n  {problem}\n", rule.meta.id, example.text)?;
            }
        }
    }
    let (passed, rules) = (examples - failed, counted(rules, "rule"));
    writeln!(out, "{} of {rules}: {passed} passed, {failed} failed", counted(examples, "example"))?;
    let coverage = audit::coverage(&session.set, &|rule| args.rule.is_empty() || args.rule.contains(&rule.id));
    let met = coverage.pieces - coverage.unmet.len();
    writeln!(out, "{met} of {} are met by a bad example", counted(coverage.pieces, "phrase or pattern"))?;
    for (rule, at, text) in coverage.unmet.iter().filter(|_| list) {
        writeln!(out, "  {} {rule} {text}", at_line(&session.set.files, *at))?;
    }
    print(&out)?;
    Ok(if failed == 0 { 0 } else { FOUND })
}

/// `1 rule`, `2 rules`.
pub(super) fn counted(count: usize, what: &str) -> String {
    match what.split_once(" or ") {
        Some((one, other)) if count != 1 => format!("{count} {one}s and {other}s"),
        _ if count != 1 => format!("{count} {what}s"),
        _ => format!("{count} {what}"),
    }
}

/// `FILE:LINE` of a place in the files of a pack.
pub(super) fn at_line(files: &[NamedText], at: At) -> String {
    let file = files.get(at.file);
    let before = file.and_then(|f| f.text.get(..at.start)).unwrap_or_default();
    format!("{}:{}", file.map_or("", |f| f.name.as_str()), before.matches('\n').count() + 1)
}

fn score(files: &[PathBuf], list: bool, args: &RuleArgs) -> Result<u8, Failure> {
    let session = Session::open(args, true)?;
    let linter = session.linter(args, &DraftArgs::default())?;
    let mut drafts: Vec<Labelled> = Vec::new();
    for path in files {
        let help = "a labelled draft is a line {\"id\": …, \"text\": …, \"violations\": [{\"category\", \"quote\"}]}";
        let told = |what: String| Failure::usage(format!("{}: {what}", path.display()), help);
        let text = std::fs::read_to_string(path).map_err(|error| told(walk::reason(&error)))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |error| told(format!("line {}: {}", number + 1, message::told(&error)));
            drafts.push(serde_json::from_str(line).map_err(wrong)?);
        }
    }
    let score = linter.score(&drafts);
    let mut out = Vec::new();
    if list {
        for missed in &score.missed {
            writeln!(out, "miss   {missed}")?;
        }
        for alarm in &score.false_alarms {
            writeln!(out, "false  {alarm}")?;
        }
    }
    write!(out, "{score}")?;
    print(&out)?;
    Ok(0)
}

fn coverage(args: &RuleArgs) -> Result<u8, Failure> {
    let session = Session::open_with(args, true, Examples::Read)?;
    session.check_rules(args)?;
    let mut out = Vec::new();
    for policy in &session.set.policies {
        let citing: Vec<&Pack> =
            session.set.packs.iter().filter(|p| p.policy.as_deref() == Some(&policy.name)).collect();
        if citing.is_empty() {
            continue;
        }
        writeln!(out, "{} ({})", policy.title, policy.source)?;
        for clause in &policy.clauses {
            let rules: Vec<&RuleMeta> = citing
                .iter()
                .flat_map(|p| &p.rules)
                .map(|r| r.meta.as_ref())
                .filter(|r| r.clauses.contains(&clause.id) && is_asked(args, r))
                .collect();
            let examples: usize = rules.iter().map(|r| r.examples.len()).sum();
            let count = format!("{}, {}", counted(rules.len(), "rule"), counted(examples, "example"));
            writeln!(out, "\n{}  {}\n  {count}", clause.id, clause.text)?;
            for rule in rules {
                writeln!(out, "  {:<8} {}", rule.severity.name(), rule.id)?;
            }
        }
    }
    print(&out)?;
    Ok(0)
}

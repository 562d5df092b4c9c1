//! Suppressions: what a draft or the settings say to let through, each with a reason.
//!
//! A suppression never becomes part of the published text: in Markdown and HTML it is a comment, elsewhere a field, or it
//! stands in the settings. It needs a reason; one that covers nothing, has no reason, has expired or names a locked or
//! unknown rule is itself a finding, so that none is left lying about. One of the settings holds for many files: that it
//! covers nothing only a run over all of them can tell, at its end.

use super::Linter;
use crate::{
    model::{
        document::{Document, Suppress},
        finding::{FileReport, Finding, Place, Report, Text},
        rule::{Applies, Category, FixSpec, RuleMeta, Severity},
    },
    settings::Settings,
    text::span::{Source, Span},
};
use jiff::civil::Date;
use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

/// Rules of postlint itself, about suppressions.
pub(super) static RULES: LazyLock<Vec<Arc<RuleMeta>>> = LazyLock::new(|| {
    vec![
        own_rule(
            "unused-suppression",
            "A suppression that lets nothing through",
            "Remove it: it would hide a later mistake.",
        ),
        own_rule(
            "faulty-suppression",
            "A suppression that cannot be used",
            "Write RULE: reason, with the id that the finding shows.",
        ),
        own_rule(
            "expired-suppression",
            "A suppression whose time is over",
            "Mend the draft, or set a new date with a new reason.",
        ),
    ]
});

fn own_rule(name: &str, title: &str, advice: &str) -> Arc<RuleMeta> {
    Arc::new(RuleMeta {
        id: format!("postlint/{name}"),
        title: title.to_owned(),
        category: Category::Hygiene,
        severity: Severity::Warning,
        confidence: 1.0,
        clauses: Vec::new(),
        why: "Somebody decides for the Council to let wording through; who comes after must be able to see why."
            .to_owned(),
        message: String::new(),
        scopes: Vec::new(),
        applies: Applies::default(),
        sensitive: false,
        locked: true,
        fix: FixSpec { advice: advice.to_owned(), ..FixSpec::default() },
        examples: Vec::new(),
    })
}

/// What a draft's own suppression says: the rules and the reason.
struct Said<'s> {
    rules: Vec<&'s str>,
    reason: &'s str,
    from: &'s Suppress,
    post: usize,
}

/// Marks the findings that are suppressed, and adds those about suppressions. `today` decides what has expired; `stranger`
/// says of an id of no rule that runs why that is so.
pub(super) fn apply(
    findings: &mut Vec<Finding>,
    document: &Document,
    path: &Path,
    settings: &Settings,
    today: Option<Date>,
    stranger: &dyn Fn(&str) -> Option<String>,
) {
    let mut about = Vec::new();
    for (post, suppress) in
        document.posts.iter().enumerate().flat_map(|(i, p)| p.meta.suppress.iter().map(move |s| (i, s)))
    {
        match read(suppress, post) {
            Ok(said) => about.extend(use_draft(&said, findings, stranger)),
            Err(problem) => about.push(finding("faulty-suppression", problem, post, suppress.said.span)),
        }
    }
    for suppress in &settings.suppress {
        if !suppress.paths.holds(&settings.relative(path)) {
            continue;
        }
        let expired = suppress.until.zip(today).is_some_and(|(until, today)| today > until);
        for found in findings.iter_mut().filter(|f| suppress.rules.iter().any(|(id, _)| *id == f.rule.id)) {
            if expired {
                let message =
                    format!("the suppression of {} in the settings ended on {}", found.rule.id, shown(suppress.until));
                about.push(finding("expired-suppression", message, found.place.post, Some(found.place.span)));
            } else if found.locked.is_none() {
                found.suppressed = Some(suppress.reason.clone());
            }
        }
    }
    findings.extend(about);
}

impl Linter {
    /// What to say about each suppression of the settings that covers no finding of `report`. It is right only where the
    /// report is of all drafts that the settings hold for; about a rule that did not run nothing can be said.
    pub fn unused_suppressions(&self, report: &Report) -> Vec<String> {
        let settings = &self.options.settings;
        let ran = |id: &str| report.rules.iter().any(|rule| rule.id == id);
        let told = settings.suppress.iter().flat_map(|suppress| {
            let own = |file: &&FileReport| suppress.paths.holds(&settings.relative(&file.path));
            let files: Vec<&FileReport> = report.files.iter().filter(own).collect();
            let covers = move |id: &str| files.iter().any(|file| file.findings.iter().any(|f| f.rule.id == id));
            suppress.rules.iter().filter(move |(id, _)| ran(id) && !covers(id))
        });
        told.map(|(id, at)| {
            format!("{}: the suppression of {id} lets nothing through: remove it.", settings.origin(*at))
        })
        .collect()
    }
}

fn shown(date: Option<Date>) -> String {
    date.map_or_else(String::new, |d| d.to_string())
}

fn read(suppress: &Suppress, post: usize) -> Result<Said<'_>, String> {
    let text = suppress.said.value.as_str();
    let (rules, reason) = text.split_once(':').ok_or_else(|| format!("the suppression “{text}” gives no reason"))?;
    let rules: Vec<&str> = rules.split(',').map(str::trim).filter(|r| !r.is_empty()).collect();
    if rules.is_empty() {
        return Err("the suppression names no rule".to_owned());
    }
    if reason.trim().is_empty() {
        return Err(format!("the suppression of {} gives no reason", rules.join(", ")));
    }
    Ok(Said { rules, reason: reason.trim(), from: suppress, post })
}

/// Uses a draft's suppression on the findings that it covers; gives what is wrong with it.
fn use_draft(said: &Said<'_>, findings: &mut [Finding], stranger: &dyn Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut about = Vec::new();
    for rule in &said.rules {
        let (mut used, mut locked) = (false, None);
        let covered =
            |f: &Finding| f.place.post == said.post && said.from.covers.is_none_or(|c| c.contains(f.place.span));
        for found in
            findings.iter_mut().filter(|f| covered(f) && (f.rule.id == *rule || f.also.iter().any(|a| a == rule)))
        {
            used = true;
            match &found.locked {
                Some(by) => locked = Some(Arc::clone(by)),
                None => found.suppressed = Some(said.reason.to_owned()),
            }
        }
        let problem = if let Some(by) = locked {
            let words =
                if by.id == *rule { String::new() } else { format!(" here: {} finds the same words and", by.id) };
            Some(("faulty-suppression", format!("{rule}{words} cannot be suppressed in a draft")))
        } else if used {
            None
        } else if let Some(why) = stranger(rule) {
            Some(("faulty-suppression", format!("the suppression names {rule}, {why}")))
        } else {
            Some(("unused-suppression", format!("the suppression of {rule} lets nothing through")))
        };
        about.extend(problem.map(|(name, message)| finding(name, message, said.post, said.from.said.span)));
    }
    about
}

fn finding(name: &str, message: String, post: usize, span: Option<Span<Source>>) -> Finding {
    let id = format!("postlint/{name}");
    // The three names above are the only ones that are asked for.
    let rule = RULES.iter().find(|r| r.id == id).map_or_else(|| own_rule(name, name, ""), Arc::clone);
    Finding {
        severity: rule.severity,
        confidence: 1.0,
        reasons: Vec::new(),
        place: Place { post, address: crate::model::document::Address::Whole, span: span.unwrap_or(Span::new(0, 0)) },
        core: span.unwrap_or(Span::new(0, 0)),
        hidden: Vec::new(),
        related: Vec::new(),
        advice: rule.fix.advice.clone(),
        fixes: Vec::new(),
        fingerprint: String::new(),
        obfuscated: false,
        reserved: false,
        also: Vec::new(),
        locked: rule.locked.then(|| Arc::clone(&rule)),
        suppressed: None,
        message: vec![Text::Own(message)],
        rule,
    }
}

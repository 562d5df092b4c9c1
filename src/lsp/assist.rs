//! Hover: the rule, its clause and why. Completion: rule ids in suppressions and settings.

use super::{Loaded, analysis::Draft, place::Unit};
use crate::{
    model::{fault::clean, finding::Finding},
    report::Shown,
    text::lines::LineIndex,
};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Hover, HoverContents, MarkupContent, MarkupKind, Position,
    Range, TextEdit,
};
use std::fmt::Write as _;

/// What is known about the findings at a position.
pub(super) fn hover(draft: &Draft, loaded: &Loaded, at: Position) -> Option<Hover> {
    let found = draft.touched(Range::new(at, at));
    let first = found.first()?;
    let shown = draft.shown();
    let told: Vec<String> = found.iter().map(|f| about(loaded, &shown, f)).collect();
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: told.join("\n\n---\n\n") }),
        range: Some(draft.range(first.place.span)),
    })
}

/// A finding in Markdown. The words of the draft are not repeated.
fn about(loaded: &Loaded, shown: &Shown<'_>, finding: &Finding) -> String {
    let rule = &finding.rule;
    let mut text = format!("**{}** (`{}`)\n\n{}", rule.title, rule.id, rule.why);
    let pack = loaded.set.packs.iter().find(|p| rule.id.split('/').next() == Some(&p.name));
    let policy = pack.and_then(|p| loaded.set.policy(p));
    for id in &rule.clauses {
        let clause = policy.and_then(|p| p.clauses.iter().find(|c| c.id == *id));
        // Writing to a string cannot fail.
        let _ = write!(text, "\n\nClause {id}: {}", clause.map_or("", |c| c.text.as_str()));
    }
    if !finding.advice.is_empty() {
        let _ = write!(text, "\n\n**Do:** {}", finding.advice);
    }
    let _ = write!(text, "\n\nConfidence {:.2}", finding.confidence);
    if !finding.reasons.is_empty() {
        let reasons: Vec<_> = finding.reasons.iter().map(|reason| shown.scrub(reason)).collect();
        let _ = write!(text, " ({})", reasons.join(", "));
    }
    clean(&text)
}

/// Rule ids that may stand at a position.
pub(super) fn completion(text: &str, loaded: &Loaded, at: Position, unit: Unit, toml: bool) -> Vec<CompletionItem> {
    let lines = LineIndex::new(text.into());
    let byte = unit.byte(&lines, at);
    let before = text.get(..byte).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let said = if toml { line.contains("rule") || line.trim_start().starts_with('"') } else { suppresses(line) };
    if !said {
        return Vec::new();
    }
    let typed: usize = line.chars().rev().take_while(|c| c.is_ascii_alphanumeric() || "-/".contains(*c)).count();
    let range = unit.range(&lines, byte - typed..byte);
    let rules = loaded.linter.as_ref().map(crate::engine::Linter::rules).unwrap_or_default();
    let item = |rule: &crate::model::rule::RuleMeta| CompletionItem {
        label: rule.id.clone(),
        kind: Some(CompletionItemKind::VALUE),
        detail: Some(rule.title.clone()),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, rule.id.clone()))),
        ..CompletionItem::default()
    };
    rules.iter().filter(|rule| toml || !rule.locked).map(|rule| item(rule)).collect()
}

/// Whether a line up to the cursor is a suppression whose reason has not begun.
fn suppresses(line: &str) -> bool {
    let said = line.rsplit_once("postlint-ignore").map(|(_, rest)| rest);
    // In a field the colon of the key comes first: `postlint-ignore: opinion/mood: reason`.
    said.is_some_and(|rest| !rest.trim_start_matches([':', '"', ',', ' ']).contains(':') && !rest.contains("-->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_offered_before_the_reason() {
        assert!(suppresses("<!-- postlint-ignore op") && suppresses("postlint-ignore: a/b, "));
        assert!(!suppresses("<!-- postlint-ignore a/b: be") && !suppresses("about opinion"));
    }
}

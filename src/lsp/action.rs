//! Code actions: the fixes of a finding, all safe fixes of a file, a suppression with room for its reason.

use super::{Loaded, analysis::Draft};
use crate::{
    decode,
    model::{
        document::Origin,
        finding::{Applicability, Finding, Fix},
    },
};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, OneOf, OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use std::ops;

/// The kind of the action that makes all safe fixes.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.postlint");
/// Findings for which suppressions are offered at once at most; each is tried before it is offered.
const TRIED: usize = 4;

/// A draft at a version that the client knows.
pub(super) struct Target<'d> {
    pub(super) draft: &'d Draft,
    pub(super) uri: &'d Uri,
    pub(super) version: i32,
    /// Whether the client takes edits with a version.
    pub(super) versioned: bool,
}

/// The actions for what the client asks.
pub(super) fn actions(target: &Target<'_>, loaded: &Loaded, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &CodeActionKind| match &params.context.only {
        None => true,
        Some(only) => only.iter().any(|o| covers(o, kind)),
    };
    let mut actions = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        let touched = target.draft.touched(params.range);
        for finding in &touched {
            actions.extend(target.fixes(finding));
        }
        for finding in touched.iter().take(TRIED) {
            actions.extend(target.suppression(loaded, finding));
        }
    }
    if wanted(&FIX_ALL) {
        actions.extend(target.fix_all(loaded));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// Whether a client that asks for `asked` wants `kind`: kinds are paths with dots.
fn covers(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || asked.as_str().is_empty())
}

impl Target<'_> {
    /// Every fix of a finding that can be made.
    fn fixes(&self, finding: &Finding) -> Vec<CodeAction> {
        let shown = self.draft.shown();
        let fixes = finding.fixes.iter().filter(|f| f.refused.is_none() && f.applicability > Applicability::Display);
        let actions = fixes.enumerate().filter_map(|(number, fix)| {
            let edits = self.edits(fix)?;
            let title = sentence(&shown.fix_title(finding, fix));
            let safe = fix.applicability == Applicability::Safe;
            let title = if safe { title } else { format!("{title} (read the result)") };
            let preferred = (number == 0 && safe).then_some(true);
            Some(self.action(title, CodeActionKind::QUICKFIX, edits, Some(finding), preferred))
        });
        actions.collect()
    }

    /// The edits of a fix as the file writes them.
    fn edits(&self, fix: &Fix) -> Option<Vec<TextEdit>> {
        let document = &self.draft.report.document;
        if document.origin != Origin::Bytes {
            return None;
        }
        let edits = decode::escaped(document, &fix.edits).ok()?;
        Some(edits.into_iter().map(|e| TextEdit::new(self.draft.range(e.span), e.content)).collect())
    }

    /// All safe fixes as one edit.
    fn fix_all(&self, loaded: &Loaded) -> Option<CodeAction> {
        let mended = loaded.linter.as_ref()?.mend(self.draft.file.clone(), Applicability::Safe).ok()?;
        let new = std::str::from_utf8(&mended.bytes).ok()?;
        let old = self.draft.lines.text();
        if old == new {
            return None;
        }
        let (span, content) = changed(old, new);
        let edit = TextEdit::new(self.draft.unit.range(&self.draft.lines, span), content);
        Some(self.action("Mend all that is safe (postlint)".to_owned(), FIX_ALL, vec![edit], None, None))
    }

    /// A suppression that lets the finding through once its author writes the reason. Offered only where it is known to
    /// work: it is tried with a reason first.
    fn suppression(&self, loaded: &Loaded, finding: &Finding) -> Option<CodeAction> {
        const REASON: &str = "tried";
        let linter = loaded.linter.as_ref()?;
        let next = linter.excuse(&self.draft.file, &self.draft.report, finding, REASON)?;
        let (span, content) = changed(self.draft.lines.text(), std::str::from_utf8(&next.bytes).ok()?);
        let range = self.draft.unit.range(&self.draft.lines, span);
        let title = format!("Let it through with a reason: {}", finding.rule.id);
        let edit = vec![TextEdit::new(range, content.replacen(REASON, "", 1))];
        Some(self.action(title, CodeActionKind::QUICKFIX, edit, Some(finding), None))
    }

    fn action(
        &self,
        title: String,
        kind: CodeActionKind,
        edits: Vec<TextEdit>,
        finding: Option<&Finding>,
        preferred: Option<bool>,
    ) -> CodeAction {
        let diagnostic = finding.map(|f| vec![self.draft.diagnostic(&self.draft.shown(), f, self.uri)]);
        let edit = if self.versioned {
            let document =
                OptionalVersionedTextDocumentIdentifier { uri: self.uri.clone(), version: Some(self.version) };
            let edits = edits.into_iter().map(OneOf::Left).collect();
            let edit = TextDocumentEdit { text_document: document, edits };
            let changes = lsp_types::DocumentChanges::Edits(vec![edit]);
            WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
        } else {
            // The protocol's own type is a hash map; it has one entry.
            #[allow(clippy::mutable_key_type)]
            let changes = [(self.uri.clone(), edits)].into();
            WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
        };
        CodeAction {
            title,
            kind: Some(kind),
            diagnostics: diagnostic,
            edit: Some(edit),
            is_preferred: preferred,
            ..CodeAction::default()
        }
    }
}

fn sentence(text: &str) -> String {
    let text = crate::model::fault::clean(text).replace('\n', " ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The smallest stretch of `old` that differs from `new`, and what stands there in `new`.
fn changed(old: &str, new: &str) -> (ops::Range<usize>, String) {
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let pairs = old_rest.chars().rev().zip(new_rest.chars().rev());
    let tail: usize = pairs.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let content = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    (head..old.len() - tail, content.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_as_small_as_can_be() {
        assert_eq!(changed("a b c", "a x c"), (2..3, "x".to_owned()));
        assert_eq!(changed("aaa", "aa"), (2..3, String::new()));
        assert_eq!(changed("é", "è"), (0..2, "è".to_owned()));
    }

    #[test]
    fn kinds_are_paths() {
        let kind = |text: &'static str| CodeActionKind::new(text);
        assert!(covers(&kind("source.fixAll"), &FIX_ALL) && covers(&kind("source"), &FIX_ALL));
        assert!(covers(&kind(""), &FIX_ALL) && !covers(&kind("source.fix"), &FIX_ALL));
    }
}

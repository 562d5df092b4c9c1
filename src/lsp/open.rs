//! A file that is open in the client: its text, and what is known of it.

use super::{
    Loaded,
    analysis::Outcome,
    later::{self, Before},
    place,
};
use lsp_types::{TextDocumentItem, Uri};
use std::{path::PathBuf, sync::Arc};

/// A file that is open in the client.
pub(super) struct Open {
    pub(super) uri: Uri,
    pub(super) language: String,
    pub(super) version: i32,
    /// The server's own number of the text. A client's version may come again with another text, once a file is closed.
    pub(super) edition: u64,
    pub(super) text: String,
    /// What was found; none where the text changed since.
    pub(super) outcome: Option<(Arc<Loaded>, Outcome)>,
    /// What was found before the text changed, if it is long.
    pub(super) before: Option<Before>,
    /// The client was told what moved, and is told the rest when it is found.
    pub(super) moved: bool,
}

impl Open {
    pub(super) fn new(document: TextDocumentItem, edition: u64) -> Self {
        let TextDocumentItem { uri, language_id: language, version, text } = document;
        Self { uri, language, version, edition, text, outcome: None, before: None, moved: false }
    }

    /// Forgets what was found: other rules may hold.
    pub(super) fn forget(&mut self) {
        (self.outcome, self.before, self.moved) = (None, None, false);
    }

    pub(super) fn is_toml(&self) -> bool {
        place::path(&self.uri).map_or(self.language == "toml", |p| p.extension().is_some_and(|e| e == "toml"))
    }

    /// Takes a new text. What was found in the last one that was checked is kept, if that is a long one.
    pub(super) fn change(&mut self, version: i32, edition: u64, text: String) {
        if let Some((_, Outcome::Checked(draft))) = self.outcome.take()
            && text.len() >= later::LONG
        {
            self.before = Some(Before::of(&draft, &self.uri));
        }
        (self.version, self.edition, self.text, self.moved) = (version, edition, text, false);
    }

    /// Where it is, or the name that it goes by until it is saved.
    pub(super) fn path(&self) -> PathBuf {
        place::path(&self.uri).unwrap_or_else(|| self.unsaved())
    }

    /// The name of a text that is no file yet; its ending tells the format.
    fn unsaved(&self) -> PathBuf {
        let ending = match self.language.as_str() {
            known @ ("csv" | "json" | "jsonl" | "yaml" | "html") => known,
            "plaintext" | "text" => "txt",
            _ => "md",
        };
        PathBuf::from(format!("<untitled>.{ending}"))
    }
}

//! The loop: messages in, answers out. A text is checked when nothing more waits to be read, so that a burst of
//! keystrokes costs one check.

use super::{
    Loaded, Loader, action,
    analysis::{Draft, Outcome, failure, top},
    assist,
    later::{self, Running},
    open::Open,
    place,
    place::Unit,
    toml,
};
use crate::settings;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionOptions, CodeActionParams, CodeActionProviderCapability, CompletionOptions, CompletionParams, Diagnostic,
    DiagnosticOptions, DiagnosticServerCapabilities, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentDiagnosticParams, HoverParams,
    HoverProviderCapability, InitializeParams, InitializeResult, PublishDiagnosticsParams, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{collections::BTreeMap, ops::Bound, path::PathBuf, sync::Arc};

/// What the client can do.
#[allow(clippy::struct_excessive_bools)] // each is an ability of its own
struct Client {
    pull: bool,
    refresh: bool,
    versioned: bool,
    watch: bool,
}

pub(super) struct Server<'c> {
    connection: &'c Connection,
    loader: &'c dyn Loader,
    unit: Unit,
    client: Client,
    open: BTreeMap<String, Open>,
    /// Rules by the settings file that they hold under.
    loaded: BTreeMap<Option<PathBuf>, Arc<Loaded>>,
    /// The check that runs beside, if one does.
    running: Option<Running>,
    /// Texts that came in so far.
    editions: u64,
    requests: i32,
}

impl<'c> Server<'c> {
    /// `refresh` says that the client can be told to ask again.
    pub(super) fn new(
        connection: &'c Connection,
        loader: &'c dyn Loader,
        params: &InitializeParams,
        refresh: bool,
    ) -> Self {
        let (text, work) = (params.capabilities.text_document.as_ref(), params.capabilities.workspace.as_ref());
        let watched = work.and_then(|w| w.did_change_watched_files);
        let client = Client {
            pull: text.is_some_and(|t| t.diagnostic.is_some()),
            refresh,
            versioned: work.and_then(|w| w.workspace_edit.as_ref()).and_then(|e| e.document_changes).unwrap_or(false),
            watch: watched.and_then(|w| w.dynamic_registration).unwrap_or(false),
        };
        let unit = Unit::of(params);
        Self {
            connection,
            loader,
            unit,
            client,
            open: BTreeMap::new(),
            loaded: BTreeMap::new(),
            running: None,
            editions: 0,
            requests: 0,
        }
    }

    /// What the server can do.
    pub(super) fn greeting(&self) -> InitializeResult {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![lsp_types::CodeActionKind::QUICKFIX, action::FIX_ALL]),
            ..CodeActionOptions::default()
        };
        let pull = DiagnosticOptions { identifier: Some("postlint".to_owned()), ..DiagnosticOptions::default() };
        let triggers = ["/", " ", "\"", ","].map(str::to_owned).to_vec();
        InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(self.unit.kind()),
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
                diagnostic_provider: Some(DiagnosticServerCapabilities::Options(pull)),
                code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(triggers),
                    ..CompletionOptions::default()
                }),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "postlint".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        }
    }

    /// Serves until `exit`, or until the client goes away; gives whether it said `shutdown` before.
    pub(super) fn serve(mut self) -> bool {
        self.watch();
        let mut closing = false;
        while let Some(message) = self.next() {
            match message {
                Message::Request(request) if request.method == "shutdown" => {
                    closing = true;
                    self.send(Response::new_ok(request.id, Value::Null));
                }
                Message::Request(request) => {
                    let (id, answer) = (request.id.clone(), self.answer(request, closing));
                    self.reply(id, answer);
                }
                Message::Notification(notification) if notification.method == "exit" => return closing,
                Message::Notification(notification) => self.note(notification),
                Message::Response(_) => {}
            }
            if self.connection.receiver.is_empty() {
                self.push();
            }
        }
        closing
    }

    /// The next message; while it is waited for, the check that runs beside is looked after.
    fn next(&mut self) -> Option<Message> {
        while self.running.is_some() {
            match self.connection.receiver.recv_timeout(later::LOOK) {
                Ok(message) => return Some(message),
                Err(error) if error.is_timeout() => self.look_after(),
                Err(_) => return None,
            }
        }
        self.connection.receiver.recv().ok()
    }

    /// Tells the client what the check that ran beside has found, if the text is still the same, and starts the next one.
    fn look_after(&mut self) {
        let Some(done) = self.running.take_if(|running| running.is_done()) else { return };
        let key = done.key.clone();
        let same = |open: &&mut Open| open.outcome.is_none() && open.edition == done.edition;
        if let Some(open) = self.open.get_mut(&key).filter(same) {
            open.outcome = Some((Arc::clone(&done.loaded), done.outcome()));
            if self.client.pull {
                self.request("workspace/diagnostic/refresh", Value::Null);
            } else {
                self.tell(&key);
            }
        }
        self.check_next(&key);
    }

    /// Starts to check a text that waits for it, the first one behind `last` in the order of names: a draft that is
    /// changed all the time must not keep the others waiting.
    fn check_next(&mut self, last: &str) {
        let waits = |open: &Open| open.moved && open.outcome.is_none();
        let behind = self.open.range::<str, _>((Bound::Excluded(last), Bound::Unbounded));
        let next = behind.chain(&self.open).find(|(_, open)| waits(open)).map(|(key, _)| key.clone());
        if let Some(key) = next.filter(|_| self.running.is_none()) {
            self.check_beside(&key);
        }
    }

    fn check_beside(&mut self, key: &str) {
        let (loaded, unit) = (self.loaded_for(key), self.unit);
        let Some(open) = self.open.get(key) else { return };
        self.running = Some(Running::start(key, open, &loaded, unit));
    }

    fn send(&self, message: impl Into<Message>) {
        // Fails only when the client has gone; the loop then ends by itself.
        let _ = self.connection.sender.send(message.into());
    }

    fn reply(&self, id: RequestId, answer: Result<Value, (ErrorCode, String)>) {
        self.send(match answer {
            Ok(value) => Response::new_ok(id, value),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        });
    }

    fn request(&mut self, method: &str, params: Value) {
        self.requests += 1;
        self.send(Request::new(RequestId::from(self.requests), method.to_owned(), params));
    }

    /// Asks to be told when a pack or the settings change.
    fn watch(&mut self) {
        if self.client.watch {
            let watch = json!({ "id": "postlint-toml", "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": [{ "globPattern": "**/*.toml" }] } });
            self.request("client/registerCapability", json!({ "registrations": [watch] }));
        }
    }

    fn answer(&mut self, request: Request, closing: bool) -> Result<Value, (ErrorCode, String)> {
        if closing {
            return Err((ErrorCode::InvalidRequest, "the server is shutting down".to_owned()));
        }
        match request.method.as_str() {
            "textDocument/diagnostic" => {
                let params: DocumentDiagnosticParams = params(request.params)?;
                let items = self.diagnostics(params.text_document.uri.as_str());
                Ok(json!({ "kind": "full", "items": items }))
            }
            "textDocument/codeAction" => self.actions(&params(request.params)?),
            "textDocument/hover" => {
                let HoverParams { text_document_position_params: at, .. } = params(request.params)?;
                let found = self.checked(at.text_document.uri.as_str());
                let hover = found.and_then(|(loaded, draft, _)| assist::hover(draft, &loaded, at.position));
                value(&hover)
            }
            "textDocument/completion" => {
                let CompletionParams { text_document_position: at, .. } = params(request.params)?;
                let uri = at.text_document.uri.as_str();
                let loaded = self.loaded_for(uri);
                let Some(open) = self.open.get(uri) else { return Ok(json!([])) };
                value(&assist::completion(&open.text, &loaded, at.position, self.unit, open.is_toml()))
            }
            other => Err((ErrorCode::MethodNotFound, format!("postlint does not know {other}"))),
        }
    }

    fn actions(&mut self, params: &CodeActionParams) -> Result<Value, (ErrorCode, String)> {
        let versioned = self.client.versioned;
        let uri = &params.text_document.uri;
        let Some((loaded, draft, version)) = self.checked(uri.as_str()) else { return Ok(json!([])) };
        value(&action::actions(&action::Target { draft, uri, version, versioned }, &loaded, params))
    }

    fn note(&mut self, notification: Notification) {
        // A notification has no answer: one that cannot be read is passed over, as the protocol wants.
        let given = notification.params;
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                if let Ok(DidOpenTextDocumentParams { text_document }) = serde_json::from_value(given) {
                    self.editions += 1;
                    let key = text_document.uri.as_str().to_owned();
                    self.open.insert(key, Open::new(text_document, self.editions));
                }
            }
            "textDocument/didChange" => {
                if let Ok(change) = serde_json::from_value::<DidChangeTextDocumentParams>(given)
                    && let Some(open) = self.open.get_mut(change.text_document.uri.as_str())
                    && let Some(last) = change.content_changes.into_iter().rfind(|c| c.range.is_none())
                {
                    self.editions += 1;
                    open.change(change.text_document.version, self.editions, last.text);
                }
            }
            "textDocument/didClose" => {
                if let Ok(closed) = serde_json::from_value::<DidCloseTextDocumentParams>(given)
                    && let Some(open) = self.open.remove(closed.text_document.uri.as_str())
                {
                    self.publish(open.uri, Vec::new(), None);
                }
            }
            "textDocument/didSave" => {
                if let Ok(saved) = serde_json::from_value::<DidSaveTextDocumentParams>(given)
                    && place::path(&saved.text_document.uri).is_some_and(|p| p.extension().is_some_and(|e| e == "toml"))
                {
                    self.reload();
                }
            }
            "workspace/didChangeWatchedFiles" | "workspace/didChangeConfiguration" => self.reload(),
            _ => {}
        }
    }

    /// Forgets all rules and findings: settings or packs may have changed.
    fn reload(&mut self) {
        self.loaded.clear();
        // What it finds is of no use any more.
        self.running = None;
        for open in self.open.values_mut() {
            open.forget();
        }
        if self.client.pull && self.client.refresh {
            self.request("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// Tells the client about every text that changed, if it does not ask by itself.
    fn push(&mut self) {
        if self.client.pull {
            return;
        }
        let untold = |open: &Open| open.outcome.is_none() && !open.moved;
        let changed: Vec<String> =
            self.open.iter().filter(|(_, open)| untold(open)).map(|(key, _)| key.clone()).collect();
        for key in changed {
            self.tell(&key);
        }
    }

    /// Tells the client what is found in a text.
    fn tell(&mut self, key: &str) {
        let diagnostics = self.diagnostics(key);
        if let Some(open) = self.open.get(key) {
            self.publish(open.uri.clone(), diagnostics, Some(open.version));
        }
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        if !self.client.pull {
            let params = PublishDiagnosticsParams { uri, diagnostics, version };
            self.send(Notification::new("textDocument/publishDiagnostics".to_owned(), params));
        }
    }

    fn diagnostics(&mut self, key: &str) -> Vec<Diagnostic> {
        if let Some(moved) = self.moved(key) {
            return moved;
        }
        self.settle(key);
        let Some(open) = self.open.get(key) else { return Vec::new() };
        match (&open.outcome, place::path(&open.uri)) {
            (_, Some(path)) if open.is_toml() => toml::diagnostics(&path, &open.text, self.unit),
            (Some((_, Outcome::Checked(draft))), _) => draft.diagnostics(&open.uri),
            (Some((_, Outcome::Failed(why))), _) => vec![failure(top(), why.clone())],
            _ => Vec::new(),
        }
    }

    /// What was found in a long draft before it changed, at its new places; the draft is checked beside.
    fn moved(&mut self, key: &str) -> Option<Vec<Diagnostic>> {
        let open = self.open.get_mut(key).filter(|open| open.outcome.is_none() && open.text.len() >= later::LONG)?;
        // A client that asks must be one that can be told to ask again.
        let before = open.before.as_ref().filter(|_| !self.client.pull || self.client.refresh)?;
        let moved = before.moved(&open.text, self.unit);
        open.moved = true;
        if self.running.is_none() {
            self.check_beside(key);
        }
        Some(moved)
    }

    /// What was found in an open draft, with its version.
    fn checked(&mut self, key: &str) -> Option<(Arc<Loaded>, &Draft, i32)> {
        self.settle(key);
        let open = self.open.get(key)?;
        match &open.outcome {
            Some((loaded, Outcome::Checked(draft))) => Some((Arc::clone(loaded), draft, open.version)),
            _ => None,
        }
    }

    /// Checks a text if it changed.
    fn settle(&mut self, key: &str) {
        if self.open.get(key).is_none_or(|open| open.outcome.is_some()) {
            return;
        }
        let (loaded, unit) = (self.loaded_for(key), self.unit);
        let Some(open) = self.open.get_mut(key) else { return };
        if let Some(running) = self.running.take_if(|r| r.edition == open.edition) {
            open.outcome = Some((Arc::clone(&running.loaded), running.outcome()));
            self.check_next(key);
            return;
        }
        let outcome =
            if open.is_toml() { Outcome::LeftOut } else { Draft::check(open.path(), &open.text, &loaded, unit) };
        open.outcome = Some((loaded, outcome));
    }

    /// The rules that hold for a file.
    fn loaded_for(&mut self, key: &str) -> Arc<Loaded> {
        let path = self.open.get(key).and_then(|open| place::path(&open.uri));
        let folder = path.as_deref().and_then(std::path::Path::parent).map(std::path::Path::to_owned);
        let folder = folder.or_else(|| std::env::current_dir().ok());
        let found = folder.and_then(|folder| settings::find(&folder));
        let loader = self.loader;
        Arc::clone(self.loaded.entry(found.clone()).or_insert_with(|| Arc::new(loader.load(found.as_deref()))))
    }
}

fn params<P: DeserializeOwned>(params: Value) -> Result<P, (ErrorCode, String)> {
    // The parser would quote them.
    let wrong = |_| (ErrorCode::InvalidParams, "the parameters are not those of the protocol".to_owned());
    serde_json::from_value(params).map_err(wrong)
}

fn value(answer: &impl serde::Serialize) -> Result<Value, (ErrorCode, String)> {
    serde_json::to_value(answer).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

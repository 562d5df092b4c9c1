//! Floor 5, faces: the language server, `postlint lsp`, for any editor that speaks the Language Server Protocol 3.17.
//!
//! Goes in: messages of the client on standard input. Comes out: diagnostics (pushed, or pulled where the client can),
//! code actions, hovers and completions on standard output. The server keeps the text of each open file and what was
//! found in it; a range that the client sends only chooses among the server's own findings, and is never edited. It
//! opens no connection and writes no file.

mod action;
mod analysis;
mod assist;
mod later;
mod open;
mod place;
mod server;
mod toml;
pub mod wire;

use crate::{engine::Linter, model::fault::Shown, pack::PackSet, settings::Settings};
use lsp_server::{Connection, ErrorCode, Message, ProtocolError, RequestId, Response};
use std::path::Path;

/// Rules and settings that hold for a folder, or why there are none.
pub struct Loaded {
    /// The compiled rules; none where something is wrong with settings or packs.
    pub linter: Option<Linter>,
    /// The settings.
    pub settings: Settings,
    /// The packs.
    pub set: PackSet,
    /// What is wrong with settings or packs.
    pub faults: Vec<Shown>,
}

/// Gets rules and settings. The command line does, so that the editor gives the same answer.
pub trait Loader {
    /// What holds under a settings file, or without one.
    fn load(&self, settings: Option<&Path>) -> Loaded;
}

/// Why the server ended before it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LspError {
    /// The client did not greet as the protocol wants.
    #[error("the editor must say `initialize` and `initialized` before anything else")]
    Greeting,
    /// The client went away before it had greeted.
    #[error("the editor went away before it had greeted")]
    Gone,
    /// A message could not be read or written.
    #[error("the editor: {0}")]
    Wire(#[from] wire::WireError),
    /// The first message is not one.
    #[error("the editor's first message cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

/// What an error of the protocol comes to. Its own words quote the message, which may be a draft.
impl From<ProtocolError> for LspError {
    fn from(error: ProtocolError) -> Self {
        if error.channel_is_disconnected() { Self::Gone } else { Self::Greeting }
    }
}

/// Serves on standard input and output until the client says `exit`. Gives whether it said `shutdown` before.
///
/// # Errors
/// Why it ended before.
pub fn run(loader: &dyn Loader) -> Result<bool, LspError> {
    let (connection, reader, writer) = wire::stdio();
    let served = serve(&connection, loader);
    // The writer ends when the connection does.
    drop(connection);
    // The reader has ended where the server ran to its end or nobody was there; else it may wait for input.
    if matches!(served, Ok(_) | Err(LspError::Gone)) {
        joined(reader)?;
        joined(writer)?;
    }
    served
}

/// What became of a thread; a panic in it goes on here.
fn joined(thread: wire::Pump) -> Result<(), LspError> {
    Ok(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?)
}

/// Waits for `initialize`. Other requests are refused, without a word of theirs: it may be a draft's.
fn greeted(connection: &Connection) -> Result<(RequestId, serde_json::Value), LspError> {
    for message in &connection.receiver {
        match message {
            Message::Request(request) if request.method == "initialize" => return Ok((request.id, request.params)),
            Message::Request(request) => {
                let code = ErrorCode::ServerNotInitialized as i32;
                let refusal = Response::new_err(request.id, code, "say `initialize` first".to_owned());
                connection.sender.send(refusal.into()).map_err(|_| LspError::Gone)?;
            }
            Message::Notification(notification) if notification.method != "exit" => {}
            Message::Notification(_) | Message::Response(_) => return Err(LspError::Greeting),
        }
    }
    Err(LspError::Gone)
}

/// Serves on `connection`.
pub fn serve(connection: &Connection, loader: &dyn Loader) -> Result<bool, LspError> {
    let (id, params) = greeted(connection)?;
    // lsp-types calls the key `diagnostic`; the protocol and its clients call it `diagnostics`.
    let refresh = params.pointer("/capabilities/workspace/diagnostics/refreshSupport");
    let refresh = refresh.and_then(serde_json::Value::as_bool).unwrap_or(false);
    let params: lsp_types::InitializeParams = serde_json::from_value(params)?;
    let server = server::Server::new(connection, loader, &params, refresh);
    connection.initialize_finish(id, serde_json::to_value(server.greeting())?)?;
    Ok(server.serve())
}

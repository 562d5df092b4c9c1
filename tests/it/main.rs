//! The integration tests, one binary.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test that cannot go on panics; what it prints is shown with --nocapture"
)]

mod accuracy;
mod asked;
mod author;
mod bad_input;
mod cli;
mod council;
mod count;
mod desk;
mod docs;
mod examples;
mod faults;
mod files;
mod fixtures;
mod galaxy;
mod git;
mod init;
mod integrations;
mod interactive;
mod kinds;
mod laws;
mod layers;
mod libreoffice;
mod limits;
mod lsp;
mod lsp_later;
mod lsp_wire;
mod masking;
mod masking_faces;
mod office;
mod packs;
mod peers;
mod presidio;
mod program;
mod readme;
mod schema;
mod secrets;
mod shell;
mod spans;
mod suites;
mod suppressions;
mod terminal;
mod twitter;
mod watch;

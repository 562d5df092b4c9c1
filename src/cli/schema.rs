//! `postlint rules schema`: the JSON schemas of docs/schema, for editors and for programs that read the outputs.

use super::Failure;
use clap::builder::PossibleValuesParser;
use std::io::{self, Write};

/// The schema of packs.
pub(super) const PACK: &str = include_str!("../../docs/schema/pack.json");
/// The schema of `postlint.toml`.
pub(super) const SETTINGS: &str = include_str!("../../docs/schema/settings.json");

/// Each schema by name.
const SCHEMAS: &[(&str, &str)] = &[
    ("pack", PACK),
    ("settings", SETTINGS),
    ("report", include_str!("../../docs/schema/report.json")),
    ("jsonl", include_str!("../../docs/schema/jsonl.json")),
    ("stream", include_str!("../../docs/schema/stream.json")),
    ("stream-input", include_str!("../../docs/schema/stream-input.json")),
];

/// The names that the command line takes.
pub(super) fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(SCHEMAS.iter().map(|(name, _)| *name))
}

/// Prints the schema called `name`.
pub(super) fn run(name: &str) -> Result<u8, Failure> {
    let text = SCHEMAS.iter().find(|(own, _)| *own == name).map_or("", |(_, text)| text);
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(0)
}

//! `postlint learn`: trains the scorer from labelled drafts, and tells how good it is.
//!
//! A labelled draft is a line of JSON, `{"text": "…", "violations": [{"category": "opinion", "quote": "…", "nth": 1}]}`;
//! other keys are passed over. Each file is taken as one author: figures come from leaving authors out.

use super::args::LearnArgs;
use crate::{
    check::scorer::{
        CATEGORIES, Model, ModelError,
        train::{self, Draft, Settings, TrainError},
    },
    engine::{message, walk, whole},
    model::file,
    text::span::{Plain, Span},
};
use serde::Deserialize;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum LearnError {
    /// A file could not be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A line is no labelled draft.
    #[error("{}:{line}: {message}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The drafts do not suffice.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A model file is none.
    #[error("{}: {error}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Why.
        error: ModelError,
    },
}

impl LearnError {
    /// What is wrong, without the file.
    pub(super) fn why(&self) -> String {
        match self {
            Self::File { error, .. } => walk::reason(error),
            Self::Line { message, .. } => message.clone(),
            Self::Train(error) => error.to_string(),
            Self::Model { error, .. } => error.to_string(),
        }
    }
}

/// Trains, writes the model, and tells how good it is.
pub(super) fn run(learn: &LearnArgs) -> Result<u8, super::Failure> {
    io::stdout().lock().write_all(train(learn)?.as_bytes())?;
    Ok(0)
}

fn train(learn: &LearnArgs) -> Result<String, LearnError> {
    let mut drafts = Vec::new();
    for (number, path) in (0..).zip(&learn.labelled) {
        drafts.extend(read(path, Some(number))?);
    }
    for path in &learn.clean {
        drafts.extend(read(path, None)?);
    }
    let mut unseen = Vec::new();
    for (number, path) in (0..).zip(&learn.test) {
        unseen.extend(read(path, Some(number))?);
    }
    let (model, figures) = train::train(&drafts, Settings { budget: learn.budget, seed: learn.seed })?;
    let bytes = model.write();
    let path = learn.output.clone();
    whole::write(&path, &bytes).map_err(|error| LearnError::File { path, error })?;
    let mut told = format!(
        "{figures}{}: {} features, {} bytes, thresholds for a budget of {:.2}%\n",
        learn.output.display(),
        model.len(),
        bytes.len(),
        learn.budget * 100.0
    );
    if !unseen.is_empty() {
        told.push_str("\nnot learned from: ");
        told.push_str(&train::measure(&model, &unseen).to_string());
    }
    Ok(told)
}

/// Bytes of a model file at most.
const LARGEST: usize = 64 << 20;

/// Reads a model file.
///
/// # Errors
/// When there is none, or it is damaged.
pub(super) fn model(path: &Path) -> Result<Model, LearnError> {
    let bytes = file::read(path, LARGEST).map_err(|error| LearnError::File { path: path.to_owned(), error })?;
    Model::read(&bytes).map_err(|error| LearnError::Model { path: path.to_owned(), error })
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Option<serde_json::Value>,
    text: String,
    #[serde(default)]
    violations: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    category: String,
    quote: String,
    #[serde(default = "first")]
    nth: usize,
}

fn first() -> usize {
    1
}

/// Reads drafts; of published posts those of one page share a group, by what stands before `#` in their id.
fn read(path: &Path, author: Option<u64>) -> Result<Vec<Draft>, LearnError> {
    let text = fs::read_to_string(path).map_err(|error| LearnError::File { path: path.to_owned(), error })?;
    let mut drafts = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let wrong = |message: String| LearnError::Line { path: path.to_owned(), line: number + 1, message };
        let row: Row = serde_json::from_str(line).map_err(|e| wrong(message::told(&e)))?;
        let mut quotes = Vec::new();
        for (nth, violation) in row.violations.iter().enumerate() {
            if let Some(category) = CATEGORIES.iter().position(|c| c.name() == violation.category) {
                let span = place(&row.text, violation)
                    .ok_or_else(|| wrong(format!("the text does not hold the quote of violation {}", nth + 1)))?;
                quotes.push((category, span));
            }
        }
        let page = match &row.id {
            Some(serde_json::Value::String(id)) => id.split('#').next().unwrap_or_default().to_owned(),
            _ => number.to_string(),
        };
        let group = author.unwrap_or_else(|| page.bytes().fold(7, |h: u64, b| h.wrapping_mul(31) ^ u64::from(b)));
        drafts.push(Draft { text: row.text, quotes, group, labelled: author.is_some() });
    }
    Ok(drafts)
}

/// Where the `nth` occurrence of a quote stands.
fn place(text: &str, violation: &Violation) -> Option<Span<Plain>> {
    let mut at = 0;
    for turn in 1..=violation.nth.max(1) {
        let found = at + text.get(at..)?.find(&violation.quote)?;
        if turn == violation.nth.max(1) {
            return Some(Span::new(found, found + violation.quote.len()));
        }
        at = found + text.get(found..)?.chars().next()?.len_utf8();
    }
    None
}

//! A learned scorer beside the rules: one linear model a category over the words of a sentence and their company.
//!
//! ```text
//! reading --Text--> words with keys and classes --Text::features--> hashed features, each with the words behind it
//!    features --sum::Sum--> one score a category --threshold--> window of the words that moved it
//! ```
//!
//! Rules carry the error level, the explanation and the fix; the scorer makes a human look at what no composition caught.
//! It is deterministic: hashing, quantisation and training depend on nothing but the text, the labels and the seed. The
//! file format stands in [`model`], the features in [`feature`], the training in [`train`].

mod bytes;
pub mod classes;
pub mod feature;
mod fields;
mod guise;
mod keys;
pub mod model;
mod solver;
mod sum;
mod table;
pub mod train;
mod window;
mod word;

pub use feature::Text;
pub use model::{Model, ModelError};

use crate::{
    check::share::in_shares,
    model::rule::Category,
    text::{
        reading::Reading,
        span::{Folded, Span},
    },
};
use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

/// The categories that a model knows, in the order of its weights.
pub const CATEGORIES: [Category; 3] = [Category::Confidential, Category::Reputation, Category::Opinion];

/// What settings say about the scorer.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether it runs at all.
    pub enabled: bool,
    /// Share of clean drafts that it may alarm; without it the model's own.
    pub budget: Option<f32>,
    /// A model in place of the one that comes with the program.
    pub model: Option<Arc<Model>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { enabled: true, budget: None, model: None }
    }
}

impl Options {
    /// The model of the settings, or the one that comes with the program.
    pub fn model(&self) -> Option<Arc<Model>> {
        if self.enabled { self.model.clone().or_else(builtin) } else { None }
    }
}

/// The model that comes with the program; a test reads it, so it is sound.
fn builtin() -> Option<Arc<Model>> {
    static MODEL: OnceLock<Option<Arc<Model>>> = OnceLock::new();
    let read = || Model::builtin(include_bytes!("../../../rules/scorer.bin")).ok().map(Arc::new);
    MODEL.get_or_init(read).clone()
}

/// What a model says about one sentence in one category.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Index into [`CATEGORIES`].
    pub category: usize,
    /// The score, a logit.
    pub score: f32,
    /// The words that moved it.
    pub span: Span<Folded>,
    /// Those that moved it most, as they may be shown: never a number, a name or a word that the model has not learned.
    pub words: Vec<String>,
}

/// Sentences that one thread scores at a time.
const SHARE: usize = 256;

/// The scores of every sentence of `reading`, one a category. Those of a long text are shared out between threads.
pub fn scores(model: &Model, reading: &Reading<'_>) -> Vec<[f32; 3]> {
    let some = |sentences: Range<usize>| -> Vec<[f32; 3]> {
        let Some(mut sum) = model.sums() else { return Vec::new() };
        let text = Text::part(reading, sentences.clone());
        sentences.map(|sentence| sum.score(&text, sentence)).collect()
    };
    in_shares(reading.sentences.len(), SHARE, some)
}

/// What `model` says about the sentences of `reading`, whose scores are `scores`; categories are kept that score over
/// `floor`, and of those the best and any that come close to it.
pub fn judge(model: &Model, scores: &[[f32; 3]], reading: &Reading<'_>, floor: [f32; 3]) -> Vec<Verdict> {
    let over = |scores: &[f32; 3]| scores.iter().zip(floor).any(|(score, floor)| *score > floor);
    if !scores.iter().any(over) {
        return Vec::new();
    }
    let mut verdicts = Vec::new();
    for (sentence, scores) in scores.iter().enumerate().filter(|(_, scores)| over(scores)) {
        let text = Text::part(reading, sentence..sentence + 1);
        let known = model.known(&text.features(sentence));
        let best = scores.iter().copied().fold(f32::MIN, f32::max);
        for (category, (score, floor)) in scores.iter().copied().zip(floor).enumerate() {
            if score <= floor || score < best - model.gap {
                continue;
            }
            let moved = model.moved(&known, category, text.len(sentence));
            let (span, words) = window::narrow(&text, sentence, &moved, model);
            verdicts.push(Verdict { category, score, span, words });
        }
    }
    verdicts
}

//! Training: labelled drafts in, a model and figures about it out.
//!
//! ```text
//! drafts -rows-> features of every sentence -fit-> model            once on everything: the model that is kept
//!                                           -fit-> model a fold     without the fold's authors: judged on them
//!                                                  -figures-> thresholds for budgets, recall, precision
//! ```
//!
//! Each category's weights are those of its own regression plus those of a fourth, "breaks the policy at all":
//! there are three times as many drafts to learn that from.

mod figures;
mod fit;

pub use figures::{Figures, Line};

use super::{CATEGORIES, Model, judge, model::Level, scores};
use crate::text::{
    reading::Reading,
    span::{Plain, Span},
};
use figures::Seen;
use fit::Rows;
use rayon::prelude::*;

/// A draft to learn from.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// What breaks the policy: index into [`CATEGORIES`] and place.
    pub quotes: Vec<(usize, Span<Plain>)>,
    /// Drafts of one author, or of one page, share it: they are never on both sides of a test.
    pub group: u64,
    /// Looked at by a human for breaches; else it is published text that is taken as clean.
    pub labelled: bool,
}

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Share of clean labelled drafts that may be alarmed.
    pub budget: f32,
    /// Fixes every choice that is left to chance.
    pub seed: u64,
}

/// Budgets that every model knows thresholds for.
pub const BUDGETS: [f32; 10] = [0.0025, 0.005, 0.01, 0.015, 0.0175, 0.02, 0.03, 0.035, 0.04, 0.05];
/// Published text may be alarmed so much more rarely than clean drafts, which are near misses on purpose.
pub const PUBLISHED: f32 = 0.1;
/// How far below the best category another may score.
const GAP: f32 = 4.5;
/// Scores below this are of no interest to any budget.
const FLOOR: f32 = -4.0;
/// The most parts that drafts are split into for testing.
const FOLDS: usize = 7;

/// Why nothing can be learned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A category without a breach.
    #[error("no labelled draft breaks the policy in category `{0}`: there is nothing to learn from")]
    NoBreach(&'static str),
    /// No clean draft.
    #[error("no labelled draft is clean: a threshold cannot be chosen")]
    NoClean,
}

/// Trains a model and tests it by leaving authors out.
///
/// # Errors
/// When the drafts hold no breach of a category, or no clean draft.
pub fn train(drafts: &[Draft], settings: Settings) -> Result<(Model, Figures), TrainError> {
    for (number, category) in CATEGORIES.iter().enumerate() {
        if !drafts.iter().any(|d| d.quotes.iter().any(|(c, _)| *c == number)) {
            return Err(TrainError::NoBreach(category.name()));
        }
    }
    if !drafts.iter().any(is_clean) {
        return Err(TrainError::NoClean);
    }
    let folds = folds(drafts, settings.seed);
    let rows = Rows::new(drafts);
    let parts: Vec<usize> = (0..folds.iter().max().map_or(1, |m| m + 1)).collect();
    let seen: Vec<Seen> = parts
        .par_iter()
        .flat_map(|part| {
            let model = fit::fit(&rows, &|draft| folds.get(draft) != Some(part), settings.seed, blank(settings));
            look(&model, drafts, &|draft| folds.get(draft) == Some(part))
        })
        .collect();
    let mut budgets = BUDGETS.to_vec();
    if !budgets.iter().any(|b| (b - settings.budget).abs() < 1e-6) {
        budgets.push(settings.budget);
        budgets.sort_by(f32::total_cmp);
    }
    let levels: Vec<Level> = budgets.iter().map(|budget| figures::level(drafts, &seen, *budget)).collect();
    let mut model = fit::fit(&rows, &|_| true, settings.seed, blank(settings));
    for (number, head) in model.heads.iter_mut().enumerate() {
        (head.slope, head.offset) = figures::calibrate(&seen, number);
    }
    model.levels = levels;
    let figures = Figures {
        drafts: drafts.iter().filter(|d| d.labelled).count(),
        published: drafts.iter().filter(|d| !d.labelled).count(),
        folds: parts.len(),
        lines: model.levels.iter().map(|level| figures::line(drafts, &seen, level)).collect(),
    };
    Ok((model, figures))
}

/// Measures a finished model on drafts that it was not trained on.
pub fn measure(model: &Model, drafts: &[Draft]) -> Figures {
    let seen = look(model, drafts, &|_| true);
    Figures {
        drafts: drafts.iter().filter(|d| d.labelled).count(),
        published: drafts.iter().filter(|d| !d.labelled).count(),
        folds: 0,
        lines: model.levels.iter().map(|level| figures::line(drafts, &seen, level)).collect(),
    }
}

fn blank(settings: Settings) -> Model {
    Model::new(GAP, settings.budget)
}

fn is_clean(draft: &Draft) -> bool {
    draft.labelled && draft.quotes.is_empty()
}

/// Which part each draft is in. Authors stay whole where there are at least three; else neighbours stay together, since
/// a near miss often stands beside its twin.
fn folds(drafts: &[Draft], seed: u64) -> Vec<usize> {
    let mut authors: Vec<u64> = drafts.iter().filter(|d| d.labelled).map(|d| d.group).collect();
    authors.sort_unstable();
    authors.dedup();
    super::solver::Random(seed).shuffle(&mut authors);
    let many = authors.len() >= 3;
    let parts = if many { authors.len().min(FOLDS) } else { FOLDS };
    let part = |(number, draft): (usize, &Draft)| {
        if !draft.labelled {
            return usize::try_from(draft.group % parts as u64).unwrap_or(0);
        }
        let author = authors.iter().position(|a| *a == draft.group).unwrap_or(0);
        if many { author % parts } else { (number / 10) % parts }
    };
    drafts.iter().enumerate().map(part).collect()
}

/// What `model` says about the chosen drafts.
fn look(model: &Model, drafts: &[Draft], chosen: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Seen> {
    let one = |(number, draft): (usize, &Draft)| {
        let reading = Reading::new(&draft.text);
        let verdicts = judge(model, &scores(model, &reading), &reading, [FLOOR; 3]);
        let seen: Vec<Seen> = verdicts
            .into_iter()
            .map(|v| Seen::new(number, draft, v.category, v.score, reading.folded.map.map(v.span)))
            .collect();
        seen
    };
    drafts.par_iter().enumerate().filter(|(number, _)| chosen(*number)).flat_map_iter(one).collect()
}

#[cfg(test)]
mod tests;

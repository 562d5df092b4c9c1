//! How good a model is on drafts that it has not learned from, and which thresholds keep a budget.

use super::{Draft, PUBLISHED, is_clean};
use crate::{
    check::scorer::model::Level,
    text::span::{Plain, Span},
};
use std::fmt;

/// A verdict on a held-out draft.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    draft: usize,
    category: usize,
    score: f32,
    span: Span<Plain>,
    /// It covers words that were labelled, in whichever category.
    right: bool,
}

impl Seen {
    pub(super) fn new(number: usize, draft: &Draft, category: usize, score: f32, span: Span<Plain>) -> Self {
        let right = draft.quotes.iter().any(|(_, quote)| quote.overlaps(span));
        Self { draft: number, category, score, span, right }
    }
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Labelled drafts.
    pub drafts: usize,
    /// Published posts taken as clean.
    pub published: usize,
    /// Parts that were left out in turn; 0 where the model had seen none of the drafts.
    pub folds: usize,
    /// One line a budget.
    pub lines: Vec<Line>,
}

/// What was measured at one budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Share of clean drafts that may be alarmed.
    pub budget: f32,
    /// Share that was.
    pub clean_alarmed: f64,
    /// Share of findings that cover a labelled quote.
    pub precision: f64,
    /// Share of labelled quotes that were found.
    pub recall: f64,
    /// The same by category.
    pub by_category: [f64; 3],
    /// Alarms per 1,000 published posts.
    pub published: f64,
    /// Letters of a finding, on average.
    pub length: f64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.folds == 0 {
            "a model that has seen none of them".to_owned()
        } else {
            format!("authors left out in {} parts", self.folds)
        };
        writeln!(f, "{} labelled drafts, {} published posts, {how}", self.drafts, self.published)?;
        writeln!(
            f,
            "budget  clean alarmed  precision  recall: all  confidential  reputation  opinion  published/1,000  letters"
        )?;
        for line in &self.lines {
            let [c, r, o] = line.by_category;
            writeln!(
                f,
                "{:5.2}%  {:12.2}%  {:9.3}  {:11.3}  {c:12.3}  {r:10.3}  {o:7.3}  {:15.1}  {:7.0}",
                f64::from(line.budget) * 100.0,
                line.clean_alarmed * 100.0,
                line.precision,
                line.recall,
                line.published,
                line.length
            )?;
        }
        Ok(())
    }
}

/// The lowest threshold that keeps `budget`: of clean labelled drafts so many may be alarmed, of published posts fewer.
pub(super) fn level(drafts: &[Draft], seen: &[Seen], budget: f32) -> Level {
    let clean = threshold(drafts, seen, budget, &is_clean);
    let published = threshold(drafts, seen, budget * PUBLISHED, &|d| !d.labelled);
    Level { budget, thresholds: [clean.max(published); 3] }
}

fn threshold(drafts: &[Draft], seen: &[Seen], budget: f32, of: &dyn Fn(&Draft) -> bool) -> f32 {
    let mut best = vec![super::FLOOR; drafts.len()];
    for s in seen {
        if let Some(b) = best.get_mut(s.draft) {
            *b = b.max(s.score);
        }
    }
    let mut scores: Vec<f32> = best.into_iter().zip(drafts).filter(|(_, d)| of(d)).map(|(b, _)| b).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let mut allowed = 0;
    while allowed < scores.len() && share(allowed + 1, scores.len()) <= f64::from(budget) {
        allowed += 1;
    }
    scores.get(allowed).copied().unwrap_or(super::FLOOR)
}

/// What a model with these thresholds found.
pub(super) fn line(drafts: &[Draft], seen: &[Seen], level: &Level) -> Line {
    let over = |s: &&Seen| level.thresholds.get(s.category).is_some_and(|t| s.score > *t);
    let loud: Vec<&Seen> = seen.iter().filter(over).collect();
    let mut alarmed = vec![false; drafts.len()];
    for s in loud.iter().filter(|s| !s.right) {
        if let Some(a) = alarmed.get_mut(s.draft) {
            *a = true;
        }
    }
    let mut spans: Vec<Vec<(usize, Span<Plain>)>> = vec![Vec::new(); drafts.len()];
    for s in &loud {
        if let Some(list) = spans.get_mut(s.draft) {
            list.push((s.category, s.span));
        }
    }
    let (mut wanted, mut found) = ([0_usize; 3], [0_usize; 3]);
    for (draft, spans) in drafts.iter().zip(&spans) {
        for (category, quote) in &draft.quotes {
            let hit = spans.iter().any(|(c, span)| c == category && span.overlaps(*quote));
            if let (Some(w), Some(f)) = (wanted.get_mut(*category), found.get_mut(*category)) {
                *w += 1;
                *f += usize::from(hit);
            }
        }
    }
    let count = |of: &dyn Fn(&Draft) -> bool| {
        let all = drafts.iter().filter(|d| of(d)).count();
        let bad = drafts.iter().zip(&alarmed).filter(|(d, a)| of(d) && **a).count();
        share(bad, all)
    };
    let mut by_category = [0.0; 3];
    for ((b, f), w) in by_category.iter_mut().zip(found).zip(wanted) {
        *b = share(f, w);
    }
    Line {
        budget: level.budget,
        clean_alarmed: count(&is_clean),
        precision: share(loud.iter().filter(|s| s.right).count(), loud.len()),
        recall: share(found.iter().sum(), wanted.iter().sum()),
        by_category,
        published: count(&|d| !d.labelled) * 1000.0,
        length: share(loud.iter().map(|s| s.span.len()).sum(), loud.len()),
    }
}

/// Slope and offset that lead from a score to the share of such sentences that were labelled (Platt's scaling).
pub(super) fn calibrate(seen: &[Seen], category: usize) -> (f32, f32) {
    let (mut slope, mut offset) = (0.5_f64, 0.0_f64);
    let points: Vec<(f64, f64)> = seen
        .iter()
        .filter(|s| s.category == category)
        .map(|s| (f64::from(s.score), if s.right { 1.0 } else { 0.0 }))
        .collect();
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0_f64; 2], [1e-3_f64, 0.0, 1e-3]);
        for (x, y) in &points {
            let p = 1.0 / (1.0 + (-(slope * x + offset)).exp());
            let w = p * (1.0 - p);
            g = [g[0] + (p - y) * x, g[1] + p - y];
            h = [h[0] + w * x * x, h[1] + w * x, h[2] + w];
        }
        let det = h[0] * h[2] - h[1] * h[1];
        if det.abs() < 1e-9 {
            break;
        }
        // Full steps can overshoot from a poor start; the function is convex, so short ones arrive.
        slope -= ((h[2] * g[0] - h[1] * g[1]) / det).clamp(-0.3, 0.3);
        offset -= ((h[0] * g[1] - h[1] * g[0]) / det).clamp(-0.3, 0.3);
    }
    if slope.is_finite() && offset.is_finite() { (narrow(slope), narrow(offset)) } else { (1.0, 0.0) }
}

#[expect(clippy::cast_possible_truncation, reason = "a model keeps single precision")]
fn narrow(x: f64) -> f32 {
    x as f32
}

#[expect(clippy::cast_precision_loss, reason = "counts of drafts and letters are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

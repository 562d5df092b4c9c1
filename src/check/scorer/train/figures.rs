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

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(labelled: bool, quotes: &[(usize, Span<Plain>)]) -> Draft {
        Draft { text: String::new(), quotes: quotes.to_vec(), group: 0, labelled }
    }

    fn seen(draft: usize, category: usize, score: f32, length: usize, right: bool) -> Seen {
        Seen { draft, category, score, span: Span::new(0, length), right }
    }

    /// Of eight drafts that score one, seven are right; of eight that score minus one, one is: ln 7 for one, -ln 7 for minus one.
    /// All of them two further up are the same slope, and an offset that takes the two away.
    #[test]
    fn a_probability_is_the_share_of_those_with_the_score_that_were_right() {
        let at = |score: f32, right: usize| (0..8).map(move |n| seen(n, 1, score, 4, n < right));
        let close = |x: f32, y: f32| (x - y).abs() < 0.01;
        let slope = 7.0_f32.ln();
        let (s, o) = calibrate(&at(1.0, 7).chain(at(-1.0, 1)).collect::<Vec<_>>(), 1);
        assert!(close(s, slope) && close(o, 0.0), "{s} {o}");
        let (s, o) = calibrate(&at(3.0, 7).chain(at(1.0, 1)).collect::<Vec<_>>(), 1);
        assert!(close(s, slope) && close(o, -2.0 * slope), "{s} {o}");
    }

    /// What other categories scored is none of its business; without any scores, the start is as good as anything.
    #[test]
    fn a_probability_is_of_one_category() {
        let own: Vec<Seen> = (0..8).map(|n| seen(n, 2, if n < 4 { 1.0 } else { -1.0 }, 4, n % 4 != 0)).collect();
        let with_others: Vec<Seen> = own.iter().copied().chain((0..8).map(|n| seen(n, 0, 5.0, 4, false))).collect();
        assert_eq!(calibrate(&own, 2), calibrate(&with_others, 2));
        assert_ne!(calibrate(&own, 2), calibrate(&with_others, 0));
        assert_eq!(calibrate(&[], 2), (0.5, 0.0));
    }

    /// Ten clean drafts, of which a fifth may be alarmed: the third highest score is the threshold, which must be exceeded.
    /// Of a draft, the highest score counts; breaches do not.
    #[test]
    fn a_threshold_lets_as_many_clean_drafts_be_alarmed_as_the_budget_says() {
        let breach = draft(true, &[(0, Span::new(0, 3))]);
        let drafts: Vec<Draft> = (0..10).map(|_| draft(true, &[])).chain([breach]).collect();
        let mut all: Vec<Seen> =
            [9.0, 8.0, 7.0, 6.0, 5.0].iter().zip(0..).map(|(s, n)| seen(n, 0, *s, 4, false)).collect();
        all.extend([seen(0, 1, 2.0, 4, false), seen(10, 0, 20.0, 4, true)]);
        let level = level(&drafts, &all, 0.2);
        assert_eq!(level, Level { budget: 0.2, thresholds: [7.0; 3] });
        let line = line(&drafts, &all, &level);
        assert!((line.clean_alarmed - 0.2).abs() < 1e-9, "{line:?}");
    }

    /// Of ten published posts, a tenth of the budget may be alarmed: of a budget of one, one.
    #[test]
    fn published_posts_are_alarmed_more_rarely_than_clean_drafts() {
        let published: Vec<Draft> = (0..10).map(|_| draft(false, &[])).collect();
        let all: Vec<Seen> = (0..10).zip([3.0, 1.0, 2.0]).map(|(n, s)| seen(n, 0, s, 4, false)).collect();
        assert_eq!(level(&published, &all, 1.0).thresholds.to_vec(), [2.0; 3]);
        assert_eq!(level(&published, &all, 0.9).thresholds.to_vec(), [3.0; 3]);
        let loud = line(&published, &all, &Level { budget: 1.0, thresholds: [2.0; 3] });
        assert!((loud.published - 100.0).abs() < 1e-9, "{loud:?}");
    }

    /// Two breaches of one category and one of another; three findings, of which one covers a breach of its own category,
    /// one a breach of another, and one nothing. What is not over the threshold is no finding.
    #[test]
    fn what_was_found_is_counted_by_category() {
        let drafts =
            [draft(true, &[(0, Span::new(0, 4)), (0, Span::new(20, 24))]), draft(true, &[(2, Span::new(0, 4))])];
        let all = [
            seen(0, 0, 2.0, 10, true),
            seen(1, 1, 2.0, 6, true),
            seen(1, 1, 3.0, 8, false),
            seen(1, 2, 1.0, 90, true),
            seen(0, 2, 2.0, 4, true),
        ];
        let line = line(&drafts, &all, &Level { budget: 0.1, thresholds: [1.0; 3] });
        assert_eq!(line.by_category.to_vec(), [0.5, 0.0, 0.0]);
        assert!((line.recall * 3.0 - 1.0).abs() < 1e-9 && (line.precision - 0.75).abs() < 1e-9, "{line:?}");
        assert!((line.length - 7.0).abs() < 1e-9 && line.clean_alarmed == 0.0 && line.published == 0.0, "{line:?}");
    }
}

//! From drafts to rows of features, and from rows to a quantised model.

use super::Draft;
use crate::{
    check::scorer::{
        Model, Text,
        model::Head,
        solver::{Problem, Row, solve},
    },
    text::reading::Reading,
};
use rayon::prelude::*;

/// What a mistake costs, against the penalty on large weights.
const COST: f64 = 10.0;
/// How much more a sentence of a clean labelled draft counts: most are near misses, from which most is to be learned.
const NEAR: f64 = 3.0;
/// The same for a sentence of published text: one in a thousand alarmed is already much, and there is less of it.
const PUBLISHED: f64 = 25.0;
/// In how many sentences a feature must be.
const COMMON: u32 = 3;
/// How much of "breaks the policy at all" is in each category.
const SHARED: f64 = 1.0;

/// Every sentence of every draft.
pub(super) struct Rows {
    rows: Vec<Sentence>,
    /// Hashes of all features, ascending; rows name them by number.
    hashes: Vec<u32>,
}

struct Sentence {
    draft: usize,
    features: Row,
    breaks: [bool; 3],
    cost: f64,
}

impl Rows {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        let read: Vec<Vec<Sentence>> = drafts.par_iter().enumerate().map(|(n, d)| sentences(n, d)).collect();
        let mut rows: Vec<Sentence> = read.into_iter().flatten().collect();
        let mut hashes: Vec<u32> = rows.iter().flat_map(|r| r.features.iter().map(|(h, _)| *h)).collect();
        hashes.par_sort_unstable();
        hashes.dedup();
        rows.par_iter_mut().for_each(|row| {
            for (hash, _) in &mut row.features {
                let number = hashes.binary_search(hash).unwrap_or_default();
                *hash = u32::try_from(number).unwrap_or(u32::MAX);
            }
        });
        Self { rows, hashes }
    }
}

fn sentences(number: usize, draft: &Draft) -> Vec<Sentence> {
    let reading = Reading::new(&draft.text);
    let text = Text::new(&reading);
    let weight = match (draft.labelled, draft.quotes.is_empty()) {
        (false, _) => PUBLISHED,
        (true, true) => NEAR,
        (true, false) => 1.0,
    };
    let cost = weight * COST;
    let row = |i: usize| {
        let features = text.features(i).iter().map(|f| (f.hash, f.value)).collect();
        let span = reading.sentences.get(i).map(|s| reading.folded.map.map(s.span));
        let mut breaks = [false; 3];
        for (category, quote) in &draft.quotes {
            if let Some(b) = breaks.get_mut(*category) {
                *b |= span.is_some_and(|s| s.overlaps(*quote));
            }
        }
        Sentence { draft: number, features, breaks, cost }
    };
    (0..text.sentences()).map(row).collect()
}

/// Fits `model` to the rows of the chosen drafts.
pub(super) fn fit(rows: &Rows, chosen: &dyn Fn(usize) -> bool, seed: u64, model: Model) -> Model {
    let rows_in: Vec<&Sentence> = rows.rows.iter().filter(|r| chosen(r.draft)).collect();
    let mut counts = vec![0_u32; rows.hashes.len()];
    for (number, _) in rows_in.iter().flat_map(|r| &r.features) {
        if let Some(n) = counts.get_mut(*number as usize) {
            *n += 1;
        }
    }
    let kept: Vec<bool> = counts.iter().map(|c| *c >= COMMON).collect();
    let weighed: Vec<Row> = rows_in.par_iter().map(|r| weigh(&r.features, &kept)).collect();
    let weighed: Vec<&Row> = weighed.iter().collect();
    let costs: Vec<f64> = rows_in.iter().map(|r| r.cost).collect();
    let solved: Vec<Vec<f64>> = (0..4_usize)
        .into_par_iter()
        .map(|which| {
            let is = |r: &&Sentence| r.breaks.get(which).copied().unwrap_or_else(|| r.breaks.contains(&true));
            let wanted: Vec<bool> = rows_in.iter().map(is).collect();
            let width = rows.hashes.len();
            solve(&Problem { rows: &weighed, wanted: &wanted, costs: &costs, width, seed })
        })
        .collect();
    quantise(rows, &kept, &solved, model)
}

/// Values brought to length 1; features that are not kept left out.
fn weigh(features: &Row, kept: &[bool]) -> Row {
    let is_kept = |number: u32| kept.get(number as usize).copied().unwrap_or(false);
    let mut row: Row = features.iter().copied().filter(|(number, _)| is_kept(*number)).collect();
    let length = row.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    for (_, v) in &mut row {
        *v /= length;
    }
    row
}

fn quantise(rows: &Rows, kept: &[bool], solved: &[Vec<f64>], mut model: Model) -> Model {
    let weight = |category: usize, number: usize| {
        let of = |which: usize| solved.get(which).and_then(|w| w.get(number)).copied().unwrap_or(0.0);
        of(category) + SHARED * of(3)
    };
    for (category, head) in model.heads.iter_mut().enumerate() {
        let largest = (0..rows.hashes.len()).map(|n| weight(category, n).abs()).fold(0.0, f64::max);
        let scale = to_f32(largest / 127.0).max(f32::MIN_POSITIVE);
        *head = Head { scale, bias: to_f32(weight(category, rows.hashes.len())), slope: 1.0, offset: 0.0 };
    }
    let scales = model.heads.map(|h| f64::from(h.scale));
    let features =
        rows.hashes.iter().zip(kept).enumerate().filter(|(_, (_, kept))| **kept).map(|(number, (hash, _))| {
            let mut weights = [0_i8; 3];
            for (category, (w, scale)) in weights.iter_mut().zip(scales).enumerate() {
                *w = to_i8(weight(category, number) / scale);
            }
            (*hash, weights)
        });
    let features: Vec<(u32, [i8; 3])> = features.collect();
    model.fill(&features);
    model
}

#[expect(clippy::cast_possible_truncation, reason = "a model keeps single precision")]
fn to_f32(x: f64) -> f32 {
    x as f32
}

#[expect(clippy::cast_possible_truncation, reason = "rounded and clamped first")]
fn to_i8(x: f64) -> i8 {
    x.round().clamp(-127.0, 127.0) as i8
}

#[cfg(test)]
pub(super) fn costs(drafts: &[Draft]) -> Vec<f64> {
    Rows::new(drafts).rows.iter().map(|row| row.cost).collect()
}

#[cfg(test)]
pub(super) fn quantised(hashes: &[u32], solved: &[Vec<f64>], model: Model) -> Model {
    let rows = Rows { rows: Vec::new(), hashes: hashes.to_vec() };
    quantise(&rows, &vec![true; hashes.len()], solved, model)
}

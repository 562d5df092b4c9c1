//! The scores of sentences: what a model knows of the features of each, summed up without keeping the features.
//!
//! Values of features are tenths and weights are bytes, so the sums are whole numbers: they are exact, and the order in
//! which features are told does not matter.

use super::{
    feature::{Bag, Kind, REACH, Text},
    model::Head,
    table::Table,
};
use std::{cell::Cell, collections::VecDeque};

thread_local! {
    /// Bits that are all off, kept to save their making.
    static ROOM: Cell<Vec<u64>> = const { Cell::new(Vec::new()) };
}

/// Sums up the features of one sentence after the other.
pub(super) struct Sum<'m> {
    heads: &'m [Head; 3],
    table: Table<'m>,
    /// Which features were told of this sentence, one bit for each place, and their places.
    told: Vec<u64>,
    places: Vec<usize>,
    /// Values times weights of each category, and the values squared.
    sums: [i32; 3],
    squares: i32,
    /// What the words of the sentences from `first` on are to those around them: the places of known features.
    around: VecDeque<Vec<usize>>,
    first: usize,
}

impl Bag for Sum<'_> {
    #[inline]
    fn add(&mut self, hash: u32, kind: Kind, _from: [Option<u16>; 2]) {
        if let Some(place) = self.table.place(hash) {
            self.meet(place, kind);
        }
    }
}

impl Drop for Sum<'_> {
    fn drop(&mut self) {
        self.finish();
        ROOM.set(std::mem::take(&mut self.told));
    }
}

impl<'m> Sum<'m> {
    /// Nothing summed up yet.
    pub(super) fn new(heads: &'m [Head; 3], table: Table<'m>) -> Self {
        let mut told = ROOM.take();
        told.resize(table.len().div_ceil(64), 0);
        let (places, around) = (Vec::new(), VecDeque::new());
        Self { heads, table, told, places, sums: [0; 3], squares: 0, around, first: 0 }
    }

    /// The score of each category for a sentence of `text`. Quickest where sentences are asked one after the other.
    pub(super) fn score(&mut self, text: &Text<'_, '_>, sentence: usize) -> [f32; 3] {
        text.tell_own(sentence, self);
        text.tell_beside(sentence, self);
        self.meet_around(text, sentence);
        self.finish()
    }

    /// Adds what a known feature counts, unless it was told before.
    #[inline]
    fn meet(&mut self, place: usize, kind: Kind) {
        let Some(told) = self.told.get_mut(place / 64) else { return };
        let bit = 1 << (place % 64);
        if *told & bit != 0 {
            return;
        }
        *told |= bit;
        self.places.push(place);
        let tenths = i32::from(kind.tenths());
        self.squares += tenths * tenths;
        for (sum, weight) in self.sums.iter_mut().zip(self.table.weights(place)) {
            *sum += tenths * i32::from(weight);
        }
    }

    /// The words of the sentences around. Each word is looked up once, and not for every sentence that it is around.
    fn meet_around(&mut self, text: &Text<'_, '_>, sentence: usize) {
        let (from, to) = (sentence.saturating_sub(REACH), text.sentences().min(sentence + REACH + 1));
        if !(self.first..=self.first + self.around.len()).contains(&from) {
            self.around.clear();
            self.first = from;
        }
        self.around.drain(..from - self.first);
        self.first = from;
        for other in from + self.around.len()..to {
            let hashes = text.hashes(other, Kind::Around);
            self.around.push_back(hashes.filter_map(|hash| self.table.place(hash)).collect());
        }
        let around = std::mem::take(&mut self.around);
        for (_, places) in (from..).zip(&around).filter(|(other, _)| *other != sentence) {
            for place in places {
                self.meet(*place, Kind::Around);
            }
        }
        self.around = around;
    }

    /// The score of what was told, which is forgotten.
    #[expect(clippy::cast_precision_loss, reason = "no post has so many features that a float could not count them")]
    fn finish(&mut self) -> [f32; 3] {
        for place in self.places.drain(..) {
            if let Some(told) = self.told.get_mut(place / 64) {
                *told = 0;
            }
        }
        let length = (std::mem::take(&mut self.squares) as f32).sqrt().max(f32::MIN_POSITIVE);
        let [one, two, three] = std::mem::take(&mut self.sums);
        let score = |sum: i32, head: &Head| sum as f32 / length * head.scale + head.bias;
        let [first, second, third] = self.heads;
        [score(one, first), score(two, second), score(three, third)]
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Model, builtin, feature::Feature, scores},
        *,
    };
    use crate::text::reading::Reading;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_score_is_that_of_the_features(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..120)) {
            let (text, model) = (words.join(" "), builtin().unwrap());
            let reading = Reading::new(&text);
            let read = Text::new(&reading);
            for (sentence, scores) in scores(&model, &reading).iter().enumerate() {
                for (category, score) in scores.iter().enumerate() {
                    let naive = naive(&model, &read.features(sentence), category);
                    prop_assert!((score - naive).abs() < 1e-3, "{score} is not {naive}");
                }
            }
        }
    }

    /// The score of features, summed up as it is defined.
    fn naive(model: &Model, features: &[Feature], category: usize) -> f32 {
        let (sum, head) = (model.sums().unwrap(), model.heads[category]);
        let known = features.iter().filter_map(|f| Some((f.value, sum.table.weights(sum.table.place(f.hash)?))));
        let known: Vec<(f32, f32)> = known.map(|(value, weights)| (value, f32::from(weights[category]))).collect();
        let length = known.iter().map(|(value, _)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        known.iter().map(|(value, weight)| value / length * weight).sum::<f32>() * head.scale + head.bias
    }

    const WORDS: &[&str] = &[
        "we",
        "are",
        "bin",
        "bins.",
        "He",
        "was",
        "evicted!",
        "Priya",
        "the",
        "council",
        "sorry",
        "?",
        "no",
        "No",
        "14",
        "£20",
        "a",
        "shambles.",
        "\n",
        "\"quite\"",
        "b1n",
        "again",
        "🎉",
        "#bins",
    ];
}

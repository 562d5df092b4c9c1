//! The scores of sentences: what a model knows of the features of each, summed up without keeping the features.

use super::{
    feature::{Bag, Kind},
    model::{Head, length},
    table::Table,
};

/// Values of features, by their tenths.
const VALUES: [f32; 11] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// Sums up the features of one sentence after the other.
pub(super) struct Sum<'m> {
    heads: &'m [Head; 3],
    table: Table<'m>,
    /// For each known feature, from the highest bits: its place, the order in which it was told, and its tenths.
    known: Vec<u64>,
    /// Room to sort them.
    spare: Vec<u64>,
}

impl Bag for Sum<'_> {
    #[inline]
    fn add(&mut self, hash: u32, kind: Kind, _from: [Option<u16>; 2]) {
        if let Some(place) = self.table.place(hash) {
            let order = self.known.len() as u64 & 0xff_ffff;
            self.known.push((place as u64) << 32 | order << 8 | u64::from(kind.tenths()));
        }
    }
}

impl<'m> Sum<'m> {
    /// Nothing summed up yet.
    pub(super) fn new(heads: &'m [Head; 3], table: Table<'m>) -> Self {
        Self { heads, table, known: Vec::new(), spare: Vec::new() }
    }

    /// The score of each category for the sentence that was told, which is forgotten.
    pub(super) fn score(&mut self) -> [f32; 3] {
        let place = |known: u64| (known >> 32) as usize;
        let tenths = |known: u64| (known & 0xff) as usize;
        // As in `Text::features`, the first of equals stays; and a sum of floats depends on its order.
        sort(&mut self.known, &mut self.spare, self.table.len());
        self.known.dedup_by_key(|k| *k >> 32);
        let length = length(self.known.iter().map(|k| VALUES.get(tenths(*k)).copied().unwrap_or_default()));
        let values = VALUES.map(|value| value / length);
        let [mut one, mut two, mut three] = [0.0_f32; 3];
        for known in &self.known {
            let value = values.get(tenths(*known)).copied().unwrap_or_default();
            let weights = self.table.weights(place(*known));
            one += value * weights[0];
            two += value * weights[1];
            three += value * weights[2];
        }
        self.known.clear();
        let score = |sum: f32, head: &Head| sum * head.scale + head.bias;
        let [first, second, third] = self.heads;
        [score(one, first), score(two, second), score(three, third)]
    }
}

/// Drawers that features are put into by their place, before each is sorted.
const DRAWERS: usize = 64;

/// Sorts features, of which there are `places`. Places are spread evenly, so drawers hold a few each.
#[expect(clippy::cast_possible_truncation, reason = "the number of a drawer")]
fn sort(known: &mut Vec<u64>, spare: &mut Vec<u64>, places: usize) {
    if known.len() < DRAWERS / 2 {
        return known.sort_unstable();
    }
    let bits = usize::BITS - places.leading_zeros();
    let shift = 32 + bits.saturating_sub(DRAWERS.ilog2());
    let drawer = |known: u64| (known >> shift) as usize;
    let mut sizes = [0_usize; DRAWERS];
    for k in known.iter() {
        if let Some(size) = sizes.get_mut(drawer(*k)) {
            *size += 1;
        }
    }
    let (mut starts, mut sum) = ([0; DRAWERS], 0);
    for (start, size) in starts.iter_mut().zip(&sizes) {
        *start = sum;
        sum += size;
    }
    spare.clear();
    spare.resize(known.len(), 0);
    for k in known.iter() {
        if let Some(at) = starts.get_mut(drawer(*k)) {
            if let Some(to) = spare.get_mut(*at) {
                *to = *k;
            }
            *at += 1;
        }
    }
    std::mem::swap(known, spare);
    let mut rest = known.as_mut_slice();
    for size in sizes {
        let Some((own, tail)) = rest.split_at_mut_checked(size) else { break };
        if size > 1 {
            own.sort_unstable();
        }
        rest = tail;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn features_come_in_order(places in 1..5000_u64, known in proptest::collection::vec(any::<u64>(), 0..200)) {
            let mut known: Vec<u64> = known.into_iter().map(|k| ((k >> 32) % places) << 32 | (k & 0xffff_ffff)).collect();
            let mut wanted = known.clone();
            wanted.sort_unstable();
            sort(&mut known, &mut Vec::new(), usize::try_from(places).unwrap());
            prop_assert_eq!(known, wanted);
        }
    }
}

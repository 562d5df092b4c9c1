//! The features of a model as they stand in its file, found by their hash. Nothing of them is copied where the file is part
//! of the program.
//!
//! | bytes | what |
//! |---|---|
//! | 65,536 x 8 | for hashes with the same upper half: a set of the five bits that follow, and how many features stand before |
//! | n x 2 | lower halves of the hashes, features in the order of their hashes |
//! | n x 3 | weights for the categories, signed |
//!
//! Most of what is true of a sentence no model has heard of; the set tells so in one look.

use std::borrow::Cow;

/// Upper halves of hashes.
const UPPER: usize = 1 << 16;

/// The bytes of a model's features.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Features {
    bytes: Cow<'static, [u8]>,
    len: usize,
}

/// The same, taken apart for looking up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'m> {
    index: &'m [[u8; 8]; UPPER],
    lower: &'m [[u8; 2]],
    weights: &'m [[u8; 3]],
}

impl Features {
    /// Takes features in the order of their hashes.
    pub(super) fn new(features: &[(u32, [i8; 3])]) -> Self {
        let mut index = vec![(0_u32, 0_u32); UPPER];
        for (hash, _) in features {
            if let Some((set, _)) = index.get_mut(upper(*hash)) {
                *set |= bit(*hash);
            }
        }
        let mut before = 0;
        for (upper_half, (_, start)) in index.iter_mut().enumerate() {
            *start = u32::try_from(before).unwrap_or(u32::MAX);
            let rest = features.get(before..).unwrap_or_default();
            before += rest.iter().take_while(|(hash, _)| upper(*hash) == upper_half).count();
        }
        let mut bytes = Vec::with_capacity(Self::size(features.len()));
        bytes.extend(index.iter().flat_map(|(set, start)| [set.to_le_bytes(), start.to_le_bytes()]).flatten());
        bytes.extend(features.iter().flat_map(|(hash, _)| lower(*hash)));
        bytes.extend(features.iter().flat_map(|(_, weights)| weights.map(|w| w.to_le_bytes()[0])));
        Self { bytes: bytes.into(), len: features.len() }
    }

    /// Takes `len` features as they stand in a file.
    pub(super) fn of(bytes: Cow<'static, [u8]>, len: usize) -> Self {
        Self { bytes, len }
    }

    /// Bytes of so many features.
    pub(super) fn size(len: usize) -> usize {
        len.saturating_mul(5).saturating_add(UPPER * 8)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The features as they stand in a file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Taken apart; nothing where bytes are missing.
    pub(super) fn table(&self) -> Option<Table<'_>> {
        let (index, rest) = self.bytes.split_at_checked(UPPER * 8)?;
        let (lower, weights) = rest.split_at_checked(self.len * 2)?;
        Some(Table {
            index: index.as_chunks().0.try_into().ok()?,
            lower: lower.as_chunks().0,
            weights: weights.as_chunks().0,
        })
    }

    /// Whether they are as [`Self::new`] would write them.
    pub(super) fn is_sound(&self) -> bool {
        let all = self.table().map(|table| table.all()).unwrap_or_default();
        all.is_sorted_by(|(a, _), (b, _)| a < b) && Self::new(&all) == *self
    }
}

impl Table<'_> {
    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.lower.len()
    }

    /// The place of the feature with this hash.
    #[inline]
    pub(super) fn place(&self, hash: u32) -> Option<usize> {
        let (set, start) = self.index.get(upper(hash)).copied().map(entry)?;
        if set & bit(hash) == 0 {
            return None;
        }
        let near = self.lower.get(start..self.end(upper(hash)))?;
        let wanted = lower(hash);
        near.iter().position(|low| *low == wanted).map(|i| start + i)
    }

    /// The weights of the feature at `place`.
    #[inline]
    pub(super) fn weights(&self, place: usize) -> [i8; 3] {
        self.weights.get(place).copied().unwrap_or_default().map(|byte| i8::from_le_bytes([byte]))
    }

    /// Where the features with this upper half end.
    fn end(&self, upper: usize) -> usize {
        self.index.get(upper + 1).map_or(self.lower.len(), |next| entry(*next).1)
    }

    /// All features, if the index is sound.
    fn all(&self) -> Vec<(u32, [i8; 3])> {
        let mut all = Vec::with_capacity(self.lower.len());
        for (upper, start) in (0..=u16::MAX).zip(self.index.iter().map(|e| entry(*e).1)) {
            let range = start..self.end(upper.into());
            let lower = self.lower.get(range.clone()).unwrap_or_default();
            let weights = self.weights.get(range).unwrap_or_default();
            for (lower, weights) in lower.iter().zip(weights) {
                let hash = u32::from(upper) << 16 | u32::from(u16::from_le_bytes(*lower));
                all.push((hash, weights.map(|w| i8::from_le_bytes([w]))));
            }
        }
        all
    }
}

fn entry([a, b, c, d, start @ ..]: [u8; 8]) -> (u32, usize) {
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes(start) as usize)
}

fn upper(hash: u32) -> usize {
    (hash >> 16) as usize
}

fn lower(hash: u32) -> [u8; 2] {
    let [a, b, _, _] = hash.to_le_bytes();
    [a, b]
}

fn bit(hash: u32) -> u32 {
    1 << (hash >> 11 & 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_in_it_is_found_and_nothing_else(
            mut hashes in proptest::collection::vec(prop_oneof![any::<u32>(), 0..99_u32, u32::MAX - 99..], 0..60),
            others in proptest::collection::vec(prop_oneof![any::<u32>(), 0..99_u32, u32::MAX - 99..], 0..60),
        ) {
            hashes.sort_unstable();
            hashes.dedup();
            let all: Vec<(u32, [i8; 3])> = hashes.iter().map(|hash| (*hash, [hash.to_le_bytes()[0].cast_signed(), 1, -1])).collect();
            let features = Features::new(&all);
            let table = features.table().unwrap();
            for hash in hashes.iter().chain(&others) {
                prop_assert_eq!(table.place(*hash), hashes.binary_search(hash).ok());
            }
            prop_assert_eq!(table.all(), all);
            prop_assert!(features.is_sound());
        }
    }

    #[test]
    fn a_wrong_index_is_seen() {
        let mut features = Features::new(&[(7, [1, 2, 3]), (1 << 30, [4, 5, 6])]);
        features.bytes.to_mut()[4] = 1;
        assert!(!features.is_sound());
    }
}

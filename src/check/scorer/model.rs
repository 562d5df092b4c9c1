//! A trained model, and the file that holds it.
//!
//! All numbers are little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `PLSCORE` and the version of the format, one byte |
//! | 4 | number of features, n |
//! | 4 | number of budgets, b |
//! | 4 | gap: how far below the best category another may score and still be reported |
//! | 4 | the default budget |
//! | 3 x 16 | for each category: scale of its weights, bias, slope and offset from score to probability |
//! | b x 16 | a budget and the threshold of each category at it, budgets ascending |
//! | 524,288 + n x 5 | the features, as `table.rs` has them; weights are in units of the scale |
//! | 8 | FNV-1a hash of all bytes before |

use super::{
    bytes::{Reader, fnv},
    feature::Feature,
    sum::Sum,
    table::Features,
};
use std::borrow::Cow;

/// The first bytes of a model file, behind which stands the version.
const MAGIC: &[u8] = b"PLSCORE";
/// The version of the format. What a feature means is a part of it: a model that has learned from other ones is of no use.
const VERSION: u8 = 3;

/// Why a file is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// It does not begin like one.
    #[error("not a scorer model: it does not begin with PLSCORE")]
    NotAModel,
    /// It is of another version.
    #[error("the model has format version {0}, this program reads version 3: train it anew with `postlint learn`")]
    Version(u8),
    /// Bytes are missing, or there are too many.
    #[error("the model is cut off or has something behind it: {found} bytes in place of {wanted}")]
    Length {
        /// Bytes that its header calls for.
        wanted: usize,
        /// Bytes that there are.
        found: usize,
    },
    /// Bytes were changed.
    #[error("the model is damaged: its check sum does not fit")]
    CheckSum,
    /// It holds what no trained model does.
    #[error("the model is damaged: {0}")]
    Content(&'static str),
}

/// Numbers of one category.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Head {
    /// What one step of a weight is worth.
    pub scale: f32,
    /// Score of an empty sentence.
    pub bias: f32,
    /// From score to probability: slope.
    pub slope: f32,
    /// From score to probability: offset.
    pub offset: f32,
}

/// Thresholds for one budget of false alarms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Share of clean drafts that may be alarmed.
    pub budget: f32,
    /// A sentence is reported when it scores over this.
    pub thresholds: [f32; 3],
}

/// A linear model for each category over hashed features.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// How far below the best category another may score and still be reported.
    pub gap: f32,
    /// The budget that it was trained for.
    pub budget: f32,
    /// Numbers of the categories.
    pub heads: [Head; 3],
    /// Thresholds, budgets ascending; at least one.
    pub levels: Vec<Level>,
    features: Features,
}

/// A feature that the model knows: its place, its value in the sentence's unit vector, and the words behind it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    place: usize,
    value: f32,
    from: [Option<u16>; 2],
}

impl Model {
    /// A model without features; training gives it some.
    pub fn new(gap: f32, budget: f32) -> Self {
        Self { gap, budget, heads: [Head::default(); 3], levels: Vec::new(), features: Features::default() }
    }

    /// Takes features in the order of their hashes.
    pub(super) fn fill(&mut self, features: &[(u32, [i8; 3])]) {
        self.features = Features::new(features);
    }

    /// Whether the model has learned anything about a feature.
    pub fn knows(&self, hash: u32) -> bool {
        self.features.table().is_some_and(|table| table.place(hash).is_some())
    }

    /// How many features it has.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The features that it knows, brought to length 1.
    pub fn known(&self, features: &[Feature]) -> Vec<Known> {
        let mut known: Vec<Known> = Vec::with_capacity(features.len() / 2);
        let Some(table) = self.features.table() else { return known };
        for feature in features {
            let Some(place) = table.place(feature.hash) else { continue };
            known.push(Known { place, value: feature.value, from: feature.from });
        }
        let length = length(known.iter().map(|k| k.value));
        for k in &mut known {
            k.value /= length;
        }
        known
    }

    /// What sums up the features of one sentence after the other.
    pub(super) fn sums(&self) -> Option<Sum<'_>> {
        Some(Sum::new(&self.heads, self.features.table()?))
    }

    /// How far each of `words` words moved the score of `category`.
    pub fn moved(&self, known: &[Known], category: usize, words: usize) -> Vec<f32> {
        let scale = self.heads.get(category).map_or(0.0, |h| h.scale);
        let mut moved = vec![0.0; words];
        let Some(table) = self.features.table() else { return moved };
        for k in known {
            let weight = f32::from(table.weights(k.place).get(category).copied().unwrap_or_default());
            let shared = if k.from.iter().flatten().count() == 2 { 2.0 } else { 1.0 };
            for word in k.from.iter().flatten() {
                if let Some(sum) = moved.get_mut(usize::from(*word)) {
                    *sum += k.value * weight * scale / shared;
                }
            }
        }
        moved
    }

    /// How likely a sentence with this score breaks the policy, as seen on drafts that the model had not learned from.
    pub fn probability(&self, category: usize, score: f32) -> f32 {
        let head = self.heads.get(category).copied().unwrap_or_default();
        1.0 / (1.0 + (-(head.slope * score + head.offset)).exp())
    }

    /// The thresholds for a budget: those of the largest known budget that is not above it, else the strictest.
    pub fn thresholds(&self, budget: f32) -> [f32; 3] {
        let fitting = self.levels.iter().rev().find(|l| l.budget <= budget * 1.0001);
        fitting.or_else(|| self.levels.first()).map_or([f32::INFINITY; 3], |l| l.thresholds)
    }

    /// The model as a file.
    pub fn write(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(VERSION);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
        out.extend(count(self.len()));
        out.extend(count(self.levels.len()));
        let mut numbers = vec![self.gap, self.budget];
        numbers.extend(self.heads.iter().flat_map(|h| [h.scale, h.bias, h.slope, h.offset]));
        for level in &self.levels {
            numbers.push(level.budget);
            numbers.extend(level.thresholds);
        }
        out.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
        out.extend(self.features.bytes());
        let sum = fnv(&out);
        out.extend(sum.to_le_bytes());
        out
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let (mut model, features) = Self::parse(bytes)?;
        model.features = Features::of(Cow::Owned(features.bytes.to_vec()), features.len);
        let (body, sum) = bytes.split_at(bytes.len().saturating_sub(8));
        if fnv(body).to_le_bytes() != sum {
            return Err(ModelError::CheckSum);
        }
        model.checked()
    }

    /// The same for a file that is part of the program, which is taken as sound: nothing is copied or summed up.
    ///
    /// # Errors
    /// It is no model of this version, or not of its length.
    pub(super) fn builtin(bytes: &'static [u8]) -> Result<Self, ModelError> {
        let (mut model, features) = Self::parse(bytes)?;
        model.features = Features::of(Cow::Borrowed(features.bytes), features.len);
        Ok(model)
    }

    /// A model without its features, and the bytes of those.
    fn parse(bytes: &[u8]) -> Result<(Self, Body<'_>), ModelError> {
        let (version, body) = bytes.strip_prefix(MAGIC).and_then(<[u8]>::split_first).ok_or(ModelError::NotAModel)?;
        if *version != VERSION {
            return Err(ModelError::Version(*version));
        }
        let found = bytes.len();
        let cut = |wanted| ModelError::Length { wanted, found };
        let mut head = Reader(body);
        let (features, levels) = head.u32().zip(head.u32()).ok_or(cut(16))?;
        let (features, levels) = (features as usize, levels as usize);
        let wanted = Features::size(features).saturating_add(levels.saturating_mul(16)).saturating_add(16 + 56 + 8);
        if found != wanted {
            return Err(cut(wanted));
        }
        let model = Self::numbers(&mut head, levels).ok_or(cut(wanted))?;
        let bytes = head.take(Features::size(features)).ok_or(cut(wanted))?;
        Ok((model, Body { bytes, len: features }))
    }

    fn numbers(head: &mut Reader<'_>, levels: usize) -> Option<Self> {
        let mut model = Self::new(head.f32()?, head.f32()?);
        for h in &mut model.heads {
            *h = Head { scale: head.f32()?, bias: head.f32()?, slope: head.f32()?, offset: head.f32()? };
        }
        for _ in 0..levels {
            model.levels.push(Level { budget: head.f32()?, thresholds: head.three()? });
        }
        Some(model)
    }

    fn checked(self) -> Result<Self, ModelError> {
        let heads = self.heads.iter().flat_map(|h| [h.scale, h.bias, h.slope, h.offset]);
        let numbers = [self.gap, self.budget].into_iter().chain(heads);
        if !numbers.chain(self.levels.iter().map(|l| l.budget)).all(f32::is_finite) {
            return Err(ModelError::Content("a number in it is not finite"));
        }
        if self.levels.is_empty() || self.levels.iter().flat_map(|l| l.thresholds).any(f32::is_nan) {
            return Err(ModelError::Content("it has no threshold"));
        }
        if self.features.is_sound() && self.levels.is_sorted_by(|a, b| a.budget < b.budget) {
            Ok(self)
        } else {
            Err(ModelError::Content("its features or budgets are not in order"))
        }
    }
}

/// The features of a file: the bytes of their table, and how many they are.
struct Body<'b> {
    bytes: &'b [u8],
    len: usize,
}

/// The length of a vector, at least so much that one can divide by it.
pub(super) fn length(values: impl Iterator<Item = f32>) -> f32 {
    values.map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_that_of_a_vector_and_never_nothing() {
        assert!((length([3.0, 4.0].into_iter()) - 5.0).abs() < 1e-6);
        assert!(length([0.0, 0.0].into_iter()) > 0.0);
    }
}

//! What is met in a block of a text: its features, noted token by token, and groups of them, worked out when asked for.

use super::need::{Feature, Group, Groups};
use std::ops::BitOr;

/// Places of a block: bit n for its n-th token.
pub(super) type Places = u128;

/// Features and groups that are met in the block at hand.
#[derive(Default)]
pub(super) struct Marks {
    /// Where each feature is met, and which are.
    features: Vec<Places>,
    seen: Vec<Feature>,
    /// Where each group is met, as far as it was asked for, and which were.
    groups: Vec<Option<Places>>,
    asked: Vec<Group>,
}

impl Marks {
    /// None, in a constant.
    pub(super) const fn new() -> Self {
        Self { features: Vec::new(), seen: Vec::new(), groups: Vec::new(), asked: Vec::new() }
    }

    /// Notes `feature` at the block's token number `at`.
    pub(super) fn note(&mut self, feature: Feature, at: usize) {
        let number = feature as usize;
        if number >= self.features.len() {
            self.features.resize(number + 1, 0);
        }
        if let Some(places) = self.features.get_mut(number) {
            if *places == 0 {
                self.seen.push(feature);
            }
            *places |= 1 << at;
        }
    }

    /// The features that are met.
    pub(super) fn seen(&self) -> &[Feature] {
        &self.seen
    }

    /// Where a group is met.
    pub(super) fn places(&mut self, group: Group, groups: &Groups) -> Places {
        let number = group as usize;
        if number >= self.groups.len() {
            self.groups.resize(number + 1, None);
        }
        if let Some(Some(known)) = self.groups.get(number) {
            return *known;
        }
        let features = groups.features(group);
        let at = |feature: &Feature| self.features.get(*feature as usize).copied().unwrap_or(0);
        // A long list has more words than a block: there it is quicker to look for the block's words in the list.
        let places = if features.len() < 8 * self.seen.len() {
            features.iter().map(at).fold(0, Places::bitor)
        } else {
            let met = self.seen.iter().filter(|f| features.binary_search(f).is_ok());
            met.map(at).fold(0, Places::bitor)
        };
        if let Some(place) = self.groups.get_mut(number) {
            *place = Some(places);
        }
        self.asked.push(group);
        places
    }

    /// Forgets all, at the cost of what was noted.
    pub(super) fn clear(&mut self) {
        for feature in self.seen.drain(..) {
            if let Some(places) = self.features.get_mut(feature as usize) {
                *places = 0;
            }
        }
        for group in self.asked.drain(..) {
            if let Some(places) = self.groups.get_mut(group as usize) {
                *places = None;
            }
        }
    }
}

/// Groups by the features that meet them: those of feature `f` from `starts[f]` to `starts[f + 1]`.
#[derive(Default)]
pub(super) struct Triggers {
    starts: Vec<u32>,
    groups: Vec<Group>,
}

impl Triggers {
    /// Sorts `wanted` groups by their features.
    pub(super) fn new(wanted: &[Group], groups: &Groups) -> Self {
        let all = || wanted.iter().flat_map(|g| groups.features(*g).iter().map(|f| (*f as usize, *g)));
        let features = all().map(|(feature, _)| feature + 1).max().unwrap_or(0);
        let mut starts = vec![0_u32; features + 1];
        for (feature, _) in all() {
            if let Some(count) = starts.get_mut(feature + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let (mut next, mut sorted) = (starts.clone(), vec![0; sum as usize]);
        for (feature, group) in all() {
            let Some(next) = next.get_mut(feature) else { continue };
            if let Some(place) = sorted.get_mut(*next as usize) {
                *place = group;
            }
            *next += 1;
        }
        Self { starts, groups: sorted }
    }

    /// The groups that `feature` meets.
    pub(super) fn of(&self, feature: Feature) -> &[Group] {
        let at = |i: usize| self.starts.get(i).map_or(0, |n| *n as usize);
        let feature = feature as usize;
        self.groups.get(at(feature)..at(feature + 1)).unwrap_or_default()
    }
}

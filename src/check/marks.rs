//! What is met in a block of a text: its features, noted token by token, and groups and classes, worked out when asked for.
//!
//! A block has a few dozen features out of tens of thousands. So where each is met stands in a short list, and a table of
//! small numbers says where in the list: a look into that is all that a feature costs that is not met.
//!
//! What was found out of a block serves all phrases that ask about it: where a group is met, where a class can begin, and
//! from where a list was looked for in vain.

use super::{
    class::Class,
    need::{Feature, Group, Groups},
    program::Node,
};
use std::cell::{Cell, RefCell};

/// Places of a block: bit n for its n-th token.
pub(super) type Places = u128;

/// Features of a group below which it is quicker to look for each than to remember where the group is met.
const FEW: usize = 4;

/// Nodes of which something is remembered.
const REMEMBERED: usize = 64;

/// Features, groups and classes that are met in the block at hand.
pub(super) struct Marks {
    features: Slots,
    /// As far as they were asked for.
    groups: RefCell<Slots>,
    classes: Cell<Vec<(Class, Places)>>,
    said: Places,
    /// By node, for the nodes met last with each remainder: the node, the number of the block, and places of the block
    /// from which the node does not match.
    barren: [Cell<(u32, u32, Places)>; REMEMBERED],
    block: u32,
}

/// Places by number: where some numbers of many are met.
struct Slots {
    /// By number: one more than its index in `met`, or 0.
    slots: Vec<u32>,
    met: Vec<(u32, Places)>,
}

impl Slots {
    const fn new() -> Self {
        Self { slots: Vec::new(), met: Vec::new() }
    }

    /// Where a number is met, if anything was said of it.
    #[inline]
    fn get(&self, number: u32) -> Option<Places> {
        match *self.slots.get(number as usize)? {
            0 => None,
            slot => self.met.get(slot as usize - 1).map(|(_, places)| *places),
        }
    }

    /// Adds `places` to where a number is met.
    #[inline]
    fn add(&mut self, number: u32, places: Places) {
        let at = number as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, 0);
        }
        let Some(slot) = self.slots.get_mut(at) else { return };
        if *slot == 0 {
            self.met.push((number, places));
            *slot = u32::try_from(self.met.len()).unwrap_or(0);
        } else if let Some((_, known)) = self.met.get_mut(*slot as usize - 1) {
            *known |= places;
        }
    }

    fn clear(&mut self) {
        for (number, _) in self.met.drain(..) {
            if let Some(slot) = self.slots.get_mut(number as usize) {
                *slot = 0;
            }
        }
    }
}

impl Marks {
    /// None, in a constant.
    pub(super) const fn new() -> Self {
        let barren = [const { Cell::new((0, 0, 0)) }; REMEMBERED];
        Self {
            features: Slots::new(),
            groups: RefCell::new(Slots::new()),
            classes: Cell::new(Vec::new()),
            said: 0,
            barren,
            block: 1,
        }
    }

    /// Notes where a word is said, and no mark or emoji.
    pub(super) fn note_said(&mut self, places: Places) {
        self.said = places;
    }

    /// Notes `feature` at a place of the block.
    #[inline]
    pub(super) fn note(&mut self, feature: Feature, place: Places) {
        self.features.add(feature, place);
    }

    /// Where any of `features` is met.
    #[inline]
    pub(super) fn any(&self, features: impl IntoIterator<Item = Feature>) -> Places {
        let mut all = 0;
        for feature in features {
            // Hardly any is: a branch is cheaper than adding nothing.
            if let Some(places) = self.features.get(feature) {
                all |= places;
            }
        }
        all
    }

    /// Where a word is said, and no mark or emoji.
    pub(super) fn said(&self) -> Places {
        self.said
    }

    /// Takes as known where the groups of `triggers` are met, and gives them: of all others it is worked out when asked for.
    pub(super) fn trigger(&mut self, triggers: &Triggers) -> Vec<Group> {
        let known = self.groups.get_mut();
        for (feature, places) in &self.features.met {
            triggers.of(*feature).iter().for_each(|group| known.add(*group, *places));
        }
        known.met.iter().map(|(group, _)| *group).collect()
    }

    /// Where a group is met.
    #[inline]
    pub(super) fn places(&self, group: Group, groups: &Groups) -> Places {
        let features = groups.features(group);
        if features.len() < FEW {
            return self.any(features.iter().copied());
        }
        if let Some(known) = self.groups.borrow().get(group) {
            return known;
        }
        // A long list has more words than a block: there it is quicker to look for the block's words in the list.
        let met = &self.features.met;
        let places = if features.len() < 12 * met.len() {
            self.any(features.iter().copied())
        } else {
            met.iter().filter(|(f, _)| features.binary_search(f).is_ok()).fold(0, |all, (_, places)| all | places)
        };
        self.groups.borrow_mut().add(group, places);
        places
    }

    /// Where a class can begin; `find` finds it out.
    pub(super) fn class(&self, class: Class, find: impl FnOnce() -> Places) -> Places {
        let mut classes = self.classes.take();
        let known = classes.iter().find(|(other, _)| *other == class).map(|(_, places)| *places);
        let places = known.unwrap_or_else(find);
        if known.is_none() {
            classes.push((class, places));
        }
        self.classes.set(classes);
        places
    }

    /// Places from which `node` is known not to match.
    #[inline]
    pub(super) fn barren(&self, node: Node) -> Places {
        let known = self.barren.get(node.0 as usize % REMEMBERED).map(Cell::get);
        known.filter(|(known, block, _)| *known == node.0 && *block == self.block).map_or(0, |(_, _, places)| places)
    }

    /// Remembers that `node` does not match from `places`.
    pub(super) fn note_barren(&self, node: Node, places: Places) {
        if let Some(known) = self.barren.get(node.0 as usize % REMEMBERED) {
            known.set((node.0, self.block, self.barren(node) | places));
        }
    }

    /// Forgets all, at the cost of what was noted.
    pub(super) fn clear(&mut self) {
        self.features.clear();
        self.groups.get_mut().clear();
        self.classes.get_mut().clear();
        self.block = self.block.wrapping_add(1);
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
        let features = wanted.iter().filter_map(|group| groups.features(*group).last()).max();
        // First how many groups a feature has, then where those behind it begin: filled from there backwards, that becomes
        // where its own begin.
        let mut starts = vec![0_u32; features.map_or(1, |last| *last as usize + 2)];
        for group in wanted {
            for feature in groups.features(*group) {
                if let Some(count) = starts.get_mut(*feature as usize) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut sorted = vec![0; sum as usize];
        for group in wanted {
            for feature in groups.features(*group) {
                let Some(next) = starts.get_mut(*feature as usize) else { continue };
                *next -= 1;
                if let Some(place) = sorted.get_mut(*next as usize) {
                    *place = *group;
                }
            }
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

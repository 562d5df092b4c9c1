//! Floor 2, adapters: judging a matched value by its own rules, a check digit or a range.
//!
//! A family of identifiers is one file and its rows of [`VALIDATORS`].

/// What a validator makes of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Well formed. `bonus` is added to the confidence: how rarely random digits would pass (0 where nothing is checked).
    Valid {
        /// From 0 to 0.5.
        bonus: f32,
    },
    /// Not such a value; the hit is dropped.
    Invalid,
    /// Of a range that nobody can own: drama numbers, test cards, documentation addresses.
    Reserved {
        /// As for `Valid`.
        bonus: f32,
    },
}

/// A named judge of matched values.
pub trait Validator: Sync {
    /// Its name in packs.
    fn name(&self) -> &'static str;
    /// Judges `value`, the matched folded text (spaces, dots and dashes as typed).
    fn judge(&self, value: &str) -> Verdict;
}

/// All validators.
pub const VALIDATORS: &[&dyn Validator] = &[];

/// The validator called `name`.
pub fn find(name: &str) -> Option<&'static dyn Validator> {
    VALIDATORS.iter().copied().find(|v| v.name() == name)
}

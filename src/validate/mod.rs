//! Floor 2, adapters: judging a matched value by its own rules, a check digit or a range.
//!
//! A family of identifiers is one file and its rows of [`VALIDATORS`]. A judge sees the matched text as it was typed and
//! takes spaces, dots and dashes out itself, so a pack may match a number in any grouping.
//!
//! The bonus says how rarely random digits pass: a check of two digits in 97 weighs more than one in eleven, and none
//! weighs enough to settle a case alone, since one in ten of all order numbers is a well-formed NHS number.

mod date;
mod email;
mod health;
mod money;
mod network;
mod phone;
mod place;
mod school;
mod secret;
mod tax;
mod text;
mod travel;
mod vehicle;

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

/// Every validator, by family. Docs, completions and the schema read this table.
pub static VALIDATORS: &[&dyn Validator] = &[
    &health::NHS_NUMBER,
    &health::CHI_NUMBER,
    &tax::NINO,
    &tax::UTR,
    &tax::VAT_NUMBER,
    &tax::TRN,
    &tax::PAYE_REF,
    &travel::PASSPORT,
    &travel::PASSPORT_MRZ,
    &travel::DRIVING_LICENCE,
    &vehicle::VEHICLE_REG,
    &vehicle::VEHICLE_REG_OLDER,
    &school::UPN,
    &money::IBAN,
    &money::PAYMENT_CARD,
    &money::LUHN,
    &money::SORT_CODE,
    &money::CVV,
    &phone::UK_MOBILE,
    &phone::UK_LANDLINE,
    &phone::UK_NONGEO,
    &phone::UK_PREMIUM,
    &phone::UK_PHONE,
    &email::EMAIL,
    &email::EMAIL_PERSONAL,
    &email::EMAIL_WEBMAIL,
    &email::EMAIL_NAMED,
    &email::EMAIL_ROLE,
    &email::EMAIL_OBFUSCATED,
    &place::POSTCODE,
    &place::COORDINATES,
    &date::DOB,
    &secret::GITHUB_TOKEN,
    &secret::AWS_KEY,
    &secret::PASSWORD_VALUE,
    &secret::ENTROPY,
    &secret::OTP,
    &network::PRIVATE_IP,
    &network::MAC,
    &network::INTERNAL_HOST,
    &text::SHOUTING,
    &text::HASHTAG_CASE,
];

/// The validator of that name.
///
/// ```
/// use postlint::validate::{Verdict, find};
/// let nhs = find("nhs-number").expect("a built-in validator");
/// assert_eq!(nhs.judge("999 000 0019"), Verdict::Invalid);
/// ```
pub fn find(name: &str) -> Option<&'static dyn Validator> {
    VALIDATORS.iter().copied().find(|validator| validator.name() == name)
}

/// A validator that is one function: all of them are.
struct Judge {
    name: &'static str,
    judge: fn(&str) -> Verdict,
}

impl Judge {
    const fn new(name: &'static str, judge: fn(&str) -> Verdict) -> Self {
        Self { name, judge }
    }
}

impl Validator for Judge {
    fn name(&self) -> &'static str {
        self.name
    }

    fn judge(&self, value: &str) -> Verdict {
        (self.judge)(value)
    }
}

const fn valid(bonus: f32) -> Verdict {
    Verdict::Valid { bonus }
}

const fn reserved(bonus: f32) -> Verdict {
    Verdict::Reserved { bonus }
}

/// `Valid` with `bonus` where `good`, else `Invalid`.
fn valid_if(good: bool, bonus: f32) -> Verdict {
    if good { valid(bonus) } else { Verdict::Invalid }
}

/// Letters and digits only, upper case: how a value is compared once its grouping is gone.
fn compact(value: &str) -> String {
    value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The values of the digits of `value`, in order; anything else is left out.
fn digits(value: &str) -> Vec<u32> {
    value.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// One digit, repeated: passes most check-digit rules and is nobody's number.
fn is_repeated<T: PartialEq>(values: &[T]) -> bool {
    values.first().is_some_and(|first| values.iter().all(|v| v == first))
}

/// The sum of `values` times `weights`, pairwise.
fn weighted(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// The number that `values` spell in base ten.
fn number(values: &[u32]) -> u64 {
    values.iter().fold(0, |n, d| n * 10 + u64::from(*d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_unique_and_found() {
        for (i, validator) in VALIDATORS.iter().enumerate() {
            assert!(VALIDATORS[..i].iter().all(|v| v.name() != validator.name()), "{} twice", validator.name());
            assert_eq!(find(validator.name()).unwrap().name(), validator.name());
        }
        assert!(find("no-such-validator").is_none());
    }

    proptest! {
        #[test]
        fn no_judge_panics_and_bonuses_stay_in_range(value in "\\PC{0,40}") {
            for validator in VALIDATORS {
                match validator.judge(&value) {
                    Verdict::Valid { bonus } | Verdict::Reserved { bonus } => prop_assert!((0.0..=0.5).contains(&bonus)),
                    Verdict::Invalid => {}
                }
            }
        }

        #[test]
        fn grouping_does_not_change_the_kind_of_verdict(value in "[0-9]{8,16}", at in 1usize..7) {
            let (head, tail) = value.split_at(at);
            let grouped = format!("{head} {tail}");
            for name in ["nhs-number", "utr", "payment-card", "uk-mobile", "luhn"] {
                let judge = find(name).unwrap();
                prop_assert_eq!(
                    std::mem::discriminant(&judge.judge(&value)),
                    std::mem::discriminant(&judge.judge(&grouped))
                );
            }
        }
    }
}

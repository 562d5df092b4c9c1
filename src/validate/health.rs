//! Health numbers: NHS number (England, Wales, Isle of Man), Scottish CHI and Northern Irish H&C number.

use super::{Judge, Verdict, digits, is_repeated, number, reserved, valid, weighted};

/// Ten digits, modulus 11. Source: NHS Data Dictionary, "NHS NUMBER".
pub(super) static NHS_NUMBER: Judge = Judge::new("nhs-number", nhs);

/// Ten digits that begin with a date of birth (CHI) or lie in the Northern Irish range, same check digit.
pub(super) static CHI_NUMBER: Judge = Judge::new("chi-number", chi);

/// Numbers above 999 000 0000 are kept for tests.
const TEST_RANGE: u64 = 9_990_000_000;
/// One random number in eleven passes.
const CHECK_DIGIT: f32 = 0.1;
/// Written 3-3-4 as on a letter.
const GROUPED: f32 = 0.2;

fn nhs(value: &str) -> Verdict {
    let digits = digits(value);
    if !passes(&digits) {
        return Verdict::Invalid;
    }
    let bonus = if is_grouped(value) { CHECK_DIGIT + GROUPED } else { CHECK_DIGIT };
    if number(&digits) >= TEST_RANGE { reserved(bonus) } else { valid(bonus) }
}

fn chi(value: &str) -> Verdict {
    let digits = digits(value);
    // Ten digits are a number; what an embedder passes may be a thousand.
    if !passes(&digits) {
        return Verdict::Invalid;
    }
    let dated = matches!(digits.get(..4).map(number), Some(ddmm) if (1..=31).contains(&(ddmm / 100)) && (1..=12).contains(&(ddmm % 100)));
    let northern_irish = (3_200_000_010..=3_999_999_999).contains(&number(&digits));
    if dated || northern_irish { valid(CHECK_DIGIT) } else { Verdict::Invalid }
}

/// Weights 10 to 2 on the first nine digits; 11 less the remainder is the tenth, 11 counts as 0, and 10 does not exist.
/// All ten repeated digits pass and are refused.
fn passes(digits: &[u32]) -> bool {
    let [body @ .., check] = digits else { return false };
    if digits.len() != 10 || is_repeated(digits) {
        return false;
    }
    let expected = (11 - weighted(body, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    expected == *check
}

fn is_grouped(value: &str) -> bool {
    let lengths: Vec<usize> = value.split([' ', '-', '.']).map(str::len).collect();
    lengths == [3, 3, 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_range_is_reserved_and_a_wrong_check_digit_is_not_a_number() {
        assert_eq!(nhs("999 000 0018"), reserved(0.3));
        assert_eq!(nhs("9990000018"), reserved(0.1));
        assert_eq!(nhs("999 000 0019"), Verdict::Invalid);
    }

    #[test]
    fn ordinary_numbers_are_checked_by_modulus_eleven() {
        assert!(matches!(nhs("943 476 5870"), Verdict::Valid { .. }));
        assert_eq!(nhs("943 476 5871"), Verdict::Invalid);
        assert_eq!(nhs("987 654 4321"), Verdict::Invalid);
        assert_eq!(nhs("485 777 3456"), Verdict::Invalid);
    }

    #[test]
    fn one_digit_repeated_is_nobodys_number() {
        for digit in '0'..='9' {
            assert_eq!(nhs(&digit.to_string().repeat(10)), Verdict::Invalid);
        }
    }

    #[test]
    fn chi_begins_with_a_day_and_a_month() {
        assert_eq!(chi("010101 0001"), valid(0.1));
        assert_eq!(chi("010101 0002"), Verdict::Invalid);
        assert_eq!(chi("943 476 5870"), Verdict::Invalid);
    }

    #[test]
    fn a_thousand_digits_are_no_health_number() {
        for judge in [nhs, chi] {
            assert_eq!(judge(&"9".repeat(1_000)), Verdict::Invalid);
        }
    }
}

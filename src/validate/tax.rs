//! Tax numbers: National Insurance, taxpayer and VAT references, temporary reference, employer PAYE reference.

use super::{Judge, Verdict, compact, digits, is_repeated, number, reserved, valid, valid_if, weighted};

/// Two letters, six digits, a letter A to D. Source: HMRC manual NIM39110.
pub(super) static NINO: Judge = Judge::new("nino", nino);
/// Ten digits of which the first is the check digit. Source: HMRC specification for Self Assessment references.
pub(super) static UTR: Judge = Judge::new("utr", utr);
/// GB or XI with 9 or 12 digits, modulus 97 in two series, or GD and HA numbers of public bodies. Source: HMRC VATREG.
pub(super) static VAT_NUMBER: Judge = Judge::new("vat-number", vat);
/// Two digits, a letter, five digits: given until a National Insurance number is known.
pub(super) static TRN: Judge = Judge::new("trn", trn);
/// Three-digit tax office, a slash, the employer's reference.
pub(super) static PAYE_REF: Judge = Judge::new("paye-ref", paye);

/// Prefixes that are not issued.
const UNALLOCATED: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
/// Prefixes for administration: not a person's number.
const ADMINISTRATIVE: [&str; 8] = ["OO", "CR", "FY", "MW", "NC", "PP", "PY", "PZ"];

/// A number that cannot have been issued is still the shape of a leak, so `QQ` (HMRC's own example) and the unallocated
/// prefixes are reserved; the latter only as payslips show them, in capitals and pairs, since product codes look alike.
fn nino(value: &str) -> Verdict {
    let number = compact(value);
    let (Some(prefix), Some(digits), suffix) = (number.get(..2), number.get(2..8), number.get(8..).unwrap_or_default())
    else {
        return Verdict::Invalid;
    };
    let shape = digits.bytes().all(|b| b.is_ascii_digit()) && matches!(suffix, "A" | "B" | "C" | "D" | "");
    if !shape {
        return Verdict::Invalid;
    }
    if prefix == "QQ" {
        return reserved(0.2);
    }
    let allowed = |c: char, never: &str| c.is_ascii_uppercase() && !never.contains(c);
    let mut letters = prefix.chars();
    let letters_ok = letters.next().is_some_and(|c| allowed(c, "DFIQUV"))
        && (letters.next().is_some_and(|c| allowed(c, "DFIOQUV")) || prefix == "OO");
    let as_on_a_payslip = value.contains(' ') && !value.contains(|c: char| c.is_ascii_lowercase());
    match letters_ok {
        false => Verdict::Invalid,
        true if UNALLOCATED.contains(&prefix) => {
            if as_on_a_payslip {
                reserved(0.0)
            } else {
                Verdict::Invalid
            }
        }
        true if ADMINISTRATIVE.contains(&prefix) => reserved(0.0),
        true => valid(if value.contains(' ') { 0.2 } else { 0.1 }),
    }
}

fn utr(value: &str) -> Verdict {
    let digits = digits(value.trim_end_matches(['k', 'K']));
    let [check, body @ ..] = digits.as_slice() else { return Verdict::Invalid };
    let remainder = weighted(body, &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    let expected = [2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1].get(remainder as usize);
    valid_if(digits.len() == 10 && !is_repeated(&digits) && expected == Some(check), 0.1)
}

fn vat(value: &str) -> Verdict {
    let all = compact(value);
    let number_part = all.strip_prefix("GB").or_else(|| all.strip_prefix("XI")).unwrap_or(&all);
    if let Some(government) = number_part.strip_prefix("GD") {
        return valid_if(government.len() == 3 && government.parse::<u16>().is_ok_and(|n| n < 500), 0.1);
    }
    if let Some(health) = number_part.strip_prefix("HA") {
        return valid_if(health.len() == 3 && health.parse::<u16>().is_ok_and(|n| (500..1000).contains(&n)), 0.1);
    }
    let digits = digits(number_part);
    if digits.len() != number_part.len() || !matches!(digits.len(), 9 | 12) || is_repeated(&digits) {
        return Verdict::Invalid;
    }
    let total = u64::from(weighted(&digits, &[8, 7, 6, 5, 4, 3, 2])) + digits.get(7..9).map_or(0, number);
    valid_if(total.is_multiple_of(97) || (total + 55).is_multiple_of(97), 0.3)
}

fn trn(value: &str) -> Verdict {
    let all = compact(value);
    let shape = all.len() == 8
        && all.bytes().enumerate().all(|(i, b)| if i == 2 { b.is_ascii_uppercase() } else { b.is_ascii_digit() });
    valid_if(shape, 0.0)
}

fn paye(value: &str) -> Verdict {
    let Some((office, reference)) = value.split_once('/') else { return Verdict::Invalid };
    let office_ok = office.len() == 3 && office.bytes().all(|b| b.is_ascii_digit());
    let reference_ok = (1..=10).contains(&reference.len())
        && reference.starts_with(|c: char| c.is_ascii_alphabetic())
        && reference.bytes().all(|b| b.is_ascii_alphanumeric());
    valid_if(office_ok && reference_ok, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_issued_national_insurance_numbers_are_reserved() {
        for value in ["QQ 12 34 56 A", "qq123456c", "TN 01 01 90 A", "ZZ 99 99 99 D", "PY 12 34 56 A"] {
            assert!(matches!(nino(value), Verdict::Reserved { .. }), "{value}");
        }
    }

    #[test]
    fn national_insurance_prefix_and_suffix_are_checked() {
        assert!(matches!(nino("AB 12 34 56 C"), Verdict::Valid { .. }));
        assert!(matches!(nino("tw987654a"), Verdict::Valid { .. }));
        for value in
            ["AB 12 34 56 E", "FQ 00 00 00 C", "UV 98 76 54 B", "BG123612A", "nt 99 88 77 a", "AO 12 34 56 A", "A"]
        {
            assert_eq!(nino(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn taxpayer_reference_has_its_check_digit_first() {
        assert_eq!(utr("1955839661"), valid(0.1));
        assert_eq!(utr("19558 39661K"), valid(0.1));
        assert_eq!(utr("2955839661"), Verdict::Invalid);
    }

    #[test]
    fn vat_numbers_of_both_series_pass() {
        for value in ["GB 999 9999 73", "GB 123 4567 82", "GB 123 4567 27", "GB 999 9999 18", "GB GD001", "GB HA500"] {
            assert!(matches!(vat(value), Verdict::Valid { .. }), "{value}");
        }
        for value in ["GB 999 9999 00", "GB GD500", "GB HA499", "GB 12"] {
            assert_eq!(vat(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn temporary_and_employer_references_are_checked_by_shape() {
        assert_eq!(trn("11 A1 11 11"), valid(0.0));
        assert_eq!(trn("11 AA 11 11"), Verdict::Invalid);
        assert_eq!(paye("123/AB456"), valid(0.0));
        assert_eq!(paye("123/45678"), Verdict::Invalid);
    }
}

//! UK telephone numbers, with the ranges that Ofcom keeps for drama.

use super::{Judge, Verdict, reserved, valid};

/// 07 numbers: mobiles, 070 personal numbers and pagers. Source: Ofcom, National Telephone Numbering Plan.
pub(super) static UK_MOBILE: Judge = Judge::new("uk-mobile", mobile);
/// 01 and 02 numbers.
pub(super) static UK_LANDLINE: Judge = Judge::new("uk-landline", landline);
/// 03, 05, 08 and 09 numbers.
pub(super) static UK_NONGEO: Judge = Judge::new("uk-nongeo", nongeo);
/// 084, 087 and 09 numbers, whose charge must be stated.
pub(super) static UK_PREMIUM: Judge = Judge::new("uk-premium", premium);
/// Any of these.
pub(super) static UK_PHONE: Judge = Judge::new("uk-phone", phone);

/// Ranges of a thousand numbers each that are kept for drama: the digits after the leading 0, less the last three.
/// Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
const DRAMA: &[&str] = &[
    "7700900", "1632960", "2079460", "1134960", "1144960", "1154960", "1164960", "1174960", "1184960", "1214960",
    "1314960", "1414960", "1514960", "1614960", "1914980", "2896496", "2920180", "8081570", "9098790", "3069990",
];

/// The digits of a UK number from the leading 0 on, with +44, 0044 and (0) folded.
fn national(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let international = digits.strip_prefix("0044").or_else(|| digits.strip_prefix("44"));
    match international {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => digits,
    }
}

fn in_range(value: &str, good: impl Fn(&str) -> bool) -> Verdict {
    let number = national(value);
    let Some(significant) = number.strip_prefix('0') else { return Verdict::Invalid };
    if !good(significant) {
        return Verdict::Invalid;
    }
    if DRAMA.iter().any(|range| significant.starts_with(range)) { reserved(0.0) } else { valid(0.0) }
}

fn mobile(value: &str) -> Verdict {
    in_range(value, |number| number.len() == 10 && number.starts_with('7'))
}

fn landline(value: &str) -> Verdict {
    in_range(value, |number| match number.len() {
        10 => number.starts_with('1') || ["20", "23", "24", "28", "29"].iter().any(|area| number.starts_with(area)),
        9 => number.starts_with('1'),
        _ => false,
    })
}

/// Ten digits after the 0, or an 0800 or 0500 number of nine, or Childline's 0800 1111.
fn nongeo(value: &str) -> Verdict {
    in_range(value, |number| match number.len() {
        10 => number.starts_with(['3', '5', '8', '9']),
        9 => number.starts_with("800") || number.starts_with("500"),
        7 => number == "8001111",
        _ => false,
    })
}

fn premium(value: &str) -> Verdict {
    in_range(value, |number| number.len() == 10 && ["84", "87", "9"].iter().any(|range| number.starts_with(range)))
}

fn phone(value: &str) -> Verdict {
    let verdicts = [mobile, landline, nongeo].map(|judge| judge(value));
    verdicts.into_iter().find(|verdict| *verdict != Verdict::Invalid).unwrap_or(Verdict::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drama_numbers_are_reserved() {
        for value in ["07700 900000", "+44 (0)7700 900 999", "0044 7700 900123", "07700-900-123"] {
            assert_eq!(mobile(value), reserved(0.0), "{value}");
        }
        for value in
            ["01632 960123", "(01632) 960 123", "020 7946 0999", "0113 496 0123", "0191 498 0000", "028 9649 6123"]
        {
            assert_eq!(landline(value), reserved(0.0), "{value}");
        }
        for value in ["0808 157 0123", "03069 990123", "0909 879 0123"] {
            assert_eq!(nongeo(value), reserved(0.0), "{value}");
        }
    }

    #[test]
    fn a_range_for_drama_ends_after_a_thousand_numbers() {
        for range in DRAMA {
            let start: u64 = format!("{range}000").parse().unwrap();
            for (number, kept) in [(start - 1, false), (start, true), (start + 999, true), (start + 1_000, false)] {
                assert_eq!(phone(&format!("0{number}")), if kept { reserved(0.0) } else { valid(0.0) }, "0{number}");
            }
        }
        for value in ["0113 496 1000", "0191 498 1000", "029 2018 1000", "0808 157 1000"] {
            assert_eq!(phone(value), valid(0.0), "{value}");
        }
    }

    #[test]
    fn numbers_of_the_wrong_length_or_range_are_refused() {
        assert_eq!(mobile("07700 90012"), Verdict::Invalid);
        assert_eq!(mobile("01632 960123"), Verdict::Invalid);
        assert_eq!(landline("07700 900123"), Verdict::Invalid);
        assert_eq!(phone("12345678"), Verdict::Invalid);
        assert_eq!(phone("0800 1111"), valid(0.0));
        assert_eq!(premium("0845 123 4567"), valid(0.0));
        assert_eq!(premium("0345 123 4567"), Verdict::Invalid);
    }
}

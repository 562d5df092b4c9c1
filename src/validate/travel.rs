//! Travel documents: passport, its machine-readable line, GB driver number.

use super::{Judge, Verdict, compact, is_repeated, reserved, valid, valid_if};

/// Nine digits (classic) or two letters and seven digits (newer). Neither form has a check digit outside the machine line.
pub(super) static PASSPORT: Judge = Judge::new("passport", passport);
/// Second machine-readable line: number, nationality, birth, sex and expiry with check digits. Source: ICAO 9303-4.
pub(super) static PASSPORT_MRZ: Judge = Judge::new("passport-mrz", mrz);
/// Sixteen characters that carry surname, date of birth, sex and initials. Source: DVLA, INF1D.
pub(super) static DRIVING_LICENCE: Judge = Judge::new("driving-licence", licence);

/// The holders on DVLA's own specimen licences.
const SPECIMEN_DRIVERS: [&str; 3] = ["MORGA657054SM9IJ", "MORGA753116SM9IJ", "MORGA607054SM9IJ"];

fn passport(value: &str) -> Verdict {
    let all: Vec<u8> = compact(value).into_bytes();
    let letters = all.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let shape = all.len() == 9
        && matches!(letters, 0 | 2)
        && all.get(letters..).is_some_and(|d| d.iter().all(u8::is_ascii_digit) && !is_repeated(d));
    valid_if(shape, 0.0)
}

fn mrz(value: &str) -> Verdict {
    let line: Vec<char> = value.chars().filter(|c| !c.is_whitespace()).collect();
    let checked = |field: std::ops::Range<usize>, at: usize| {
        let sum = line.get(field).and_then(mrz_sum);
        sum.is_some() && sum == line.get(at).and_then(|c| c.to_digit(10))
    };
    valid_if(checked(0..9, 9) && checked(13..19, 19) && checked(21..27, 27), 0.4)
}

/// Weights 7, 3, 1 over digits, letters from A = 10, and `<` = 0, modulus 10.
fn mrz_sum(chars: &[char]) -> Option<u32> {
    chars.iter().zip([7, 3, 1].iter().cycle()).try_fold(0, |sum, (c, weight)| {
        let worth = if *c == '<' { 0 } else { c.to_digit(36)? };
        Some((sum + worth * weight) % 10)
    })
}

fn licence(value: &str) -> Verdict {
    let all = compact(value);
    let Some(driver) = all.get(..16) else { return Verdict::Invalid };
    if !matches!(all.len(), 16 | 18) || !is_driver(driver.as_bytes()) {
        return Verdict::Invalid;
    }
    if SPECIMEN_DRIVERS.contains(&driver) { reserved(0.3) } else { valid(0.3) }
}

/// Surname padded with nines, decade, month (plus 50 for women), day, year, two initials padded with nines, and the rest.
fn is_driver(driver: &[u8]) -> bool {
    let &[s1, s2, s3, s4, s5, decade, m1, m2, d1, d2, year, i1, i2, any, c1, c2] = driver else { return false };
    let surname = [s1, s2, s3, s4, s5];
    let letters = surname.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let padded = letters > 0 && surname.iter().skip(letters).all(|b| *b == b'9');
    let two = |tens: u8, ones: u8| -> Option<u32> {
        Some(char::from(tens).to_digit(10)? * 10 + char::from(ones).to_digit(10)?)
    };
    let (Some(month), Some(day), Some(year)) = (two(m1, m2), two(d1, d2), two(decade, year)) else { return false };
    let initial = |b: u8| b.is_ascii_uppercase() || b == b'9';
    padded
        && day_exists(day, month % 50, year)
        && month / 50 < 2
        && initial(i1)
        && initial(i2)
        && !(i1 == b'9' && i2 != b'9')
        && any.is_ascii_alphanumeric()
        && c1.is_ascii_uppercase()
        && c2.is_ascii_uppercase()
}

/// 29 February is let through where either century makes the two-digit year a leap year.
fn day_exists(day: u32, month: u32, year: u32) -> bool {
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passport_is_nine_digits_or_two_letters_and_seven() {
        assert_eq!(passport("707797979"), valid(0.0));
        assert_eq!(passport("AB1234567"), valid(0.0));
        for value in ["A12345678", "ABC123456", "AB123456", "000000000"] {
            assert_eq!(passport(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn machine_line_needs_all_three_check_digits() {
        assert_eq!(mrz("7077979792GBR9501278F2509286"), valid(0.4));
        assert_eq!(mrz("7077979793GBR9501278F2509286"), Verdict::Invalid);
        assert_eq!(mrz("7077979792GBR9501279F2509286"), Verdict::Invalid);
    }

    #[test]
    fn driver_number_carries_a_possible_date_of_birth() {
        for value in
            ["FO999512018AA1AB", "smit9801015jk2cd", "JONES710153J99EF", "SMITH862310AB1CD", "SMITH802290AB1CD"]
        {
            assert_eq!(licence(value), valid(0.3), "{value}");
        }
        for value in ["MORGA613054SM9IJ", "SMITH802310AB1CD", "99999710153J99EF", "JONES7101539J9EF"] {
            assert_eq!(licence(value), Verdict::Invalid, "{value}");
        }
        assert_eq!(licence("MORGA657054SM9IJ"), reserved(0.3));
    }
}

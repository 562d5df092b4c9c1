//! Dates of birth.

use super::{Judge, Verdict, reserved, valid_if};

/// A day on which a living person may have been born: day, month and year in figures or with the month's name, a name
/// before the day, or the year before all. A day that the calendar lacks, such as 30 February, is reserved: it is nobody's.
pub(super) static DOB: Judge = Judge::new("dob", dob);

/// Nobody older is alive.
const FIRST_YEAR: u32 = 1905;
/// A fixed end, so that verdicts are the same on every day.
const LAST_YEAR: u32 = 2030;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn dob(value: &str) -> Verdict {
    let parts: Vec<String> = value
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| is_day_or_year(part) || month_number(part).is_some())
        .map(str::to_owned)
        .collect();
    let [.., first, second, third] = parts.as_slice() else { return Verdict::Invalid };
    let (day, month, year) = if is_year(first) {
        (third, second, first)
    } else if first.starts_with(|c: char| c.is_ascii_alphabetic()) {
        (second, first, third)
    } else {
        (first, second, third)
    };
    let leading = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
    let (Some(day), Some(month), Some(year)) = (leading(day), month_number(month), leading(year)) else {
        return Verdict::Invalid;
    };
    let alive = year < 100 || (FIRST_YEAR..=LAST_YEAR).contains(&year);
    if !(1..=31).contains(&day) || !alive {
        return Verdict::Invalid;
    }
    let last = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if day > last { reserved(0.1) } else { valid_if(true, 0.1) }
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit())
}

fn is_day_or_year(part: &str) -> bool {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = part.get(digits.len()..).unwrap_or_default();
    matches!(digits.len(), 1 | 2 | 4)
        && digits.bytes().all(|b| b.is_ascii_digit())
        && matches!(ending, "" | "st" | "nd" | "rd" | "th")
}

fn month_number(part: &str) -> Option<u32> {
    let named = MONTHS.iter().zip(1..).find(|(name, _)| part.starts_with(**name)).map(|(_, n)| n);
    named.or_else(|| part.parse().ok().filter(|n| (1..=12).contains(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::valid;

    #[test]
    fn a_possible_birthday_passes_in_any_writing() {
        for value in ["DOB 14/02/1961", "born 14th February 1961", "11.07.2016", "d.o.b. 5-9-04", "b. 11/03/2016"] {
            assert_eq!(dob(value), valid(0.1), "{value}");
        }
        for value in ["1990-05-14", "DOB 1990/5/14", "May 14, 1961", "born on the 14 of May, 1961", "sept. 3rd 1948"] {
            assert_eq!(dob(value), valid(0.1), "{value}");
        }
    }

    #[test]
    fn impossible_days_are_reserved_and_old_years_refused() {
        for value in ["DOB 30/02/1990", "1990-02-30", "February 30, 1990"] {
            assert_eq!(dob(value), reserved(0.1), "{value}");
        }
        for value in [
            "born 5 May 1812",
            "DOB 14/13/1990",
            "DOB 45/01/1990",
            "born on a Monday",
            "1812-05-05",
            "1990-14-05",
            "May 45, 1990",
            "05/14/1990",
        ] {
            assert_eq!(dob(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn a_year_has_two_digits_or_is_of_somebody_alive() {
        for value in
            ["5 May 99", "5 May 1920", "31 January 2000", "28 February 2001", "29 February 2004", "30 June 2001"]
        {
            assert_eq!(dob(value), valid(0.1), "{value}");
        }
        for value in ["29 February 2001", "31 June 2001", "31 April 2001"] {
            assert_eq!(dob(value), reserved(0.1), "{value}");
        }
        for value in ["5 May 100", "0 May 1990", "32 May 1990"] {
            assert_eq!(dob(value), Verdict::Invalid, "{value}");
        }
    }
}

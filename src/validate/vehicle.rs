//! Vehicle registrations: the current style and its predecessors. Source: DVLA, INF104.

use super::{Judge, Verdict, compact, valid_if};

/// Two letters, age identifier, three letters (since September 2001).
pub(super) static VEHICLE_REG: Judge = Judge::new("vehicle-reg", current);
/// Suffix (1963 to 1983), prefix (1983 to 2001) and Northern Irish plates.
pub(super) static VEHICLE_REG_OLDER: Judge = Judge::new("vehicle-reg-older", older);

/// Age identifiers rise by one a year in March, and stand 50 higher from September. A fixed end keeps verdicts the same
/// on every day; raise it before March 2031.
const LAST_AGE_IDENTIFIER: u32 = 30;

/// Three letters after a code that are a word, not a plate: "A26 THE".
const WORDS: &[&str] = &[
    "THE", "AND", "FOR", "ARE", "BUT", "NOT", "YOU", "ALL", "CAN", "WAS", "HAS", "OUT", "NOW", "NEW", "BUS", "CAR",
    "VAN", "MPH", "KMH", "MIN", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR",
    "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "PER", "DAY", "SET", "LED", "MEN", "WAY", "END", "RUN", "BAY",
    "OFF", "PUB", "MAX",
];

fn current(value: &str) -> Verdict {
    let all = compact(value);
    let (Some(area), Some(age), Some(serial), 7) = (all.get(..2), all.get(2..4), all.get(4..), all.len()) else {
        return Verdict::Invalid;
    };
    let letters = |text: &str, never: &str| text.chars().all(|c| c.is_ascii_uppercase() && !never.contains(c));
    let age = age.parse::<u32>().unwrap_or(0);
    let issued = (2..=LAST_AGE_IDENTIFIER).contains(&age) || (51..=50 + LAST_AGE_IDENTIFIER).contains(&age);
    valid_if(letters(area, "IQZ") && issued && letters(serial, "IQ"), 0.1)
}

fn older(value: &str) -> Verdict {
    let all = compact(value);
    let head = all.chars().take_while(char::is_ascii_uppercase).count();
    let digits = all.chars().skip(head).take_while(char::is_ascii_digit).count();
    let tail: String = all.chars().skip(head + digits).collect();
    let first = all.chars().next().unwrap_or_default();
    let year_letter = |c: char| c.is_ascii_uppercase() && !"IOQUZ".contains(c);
    let northern_irish = all.chars().take(head).any(|c| c == 'I' || c == 'Z');
    let shape = match (head, digits, tail.len()) {
        (1, 1..=3, 3) => year_letter(first) && !WORDS.contains(&tail.as_str()),
        (3, 1..=3, 1) => tail.chars().all(year_letter),
        (2 | 3, 1..=4, 0) => northern_irish,
        _ => false,
    };
    valid_if(shape, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::valid;

    #[test]
    fn current_plates_have_an_issued_age_identifier() {
        for value in ["BD51 SMR", "AB70 DEF", "AB80 DEF", "LN14-HGT", "aa02 aaa"] {
            assert_eq!(current(value), valid(0.1), "{value}");
        }
        for value in ["AB35 ABC", "AB00 ABC", "AB31 ABC", "AB49 ABC", "AB81 ABC", "IB51 ABC", "AQ51 ABC", "AB51 AIB"] {
            assert_eq!(current(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn older_plates_have_an_issued_year_letter() {
        for value in ["A123 BCD", "K1 ABC", "M456DEF", "ABC 123D", "ABC 1D", "JIA 1234", "OI 12"] {
            assert_eq!(older(value), valid(0.0), "{value}");
        }
        for value in ["I123 BCD", "O123 BCD", "ABC 123I", "ABC 123Z", "A26 THE", "AB 12"] {
            assert_eq!(older(value), Verdict::Invalid, "{value}");
        }
    }
}

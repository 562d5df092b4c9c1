//! When a post goes out: the many ways in which people and schedulers write a day and a time, read as a moment in the
//! United Kingdom.
//!
//! `01/02/2027` is the first of February, and said to be in doubt. A time without a zone is London time; one with a zone
//! is moved there. The hour that summer time skips does not exist, the one that it repeats happens twice: both are told.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset, TimeZone},
};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The zone of everything that names none.
pub const ZONE: &str = "Europe/London";

/// A day, perhaps with a time, in the United Kingdom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day, if it was said.
    pub time: Option<Time>,
    /// Day and month could be the other way round.
    pub swapped: bool,
    /// What the clocks do then.
    pub clock: Clock,
}

/// What the clocks do at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Nothing.
    Runs,
    /// They go forward over it: there is no such time.
    Skips,
    /// They go back behind it: there are two such times.
    Repeats,
}

static ISO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})").ok());
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[A-Za-z]{3,9},? +)?([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?:[^0-9]|$)").ok()
});
static DAY_MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[A-Za-z]{3,9},? +)?(?:the +)?([0-9]{1,2})(?:st|nd|rd|th)?(?: +of)?[- ]+([A-Za-z]{3,9})\.?,?[- ]+([0-9]{4})").ok()
});
static MONTH_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[A-Za-z]{3,9},? +)?([A-Za-z]{3,9})\.? +([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})").ok()
});
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[T,]|at )? *(?:at )?(?:([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::([0-9]{2})(?:[.,][0-9]+)?)?) *([ap]\.?m\.?)?(?: *hrs| *o'clock)? *(Z|UTC|GMT|BST|[+-][0-9]{2}:?(?:[0-9]{2})?)?(?: *\[[A-Za-z/_]+\]| *\(?Europe/London\)?)?$").ok()
});

/// Reads a day, or a day and a time. Nothing where there is no day in it, or none that exists.
///
/// # Example
/// ```
/// use postlint::text::moment::{Clock, parse};
/// let summer = parse("2027-06-30T23:30:00Z").unwrap();
/// assert_eq!((summer.date.to_string().as_str(), summer.time.unwrap().hour()), ("2027-07-01", 0));
/// assert!(parse("01/02/2027").unwrap().swapped);
/// assert_eq!(parse("28 March 2027, 1.30am").unwrap().clock, Clock::Skips);
/// ```
pub fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    let (date, swapped, rest) = day(text).or_else(|| serial(text))?;
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Moment { date, time: None, swapped, clock: Clock::Runs });
    }
    let found = CLOCK.as_ref()?.captures(rest)?;
    let time = time(&found)?;
    let at = date.to_datetime(time);
    let zone = TimeZone::get(ZONE).ok()?;
    match found.get(5).map(|z| z.as_str()) {
        Some(offset) => {
            let local = zone.to_datetime(offset_of(offset)?.to_timestamp(at).ok()?);
            Some(Moment { date: local.date(), time: Some(local.time()), swapped, clock: Clock::Runs })
        }
        None => Some(Moment { date, time: Some(time), swapped, clock: clock(&zone, at) }),
    }
}

fn clock(zone: &TimeZone, at: DateTime) -> Clock {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { .. } => Clock::Runs,
        AmbiguousOffset::Gap { .. } => Clock::Skips,
        AmbiguousOffset::Fold { .. } => Clock::Repeats,
    }
}

/// The day that `text` begins with, whether day and month could be swapped, and what follows.
fn day(text: &str) -> Option<(Date, bool, &str)> {
    let part = |c: &Captures<'_>, i: usize| c.get(i).map(|m| m.as_str().to_owned());
    let number = |c: &Captures<'_>, i: usize| part(c, i)?.parse::<i16>().ok();
    if let Some(c) = ISO.as_ref()?.captures(text) {
        let date = date(number(&c, 1)?, number(&c, 2)?, number(&c, 3)?)?;
        return Some((date, false, text.get(c.get(0)?.end()..)?));
    }
    if let Some(c) = NUMBERS.as_ref()?.captures(text) {
        let (first, second, year) = (number(&c, 1)?, number(&c, 2)?, number(&c, 3)?);
        let year = if year < 100 { 2000 + year } else { year };
        // With more than twelve in the second place only the American order makes a day.
        let (day, month) = if second > 12 { (second, first) } else { (first, second) };
        let swapped = first <= 12 && second <= 12 && first != second;
        return Some((date(year, month, day)?, swapped, text.get(c.get(3)?.end()..)?));
    }
    let named = |c: &Captures<'_>, day: usize, name: usize| {
        date(number(c, 3)?, month(&part(c, name)?)?, number(c, day)?).map(|d| (d, false))
    };
    let (c, (date, swapped)) = if let Some(c) = DAY_MONTH.as_ref()?.captures(text) {
        let found = named(&c, 1, 2)?;
        (c, found)
    } else {
        let c = MONTH_DAY.as_ref()?.captures(text)?;
        let found = named(&c, 2, 1)?;
        (c, found)
    };
    Some((date, swapped, text.get(c.get(0)?.end()..)?))
}

/// A day as a spreadsheet counts it, from 1900 on, with the time as a fraction. The fraction is given up, since a cell
/// that shows its number has lost its format. *Source:* ECMA-376 part 1, 18.17.4.1.
fn serial(text: &str) -> Option<(Date, bool, &'static str)> {
    let whole = text.split('.').next()?;
    let days: i64 = whole.parse().ok().filter(|n| (36_526..73_051).contains(n) && whole.len() == 5)?;
    let rest = text.get(whole.len()..)?;
    if !rest.chars().all(|c| c == '.' || c.is_ascii_digit()) {
        return None;
    }
    let first = date(1899, 12, 30)?;
    first.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(|d| (d, false, ""))
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The number of a month by its name or the first three letters of it.
pub fn month(name: &str) -> Option<i16> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let short = name.len() >= 3;
    let found = NAMES.iter().position(|full| {
        short
            && (full.starts_with(&name) && (name.len() == 3 || *full == name) || name == "sept" && *full == "september")
    });
    i16::try_from(found? + 1).ok()
}

fn time(found: &Captures<'_>) -> Option<Time> {
    let number = |i: usize| found.get(i).map_or(Some(0), |m| m.as_str().parse::<i8>().ok());
    let (hour, minute, second) = (number(1)?, number(2)?, number(3)?);
    let half = found.get(4).map(|m| m.as_str().to_ascii_lowercase());
    let hour = match half.as_deref() {
        Some(_) if hour > 12 || hour == 0 => return None,
        Some(h) if h.starts_with('p') => hour % 12 + 12,
        Some(_) => hour % 12,
        // A bare number is no time.
        None if found.get(2).is_none() => return None,
        None => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

fn offset_of(text: &str) -> Option<Offset> {
    let hours = match text.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" => 0,
        "BST" => 60,
        signed => {
            let digits: String = signed.chars().filter(char::is_ascii_digit).collect();
            let (h, m) = (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..)?.parse::<i32>().unwrap_or(0));
            let minutes = h * 60 + m;
            if signed.starts_with('-') { -minutes } else { minutes }
        }
    };
    Offset::from_seconds(hours * 60).ok()
}

/// A day and a time as a draft would say them: `2027-03-25T09:00`.
pub fn written(date: Date, time: Time) -> String {
    format!("{date}T{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let Some(m) = parse(text) else { return "nothing".into() };
        let time = m.time.map_or(String::new(), |t| format!(" {:02}:{:02}", t.hour(), t.minute()));
        let order = if m.swapped { " or swapped" } else { "" };
        let clock = match m.clock {
            Clock::Runs => "",
            Clock::Skips => " skipped",
            Clock::Repeats => " twice",
        };
        format!("{}{time}{order}{clock}", m.date)
    }

    #[test]
    fn the_patterns_compile() {
        assert!([&ISO, &NUMBERS, &DAY_MONTH, &MONTH_DAY, &CLOCK].iter().all(|r| r.is_some()));
    }

    #[test]
    fn every_scheduler_writes_in_its_own_way() {
        for (text, want) in [
            ("2027-03-25", "2027-03-25"),
            ("2027-03-25T09:00", "2027-03-25 09:00"),
            ("2027-03-25 09:00:30", "2027-03-25 09:00"),
            ("2027/03/25 9:05 AM", "2027-03-25 09:05"),
            ("2027-03-25T09:00:00.000Z", "2027-03-25 09:00"),
            ("2027-07-25T09:00:00+02:00", "2027-07-25 08:00"),
            ("2027-07-25T23:30:00Z", "2027-07-26 00:30"),
            ("25/03/2027 17:30", "2027-03-25 17:30"),
            ("1/23/27 17:30", "2027-01-23 17:30"),
            ("01/02/2027", "2027-02-01 or swapped"),
            ("02/02/2027", "2027-02-02"),
            ("25.03.2027, 5.30pm", "2027-03-25 17:30"),
            ("Thursday 25 March 2027 at 9am", "2027-03-25 09:00"),
            ("25th March 2027", "2027-03-25"),
            ("25-Mar-2027 09:00", "2027-03-25 09:00"),
            ("Mar 25, 2027 12:15 AM", "2027-03-25 00:15"),
            ("46471", "2027-03-25"),
            ("46471.375", "2027-03-25"),
            ("2027-03-25T09:00[Europe/London]", "2027-03-25 09:00"),
            ("2027-03-25 09:00 BST", "2027-03-25 08:00"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
        for text in
            ["", "tomorrow 9:40", "09:00", "2027-02-30", "31/31/2027", "25 Brumaire 2027", "2027-03-25 25:00", "2027"]
        {
            assert_eq!(read(text), "nothing", "{text}");
        }
    }

    #[test]
    fn both_changes_of_the_clocks_are_told() {
        assert_eq!(read("2027-03-28 01:30"), "2027-03-28 01:30 skipped");
        assert_eq!(read("2027-10-31 01:30"), "2027-10-31 01:30 twice");
        assert_eq!(read("2027-10-31T01:30:00Z"), "2027-10-31 01:30");
        assert_eq!(read("2027-03-28 02:00"), "2027-03-28 02:00");
    }

    #[test]
    fn a_serial_day_has_five_digits_and_perhaps_a_fraction() {
        assert_eq!(read("46471"), "2027-03-25");
        assert_eq!(read("46471.375"), "2027-03-25");
        for text in ["46471x", "46471.3x", "46471 bins", "36525", "73051", "046471", "4647"] {
            assert_eq!(read(text), "nothing", "{text}");
        }
    }
}

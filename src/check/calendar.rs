//! Conditions on when a post goes out. Nothing here asks for the time of day: a post is judged by its own posting time.

use super::kind_field::{Condition, Found, Seen};
use crate::{
    model::{document::Located, facts::Period},
    text::moment::{self, Clock},
};
use jiff::civil::{Time, Weekday};

pub(super) const CONDITIONS: &[Condition] = &[
    ("scheduled", "missing", &["periods"], missing),
    ("scheduled", "unreadable", &["scheduled"], unreadable),
    ("scheduled", "ambiguous", &["read"], ambiguous),
    ("scheduled", "skipped-hour", &["time", "day"], skipped),
    ("scheduled", "repeated-hour", &["time", "day"], repeated),
    ("scheduled", "taken", &["other"], taken),
    ("scheduled", "before-embargo", &["until"], before_embargo),
    ("scheduled", "given", &[], given),
    ("scheduled", "weekday-mismatch", &["said", "weekday"], weekday_mismatch),
];

fn scheduled<'v>(seen: &Seen<'v, '_>) -> Option<&'v Located> {
    seen.view.post.meta.scheduled.as_ref()
}

fn one(at: Option<&Located>, says: Vec<(&'static str, String)>) -> Vec<Found> {
    vec![Found::at(at, says)]
}

/// There is a calendar, and the post does not say when it goes out.
fn missing(seen: &Seen<'_, '_>) -> Vec<Found> {
    let periods = &seen.view.around.facts.periods;
    if scheduled(seen).is_some() || periods.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = periods.iter().map(|p: &Period| p.name.as_str()).collect();
    one(None, vec![("periods", names.join(", "))])
}

/// A posting time that is no day of the calendar.
fn unreadable(seen: &Seen<'_, '_>) -> Vec<Found> {
    let Some(at) = scheduled(seen).filter(|_| seen.view.around.when.is_none()) else { return Vec::new() };
    one(Some(at), vec![("scheduled", at.value.clone())])
}

/// `01/02/2027`.
fn ambiguous(seen: &Seen<'_, '_>) -> Vec<Found> {
    let Some(when) = seen.view.around.when.filter(|w| w.swapped) else { return Vec::new() };
    let read = when.date.strftime("%-d %B %Y").to_string();
    one(scheduled(seen), vec![("read", read)])
}

fn clock(seen: &Seen<'_, '_>, clock: Clock) -> Vec<Found> {
    let Some(when) = seen.view.around.when.filter(|w| w.clock == clock) else { return Vec::new() };
    let time = when.time.unwrap_or(Time::midnight());
    let day = when.date.strftime("%-d %B %Y").to_string();
    one(scheduled(seen), vec![("time", format!("{:02}:{:02}", time.hour(), time.minute())), ("day", day)])
}

fn skipped(seen: &Seen<'_, '_>) -> Vec<Found> {
    clock(seen, Clock::Skips)
}

fn repeated(seen: &Seen<'_, '_>) -> Vec<Found> {
    clock(seen, Clock::Repeats)
}

/// Another post of the file goes out on the same account at the same minute.
fn taken(seen: &Seen<'_, '_>) -> Vec<Found> {
    let Some(other) = seen.view.around.clash else { return Vec::new() };
    one(scheduled(seen), vec![("other", other.to_owned())])
}

/// Named values that say until when something is under embargo.
const EMBARGO: &[&str] =
    &["embargo", "embargo until", "embargo-until", "embargo_until", "embargoed until", "not before", "not-before"];

/// The post goes out before what it says itself about its embargo.
fn before_embargo(seen: &Seen<'_, '_>) -> Vec<Found> {
    let other = &seen.view.post.meta.other;
    let embargo = other.iter().find(|(name, _)| EMBARGO.contains(&name.as_str())).map(|(_, value)| value);
    let (Some(embargo), Some(when)) = (embargo, seen.view.around.when) else { return Vec::new() };
    let Some(end) = moment::parse(&embargo.value) else { return Vec::new() };
    let start = |time: Option<Time>| time.unwrap_or(Time::midnight());
    // A post without a time of day may go out at any time of it.
    if (when.date, start(when.time)) >= (end.date, start(end.time)) {
        return Vec::new();
    }
    one(scheduled(seen).or(Some(embargo)), vec![("until", embargo.value.clone())])
}

/// The post says when it goes out: for rules that hold in a period, whatever the post says.
fn given(seen: &Seen<'_, '_>) -> Vec<Found> {
    one(scheduled(seen), Vec::new())
}

/// `Monday 12 May 2026` as a posting time, which is a Tuesday.
fn weekday_mismatch(seen: &Seen<'_, '_>) -> Vec<Found> {
    let (Some(at), Some(when)) = (scheduled(seen), seen.view.around.when) else { return Vec::new() };
    let first: String = at.value.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    let Some(day) = weekday(&first).filter(|day| *day != when.date.weekday()) else { return Vec::new() };
    let name = |day: Weekday| {
        NAMES.get(usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)).copied().unwrap_or_default()
    };
    one(Some(at), vec![("said", name(day).to_owned()), ("weekday", name(when.date.weekday()).to_owned())])
}

/// Names of the days, from Monday.
pub(super) const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The day that `name` names, in full or in three letters or more.
pub(super) fn weekday(name: &str) -> Option<Weekday> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let found = NAMES.iter().position(|n| name.len() >= 3 && n.to_ascii_lowercase().starts_with(&name))?;
    Weekday::from_monday_zero_offset(i8::try_from(found).ok()?).ok()
}

//! The kind `date`: days that a text names.
//!
//! ```toml
//! kind = "date"
//! is = "wrong-weekday"   # Monday 12 May 2026 is a Tuesday
//! is = "past"            # the day is over when the post goes out
//! ```
//!
//! A day without a year is read as the one nearest to the posting time, from two months before it to ten after. Without a
//! posting time nothing is known of such a day, nor of what is past.

use super::{
    Check, Hit, Kind, Rule, Spot,
    calendar::{NAMES, weekday},
    phrase::Compiler,
    view::{SegmentView, View},
};
use crate::{
    model::value::{Fault, Table, Value},
    text::{
        moment::month,
        span::{Folded, Span},
    },
};
use jiff::{ToSpan, civil::Date};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Rules about days.
pub(super) struct Dates;

/// How long ago a day may be and still be taken for one to come, in days: what is longer ago is history.
const RECENT: i32 = 60;

const STATES: &[(&str, State)] = &[("wrong-weekday", State::WrongWeekday), ("past", State::Past)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    WrongWeekday,
    Past,
}

impl Kind for Dates {
    fn name(&self) -> &'static str {
        "date"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["is"]
    }

    fn says(&self, params: &Table) -> &'static [&'static str] {
        match params.get("is").map(Value::str) {
            Some(Ok("past")) => &["date", "posted"],
            _ => &["date", "weekday"],
        }
    }

    fn compile(&self, rules: &[Rule<'_>], _: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut states, mut faults) = (Vec::new(), Vec::new());
        let names: Vec<&str> = STATES.iter().map(|(n, _)| *n).collect();
        for rule in rules {
            let Some(is) = rule.spec.params.get("is") else {
                let fault = Fault::new(rule.spec.at, format!("rule `{}` has no condition", rule.spec.meta.id));
                faults.push(fault.help("add is = \"past\""));
                continue;
            };
            match is.one_of(&names, "condition") {
                Ok(name) => states.extend(STATES.iter().find(|(n, _)| *n == name).map(|(_, s)| (rule.number, *s))),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(vec![Box::new(All(states))]) } else { Err(faults) }
    }
}

struct All(Vec<(usize, State)>);

impl Check for All {
    fn name(&self) -> &'static str {
        "dates"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        let active: Vec<_> = self.0.iter().filter(|(rule, _)| view.holds(*rule)).collect();
        if active.is_empty() {
            return;
        }
        let posted = view.around.when.map(|w| w.date);
        for (number, segment) in view.segments.iter().enumerate() {
            for day in days(segment, posted) {
                for (rule, state) in &active {
                    hits.extend(day.judge(*rule, *state, number, posted));
                }
            }
        }
    }
}

/// A day that a text names.
struct Day {
    date: Date,
    /// Its year stands in the text.
    sure: bool,
    span: Span<Folded>,
    /// The name of the day before it, if there is one.
    weekday: Option<(Span<Folded>, String)>,
}

impl Day {
    fn judge(&self, rule: usize, state: State, segment: usize, posted: Option<Date>) -> Option<Hit> {
        let said = self.date.strftime("%-d %B %Y").to_string();
        match state {
            State::WrongWeekday => {
                let (span, name) = self.weekday.as_ref()?;
                let right = self.date.weekday();
                if weekday(name)? == right {
                    return None;
                }
                let full = NAMES.get(usize::try_from(right.to_monday_zero_offset()).ok()?)?;
                let short = if name.len() < 6 { full.get(..3)? } else { full };
                let mut hit = Hit::new(rule, segment, *span);
                hit.says = vec![("date", said), ("weekday", (*full).to_owned())];
                hit.replacement = self.sure.then(|| short.to_owned());
                Some(hit)
            }
            State::Past => {
                let days = i64::from((posted? - self.date).get_days());
                if days <= 0 || days > i64::from(RECENT) {
                    return None;
                }
                let mut hit = Hit::new(rule, segment, self.span);
                hit.spot = Spot::Text { segment, span: self.span };
                hit.says = vec![("date", said), ("posted", posted?.strftime("%-d %B %Y").to_string())];
                Some(hit)
            }
        }
    }
}

const WEEKDAY: &str =
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?";
const MONTH: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

/// What the name of every month begins with.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `Monday 12 May 2026`, `Mon, 12th May`, `12 May`. Groups: 1 weekday, 2 day, 3 month, 4 year.
static DAY_MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)(?-u:\b)(?:({WEEKDAY})\.?,? +(?:the +)?)?([0-9]{{1,2}})(?:st|nd|rd|th)?(?: +of)? +({MONTH})(?-u:\b)(?:,? +([0-9]{{4}})(?-u:\b))?")).ok()
});
/// `Monday, May 12, 2026`. The same groups, day and month swapped.
static MONTH_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)(?-u:\b)(?:({WEEKDAY})\.?,? +)?({MONTH}) +([0-9]{{1,2}})(?:st|nd|rd|th)?(?-u:\b)(?:, +([0-9]{{4}})(?-u:\b))?")).ok()
});
/// `Monday 12/05/2026`.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)(?-u:\b)(?:({WEEKDAY})\.?,? +)?([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}})(?-u:\b)")).ok()
});

/// The days that a segment names, in order.
fn days(segment: &SegmentView<'_>, posted: Option<Date>) -> Vec<Day> {
    let text = segment.reading.text();
    // Without a posting time only a day with its year says anything.
    if posted.is_none() && !text.contains("20") && !text.contains("19") {
        return Vec::new();
    }
    if !text.bytes().any(|b| b.is_ascii_digit()) || !segment.segment.scope.is_read() {
        return Vec::new();
    }
    let lower = segment.lower();
    let named = MONTHS.iter().any(|month| lower.contains(month));
    let mut days = Vec::new();
    let forms = [(&DAY_MONTH, 2, 3, named), (&MONTH_DAY, 3, 2, named), (&NUMBERS, 2, 3, text.contains('/'))];
    for (form, day, name, _) in forms.into_iter().filter(|form| form.3) {
        let Some(form) = form.as_ref() else { continue };
        for found in form.captures_iter(text) {
            days.extend(read(&found, day, name, posted));
        }
    }
    days.retain(|day: &Day| !segment.reading.touches_opaque(day.span));
    days
}

fn read(found: &Captures<'_>, day: usize, name: usize, posted: Option<Date>) -> Option<Day> {
    let text = |i: usize| found.get(i).map(|m| m.as_str());
    let number = |t: &str| t.parse::<i16>().ok();
    let month = month(text(name)?).or_else(|| number(text(name)?))?;
    let day = number(text(day)?)?;
    let date = |year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let year = text(4).and_then(number);
    let date = if let Some(year) = year {
        date(year)?
    } else {
        let posted = posted?;
        let first = posted.checked_sub(RECENT.days()).ok()?;
        [posted.year() - 1, posted.year(), posted.year() + 1].into_iter().filter_map(date).find(|d| *d >= first)?
    };
    let all = found.get(0)?;
    let weekday = found.get(1).map(|m| (Span::new(m.start(), m.end()), m.as_str().to_owned()));
    Some(Day { date, sure: year.is_some(), span: Span::new(all.start(), all.end()), weekday })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_compile() {
        assert!([&DAY_MONTH, &MONTH_DAY, &NUMBERS].iter().all(|r| r.is_some()));
    }
}

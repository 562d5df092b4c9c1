//! `postlint check --timings`: where the time of a run went, on standard error. It names stages and rules, and says
//! nothing of any draft.

use crate::{
    check::meter::{Meter, Stage},
    engine::Linter,
};
use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

/// Rules that are told.
const DEAREST: usize = 10;

/// The run as its user waits for it, lap by lap.
pub(super) struct Clock {
    start: Instant,
    last: Instant,
}

/// What a run does before and after its drafts.
pub(super) struct Ends {
    pub(super) settings: Duration,
    pub(super) packs: Duration,
    pub(super) compile: Duration,
    pub(super) report: Duration,
}

/// A part of the run, what is done in it, and how long it took.
type Row = (&'static str, &'static str, Duration);

impl Clock {
    pub(super) fn new() -> Self {
        let start = Instant::now();
        Self { start, last: start }
    }

    /// The time since the last lap.
    pub(super) fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now.duration_since(std::mem::replace(&mut self.last, now))
    }

    /// The table of a run that ends here; nothing where the linter notes no time.
    pub(super) fn table(&self, ends: &Ends, linter: &Linter) -> Option<String> {
        let meter = linter.meter()?;
        let names: Vec<&str> = linter.all_rules().map(|rule| rule.id.as_str()).collect();
        let rules: Vec<(&str, Duration)> = names.into_iter().zip(meter.rules()).collect();
        Some(table(self.start.elapsed(), rayon::current_num_threads(), &rows(ends, meter), rules))
    }
}

fn rows(ends: &Ends, meter: &Meter) -> Vec<Row> {
    let mut rows = vec![
        ("start", "settings", ends.settings),
        ("start", "packs", ends.packs),
        ("start", "rules compiled", ends.compile),
        ("drafts", "files read", meter.stage(Stage::Read)),
        ("drafts", "formats taken apart", meter.stage(Stage::Decode)),
        ("drafts", "words and sentences", meter.stage(Stage::Words)),
    ];
    rows.extend(meter.checks().map(|(name, time)| ("checks", name, time)));
    rows.push(("checks", "guards", meter.stage(Stage::Guards)));
    rows.push(("checks", "findings worded", meter.stage(Stage::Findings)));
    rows.push(("report", "written", ends.report));
    rows
}

fn table(all: Duration, threads: usize, rows: &[Row], mut rules: Vec<(&str, Duration)>) -> String {
    let sum: Duration = rows.iter().map(|row| row.2).sum();
    let share = |time: Duration| 100.0 * time.as_secs_f64() / sum.as_secs_f64().max(f64::MIN_POSITIVE);
    let mut text = format!("Where the time went: {} ms from start to end, {threads} threads\n\n", millis(all));
    let mut last = "";
    for (part, what, time) in rows.iter().filter(|row| !row.2.is_zero()) {
        let part = if std::mem::replace(&mut last, part) == *part { "" } else { part };
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {part:8}{what:22}{:>12} ms {:>4.0} %", millis(*time), share(*time));
    }
    rules.retain(|(_, time)| !time.is_zero());
    rules.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    if !rules.is_empty() {
        text.push_str("\nThe dearest rules, with their phrases, patterns and guards\n\n");
    }
    for (rule, time) in rules.iter().take(DEAREST) {
        let _ = writeln!(text, "{:>12} ms {:>4.0} %  {rule}", millis(*time), share(*time));
    }
    text.push_str("\nThe times of threads add up. Noting them takes time itself, most of all for phrases.\n");
    text
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_that_was_timed_and_the_dearest_rule_stands_first() {
        let ms = Duration::from_millis;
        let rows =
            [("start", "packs", ms(1)), ("checks", "phrases", ms(7)), ("checks", "guards", ms(2)), ("x", "", ms(0))];
        let rules = vec![("a/cheap", ms(1)), ("a/dear", ms(6)), ("a/idle", ms(0))];
        insta::assert_snapshot!(table(ms(6), 2, &rows, rules), @r"
        Where the time went: 6.00 ms from start to end, 2 threads

          start   packs                         1.00 ms   10 %
          checks  phrases                       7.00 ms   70 %
                  guards                        2.00 ms   20 %

        The dearest rules, with their phrases, patterns and guards

                6.00 ms   60 %  a/dear
                1.00 ms   10 %  a/cheap

        The times of threads add up. Noting them takes time itself, most of all for phrases.
        ");
    }
}

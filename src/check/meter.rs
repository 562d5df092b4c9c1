//! Where the time of a run goes, for those who ask: nanoseconds of each stage and of each rule, added up over all threads.
//!
//! A run that nobody times has no meter, and an absent one costs a test of an `Option` where a rule is tried. A meter
//! knows numbers and the names of stages and rules, and nothing of any draft.

use super::Checks;
use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// What a run does besides the checks themselves, each of which is a stage of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Files come from the disk.
    Read,
    /// What they hold is taken apart: Markdown, CSV, ….
    Decode,
    /// Texts are folded, cut into words and sentences, and their words looked up.
    Words,
    /// Guards look around what matched.
    Guards,
    /// Findings are made of what stands.
    Findings,
}

/// Adds up where the time goes.
#[derive(Debug)]
pub struct Meter {
    stages: [AtomicU64; 5],
    /// By number of the check in [`Checks`]: its name, and its time.
    checks: Vec<(&'static str, AtomicU64)>,
    /// By number of the rule.
    rules: Vec<AtomicU64>,
}

impl Meter {
    /// A meter for `checks`, at zero.
    pub fn new(checks: &Checks) -> Self {
        Self {
            stages: Default::default(),
            checks: checks.scanners.iter().map(|check| (check.name(), AtomicU64::new(0))).collect(),
            rules: checks.rules.iter().map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Time spent in `stage`.
    pub fn stage(&self, stage: Stage) -> Duration {
        self.stages.get(stage as usize).map_or(Duration::ZERO, told)
    }

    /// Time spent in each check, with its name, in the order in which they run.
    pub fn checks(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        self.checks.iter().map(|(name, time)| (*name, told(time)))
    }

    /// Time spent on each rule, by number, as far as it can be told apart from that of other rules.
    pub fn rules(&self) -> impl Iterator<Item = Duration> {
        self.rules.iter().map(told)
    }

    pub(super) fn check(&self, number: usize) -> Option<&AtomicU64> {
        self.checks.get(number).map(|(_, time)| time)
    }
}

fn told(time: &AtomicU64) -> Duration {
    Duration::from_nanos(time.load(Relaxed))
}

/// Does `work`, and adds the time that it took to `stage` if there is a meter.
pub fn timed<T>(meter: Option<&Meter>, stage: Stage, work: impl FnOnce() -> T) -> T {
    added(meter.and_then(|m| m.stages.get(stage as usize)), work)
}

/// The same for a rule.
pub(super) fn timed_rule<T>(meter: Option<&Meter>, rule: usize, work: impl FnOnce() -> T) -> T {
    added(meter.and_then(|m| m.rules.get(rule)), work)
}

/// Does `work`, and adds the time that it took to `time` if there is one.
pub(super) fn added<T>(time: Option<&AtomicU64>, work: impl FnOnce() -> T) -> T {
    let Some(time) = time else { return work() };
    let start = Instant::now();
    let made = work();
    time.fetch_add(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX), Relaxed);
    made
}

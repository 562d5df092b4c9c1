//! How far a long run is: on standard error, and only where that is a terminal.

use crate::{engine::Linter, model::finding::Report};
use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A run that ends sooner tells nothing.
const LONG: Duration = Duration::from_secs(1);
/// Time from one line to the next.
const OFTEN: Duration = Duration::from_millis(200);

/// Checks `files`, and tells how far it is.
pub(super) fn run(linter: &Linter, files: &[PathBuf]) -> io::Result<Report> {
    let stderr = io::stderr();
    if !stderr.is_terminal() {
        return Ok(linter.run(files));
    }
    let progress = Mutex::new(Progress::new(files.len()));
    let report = linter.run_told(files, &|| {
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = progress.step(Instant::now()) {
            // Progress that cannot be shown is no reason to stop.
            let _ = stderr.lock().write_all(line.as_bytes());
        }
    });
    if progress.into_inner().unwrap_or_else(PoisonError::into_inner).told.is_some() {
        stderr.lock().write_all(b"\r\x1b[K")?;
    }
    Ok(report)
}

struct Progress {
    start: Instant,
    told: Option<Instant>,
    done: usize,
    all: usize,
}

impl Progress {
    fn new(all: usize) -> Self {
        Self { start: Instant::now(), told: None, done: 0, all }
    }

    /// One more file is done; gives the line to show, if it is time for one.
    fn step(&mut self, now: Instant) -> Option<String> {
        self.done += 1;
        let due = self.told.map_or(self.start + LONG, |told| told + OFTEN);
        if now < due {
            return None;
        }
        self.told = Some(now);
        Some(format!("\rChecked {} of {} files\x1b[K", self.done, self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_tells_nothing_and_a_long_one_now_and_then() {
        let mut progress = Progress::new(9);
        let mut step = |ms| progress.step(progress.start + Duration::from_millis(ms));
        let told: Vec<Option<String>> = [10, 999, 1000, 1100, 1200].map(&mut step).to_vec();
        let line = |n: usize| Some(format!("\rChecked {n} of 9 files\x1b[K"));
        assert_eq!(told, [None, None, line(3), None, line(5)]);
    }
}

//! Long drafts: a check of 100 kB takes longer than a keystroke may. The underlines of the last check move along with the
//! text at once, and the check itself runs beside; what it finds then takes their place.

use super::{
    Loaded,
    analysis::{Draft, Outcome},
    open::Open,
    place::Unit,
};
use crate::text::lines::{LineIndex, ceil_boundary, floor_boundary};
use lsp_types::{Diagnostic, Range, Uri};
use std::{
    ops,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

/// From this length on, in bytes, a draft is long. What is shorter is checked in a few milliseconds.
pub(super) const LONG: usize = 4 << 10;

/// How often a check that runs is looked after.
pub(super) const LOOK: Duration = Duration::from_millis(10);

/// A check that runs beside the loop.
pub(super) struct Running {
    pub(super) key: String,
    pub(super) edition: u64,
    pub(super) loaded: Arc<Loaded>,
    work: JoinHandle<Outcome>,
}

impl Running {
    /// Starts to check the text of `open`, which goes by `key`.
    pub(super) fn start(key: &str, open: &Open, loaded: &Arc<Loaded>, unit: Unit) -> Self {
        let (path, text, rules) = (open.path(), open.text.clone(), Arc::clone(loaded));
        let work = thread::spawn(move || Draft::check(path, &text, &rules, unit));
        Self { key: key.to_owned(), edition: open.edition, loaded: Arc::clone(loaded), work }
    }

    pub(super) fn is_done(&self) -> bool {
        self.work.is_finished()
    }

    /// What the check came to; waits for it.
    pub(super) fn outcome(self) -> Outcome {
        let failed = |_| Outcome::Failed("postlint could not check this draft: the check broke off".to_owned());
        self.work.join().unwrap_or_else(failed)
    }
}

/// What was found in a text before it changed.
pub(super) struct Before {
    lines: LineIndex,
    diagnostics: Vec<Diagnostic>,
}

impl Before {
    pub(super) fn of(draft: &Draft, uri: &Uri) -> Self {
        Self { lines: draft.lines.clone(), diagnostics: draft.diagnostics(uri) }
    }

    /// The diagnostics at their places in `text`, without those in what changed.
    pub(super) fn moved(&self, text: &str, unit: Unit) -> Vec<Diagnostic> {
        let change = Change::between(self.lines.text(), text);
        let lines = LineIndex::new(text.into());
        let place = |range: Range| {
            let bytes = unit.byte(&self.lines, range.start)..unit.byte(&self.lines, range.end);
            Some(unit.range(&lines, change.place(bytes)?))
        };
        let moved = |diagnostic: &Diagnostic| {
            let mut diagnostic = diagnostic.clone();
            diagnostic.range = place(diagnostic.range)?;
            if let Some(related) = &mut diagnostic.related_information {
                related.retain_mut(|r| place(r.location.range).map(|range| r.location.range = range).is_some());
            }
            Some(diagnostic)
        };
        self.diagnostics.iter().filter_map(moved).collect()
    }
}

/// The one stretch in which two texts differ.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// Of the old text.
    old: ops::Range<usize>,
    /// Where it ends in the new one.
    end: usize,
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let same = |a: &mut dyn Iterator<Item = (u8, u8)>| a.take_while(|(a, b)| a == b).count();
        let start = floor_boundary(old, same(&mut old.bytes().zip(new.bytes())));
        let most = old.len().min(new.len()) - start;
        let tail = same(&mut old.bytes().rev().zip(new.bytes().rev()).take(most));
        let end = ceil_boundary(old, old.len() - tail);
        Self { old: start..end, end: new.len() - (old.len() - end) }
    }

    /// Where a stretch of the old text is in the new one, if it did not change.
    fn place(&self, bytes: ops::Range<usize>) -> Option<ops::Range<usize>> {
        if bytes.end <= self.old.start {
            return Some(bytes);
        }
        let moved = |at: usize| at - self.old.end + self.end;
        (bytes.start >= self.old.end).then(|| moved(bytes.start)..moved(bytes.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_change_stays_and_what_stands_behind_moves() {
        let change = Change::between("one two three", "one 2 three");
        assert_eq!(change, Change { old: 4..7, end: 5 });
        assert_eq!(change.place(0..3), Some(0..3));
        assert_eq!(change.place(8..13), Some(6..11));
        assert_eq!(change.place(2..5), None);
        assert_eq!(change.place(5..9), None);
    }

    #[test]
    fn a_change_never_splits_a_character() {
        // é and è share their first byte, ê and ª their last.
        assert_eq!(Change::between("é", "è"), Change { old: 0..2, end: 2 });
        assert_eq!(Change::between("aªb", "aêb"), Change { old: 1..3, end: 3 });
    }

    #[test]
    fn a_change_may_repeat_what_stands_beside_it() {
        assert_eq!(Change::between("aa", "aaa"), Change { old: 2..2, end: 3 });
        assert_eq!(Change::between("aaa", "a"), Change { old: 1..3, end: 1 });
        assert_eq!(Change::between("", "x"), Change { old: 0..0, end: 1 });
    }
}

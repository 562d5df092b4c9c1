//! A baseline: findings that were there before, and are let be until somebody mends them.
//!
//! It keys on rule, path and a salted hash of the matched words, never on a line number, so it survives edits elsewhere in
//! the file, and never on the words, so it does not repeat a leak. The salt is random and stands in the file; it stops
//! ready-made tables, not somebody who tries all values of a short number. So of words that are masked two digits of the
//! hash are kept: too few to tell a number by, enough to notice another in its place (`docs/decisions/0008`).

use crate::model::finding::{FileReport, Finding, Report};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The reason that findings of a baseline carry.
const REASON: &str = "in the baseline";

/// Bytes of a hash that are kept.
const BYTES: usize = 16;
/// Bytes that are kept of the hash of masked words: of 10,000 door codes 39 have the same.
const SECRET_BYTES: usize = 1;

/// A baseline file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of this format; 1.
    pub version: u32,
    /// Random text that is hashed with the words.
    pub salt: String,
    /// What was there, sorted.
    pub entries: Vec<Entry>,
}

/// Findings of one rule on the same words in one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path, with forward slashes.
    pub path: String,
    /// Rule id.
    pub rule: String,
    /// Salted hash of the words, in hexadecimal; two digits of it where they are masked.
    pub hash: String,
    /// How often they stand there.
    pub count: usize,
}

impl Baseline {
    /// The baseline of everything in `report`.
    pub fn of(report: &Report, salt: String) -> Self {
        let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for (file, finding) in report.findings().filter(|(_, f)| f.suppressed.is_none()) {
            *counts.entry(key(file, finding, &salt)).or_default() += 1;
        }
        let entries = counts.into_iter().map(|((path, rule, hash), count)| Entry { path, rule, hash, count });
        Self { version: 1, salt, entries: entries.collect() }
    }

    /// Suppresses the findings of `report` that the baseline knows; gives the entries that nothing was found for.
    pub fn apply(&self, report: &mut Report) -> Vec<Entry> {
        let entry = |e: &Entry| ((e.path.clone(), e.rule.clone(), e.hash.clone()), e.count);
        let mut left: BTreeMap<_, usize> = self.entries.iter().map(entry).collect();
        for file in &mut report.files {
            let keys: Vec<_> = file.findings.iter().map(|f| key(file, f, &self.salt)).collect();
            for (finding, key) in file.findings.iter_mut().zip(keys) {
                let Some(count) = left.get_mut(&key).filter(|n| **n > 0) else { continue };
                if finding.suppressed.is_none() {
                    *count -= 1;
                    finding.suppressed = Some(REASON.to_owned());
                }
            }
        }
        let stale = left.into_iter().filter(|(_, count)| *count > 0);
        stale.map(|((path, rule, hash), count)| Entry { path, rule, hash, count }).collect()
    }
}

fn key(file: &FileReport, finding: &Finding, salt: &str) -> (String, String, String) {
    let path = file.path.to_string_lossy().replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
    let words = finding.place.span.of(&file.document.source).to_lowercase();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut hash = Sha256::new();
    for part in [salt, &finding.rule.id, &words] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let masked = finding.rule.sensitive || !finding.hidden.is_empty();
    let digits = 2 * if masked { SECRET_BYTES } else { BYTES };
    let first = hash.finalize().iter().take(BYTES).fold(0u128, |all, byte| all << 8 | u128::from(*byte));
    (path, finding.rule.id.clone(), format!("{first:032x}").chars().take(digits).collect())
}

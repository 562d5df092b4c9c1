//! Accuracy on labelled drafts: a rule change that hurts fails here.
//!
//! The drafts of `CLOSED` were never read while rules were written; the thresholds stand a little below the last figures
//! on them, which are in `docs/scorer.md`.

use crate::peers::data;
use postlint::{
    engine::{Linter, Options, score::Labelled},
    model::{document::SourceFile, rule::Severity},
    pack::{self, Request},
    settings::Settings,
};
use std::fs;

/// Files that rules were not written from.
const CLOSED: &[&str] = &["a5", "a6", "a12", "a14", "a19", "devset"];

/// The packs that such drafts are labelled for.
const CORE: &[&str] = &["confidential", "reputation", "opinion"];

fn drafts(names: &[&str]) -> Vec<Labelled> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accuracy");
    let read = |name: &&str| fs::read_to_string(format!("{folder}/{name}.jsonl")).unwrap();
    names
        .iter()
        .map(read)
        .flat_map(|text| text.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<_>>())
        .collect()
}

/// The rules alone: the model that is shipped has learned from all drafts, so its figures on these would be flattery.
fn linter(packs: &[&str]) -> Linter {
    let requests: Vec<Request> = packs.iter().map(|n| Request::Name((*n).to_owned())).collect();
    let set = pack::load(&requests).unwrap();
    let mut settings = Settings::default();
    settings.scorer.enabled = Some(false);
    Linter::new(&set, Options { settings, ..Options::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
}

#[test]
fn drafts_that_no_rule_was_written_from_are_judged_well() {
    let score = linter(CORE).score(&drafts(CLOSED));
    println!("{score}");
    assert!(score.recall_of("all") >= RECALL, "{score}");
    assert!(score.precision() >= PRECISION, "{score}");
    assert!(score.clean_alarmed() <= ALARMED, "{score}");
}

const RECALL: f64 = 0.48;
const PRECISION: f64 = 0.84;
const ALARMED: f64 = 0.053;

/// Warnings and errors of `packs` in every thousand of the posts on GOV.UK; nothing where they are not at hand.
fn alarms_in_a_thousand(packs: &[&str]) -> Option<f64> {
    let posts = fs::read_to_string(data("official")?.join("govuk.jsonl")).unwrap();
    let (linter, mut alarms) = (linter(packs), 0);
    for line in posts.lines() {
        let post: serde_json::Value = serde_json::from_str(line).unwrap();
        let file = SourceFile { path: "post.txt".into(), bytes: post["text"].as_str().unwrap().as_bytes().into() };
        alarms += linter.lint(&file).unwrap().findings.iter().filter(|f| f.severity > Severity::Info).count();
    }
    Some(1000.0 * f64::from(u32::try_from(alarms).unwrap()) / f64::from(u32::try_from(posts.lines().count()).unwrap()))
}

#[test]
fn official_posts_raise_no_alarm() {
    for packs in [CORE, &["inclusive"], &["plain-english"], &["hygiene"]] {
        let Some(alarms) = alarms_in_a_thousand(packs) else { return };
        assert!(alarms <= 1.0, "{packs:?}: {alarms:.1} in a thousand posts");
    }
}

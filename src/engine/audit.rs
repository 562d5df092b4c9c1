//! What could be better in a pack, besides what its examples test: phrases that do nothing, rules that others hide,
//! patterns that cost much, examples that prove little, phrases that fire on good posts.

use super::Linter;
use crate::{
    check::wording::{Needless, Piece, RuleWording, TextPrint, Why, Wording},
    model::{
        document::Meta,
        finding::Finding,
        rule::{Applies, Pack, RuleMeta},
        value::At,
    },
    pack::PackSet,
    text::reading::Reading,
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// A pattern is dear from this share of the time that the sample takes on.
const DEAR_SHARE: f64 = 0.05;
/// And from this time for a post on.
const DEAR_POST: Duration = Duration::from_micros(5);
/// Good examples that a rule should have.
const GOOD: usize = 2;

/// Something that could be better.
#[derive(Debug, Clone)]
pub struct Advice {
    /// The rule.
    pub rule: String,
    /// Where in its pack.
    pub at: At,
    /// What is so, without a full stop.
    pub what: String,
    /// What to do.
    pub help: &'static str,
}

impl Advice {
    fn new(rule: &RuleMeta, at: At, what: String, help: &'static str) -> Self {
        Self { rule: rule.id.clone(), at, what, help }
    }
}

/// Pieces of wording that the examples of rules meet.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Phrases and patterns.
    pub pieces: usize,
    /// Those that no bad example of their rule meets: rule, place and text.
    pub unmet: Vec<(String, At, String)>,
}

/// Which phrases and patterns of the match rules of `set` are met by a bad example of their rule. `wanted` chooses rules.
pub fn coverage(set: &PackSet, wanted: &dyn Fn(&RuleMeta) -> bool) -> Coverage {
    let packs: Vec<&Pack> = set.packs.iter().collect();
    let wording = Wording::of(&packs, &set.shared);
    let mut coverage = Coverage::default();
    for rule in wording.rules.iter().filter(|rule| wanted(&rule.spec.meta)) {
        let bad = rule.spec.meta.examples.iter().filter(|e| e.bad);
        let met: Vec<Vec<bool>> = bad.map(|example| wording.met(rule, &example.text)).collect();
        coverage.pieces += rule.pieces.len();
        for (number, piece) in rule.pieces.iter().enumerate() {
            if !met.iter().any(|met| met.get(number) == Some(&true)) {
                coverage.unmet.push((rule.spec.meta.id.clone(), piece.at, piece.text.clone()));
            }
        }
    }
    coverage
}

impl Linter {
    /// What could be better in the packs of `set`, which are those of this linter; `clean` are good posts.
    pub fn audit(&self, set: &PackSet, clean: &[String]) -> Vec<Advice> {
        let packs: Vec<&Pack> = set.packs.iter().collect();
        let wording = Wording::of(&packs, &set.shared);
        let asked = |rule: &&RuleWording<'_>| self.asked(&rule.spec.meta);
        let rules: Vec<&RuleWording<'_>> = wording.rules.iter().filter(asked).collect();
        let mut advice: Vec<Advice> = rules.iter().flat_map(|rule| needless(&wording, rule)).collect();
        advice.extend(rules.iter().filter_map(|rule| hidden(&wording, rule)));
        advice.extend(rules.iter().filter_map(|rule| near_misses(&wording, rule)));
        advice.extend(self.alarms(&wording, clean));
        advice.extend(self.dear(&wording, &rules, clean));
        advice.sort_by(|a, b| (a.at.file, a.at.start, &a.what).cmp(&(b.at.file, b.at.start, &b.what)));
        advice
    }

    /// Phrases that fire on good posts.
    fn alarms(&self, wording: &Wording<'_>, clean: &[String]) -> Vec<Advice> {
        let check = |text: &String| self.lint_text("<clean>", text, Meta::default()).findings;
        let found: Vec<(usize, Finding)> = clean
            .par_iter()
            .enumerate()
            .flat_map_iter(|(n, text)| check(text).into_iter().map(move |f| (n, f)))
            .collect();
        let mut by_piece: BTreeMap<(String, String), (usize, Advice)> = BTreeMap::new();
        for (number, finding) in found {
            let (meta, text) = (&finding.rule, clean.get(number).map_or("", String::as_str));
            let Some(rule) = wording.rules.iter().find(|rule| rule.spec.meta.id == meta.id) else { continue };
            let words = finding.core.of(text);
            let met = wording.met(rule, words);
            let piece = rule.pieces.iter().zip(met).find(|(_, met)| *met).map(|(piece, _)| piece);
            // What a sensitive rule matched may be a real value, if the sample is the user's own.
            let quoted = if meta.sensitive { String::new() } else { format!(": {words:?}") };
            let told = piece.map_or_else(|| "it".to_owned(), |piece| format!("`{}`", piece.text));
            let what = format!("good posts, first on post {}{quoted}", number + 1);
            let help = "narrow it with `unless` or `near`, and add the post as a good example";
            let new = Advice::new(meta, piece.map_or(rule.spec.at, |piece| piece.at), what, help);
            by_piece.entry((meta.id.clone(), told)).or_insert((0, new)).0 += 1;
        }
        let all = by_piece.into_iter().map(|((_, told), (count, advice))| Advice {
            what: format!("{told} fires on {count} of {} {}", clean.len(), advice.what),
            ..advice
        });
        all.collect()
    }

    /// Patterns that take much of the time.
    fn dear(&self, wording: &Wording<'_>, rules: &[&RuleWording<'_>], clean: &[String]) -> Vec<Advice> {
        let read: Vec<(Reading<'_>, TextPrint)> = clean
            .iter()
            .map(|text| Reading::new(text))
            .map(|reading| (TextPrint::new(reading.text(), wording), reading))
            .map(|(print, reading)| (reading, print))
            .collect();
        let whole = fastest(|| clean.iter().for_each(|text| drop(self.lint_text("<clean>", text, Meta::default()))));
        let mut advice = Vec::new();
        for (rule, piece) in rules.iter().flat_map(|rule| rule.pieces.iter().map(move |piece| (rule, piece))) {
            if !piece.is_pattern() {
                continue;
            }
            let own = fastest(|| read.iter().for_each(|(reading, print)| piece.run(reading.text(), print)));
            let share = own.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE);
            let post = own / u32::try_from(clean.len()).unwrap_or(u32::MAX).max(1);
            if share >= DEAR_SHARE && post >= DEAR_POST {
                let what = format!(
                    "the pattern takes {} µs a post, {:.0} % of the time of all rules",
                    post.as_micros(),
                    share.min(1.0) * 100.0
                );
                let help = "begin it with a word or a sign that is rare, say it with `needs`, or write a phrase";
                advice.push(Advice::new(&rule.spec.meta, piece.at, what, help));
            }
        }
        advice
    }
}

/// The shortest of three runs: what else the computer does only adds.
fn fastest(mut work: impl FnMut()) -> Duration {
    let runs = (0..3).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    runs.min().unwrap_or_default()
}

fn needless(wording: &Wording<'_>, rule: &RuleWording<'_>) -> Vec<Advice> {
    let told = |needless: Needless| {
        let text = needless.text;
        let (what, help) = match needless.why {
            Why::Dead => (
                format!("no text can match `{text}`"),
                "a phrase never crosses the end of a sentence; nothing stands before `^` or behind `$`",
            ),
            Why::Twice => (format!("`{text}` is covered by another alternative of its phrase"), "leave it out"),
            Why::Covered(by) => (format!("`{text}` is covered by `{}`", short(&by)), "leave it out"),
        };
        Advice::new(&rule.spec.meta, needless.at, what, help)
    };
    wording.needless(rule).into_iter().map(told).collect()
}

/// The beginning of a long phrase.
fn short(phrase: &str) -> String {
    const MOST: usize = 60;
    match phrase.char_indices().nth(MOST) {
        Some((at, _)) => format!("{} …", phrase.get(..at).unwrap_or_default()),
        None => phrase.to_owned(),
    }
}

/// Keys that make a rule look away from what its wording matches.
const NARROWING: &[&str] = &["near", "unless", "unless-near", "context", "validator", "needs", "raw", "quoted"];

/// A rule whose findings another rule of its category always makes too.
fn hidden(wording: &Wording<'_>, rule: &RuleWording<'_>) -> Option<Advice> {
    let own = &rule.spec.meta;
    if rule.spec.params.get("deobfuscate").is_some() {
        return None;
    }
    let hides = |other: &&RuleWording<'_>| {
        let meta = &other.spec.meta;
        meta.id != own.id
            && stands_wherever(meta, own)
            && NARROWING.iter().all(|key| other.spec.params.get(key).is_none())
            && wording.hides(other, rule)
            // Of two rules that hide each other the later one is told.
            && (place(other.spec.at) < place(rule.spec.at) || !(stands_wherever(own, meta) && wording.hides(rule, other)))
    };
    let other = wording.rules.iter().find(hides)?;
    let what = format!("it finds nothing that {} of the same category does not find", other.spec.meta.id);
    Some(Advice::new(own, rule.spec.at, what, "leave it out, or give it another category or wording of its own"))
}

/// Whether a finding of `meta` says at least as much as one of `own` would, wherever that one may be.
fn stands_wherever(meta: &RuleMeta, own: &RuleMeta) -> bool {
    meta.category == own.category
        && meta.severity >= own.severity
        && meta.confidence >= own.confidence
        && meta.sensitive >= own.sensitive
        && meta.locked >= own.locked
        && (meta.scopes.is_empty() || meta.scopes == own.scopes)
        && (meta.applies == Applies::default() || meta.applies == own.applies)
}

fn place(at: At) -> (usize, usize) {
    (at.file, at.start)
}

/// Whether the good examples of a rule are near misses: enough of them, and with words of the rule.
fn near_misses(wording: &Wording<'_>, rule: &RuleWording<'_>) -> Option<Advice> {
    let meta = &rule.spec.meta;
    let good: Vec<&str> = meta.examples.iter().filter(|e| !e.bad).map(|e| e.text.as_str()).collect();
    let help = "add a good example that comes close: the rule's own words with another meaning";
    if good.len() < GOOD {
        let what = format!("it has {} good example, so little shows what it lets through", good.len());
        return Some(Advice::new(meta, rule.spec.at, what, help));
    }
    let words = wording.words(rule);
    let found: Vec<&str> = meta.examples.iter().flat_map(|e| &e.finds).map(String::as_str).collect();
    let pattern = rule.pieces.iter().any(Piece::is_pattern);
    let near = |text: &&str| {
        let digits = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
        let shares = |word: &str| words.contains(word) || found.iter().any(|f| each_word(f).any(|w| w == word));
        each_word(text).any(|word| shares(&word)) || pattern && (digits(text) || found.is_empty())
    };
    if good.iter().any(near) {
        return None;
    }
    let what = format!("none of its {} good examples shares a word with it", good.len());
    Some(Advice::new(meta, rule.spec.at, what, help))
}

/// The words of a text, in lower case.
fn each_word(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

//! Letting a finding through: a suppression written into the draft, where its format has a place for one.
//!
//! Formats propose places; each is tried. The one that is kept suppresses the finding and nothing but findings of the same
//! rule in the same post, and leaves every post as it reads: nothing of a suppression can be published.

use super::Linter;
use crate::{
    decode,
    model::{
        document::{Document, Origin, Scope, SourceFile},
        finding::{FileReport, Finding},
    },
};
use std::collections::BTreeMap;

/// What a finding is, wherever it has moved to: its rule, its post, its words.
pub type Key = (String, usize, String);

/// The key of `finding` in `report`.
pub fn key(report: &FileReport, finding: &Finding) -> Key {
    let words = finding.core.of(&report.document.source).to_owned();
    (finding.rule.id.clone(), finding.place.post, words)
}

impl Linter {
    /// `file` with a suppression of `finding`, which is of `report`; nothing where the format, or the draft as it is, has
    /// no place for one.
    pub fn excuse(
        &self,
        file: &SourceFile,
        report: &FileReport,
        finding: &Finding,
        reason: &str,
    ) -> Option<SourceFile> {
        let document = &report.document;
        if finding.locked.is_some() || document.origin != Origin::Bytes {
            return None;
        }
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = format!("{}: {reason}", finding.rule.id);
        let options = &self.options().decode;
        let marks = decode::by_name(document.format)?.marks(document, finding.place.span, &said, options);
        let before = self.lint(file).ok()?;
        let tried = marks.iter().filter_map(|mark| {
            let next = SourceFile { path: file.path.clone(), bytes: decode::insert(file, document, mark).ok()? };
            let after = self.lint(&next).ok().filter(|after| texts(&after.document) == texts(document))?;
            Some((excused(&before, &after, finding)?, next))
        });
        tried.min_by_key(|(count, _)| *count).map(|(_, next)| next)
    }
}

/// What a reader sees, and what could not be read.
fn texts(document: &Document) -> (Vec<(usize, &Scope, &str)>, usize) {
    let posts = document.posts.iter().enumerate();
    let texts = posts.flat_map(|(i, post)| post.segments.iter().map(move |s| (i, &s.scope, s.text.trim())));
    (texts.collect(), document.faults.len())
}

/// How many findings are suppressed in `after`, if `finding` is one of them and the others are its like.
fn excused(before: &FileReport, after: &FileReport, finding: &Finding) -> Option<usize> {
    let (own, was, is) = (key(before, finding), active(before), active(after));
    let now = |key: &Key| is.get(key).copied().unwrap_or(0);
    let alike = |key: &Key| (&key.0, key.1) == (&own.0, own.1);
    let kept = was.iter().all(|(key, count)| now(key) == *count || (now(key) < *count && alike(key)));
    let gone = was.values().sum::<usize>().checked_sub(is.values().sum())?;
    (kept && is.keys().all(|key| was.contains_key(key)) && now(&own) < *was.get(&own)?).then_some(gone)
}

fn active(report: &FileReport) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for finding in report.findings.iter().filter(|f| f.suppressed.is_none()) {
        *counts.entry(key(report, finding)).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::Options,
        pack::{self, Request},
    };

    fn linter() -> Linter {
        let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/packs/promise.toml");
        let set = pack::load(&[Request::Path(pack.into())]).unwrap();
        Linter::new(&set, Options::default()).unwrap()
    }

    /// The draft after its first finding was let through.
    fn excused(name: &str, text: &str) -> Option<String> {
        let linter = linter();
        let file = SourceFile { path: name.into(), bytes: text.as_bytes().into() };
        let report = linter.lint(&file).unwrap();
        let after = linter.excuse(&file, &report, &report.findings[0], "the Cabinet  decided -- \"3 June\"")?;
        Some(String::from_utf8(after.bytes.clone()).unwrap())
    }

    #[test]
    fn a_suppression_is_written_as_its_format_has_it() {
        let said = |reason: &str| {
            let rule = linter().rules()[0].id.clone();
            format!("{rule}: the Cabinet decided {reason}")
        };
        let comment = format!("<!-- postlint-ignore {} -->", said("– \"3 June\""));
        let yaml = format!("postlint-ignore: '{}'", said("-- \"3 June\""));
        let json = format!("\"postlint-ignore\": \"{}\"", said("-- \\\"3 June\\\""));
        for (name, text, want) in [
            ("a.md", "One.\n\nWe promise it.\n", format!("One.\n\n{comment}\n\nWe promise it.\n")),
            ("a.md", "- One.\n- We promise it.\n", format!("{comment}\n\n- One.\n- We promise it.\n")),
            (
                "a.md",
                "- We promise it.\n- We promise more.\n",
                format!("- {comment}We promise it.\n- We promise more.\n"),
            ),
            (
                "a.md",
                "---\ntitle: We promise it\n---\nOne.\n",
                format!("---\n{yaml}\ntitle: We promise it\n---\nOne.\n"),
            ),
            ("a.html", "<p>One<p>We promise it", format!("<p>One<p>{comment}We promise it")),
            ("a.html", "<p>One <img alt='We promise'> two", format!("<p>{comment}One <img alt='We promise'> two")),
            ("a.json", "[{\"text\": \"We promise\"}]", format!("[{{{json}, \"text\": \"We promise\"}}]")),
            (
                "a.jsonl",
                "{\"text\": \"One\"}\n{\"text\": \"We promise\"}\n",
                format!("{{\"text\": \"One\"}}\n{{{json}, \"text\": \"We promise\"}}\n"),
            ),
            (
                "a.yaml",
                "- text: >\n    A b:\n    we promise\n",
                format!("- {yaml}\n  text: >\n    A b:\n    we promise\n"),
            ),
            (
                "a.toml",
                "text = \"We promise\"\n",
                format!("{}\ntext = \"We promise\"\n", json.replacen("\"postlint-ignore\":", "postlint-ignore =", 1)),
            ),
            (
                "a.csv",
                "Text;postlint-ignore\r\nOne;\r\nWe promise;\r\n",
                format!("Text;postlint-ignore\r\nOne;\r\nWe promise;\"{}\"\r\n", said("-- \"\"3 June\"\"")),
            ),
            ("a.tweet", "---\nreply: 1\n---\nWe promise", format!("---\n{yaml}\nreply: 1\n---\nWe promise")),
        ] {
            assert_eq!(excused(name, text).as_deref(), Some(want.as_str()), "{name}");
        }
    }

    #[test]
    fn a_draft_without_a_place_for_a_suppression_stays_as_it_is() {
        for (name, text) in [
            ("a.txt", "We promise it.\n"),
            ("a.tweet", "We promise it.\n"),
            ("a.csv", "Text,Channel\nWe promise it,x\n"),
            ("a.csv", "Text,postlint-ignore\nWe promise it,a/b: c\n"),
            ("a.yaml", "[{text: We promise it}]\n"),
        ] {
            assert_eq!(excused(name, text), None, "{name}");
        }
    }
}

//! Fixes into files: which edits are made, and how a file is replaced so that it is always the old one or the new one.

use super::{Linter, walk, whole};
use crate::{
    decode,
    model::{
        document::{Document, SourceFile},
        finding::{Applicability, Edit, FileReport, Finding, Hidden},
    },
    text::span::{Source, Span},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
};

/// Rounds of checking and mending at most: a fix may uncover another finding.
const ROUNDS: usize = 8;

/// What mending a file came to.
#[derive(Debug)]
pub struct Mended {
    /// The file before.
    pub before: SourceFile,
    /// Its text before.
    pub old: FileReport,
    /// The bytes after; the same as before where nothing could be mended.
    pub bytes: Vec<u8>,
    /// What is found in the file after.
    pub new: FileReport,
    /// Findings whose fix was made.
    pub made: usize,
    /// Fixes that could not be made, and why.
    pub refused: Vec<String>,
}

impl Mended {
    /// Whether the file would change.
    pub fn changed(&self) -> bool {
        self.bytes != *self.before.bytes
    }
}

impl Linter {
    /// Makes all fixes of at least `least` in `file`, again and again until none is left, without writing anything.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn mend(&self, file: SourceFile, least: Applicability) -> Result<Mended, decode::DecodeError> {
        let old = self.lint(&file)?;
        let (mut now, mut new) = (file.clone(), old.clone());
        let (mut made, mut refused) = (0, Vec::new());
        for _ in 0..ROUNDS {
            let Some((bytes, count)) = self.round(&now, &new, least, &mut refused) else { break };
            let next = SourceFile { path: now.path.clone(), bytes };
            let Ok(report) = self.lint(&next) else { break };
            made += count;
            (now, new) = (next, report);
        }
        refused.dedup();
        // A mended draft may no longer say what made its secrets known as such.
        let before = old.hidden.iter().map(|h| Hidden { span: Span::new(0, 0), words: h.words.clone() });
        new.hidden.extend(before);
        Ok(Mended { before: file, old, bytes: now.bytes.clone(), new, made, refused })
    }

    /// One round of fixes: the bytes after and the number of findings mended; nothing where none could be.
    fn round(
        &self,
        file: &SourceFile,
        report: &FileReport,
        least: Applicability,
        refused: &mut Vec<String>,
    ) -> Option<(Vec<u8>, usize)> {
        let mut taken = Taken::default();
        let mut chosen: Vec<&[Edit]> = report.findings.iter().filter_map(|f| edits(f, least)).collect();
        chosen.retain(|edits| taken.take(edits));
        // What was refused before is asked again in each round: the last one says what is left.
        refused.clear();
        let applied = match decode::apply(file, &report.document, &chosen, &self.options().decode) {
            Ok(applied) => applied,
            Err(error) => {
                refused.push(told(&report.document, &error));
                return None;
            }
        };
        refused.extend(applied.refused.iter().map(|(_, error)| told(&report.document, error)));
        (applied.bytes != *file.bytes).then(|| (applied.bytes, chosen.len() - applied.refused.len()))
    }
}

/// The edits of a finding's first fix, if it may be made.
fn edits(finding: &Finding, least: Applicability) -> Option<&[Edit]> {
    let fix = finding.fixes.first().filter(|fix| fix.refused.is_none() && finding.suppressed.is_none())?;
    (fix.applicability >= least).then_some(&fix.edits)
}

/// Where fixes that are made edit: stretches by their starts, which are in the order of their ends, since those of one fix
/// that overlap are one; and places where something is put in.
#[derive(Default)]
struct Taken {
    stretches: BTreeMap<usize, usize>,
    places: BTreeSet<usize>,
}

impl Taken {
    /// Adds the edits of a fix if none of them is on what an earlier fix edits; whether it did.
    fn take(&mut self, edits: &[Edit]) -> bool {
        let free = edits.iter().all(|edit| self.is_free(edit.span));
        if free {
            for edit in edits {
                self.add(edit.span);
            }
        }
        free
    }

    fn is_free(&self, span: Span<Source>) -> bool {
        let before = self.stretches.range(..span.end).next_back();
        let put_in = if span.is_empty() {
            self.places.contains(&span.start)
        } else {
            self.places.range(span.start + 1..span.end).next().is_some()
        };
        before.is_none_or(|(_, end)| *end <= span.start) && !put_in
    }

    fn add(&mut self, span: Span<Source>) {
        if span.is_empty() {
            self.places.insert(span.start);
            return;
        }
        let mut whole = span;
        while let Some((start, end)) = self.stretches.range(..whole.end).next_back().map(|(start, end)| (*start, *end))
            && end > whole.start
        {
            whole = whole.cover(Span::new(start, end));
            self.stretches.remove(&start);
        }
        self.stretches.insert(whole.start, whole.end);
    }
}

fn told(document: &Document, error: &decode::WriteError) -> String {
    match error {
        decode::WriteError::Refused { span, reason } => {
            let line = document.source.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
            format!("line {line}: {reason}")
        }
        other => other.to_string(),
    }
}

/// Puts `bytes` in the place of the file that was `before`: into a new file beside it, with its permissions, then renamed. The
/// file is the old one or the new one at every moment. A symbolic link is followed, so that it stays a link.
///
/// # Errors
/// The reason, in words; the file is then as it was.
pub fn replace(before: &SourceFile, bytes: &[u8]) -> Result<(), String> {
    let path = fs::canonicalize(&before.path).map_err(|e| walk::reason(&e))?;
    let now = fs::read(&path).map_err(|e| walk::reason(&e))?;
    if now != *before.bytes {
        return Err("the file changed while it was checked; run again".to_owned());
    }
    whole::replace(&path, bytes).map_err(|error| match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem => "it is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "it, or its folder, may not be written to".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => walk::reason(&error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::Options,
        pack::{self, Request},
    };
    use proptest::prelude::*;
    use std::fmt::Write;

    fn overlap(a: &[Edit], b: &[Edit]) -> bool {
        a.iter().any(|x| b.iter().any(|y| x.span.overlaps(y.span) || x.span == y.span))
    }

    proptest! {
        /// Fixes of several edits, some on each other, some that only put something in.
        #[test]
        fn a_fix_is_made_where_none_before_it_is(
            fixes in proptest::collection::vec(proptest::collection::vec((0..40_usize, 0..6_usize), 0..4), 0..20),
        ) {
            let (mut taken, mut chosen) = (Taken::default(), Vec::<Vec<Edit>>::new());
            for fix in fixes {
                let edit = |(start, len)| Edit { span: Span::new(start, start + len), content: String::new() };
                let fix: Vec<Edit> = fix.into_iter().map(edit).collect();
                let naive = chosen.iter().all(|other| !overlap(other, &fix));
                prop_assert_eq!(taken.take(&fix), naive);
                if naive {
                    chosen.push(fix);
                }
            }
        }
    }

    fn mended(name: &str, bytes: Vec<u8>) -> Mended {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pack.toml");
        fs::write(&path, PACK).unwrap();
        let set = pack::load(&[Request::Path(path)]).unwrap();
        let linter = Linter::new(&set, Options::default()).unwrap();
        linter.mend(SourceFile { path: name.into(), bytes }, Applicability::Safe).unwrap()
    }

    const PACK: &str = r#"
[pack]
name = "own"
version = "1.0.0"
summary = "Two words"

[[rule]]
id = "utilise"
title = "Long word"
category = "conduct"
severity = "error"
confidence = 0.9
why = "A test looks for it."
phrases = ["utilise"]
[rule.fix]
replace = "use"
applicability = "safe"
[[rule.example]]
bad = "We utilise it."
[[rule.example]]
good = "We use it."

[[rule]]
id = "arrow"
title = "A word that Windows-1252 cannot write"
category = "conduct"
severity = "error"
confidence = 0.9
why = "A test looks for it."
phrases = ["frobbish"]
[rule.fix]
replace = "\u2192"
applicability = "safe"
[[rule.example]]
bad = "It is frobbish."
[[rule.example]]
good = "It is so."
"#;

    #[test]
    fn a_long_text_is_mended_although_its_parts_move() {
        let mut text = String::new();
        for i in 0..200 {
            let _ = write!(text, "Paragraph {i}. {}We utilise it.\n\n", "The play park is open again. ".repeat(52));
        }
        assert!(text.len() > 300_000);
        let after = mended("a.txt", text.clone().into_bytes());
        assert_eq!((after.made, after.refused.len()), (200, 0));
        assert_eq!(String::from_utf8(after.bytes).unwrap(), text.replace("utilise", "use"));
    }

    #[test]
    fn what_is_refused_keeps_nothing_else_back() {
        let row = |i: usize| format!("caf\u{e9} {i} We utilise it; {} now\n", ["frobbish", "so"][i % 2]);
        let text: String = (0..20).map(row).collect();
        let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        let bytes = [b"Text\n", &*bytes].concat();
        let after = mended("a.csv", bytes);
        assert_eq!((after.made, after.refused.len()), (20, 10));
    }

    #[test]
    fn what_was_let_through_stays_as_it_is() {
        let text = |ignored: &str| format!("---\n{ignored}title: Bins\n---\nWe utilise it.\n");
        let after = mended("a.md", text("").into_bytes());
        assert_eq!(after.made, 1);
        let ignored = text("postlint-ignore: \"own/utilise: a quotation\"\n");
        let after = mended("a.md", ignored.clone().into_bytes());
        assert_eq!((after.made, String::from_utf8(after.bytes).unwrap()), (0, ignored));
    }
}

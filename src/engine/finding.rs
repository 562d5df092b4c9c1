//! From a hit to a finding: its place in the file, what it says, how grave it is, how to mend it.

use super::{FLOOR, Options, edit};
use crate::{
    check::{Hit, Spot, view::View},
    model::{
        document::{Document, Origin, Post},
        finding::{Applicability, Finding, Fix, Hidden, Place, Text},
        rule::{RuleMeta, Severity},
    },
    settings::Reserved,
    text::{
        map::OffsetMap,
        span::{Folded, Plain, Source, Span},
    },
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write, path::Path, sync::Arc};

/// Below this confidence an error is reported as a warning.
const SURE: f32 = 0.75;

/// Makes findings of one post's hits.
pub(super) struct Maker<'m, 'p> {
    pub(super) path: &'m Path,
    pub(super) document: &'m Document,
    pub(super) post: usize,
    pub(super) view: &'m View<'p>,
    pub(super) options: &'m Options,
}

impl Maker<'_, '_> {
    /// The finding that `hit` is, unless its confidence is too low to mean anything. One that is only too low for this
    /// run is made all the same, since its words must be masked.
    pub(super) fn finding(&self, rule: &Arc<RuleMeta>, severity: Severity, hit: &Hit) -> Option<Finding> {
        let handling = self.options.settings.reserved;
        if hit.reserved && handling == Reserved::Ignore {
            return None;
        }
        let severity = if hit.reserved && handling == Reserved::Note { Severity::Info } else { severity };
        let confidence = round(hit.confidence.clamp(0.0, 1.0));
        if confidence < self.options.min_confidence.min(FLOOR) {
            return None;
        }
        let place = self.place(hit)?;
        let core = self.core(hit).unwrap_or(place.span);
        let fixes = self.fixes(rule, hit);
        let codes = self.codes(hit);
        Some(Finding {
            message: self.message(rule, hit, core),
            core,
            hidden: codes.iter().map(|code| code.span).collect(),
            severity: graded(severity, confidence, hit),
            confidence,
            reasons: hit.reasons.clone(),
            related: self.related(hit),
            advice: rule.fix.advice.clone(),
            fingerprint: self.fingerprint(rule, core, !codes.is_empty()),
            obfuscated: hit.obfuscated,
            reserved: hit.reserved,
            also: Vec::new(),
            locked: rule.locked.then(|| Arc::clone(rule)),
            suppressed: None,
            rule: Arc::clone(rule),
            fixes,
            place,
        })
    }

    /// What must not be shown of `finding`, which `hit` became.
    pub(super) fn hidden(&self, finding: &Finding, hit: &Hit) -> Vec<Hidden> {
        if !finding.rule.sensitive {
            return self.codes(hit);
        }
        let text = |segment: usize| self.post().and_then(|p| p.segments.get(segment)).map(|s| s.text.as_str());
        let words = match hit.spot {
            Spot::Text { segment, span } => {
                self.plain(segment, hit.core.unwrap_or(span)).zip(text(segment)).map(|(span, text)| span.of(text))
            }
            Spot::Raw { segment, span } => text(segment).map(|text| span.of(text)),
            Spot::Source(_) | Spot::Post => None,
        };
        let core = finding.core.of(&self.document.source);
        let place = Hidden { span: finding.place.span, words: words.unwrap_or(core).to_owned() };
        vec![place, Hidden { span: finding.core, words: core.to_owned() }]
    }

    /// What must not be shown of a guess: it covers a whole sentence, and whoever mends the sentence must read it, so only
    /// its numbers and addresses are hidden, those that stand together as one.
    fn codes(&self, hit: &Hit) -> Vec<Hidden> {
        let (Some(_), Spot::Text { segment, span }) = (hit.score, &hit.spot) else { return Vec::new() };
        let Some(view) = self.view.segments.get(*segment) else { return Vec::new() };
        let reading = &view.reading;
        let tokens = reading.tokens.get(reading.tokens_in(*span)).unwrap_or_default();
        let runs = tokens.chunk_by(|a, b| is_code(reading.at(a.span)) == is_code(reading.at(b.span)));
        let codes = runs.filter_map(|run| {
            let folded = run.first().filter(|t| is_code(reading.at(t.span)))?.span.cover(run.last()?.span);
            let span = self.source(*segment, folded)?;
            Some(Hidden { span, words: span.of(&self.document.source).to_owned() })
        });
        codes.collect()
    }

    fn post(&self) -> Option<&Post> {
        self.document.posts.get(self.post)
    }

    fn place(&self, hit: &Hit) -> Option<Place> {
        let post = self.post()?;
        match hit.spot {
            Spot::Text { segment, span } => self.in_segment(segment, self.plain(segment, span)?),
            Spot::Raw { segment, span } => self.in_segment(segment, span),
            Spot::Source(span) => Some(Place { post: self.post, address: post.address.clone(), span }),
            Spot::Post => {
                let first = post.segments.first();
                let start = first.map_or(0, |s| s.map.map(Span::new(0, 0)).start);
                Some(Place { post: self.post, address: post.address.clone(), span: Span::new(start, start) })
            }
        }
    }

    /// Where the words that matched stand.
    fn core(&self, hit: &Hit) -> Option<Span<Source>> {
        let Spot::Text { segment, .. } = hit.spot else { return None };
        self.source(segment, hit.core?)
    }

    fn in_segment(&self, segment: usize, span: Span<Plain>) -> Option<Place> {
        let post = self.post()?;
        let part = post.segments.get(segment)?;
        let own = part.address != crate::model::document::Address::Whole;
        let address = if own { part.address.clone() } else { post.address.clone() };
        Some(Place { post: self.post, address, span: part.map.map(span) })
    }

    fn plain(&self, segment: usize, span: Span<Folded>) -> Option<Span<Plain>> {
        Some(self.view.segments.get(segment)?.reading.folded.map.map(span))
    }

    fn source(&self, segment: usize, span: Span<Folded>) -> Option<Span<Source>> {
        Some(self.post()?.segments.get(segment)?.map.map(self.plain(segment, span)?))
    }

    fn related(&self, hit: &Hit) -> Vec<Place> {
        let near = hit.near.and_then(|(segment, span)| self.in_segment(segment, self.plain(segment, span)?));
        near.into_iter().collect()
    }

    /// Fills in the rule's message. Placeholders were checked when the rule was compiled (`check/placeholder.rs`).
    fn message(&self, rule: &RuleMeta, hit: &Hit, matched: Span<Source>) -> Vec<Text> {
        let mut parts = Vec::new();
        let mut rest = rule.message.as_str();
        while let Some((own, tail)) = rest.split_once('{') {
            let Some((name, after)) = tail.split_once('}') else { break };
            // Writers quote the words of a draft; quotation marks of the message around them go.
            let marks = ['\'', '"', '“', '”'];
            let quoted = own.ends_with(marks) && after.starts_with(marks);
            let own = if quoted { own.trim_end_matches(marks) } else { own };
            let after = if quoted { after.trim_start_matches(marks) } else { after };
            if !own.is_empty() {
                parts.push(Text::Own(own.to_owned()));
            }
            parts.push(match name {
                "match" => Text::Matched(matched),
                "title" => Text::Own(rule.title.clone()),
                "fix" => Text::Own(rule.fix.advice.clone()),
                _ => match hit.says.iter().find(|(said, _)| *said == name) {
                    Some((_, words)) => Text::Own(words.clone()),
                    None => Text::Matched(self.capture(hit, name).unwrap_or(matched)),
                },
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Text::Own(rest.to_owned()));
        }
        parts
    }

    /// Where a capture stands, or what stood near.
    fn capture(&self, hit: &Hit, name: &str) -> Option<Span<Source>> {
        let (segment, span) = if name == "near" {
            hit.near?
        } else {
            let Spot::Text { segment, .. } = hit.spot else { return None };
            (segment, hit.captures.iter().find(|(n, _)| n == name)?.1)
        };
        self.source(segment, span)
    }

    fn fixes(&self, rule: &RuleMeta, hit: &Hit) -> Vec<Fix> {
        let (segment, raw) = match hit.spot {
            Spot::Text { segment, .. } => (segment, None),
            Spot::Raw { segment, span } => (segment, Some(span)),
            Spot::Source(_) | Spot::Post => return Vec::new(),
        };
        let (Some(view), Some(part)) =
            (self.view.segments.get(segment), self.post().and_then(|p| p.segments.get(segment)))
        else {
            return Vec::new();
        };
        let templates: Vec<Option<&str>> = match (&hit.replacement, rule.fix.replace.as_slice()) {
            (Some(own), _) => vec![Some(own)],
            (None, []) => vec![None],
            (None, all) => all.iter().map(|t| Some(t.as_str())).collect(),
        };
        let (text, plain) = match hit.spot {
            Spot::Text { span, .. } => {
                let span = hit.core.unwrap_or(span);
                (view.reading.at(span), view.reading.folded.map.map(span))
            }
            _ => raw.map_or(("", Span::new(0, 0)), |span| (span.of(&part.text), span)),
        };
        let capture = |name: &str| match name {
            "match" => Some(text.to_owned()),
            name => hit.captures.iter().find(|(n, _)| n == name).map(|(_, s)| view.reading.at(*s).to_owned()),
        };
        let edits = templates.into_iter().filter_map(|template| match template {
            // What a kind writes for text as it was typed, it writes in full.
            Some(content) if raw.is_some() && hit.replacement.is_some() => {
                Some(edit::PlainEdit { span: plain, content: content.to_owned() })
            }
            Some("") => Some(edit::deletion(&part.text, plain)),
            Some(template) => {
                let content = edit::fill(template, &capture);
                let plain = edit::less_possessive(&part.text, plain, &content);
                Some(edit::replacement(&part.text, plain, &content))
            }
            None => (rule.fix.delete && !plain.is_empty()).then(|| edit::deletion(&part.text, plain)),
        });
        let as_typed = raw.is_some() && hit.replacement.is_some();
        let safe = rule.fix.safe && (as_typed || !edit::is_compound(&part.text, plain));
        let lost = |edit: &edit::PlainEdit| edit::lost_mark(&part.text, edit).filter(|_| !as_typed);
        edits.map(|edit| self.fix(safe, &part.map, lost(&edit), edit)).collect()
    }

    /// An edit as a fix, which can only be shown where the words do not stand together or may not go, as `lost` says.
    fn fix(&self, safe: bool, map: &OffsetMap<Plain, Source>, lost: Option<String>, edit: edit::PlainEdit) -> Fix {
        let safe = if safe { Applicability::Safe } else { Applicability::Unsafe };
        let contiguous = map.parts(edit.span).len() == 1;
        let (applicability, refused) = if self.document.origin == Origin::Bytes && !contiguous {
            (Applicability::Display, Some("the words do not stand together in the file".to_owned()))
        } else if lost.is_some() {
            (Applicability::Display, lost)
        } else {
            (safe, None)
        };
        edit::fix(map, edit, applicability, refused)
    }

    /// Stable over moved lines and rows. What must not be shown is not hashed, since a short secret can be guessed from its
    /// hash.
    fn fingerprint(&self, rule: &RuleMeta, core: Span<Source>, hidden: bool) -> String {
        let mut hash = Sha256::new();
        let what = if rule.sensitive || hidden { "" } else { core.of(&self.document.source) };
        for part in [rule.id.as_str(), &self.path.to_string_lossy(), &what.to_lowercase()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let first = hash.finalize().iter().take(8).fold(0, |all: u64, byte| all << 8 | u64::from(*byte));
        format!("{first:016x}")
    }
}

/// Numbers the findings of a file that have one fingerprint, in their order, from the second on.
pub(super) fn number_alike(findings: &mut [Finding]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings.iter_mut().filter(|f| !f.fingerprint.is_empty()) {
        let times = times.entry(finding.fingerprint.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let _ = write!(finding.fingerprint, "-{times}");
        }
    }
}

/// Whether a token may be a secret by itself: a number, an address, a word with digits in it.
fn is_code(word: &str) -> bool {
    word.contains(|c: char| c.is_numeric() || c == '@' || c == '/')
}

fn round(confidence: f32) -> f32 {
    (confidence * 100.0).round() / 100.0
}

/// The severity of a hit: an unsure error is a warning, a disguise is one level graver, a value that nobody can own is no
/// error.
fn graded(severity: Severity, confidence: f32, hit: &Hit) -> Severity {
    let sure = if severity == Severity::Error && confidence < SURE { Severity::Warning } else { severity };
    match sure {
        Severity::Info if hit.obfuscated => Severity::Warning,
        Severity::Warning if hit.obfuscated => Severity::Error,
        other => other,
    }
}

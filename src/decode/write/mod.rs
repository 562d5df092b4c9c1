//! Edits back to bytes of the file.
//!
//! An edit names bytes of the document's source and the text that a reader shall read there instead. Here it is written
//! the way its place writes text (escapes, quotes, entities), in the file's encoding, and nothing else is touched. Then
//! the new bytes are decoded again: unless every post reads exactly as it should, the edit is refused. So the law
//! `decode(write(edits)) == edits(decode)` holds for every file that is written, whatever its format.

mod place;

use super::{DecodeError, Decoder, Options, by_name, encoding::bytes_of, read_as};
use crate::{
    model::{
        document::{Document, Post, Quoting, Scope, Segment, SourceFile},
        finding::Edit,
    },
    text::span::{Plain, Source, Span},
};
use place::{Place, Spread};

/// Why a file could not be written. Nothing is written then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// An edit cannot be made at its place.
    #[error("{reason}")]
    Refused {
        /// Bytes of the document's source that the edit names.
        span: Span<Source>,
        /// Why, without a full stop.
        reason: String,
    },
    /// Files of this format are only read.
    #[error("{format} files are only read, not written")]
    ReadOnly {
        /// Name of the decoder.
        format: &'static str,
    },
    /// The file is not the one that the document was read from, or cannot be read.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
}

impl WriteError {
    pub(super) fn refused(span: Span<Source>, reason: impl Into<String>) -> Self {
        Self::Refused { span, reason: reason.into() }
    }
}

/// The bytes of `file` with `edits` made, which must not overlap. `document` is what `file` was decoded to with
/// `options`. All edits are made, or none; the error names the first that cannot be.
pub fn write(file: &SourceFile, document: &Document, edits: &[Edit], options: &Options) -> Result<Vec<u8>, WriteError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| e.span);
    if let Some(pair) = sorted.windows(2).find(|w| matches!(w, [a, b] if a.span.end > b.span.start)) {
        let span = pair.last().map_or(Span::new(0, 0), |e| e.span);
        return Err(WriteError::refused(span, "it overlaps another fix"));
    }
    let homes = homes(document, &sorted)?;
    let job = Job { decoder: by_name(document.format), file, document, options };
    match job.attempt(&homes) {
        Ok(bytes) => Ok(bytes),
        Err(_) if homes.len() > 1 => Err(job.culprit(&homes)),
        Err(e) => Err(e),
    }
}

/// Whether `edit` can be made, and if not, why.
pub fn check(file: &SourceFile, document: &Document, edit: &Edit, options: &Options) -> Result<(), WriteError> {
    write(file, document, std::slice::from_ref(edit), options).map(|_| ())
}

/// The same edits with their content written as the file has to write it, for outputs that other programs apply to the
/// file's text. A cell that needs quotes becomes one edit of the whole cell.
pub fn escaped(document: &Document, edits: &[Edit]) -> Result<Vec<Edit>, WriteError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|e| e.span);
    let homes = homes(document, &sorted)?;
    homes.iter().try_fold(Vec::new(), |mut all, home| {
        all.extend(home.place(document, Spread::Cover)?);
        Ok(all)
    })
}

/// A segment and the edits in it.
struct Home<'d> {
    segment: &'d Segment,
    edits: Vec<(Span<Plain>, &'d str, Span<Source>)>,
}

impl Home<'_> {
    fn place(&self, document: &Document, spread: Spread) -> Result<Vec<Edit>, WriteError> {
        Place::new(document, self.segment).edits(&self.edits, spread)
    }
}

fn locate(segment: &Segment, span: Span<Source>) -> Option<Span<Plain>> {
    segment.map.unmap(span, segment.text.len())
}

fn segments(document: &Document) -> impl Iterator<Item = &Segment> {
    document.posts.iter().flat_map(|p: &Post| &p.segments)
}

/// The edits by the segment that holds them; where several do, the longest.
fn homes<'d>(document: &'d Document, edits: &[&'d Edit]) -> Result<Vec<Home<'d>>, WriteError> {
    let mut homes: Vec<Home<'d>> = Vec::new();
    for edit in edits {
        let found = segments(document)
            .filter_map(|s| locate(s, edit.span).map(|plain| (s, plain)))
            .max_by_key(|(s, _)| s.text.len());
        let Some((segment, plain)) = found else {
            return Err(WriteError::refused(edit.span, "it reaches over the end of the text that it is in"));
        };
        let made = (plain, edit.content.as_str(), edit.span);
        match homes.iter_mut().find(|h| std::ptr::eq(h.segment, segment)) {
            Some(home) => home.edits.push(made),
            None => homes.push(Home { segment, edits: vec![made] }),
        }
    }
    Ok(homes)
}

struct Job<'d> {
    decoder: Option<&'static dyn Decoder>,
    file: &'d SourceFile,
    document: &'d Document,
    options: &'d Options,
}

impl Job<'_> {
    /// Writes all of `homes` and reads the result again. Where an edit spans markup there are several ways to write it,
    /// tried in turn.
    fn attempt(&self, homes: &[Home<'_>]) -> Result<Vec<u8>, WriteError> {
        let decoder = self.decoder.ok_or(WriteError::ReadOnly { format: self.document.format })?;
        let mut refusal = None;
        for spread in [Spread::Cover, Spread::First, Spread::Last] {
            let mut edits = Vec::new();
            for home in homes {
                edits.extend(home.place(self.document, spread)?);
            }
            edits.sort_by_key(|e| e.span);
            let bytes = decoder.write(self.file, self.document, &edits)?;
            match self.verify(decoder, homes, &bytes) {
                None => return Ok(bytes),
                Some(reason) => refusal = refusal.or(Some(reason)),
            }
        }
        let span = homes.first().and_then(|h| h.edits.first()).map_or(Span::new(0, 0), |e| e.2);
        Err(WriteError::refused(span, refusal.unwrap_or_default()))
    }

    /// The error of the first segment that fails alone.
    fn culprit(&self, homes: &[Home<'_>]) -> WriteError {
        let alone = |home: &Home<'_>| {
            let one = Home { segment: home.segment, edits: home.edits.clone() };
            self.attempt(&[one]).err()
        };
        homes.iter().find_map(alone).unwrap_or_else(|| {
            let span = homes.first().and_then(|h| h.edits.first()).map_or(Span::new(0, 0), |e| e.2);
            WriteError::refused(span, "it cannot be made together with the other fixes")
        })
    }

    /// Why `bytes` do not read as they should; `None` where they do.
    fn verify(&self, decoder: &dyn Decoder, homes: &[Home<'_>], bytes: &[u8]) -> Option<String> {
        let file = SourceFile { path: self.file.path.clone(), bytes: bytes.into() };
        let after = match read_as(decoder, &file, self.options) {
            Ok(after) => after,
            Err(e) => return Some(format!("the file could not be read any more: {e}")),
        };
        let edits: Vec<_> = homes.iter().flat_map(|h| &h.edits).collect();
        let want = segments(self.document).map(|s| expected(s, &edits));
        let want: Vec<_> = want.filter(|(_, text)| !text.is_empty()).collect();
        let is_loose = want.iter().any(|(scope, _)| scope.is_none());
        let compared = |scope: &Scope| !is_loose || !matches!(scope, Scope::LinkText | Scope::LinkUrl);
        let want = want.into_iter().filter_map(|(scope, text)| scope.map(|s| (s, text)));
        let want = want.filter(|(scope, _)| compared(scope));
        let got = segments(&after).map(|s| (s.scope.clone(), normal(s, &s.text)));
        let got = got.filter(|(scope, text)| !text.is_empty() && compared(scope));
        let same = want.eq(got) && after.faults.len() == self.document.faults.len();
        (!same).then(|| "the text around it would be read differently".to_owned())
    }
}

/// What `segment` should read after `edits`; without a scope where an edit reaches over its end, so that nothing can be
/// said.
fn expected(segment: &Segment, edits: &[&(Span<Plain>, &str, Span<Source>)]) -> (Option<Scope>, String) {
    let mut text = segment.text.clone();
    let parts = segment.map.parts(Span::new(0, segment.text.len()));
    for (_, content, span) in edits.iter().rev() {
        match locate(segment, *span) {
            Some(plain) => text.replace_range(plain.range(), content),
            None if parts.iter().any(|p| p.overlaps(*span)) => return (None, "?".to_owned()),
            None => {}
        }
    }
    (Some(segment.scope.clone()), normal(segment, &text))
}

/// `text` as far as the format lets a writer choose: in most, white space at the ends is not kept.
fn normal(segment: &Segment, text: &str) -> String {
    let exact = matches!(
        segment.quoting,
        Quoting::Verbatim
            | Quoting::Csv { .. }
            | Quoting::Json
            | Quoting::TomlBasic { .. }
            | Quoting::TomlLiteral { .. }
    );
    if exact { text.trim().to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// The bytes of `file` with `edits`, already escaped and sorted, in its encoding: for formats whose source is the text of
/// the file.
pub(super) fn splice(file: &SourceFile, document: &Document, edits: &[Edit]) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::with_capacity(file.bytes.len());
    let mut at = 0;
    for edit in edits {
        let range = document.encoding.map.map(edit.span).range();
        let content = bytes_of(document.encoding.name, &edit.content).map_err(|c| {
            let name = document.encoding.name;
            WriteError::refused(edit.span, format!("the file's encoding, {name}, cannot write \u{201C}{c}\u{201D}"))
        })?;
        bytes.extend_from_slice(file.bytes.get(at..range.start).unwrap_or_default());
        bytes.extend(content);
        at = range.end;
    }
    bytes.extend_from_slice(file.bytes.get(at..).unwrap_or_default());
    Ok(bytes)
}

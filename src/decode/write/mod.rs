//! Edits back to bytes of the file.
//!
//! An edit names bytes of the document's source and the text that a reader shall read there instead. Here it is written
//! the way its place writes text (escapes, quotes, entities), in the file's encoding, and nothing else is touched. Then
//! the new bytes are decoded again: unless every post reads exactly as it should, the edit is refused. So the law
//! `decode(write(edits)) == edits(decode)` holds for every file that is written, whatever its format.

mod place;

use super::{DecodeError, Decoder, Insertion, Options, by_name, encoding::bytes_of, read_as};
use crate::{
    model::{
        document::{Document, Post, Quoting, Scope, Segment, SourceFile},
        finding::Edit,
    },
    text::span::{Plain, Source, Span},
};
use place::{Habits, Place, Spread};
use std::collections::BTreeMap;

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
/// `options`. All edits are made, or none; the error names one that cannot be.
pub fn write(file: &SourceFile, document: &Document, edits: &[Edit], options: &Options) -> Result<Vec<u8>, WriteError> {
    let each: Vec<&[Edit]> = edits.iter().map(std::slice::from_ref).collect();
    let applied = apply(file, document, &each, options)?;
    match applied.refused.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(applied.bytes),
    }
}

/// What [`apply`] could do.
#[derive(Debug)]
pub struct Applied {
    /// The new bytes of the file.
    pub bytes: Vec<u8>,
    /// The fixes that were not made, by their index, with the reason.
    pub refused: Vec<(usize, WriteError)>,
}

/// Makes as many of `fixes` as can be made, each of them with all its edits or not at all. The file is decoded again
/// once if all can be made, and a few times more for each after which it would read differently. What cannot be written
/// at all is known without.
pub fn apply(
    file: &SourceFile,
    document: &Document,
    fixes: &[&[Edit]],
    options: &Options,
) -> Result<Applied, WriteError> {
    let decoder = by_name(document.format).ok_or(WriteError::ReadOnly { format: document.format })?;
    let job = Job { decoder, file, document, options, index: Index::new(document) };
    let mut state = Applied { bytes: file.bytes.clone(), refused: Vec::new() };
    let (mut made, mut all) = (Vec::new(), Vec::new());
    let habits = Habits::of(&document.source);
    for (i, fix) in fixes.iter().enumerate() {
        match job.writable(fix, habits) {
            Ok(()) => all.push(i),
            Err(error) => state.refused.push((i, error)),
        }
    }
    job.solve(fixes, &all, &mut made, &mut state)?;
    state.refused.sort_by_key(|r| r.0);
    Ok(state)
}

/// The bytes of `file` with text put in, which is in the format's own syntax already. What it does to the posts is for
/// the caller to see to.
pub fn insert(file: &SourceFile, document: &Document, insertion: &Insertion) -> Result<Vec<u8>, WriteError> {
    let edit = Edit { span: Span::new(insertion.at, insertion.at), content: insertion.text.clone() };
    splice(file, document, &[edit])
}

/// Whether `edit` can be made, and if not, why. Decodes the whole file again.
pub fn check(file: &SourceFile, document: &Document, edit: &Edit, options: &Options) -> Result<(), WriteError> {
    write(file, document, std::slice::from_ref(edit), options).map(|_| ())
}

/// The same edits with their content written as the file has to write it, for outputs that other programs apply to the
/// file's text. A cell that needs quotes becomes one edit of the whole cell.
pub fn escaped(document: &Document, edits: &[Edit]) -> Result<Vec<Edit>, WriteError> {
    let homes = homes(&Index::new(document), edits)?;
    let habits = Habits::of(&document.source);
    homes.iter().try_fold(Vec::new(), |mut all, home| {
        all.extend(home.place(document, habits, Spread::Cover)?);
        Ok(all)
    })
}

/// An edit in its segment.
#[derive(Clone, Copy)]
struct Made<'d> {
    plain: Span<Plain>,
    content: &'d str,
    span: Span<Source>,
}

/// A segment and the edits in it.
struct Home<'d> {
    segment: &'d Segment,
    edits: Vec<Made<'d>>,
}

impl Home<'_> {
    fn place(&self, document: &Document, habits: Habits, spread: Spread) -> Result<Vec<Edit>, WriteError> {
        let edits: Vec<_> = self.edits.iter().map(|e| (e.plain, e.content, e.span)).collect();
        Place::new(document, self.segment, habits).edits(&edits, spread)
    }
}

/// The segments of a document, to be found by a place in the source.
struct Index<'d> {
    /// Each with the stretch of the source that it covers, in document order.
    all: Vec<(Span<Source>, &'d Segment)>,
    /// Their numbers by where they begin, with the furthest end so far.
    by_start: Vec<(usize, usize)>,
}

impl<'d> Index<'d> {
    fn new(document: &'d Document) -> Self {
        let all: Vec<_> = segments(document).map(|s| (s.map.map(Span::new(0, s.text.len())), s)).collect();
        let mut spans: Vec<_> = all.iter().enumerate().map(|(i, (span, _))| (*span, i)).collect();
        spans.sort_unstable();
        let reach = spans.iter().scan(0, |reach, (span, i)| {
            *reach = span.end.max(*reach);
            Some((*i, *reach))
        });
        let by_start = reach.collect();
        Self { all, by_start }
    }

    /// The segments whose stretch holds `span`, with their numbers.
    fn holding(&self, span: Span<Source>) -> impl Iterator<Item = (usize, &'d Segment)> {
        let start = |i: usize| self.all.get(i).map_or(0, |(all, _)| all.start);
        let until = self.by_start.partition_point(|(i, _)| start(*i) <= span.start);
        let before = self.by_start.get(..until).unwrap_or_default();
        let near = before.iter().rev().take_while(move |(_, reach)| *reach >= span.end);
        near.filter_map(move |(i, _)| self.all.get(*i).filter(|(all, _)| all.end >= span.end).map(|(_, s)| (*i, *s)))
    }
}

fn locate(segment: &Segment, span: Span<Source>) -> Option<Span<Plain>> {
    segment.map.unmap(span, segment.text.len())
}

fn segments(document: &Document) -> impl Iterator<Item = &Segment> {
    document.posts.iter().flat_map(|p: &Post| &p.segments)
}

/// The edits by the segment that holds them; where several do, the longest.
fn homes<'d>(index: &Index<'d>, edits: impl IntoIterator<Item = &'d Edit>) -> Result<Vec<Home<'d>>, WriteError> {
    let mut sorted: Vec<&Edit> = edits.into_iter().collect();
    sorted.sort_by_key(|e| e.span);
    if let Some((_, second)) = sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a.span.end > b.span.start) {
        return Err(WriteError::refused(second.span, "it overlaps another fix"));
    }
    let mut homes: BTreeMap<usize, Home<'d>> = BTreeMap::new();
    for edit in sorted {
        let found = index.holding(edit.span).filter_map(|(i, s)| locate(s, edit.span).map(|plain| (i, s, plain)));
        let Some((i, segment, plain)) = found.max_by_key(|(i, s, _)| (s.text.len(), *i)) else {
            return Err(WriteError::refused(edit.span, "it reaches over the end of the text that it is in"));
        };
        let home = homes.entry(i).or_insert_with(|| Home { segment, edits: Vec::new() });
        home.edits.push(Made { plain, content: &edit.content, span: edit.span });
    }
    Ok(homes.into_values().collect())
}

struct Job<'d> {
    decoder: &'static dyn Decoder,
    file: &'d SourceFile,
    document: &'d Document,
    options: &'d Options,
    index: Index<'d>,
}

impl Job<'_> {
    /// Whether the edits of one fix have a place that can hold them, in the file's encoding.
    fn writable(&self, fix: &[Edit], habits: Habits) -> Result<(), WriteError> {
        for home in homes(&self.index, fix)? {
            for edit in home.place(self.document, habits, Spread::Cover)? {
                encoded(self.document, &edit)?;
            }
        }
        Ok(())
    }

    /// Makes the fixes `some` besides those already `made`; where that fails, one half of them and then the other.
    fn solve(
        &self,
        fixes: &[&[Edit]],
        some: &[usize],
        made: &mut Vec<usize>,
        state: &mut Applied,
    ) -> Result<(), WriteError> {
        if some.is_empty() {
            return Ok(());
        }
        let all = made.iter().chain(some).filter_map(|i| fixes.get(*i)).flat_map(|f| f.iter());
        match homes(&self.index, all).and_then(|homes| self.attempt(&homes)) {
            Ok(bytes) => {
                state.bytes = bytes;
                made.extend_from_slice(some);
                Ok(())
            }
            Err(error @ WriteError::Refused { .. }) => {
                if let [only] = some {
                    state.refused.push((*only, error));
                    return Ok(());
                }
                let (left, right) = some.split_at(some.len() / 2);
                self.solve(fixes, left, made, state)?;
                self.solve(fixes, right, made, state)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes all of `homes` and reads the result again. Where an edit spans markup there are several ways to write it,
    /// tried in turn.
    fn attempt(&self, homes: &[Home<'_>]) -> Result<Vec<u8>, WriteError> {
        let habits = Habits::of(&self.document.source);
        let mut refusal = None;
        let mut before: Vec<Edit> = Vec::new();
        for spread in [Spread::Cover, Spread::First, Spread::Last] {
            let mut edits = Vec::new();
            for home in homes {
                edits.extend(home.place(self.document, habits, spread)?);
            }
            edits.sort_by_key(|e| e.span);
            if edits == before {
                continue;
            }
            let bytes = self.decoder.write(self.file, self.document, &edits, self.options)?;
            match self.verify(homes, &bytes) {
                None => return Ok(bytes),
                Some(reason) => refusal = refusal.or(Some(reason)),
            }
            before = edits;
        }
        let span = homes.first().and_then(|h| h.edits.first()).map_or(Span::new(0, 0), |e| e.span);
        Err(WriteError::refused(span, refusal.unwrap_or_default()))
    }

    /// Why `bytes` do not read as they should; `None` where they do.
    fn verify(&self, homes: &[Home<'_>], bytes: &[u8]) -> Option<String> {
        let file = SourceFile { path: self.file.path.clone(), bytes: bytes.into() };
        let after = match read_as(self.decoder, &file, self.options) {
            Ok(after) => after,
            Err(e) => return Some(format!("the file could not be read any more: {e}")),
        };
        if after.faults.len() != self.document.faults.len() {
            return Some(DIFFERENT.to_owned());
        }
        if self.decoder.is_one_text() {
            let got: String = segments(&after).map(|s| s.text.as_str()).collect();
            return (self.whole(homes) != got).then(|| DIFFERENT.to_owned());
        }
        let mut edits: Vec<Made<'_>> = homes.iter().flat_map(|h| h.edits.iter().copied()).collect();
        edits.sort_by_key(|e| e.span);
        let want = self.index.all.iter().map(|(all, s)| expected(s, *all, &edits));
        let want: Vec<_> = want.filter(|(_, text)| !text.is_empty()).collect();
        let is_loose = want.iter().any(|(scope, _)| scope.is_none());
        let compared = |scope: &Scope| !is_loose || !matches!(scope, Scope::LinkText | Scope::LinkUrl);
        let want = want.into_iter().filter_map(|(scope, text)| scope.map(|s| (s, text)));
        let want = want.filter(|(scope, _)| compared(scope));
        let got = segments(&after).map(|s| (s.scope.clone(), normal(s, &s.text)));
        let got = got.filter(|(scope, text)| !text.is_empty() && compared(scope));
        (!want.eq(got)).then(|| DIFFERENT.to_owned())
    }

    /// What all segments together should read after the edits of `homes`.
    fn whole(&self, homes: &[Home<'_>]) -> String {
        let mut homes = homes.iter().peekable();
        let mut whole = String::with_capacity(self.document.source.len());
        for segment in segments(self.document) {
            let start = whole.len();
            whole.push_str(&segment.text);
            // Homes are in document order.
            if let Some(home) = homes.next_if(|h| std::ptr::eq(h.segment, segment)) {
                for edit in home.edits.iter().rev() {
                    whole.replace_range(start + edit.plain.start..start + edit.plain.end, edit.content);
                }
            }
        }
        whole
    }
}

const DIFFERENT: &str = "the text around it would be read differently";

/// What `segment` should read after `edits`; without a scope where an edit reaches over its end, so that nothing can be
/// said.
fn expected(segment: &Segment, all: Span<Source>, edits: &[Made<'_>]) -> (Option<Scope>, String) {
    let from = edits.partition_point(|e| e.span.end < all.start);
    let to = edits.partition_point(|e| e.span.start <= all.end);
    let near = edits.get(from..to).unwrap_or_default();
    let mut text = segment.text.clone();
    let parts = if near.is_empty() { Vec::new() } else { segment.map.parts(Span::new(0, segment.text.len())) };
    for edit in near.iter().rev() {
        match locate(segment, edit.span) {
            Some(plain) => text.replace_range(plain.range(), edit.content),
            None if parts.iter().any(|p| p.overlaps(edit.span)) => return (None, "?".to_owned()),
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
        let content = encoded(document, edit)?;
        bytes.extend_from_slice(file.bytes.get(at..range.start).unwrap_or_default());
        bytes.extend(content);
        at = range.end;
    }
    bytes.extend_from_slice(file.bytes.get(at..).unwrap_or_default());
    Ok(bytes)
}

/// The content of `edit` in the encoding of the file.
fn encoded(document: &Document, edit: &Edit) -> Result<Vec<u8>, WriteError> {
    let name = document.encoding.name;
    bytes_of(name, &edit.content).map_err(|c| {
        WriteError::refused(edit.span, format!("the file's encoding, {name}, cannot write \u{201C}{c}\u{201D}"))
    })
}

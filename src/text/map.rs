//! From offsets of a derived text back to offsets of the text that it came from.
//!
//! Every step from bytes to what a rule reads derives one text from another: a decoder undoes `&amp;`, folding turns
//! `’` into `'`. Each step records how, once, while it happens:
//!
//! ```text
//! derived   C a f e ' s   &   b a r
//!           └──copy──┘└r┘└──copy──┘      pieces, in order, without holes in the derived text
//! origin    C a f e ’ s   &amp; b a r    copied pieces map byte by byte, replaced pieces as a whole
//! ```
//!
//! A span that touches a replaced piece covers that piece's whole origin: half an entity cannot be underlined.
//! Maps compose ([`OffsetMap::then`]), so a hit in folded text is led to bytes of the file in one step, and the text is
//! never searched again.

use super::span::Span;
use std::marker::PhantomData;

/// One run of the derived text and the run of the origin that it came from. Byte offsets and lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    out: usize,
    out_len: usize,
    src: usize,
    src_len: usize,
    /// Copied byte by byte, so that offsets inside the piece correspond.
    copied: bool,
}

/// Maps spans of a derived text `A` to spans of its origin `B`.
#[derive(Debug)]
pub struct OffsetMap<A, B> {
    /// Sorted by `out`, adjacent in the derived text. Empty: the texts are the same, moved by `shift`.
    pieces: Vec<Piece>,
    shift: usize,
    texts: PhantomData<fn(A) -> B>,
}

impl<A, B> Clone for OffsetMap<A, B> {
    fn clone(&self) -> Self {
        Self { pieces: self.pieces.clone(), shift: self.shift, texts: PhantomData }
    }
}

impl<A, B> PartialEq for OffsetMap<A, B> {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces && self.shift == other.shift
    }
}

impl<A, B> Default for OffsetMap<A, B> {
    fn default() -> Self {
        Self::shifted(0)
    }
}

impl<A, B> OffsetMap<A, B> {
    /// Both texts are the same.
    pub fn identity() -> Self {
        Self::shifted(0)
    }

    /// The derived text is a plain stretch of the origin that begins at byte `shift`.
    pub fn shifted(shift: usize) -> Self {
        Self { pieces: Vec::new(), shift, texts: PhantomData }
    }

    /// Whether offsets differ by a constant only.
    pub fn is_shift(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The origin of `span`: from the first byte of what its first byte came from to the last byte of what its last
    /// byte came from. An empty span maps to an empty span.
    pub fn map(&self, span: Span<A>) -> Span<B> {
        let start = self.start_of(span.start);
        if span.is_empty() {
            return Span::new(start, start);
        }
        Span::new(start, self.end_of(span.end).max(start))
    }

    /// Whether `span` lies wholly in copied pieces, so that derived and origin text are equal there.
    pub fn is_copied(&self, span: Span<A>) -> bool {
        self.is_shift() || self.touched(span).all(|p| p.copied)
    }

    /// The parts of the origin under `span`, one for each run that is contiguous in the origin: where the derived text
    /// was put together from pieces with something skipped between them, a hit has several.
    pub fn parts(&self, span: Span<A>) -> Vec<Span<B>> {
        if self.is_shift() || span.is_empty() {
            return vec![self.map(span)];
        }
        let mut parts: Vec<Span<B>> = Vec::new();
        for piece in self.touched(span) {
            let part = piece_part(piece, span);
            match parts.last_mut() {
                Some(last) if last.end == part.start => last.end = part.end,
                _ => parts.push(part),
            }
        }
        parts
    }

    /// The span of the derived text, which is `len` bytes long, that maps to exactly `span`; `None` where there is none:
    /// `span` cuts a replaced piece, lies in what was skipped, or behind the text. Pieces must follow each other in the
    /// origin as they do in the derived text.
    pub fn unmap(&self, span: Span<B>, len: usize) -> Option<Span<A>> {
        if self.is_shift() {
            let start = span.start.checked_sub(self.shift)?;
            return (start + span.len() <= len).then(|| Span::new(start, start + span.len()));
        }
        let from = self.pieces.partition_point(|p| p.src + p.src_len <= span.start);
        let start = match self.pieces.get(from) {
            Some(p) if p.src <= span.start && (p.copied || p.src == span.start) => p.out + (span.start - p.src),
            Some(_) if !span.is_empty() => return None,
            _ => {
                let before = self.pieces.get(from.checked_sub(1)?)?;
                (before.src + before.src_len == span.start).then_some(before.out + before.out_len)?
            }
        };
        if span.is_empty() {
            return (start <= len).then(|| Span::new(start, start));
        }
        let to = self.pieces.partition_point(|p| p.src + p.src_len < span.end);
        let last = self.pieces.get(to).filter(|p| p.src < span.end)?;
        // Base 64 writes several characters as one: all of them stand there.
        let same = |p: &&Piece| !p.copied && (p.src, p.src_len) == (last.src, last.src_len);
        let last = self.pieces.iter().skip(to).take_while(same).last().unwrap_or(last);
        let end = if last.copied { last.out + (span.end - last.src) } else { last.out + last.out_len };
        let whole = last.copied || last.src + last.src_len == span.end;
        (whole && end > start && end <= len).then(|| Span::new(start, end))
    }

    /// This map followed by `next`: from `A` straight to `C`.
    #[must_use]
    pub fn then<C>(&self, next: &OffsetMap<B, C>) -> OffsetMap<A, C> {
        if self.is_shift() && next.is_shift() {
            return OffsetMap::shifted(self.shift + next.shift);
        }
        if next.is_shift() {
            let pieces = self.pieces.iter().map(|p| Piece { src: p.src + next.shift, ..*p }).collect();
            return OffsetMap { pieces, shift: 0, texts: PhantomData };
        }
        if self.is_shift() {
            return next.cut(self.shift);
        }
        let mut built = MapBuilder::new();
        for piece in &self.pieces {
            if piece.copied {
                next.copy_through(piece, &mut built);
            } else {
                let origin = next.map(Span::new(piece.src, piece.src + piece.src_len));
                built.replace(piece.out_len, origin.start, origin.len());
            }
        }
        built.finish()
    }

    /// The map of the derived text from byte `from` on.
    fn cut<X>(&self, from: usize) -> OffsetMap<X, B> {
        let pieces = self
            .pieces
            .iter()
            .filter(|p| p.out + p.out_len > from)
            .map(|p| {
                let skip = from.saturating_sub(p.out);
                let out = p.out.saturating_sub(from);
                if p.copied {
                    Piece { out, out_len: p.out_len - skip, src: p.src + skip, src_len: p.src_len - skip, copied: true }
                } else {
                    Piece { out, out_len: p.out_len - skip, ..*p }
                }
            })
            .collect();
        OffsetMap { pieces, shift: 0, texts: PhantomData }
    }

    /// Carries a copied piece of an earlier map through this one.
    fn copy_through<A2, C2>(&self, piece: &Piece, built: &mut MapBuilder<A2, C2>) {
        let span = Span::new(piece.src, piece.src + piece.src_len);
        for inner in self.touched(span) {
            let start = inner.out.max(span.start);
            let end = (inner.out + inner.out_len).min(span.end);
            if inner.copied {
                built.copy(end - start, inner.src + (start - inner.out));
            } else {
                built.replace(end - start, inner.src, inner.src_len);
            }
        }
    }

    fn touched(&self, span: Span<A>) -> impl Iterator<Item = &Piece> {
        let from = self.pieces.partition_point(|p| p.out + p.out_len <= span.start);
        self.pieces.iter().skip(from).take_while(move |p| p.out < span.end)
    }

    fn start_of(&self, at: usize) -> usize {
        if self.is_shift() {
            return at + self.shift;
        }
        let i = self.pieces.partition_point(|p| p.out + p.out_len <= at);
        match self.pieces.get(i) {
            Some(p) if p.copied => p.src + at.saturating_sub(p.out),
            Some(p) => p.src,
            None => self.pieces.last().map_or(0, |p| p.src + p.src_len),
        }
    }

    fn end_of(&self, at: usize) -> usize {
        if self.is_shift() {
            return at + self.shift;
        }
        let i = self.pieces.partition_point(|p| p.out + p.out_len < at);
        match self.pieces.get(i) {
            Some(p) if p.copied => p.src + at.saturating_sub(p.out),
            Some(p) => p.src + p.src_len,
            None => self.pieces.last().map_or(0, |p| p.src + p.src_len),
        }
    }
}

fn piece_part<A, B>(piece: &Piece, span: Span<A>) -> Span<B> {
    if !piece.copied {
        return Span::new(piece.src, piece.src + piece.src_len);
    }
    let start = span.start.max(piece.out) - piece.out;
    let end = span.end.min(piece.out + piece.out_len) - piece.out;
    Span::new(piece.src + start, piece.src + end)
}

/// Records a derivation while it happens, left to right.
///
/// # Example
/// ```
/// use postlint::text::{map::MapBuilder, span::{Plain, Source, Span}};
/// // `a &amp; b` decoded to `a & b`
/// let mut build = MapBuilder::<Plain, Source>::new();
/// build.copy(2, 0);
/// build.replace(1, 2, 5);
/// build.copy(2, 7);
/// let map = build.finish();
/// assert_eq!(map.map(Span::new(2, 3)), Span::new(2, 7));
/// assert_eq!(map.map(Span::new(4, 5)), Span::new(8, 9));
/// ```
#[derive(Debug)]
pub struct MapBuilder<A, B> {
    pieces: Vec<Piece>,
    out: usize,
    texts: PhantomData<fn(A) -> B>,
}

impl<A, B> Default for MapBuilder<A, B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A, B> MapBuilder<A, B> {
    /// Nothing derived yet.
    pub fn new() -> Self {
        Self { pieces: Vec::new(), out: 0, texts: PhantomData }
    }

    /// Bytes of derived text recorded so far.
    pub fn len(&self) -> usize {
        self.out
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.out == 0
    }

    /// The next `len` bytes of the derived text are the origin's bytes at `src`.
    pub fn copy(&mut self, len: usize, src: usize) {
        if len == 0 {
            return;
        }
        match self.pieces.last_mut() {
            Some(p) if p.copied && p.src + p.src_len == src => {
                p.out_len += len;
                p.src_len += len;
            }
            _ => self.pieces.push(Piece { out: self.out, out_len: len, src, src_len: len, copied: true }),
        }
        self.out += len;
    }

    /// The next `len` bytes of the derived text stand for the origin's `src_len` bytes at `src`, as a whole.
    /// With `len` 0 (something removed) nothing is recorded: the next piece begins behind it.
    pub fn replace(&mut self, len: usize, src: usize, src_len: usize) {
        if len == 0 {
            return;
        }
        self.pieces.push(Piece { out: self.out, out_len: len, src, src_len, copied: false });
        self.out += len;
    }

    /// Appends everything that `map` records about a derived text of `len` bytes.
    pub fn append<X>(&mut self, map: &OffsetMap<X, B>, len: usize) {
        if map.is_shift() {
            return self.copy(len, map.shift);
        }
        for p in &map.pieces {
            if p.copied {
                self.copy(p.out_len, p.src);
            } else {
                self.replace(p.out_len, p.src, p.src_len);
            }
        }
    }

    /// The finished map.
    pub fn finish(self) -> OffsetMap<A, B> {
        match self.pieces.as_slice() {
            [] => OffsetMap::identity(),
            [only] if only.copied => OffsetMap::shifted(only.src),
            _ => OffsetMap { pieces: self.pieces, shift: 0, texts: PhantomData },
        }
    }
}

#[cfg(test)]
mod tests;

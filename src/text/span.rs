//! Byte ranges that know which text they belong to.
//!
//! Three texts are alive while a post is checked: the file as it stands on disk ([`Source`]), a segment's decoded
//! text ([`Plain`]) and the folded text that rules read ([`Folded`]). A [`Span`] carries its text in its type, so an
//! offset of one can never be used in another; only an [`OffsetMap`](super::map::OffsetMap) leads from one to the next.

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, ops::Range};

/// The file's own text, as bytes on disk (or the rendered text of a format that has no readable bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {}

/// A segment's decoded text: escapes undone, markup gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {}

/// The folded view on which rules match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded {}

/// A half-open byte range `[start, end)` of one text, on character boundaries of that text.
pub struct Span<T> {
    /// First byte.
    pub start: usize,
    /// One past the last byte; never below `start`.
    pub end: usize,
    text: PhantomData<fn() -> T>,
}

impl<T> Span<T> {
    /// A span from `start` to `end`; an inverted pair becomes the empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end, text: PhantomData }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two spans share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every byte of `other` lies in `self`.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The same span, `by` bytes further on.
    #[must_use]
    pub const fn shift(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// The plain range.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The text at the span, or `""` where the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

impl<T> Clone for Span<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Span<T> {}
impl<T> PartialEq for Span<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}
impl<T> Eq for Span<T> {}
impl<T> PartialOrd for Span<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Span<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}
impl<T> hash::Hash for Span<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
impl<T> fmt::Debug for Span<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_do_not_overlap() {
        let (a, b) = (Span::<Plain>::new(0, 3), Span::new(3, 5));
        assert!(!a.overlaps(b));
        assert_eq!(a.cover(b), Span::new(0, 5));
    }

    #[test]
    fn a_span_outside_its_text_reads_as_nothing() {
        assert_eq!(Span::<Plain>::new(1, 2).of("é"), "");
        assert_eq!(Span::<Plain>::new(0, 9).of("abc"), "");
    }
}

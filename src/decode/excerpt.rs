//! Text under derivation: what a decoder has read so far, and where each piece of it stands in the source.

use crate::{
    model::document::{Address, Quoting, Scope, Segment},
    text::{
        map::{MapBuilder, OffsetMap},
        span::{Plain, Source, Span},
    },
};

/// Decoded text with its map, growing left to right.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    map: MapBuilder<Plain, Source>,
}

impl Excerpt {
    /// The source at `span`, with `\r\n` read as `\n`.
    pub(super) fn lines(source: &str, span: Span<Source>) -> Self {
        let mut excerpt = Self::default();
        excerpt.copy_lines(source, span);
        excerpt
    }

    /// Appends the source's own text at `span`.
    pub(super) fn copy(&mut self, source: &str, span: Span<Source>) {
        let text = span.of(source);
        self.text.push_str(text);
        self.map.copy(text.len(), span.start);
    }

    /// Appends the source's own text at `span`, with `\r\n` read as `\n`.
    pub(super) fn copy_lines(&mut self, source: &str, span: Span<Source>) {
        let mut at = span.start;
        for line in span.of(source).split_inclusive("\r\n") {
            match line.strip_suffix("\r\n") {
                Some(body) => {
                    self.copy(source, Span::new(at, at + body.len()));
                    self.replace("\n", Span::new(at + body.len(), at + line.len()));
                }
                None => self.copy(source, Span::new(at, at + line.len())),
            }
            at += line.len();
        }
    }

    /// Appends `text`, which stands for the source at `span` as a whole.
    pub(super) fn replace(&mut self, text: &str, span: Span<Source>) {
        self.text.push_str(text);
        self.map.replace(text.len(), span.start, span.len());
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The text and its map.
    pub(super) fn into_parts(self) -> (String, OffsetMap<Plain, Source>) {
        (self.text, self.map.finish())
    }

    /// A segment of the text.
    pub(super) fn into_segment(self, scope: Scope, address: Address, quoting: Quoting) -> Segment {
        let (text, map) = self.into_parts();
        Segment { scope, address, text, map, quoting }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_character_and_map_back() {
        let source = "a\r\nbc\r\n\nd";
        let (text, map) = Excerpt::lines(source, Span::new(0, source.len())).into_parts();
        assert_eq!(text, "a\nbc\n\nd");
        assert_eq!(map.map(Span::new(2, 4)).of(source), "bc");
        assert_eq!(map.map(Span::new(0, 3)).of(source), "a\r\nb");
    }
}

//! Lays a decoded string beside the source that it was decoded from, for formats that fold lines.
//!
//! Between the two, everything but white space is the same and in the same order, but for escapes, which are undone
//! here again. A run of white space in the decoded text stands for the run of white space in the source: folding may
//! have changed it, so unless one begins with the other it is recorded as replaced.

use crate::{
    decode::excerpt::Excerpt,
    text::{
        map::OffsetMap,
        span::{Plain, Source, Span},
    },
};

/// Undoes the escape at the start of the given text: what it stands for and its length in bytes.
pub(super) type Unescape = fn(&str) -> Option<(String, usize)>;

/// The map from `value` to `source` at `span`, or `None` where the two do not agree.
pub(super) fn align(
    source: &str,
    span: Span<Source>,
    value: &str,
    unescape: Unescape,
) -> Option<OffsetMap<Plain, Source>> {
    let mut walk = Walk { source, at: span.start, end: span.end, out: Excerpt::default() };
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let used = if walk.escape_at(rest, unescape) {
            walk.escaped(rest, unescape)?
        } else if is_space(c) {
            walk.space(rest)?
        } else {
            walk.word(rest)?
        };
        rest = rest.get(used..)?;
    }
    walk.pass_over_nothing(unescape);
    let (text, map) = walk.out.into_parts();
    let left = Span::<Source>::new(walk.at, span.end).of(source);
    (text == value && left.chars().all(is_space)).then_some(map)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

struct Walk<'s> {
    source: &'s str,
    at: usize,
    end: usize,
    out: Excerpt,
}

impl<'s> Walk<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// Passes over escapes that stand for nothing: a line end joined by a backslash.
    fn pass_over_nothing(&mut self, unescape: Unescape) {
        while let Some((_, len)) = unescape(self.rest()).filter(|(text, _)| text.is_empty()) {
            self.at += len;
        }
    }

    /// Whether the source goes on with an escape of what `value` begins with.
    fn escape_at(&mut self, value: &str, unescape: Unescape) -> bool {
        self.pass_over_nothing(unescape);
        unescape(self.rest()).is_some_and(|(text, _)| value.starts_with(&text))
    }

    fn escaped(&mut self, value: &str, unescape: Unescape) -> Option<usize> {
        let (text, len) = unescape(self.rest())?;
        value.starts_with(&text).then(|| {
            self.out.replace(&text, Span::new(self.at, self.at + len));
            self.at += len;
            text.len()
        })
    }

    /// One character that is the same on both sides; white space that stands only in the source is skipped.
    fn word(&mut self, value: &str) -> Option<usize> {
        let c = value.chars().next()?;
        if !self.rest().starts_with(c) {
            let spaces = self.rest().len() - self.rest().trim_start_matches(is_space).len();
            self.at += spaces;
        }
        self.rest().starts_with(c).then(|| {
            self.out.copy(self.source, Span::new(self.at, self.at + c.len_utf8()));
            self.at += c.len_utf8();
            c.len_utf8()
        })
    }

    fn space(&mut self, value: &str) -> Option<usize> {
        let mine = value.len() - value.trim_start_matches(is_space).len();
        let theirs = self.rest().len() - self.rest().trim_start_matches(is_space).len();
        let (text, source) = (value.get(..mine)?, self.rest().get(..theirs)?);
        if source.starts_with(text) {
            self.out.copy(self.source, Span::new(self.at, self.at + mine));
            // A run that is cut short on purpose is finished by `word`.
            self.at += if source.len() > mine && text.ends_with('\n') { theirs } else { mine };
            return Some(mine);
        }
        if theirs == 0 {
            return None;
        }
        if text.starts_with(source) {
            // The rest of the run is written as escapes.
            self.out.copy(self.source, Span::new(self.at, self.at + theirs));
            self.at += theirs;
            return Some(theirs);
        }
        self.out.replace(text, Span::new(self.at, self.at + theirs));
        self.at += theirs;
        Some(mine)
    }
}

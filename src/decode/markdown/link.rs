//! Links and pictures of Markdown, and where their addresses and titles stand. What an address is, the parser knows; here
//! it is laid beside the source, with backslashes and entities undone.

use crate::{
    decode::{excerpt::Excerpt, markup::entity},
    model::document::{Address, Quoting, Scope, Segment},
    text::span::{Source, Span},
};
use pulldown_cmark::{LinkType, Parser};

/// Places that an address is looked for at; more are not needed, and cost time.
const MOST: usize = 16;

/// A link or a picture that is being read.
pub(super) struct Link {
    /// Its words so far.
    pub(super) words: Excerpt,
    /// All of it.
    pub(super) span: Span<Source>,
    pub(super) kind: LinkType,
    /// Where what was read of its words ends.
    pub(super) read: usize,
    address: String,
    title: String,
}

impl Link {
    pub(super) fn new(kind: LinkType, address: &str, title: &str, span: Span<Source>) -> Self {
        let (address, title) = (address.to_owned(), title.to_owned());
        Self { words: Excerpt::default(), span, kind, read: span.start, address, title }
    }

    /// Its title, if it stands in the link itself.
    pub(super) fn title(&self, source: &str) -> Option<Segment> {
        let inline = self.kind == LinkType::Inline;
        inline.then(|| titled(source, Span::new(self.read, self.span.end), &self.title)).flatten()
    }

    /// Its address, if it stands in the link itself: `[…](address "title")`, `<address>`.
    pub(super) fn located(&self, source: &str) -> Option<Segment> {
        // Behind the address stands the end, or a title.
        let ends = |rest: &str| {
            let tail = rest.trim_start();
            tail == ")" || (tail.len() < rest.len() && tail.starts_with(['"', '\'', '(']))
        };
        match self.kind {
            LinkType::Inline => located(source, Span::new(self.read, self.span.end), "](", &self.address, ends),
            LinkType::Autolink => {
                let mut url = Excerpt::default();
                url.copy(source, Span::new(self.span.start + 1, self.span.end.saturating_sub(1)));
                Some(segment(url, Quoting::Verbatim))
            }
            _ => None,
        }
    }
}

fn segment(url: Excerpt, quoting: Quoting) -> Segment {
    url.into_segment(Scope::LinkUrl, Address::Whole, quoting)
}

/// The addresses and titles that `[label]: address "title"` define, in the order of the text, which begins at byte
/// `body`.
pub(super) fn definitions(parser: &Parser<'_>, source: &str, body: usize) -> Vec<Segment> {
    let all = parser.reference_definitions().iter();
    let mut all: Vec<_> = all.map(|(_, d)| (body + d.span.start, body + d.span.end, d)).collect();
    all.sort_unstable_by_key(|(start, end, _)| (*start, *end));
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    let segments = all.into_iter().flat_map(|(start, end, d)| {
        let span = Span::new(start, end);
        let title = d.title.as_deref().and_then(|title| titled(source, span, title));
        [located(source, span, "]:", &d.dest, ends), title]
    });
    segments.flatten().collect()
}

/// `title` at the end of `span`, in quotes or brackets. One that is found nowhere stands for all of `span`.
fn titled(source: &str, span: Span<Source>, title: &str) -> Option<Segment> {
    if title.trim().is_empty() {
        return None;
    }
    let all = span.of(source).trim_end();
    // Behind the title of a link stands the end of the link.
    for tail in [Some(all), all.strip_suffix(')').map(str::trim_end)].into_iter().flatten() {
        let Some(close) = tail.chars().next_back().filter(|c| "\"')".contains(*c)) else { continue };
        let open = if close == ')' { '(' } else { close };
        let end = span.start + tail.len() - 1;
        let inner = source.get(span.start..end).unwrap_or_default();
        for (at, _) in inner.match_indices(open).take(MOST) {
            if let Some((text, "")) = read(source, Span::new(span.start + at + 1, end), title) {
                return Some(text.into_segment(Scope::Title, Address::Whole, Quoting::Markdown));
            }
        }
    }
    let mut text = Excerpt::default();
    text.replace(title, span);
    let why = Quoting::ReadOnly("where the title stands could not be followed");
    Some(text.into_segment(Scope::Title, Address::Whole, why))
}

/// `dest` behind the first `mark` where the source says it and `ends` holds for what follows. An address that is found
/// nowhere is not lost: it stands for all of `span`.
fn located(source: &str, span: Span<Source>, mark: &str, dest: &str, ends: impl Fn(&str) -> bool) -> Option<Segment> {
    if dest.is_empty() {
        return None;
    }
    for (open, _) in span.of(source).match_indices(mark).take(MOST) {
        let tail = source.get(span.start + open + mark.len()..span.end).unwrap_or_default();
        let inner = tail.trim_start();
        let (inner, angle) = inner.strip_prefix('<').map_or((inner, false), |rest| (rest, true));
        let Some((url, rest)) = read(source, Span::new(span.end - inner.len(), span.end), dest) else { continue };
        let rest = if angle { rest.strip_prefix('>') } else { Some(rest) };
        if rest.is_some_and(&ends) {
            return Some(segment(url, Quoting::Verbatim));
        }
    }
    let mut url = Excerpt::default();
    url.replace(dest, span);
    Some(segment(url, Quoting::ReadOnly("where the address stands could not be followed")))
}

/// `dest` as the source writes it from the start of `span` on, and what follows.
fn read<'s>(source: &'s str, span: Span<Source>, dest: &str) -> Option<(Excerpt, &'s str)> {
    let (mut url, mut at, mut left) = (Excerpt::default(), span.start, dest);
    while !left.is_empty() {
        let rest = source.get(at..span.end)?;
        let len = if let Some(c) = escaped(rest).filter(|c| left.starts_with(*c)) {
            let len = 1 + c.len_utf8();
            url.replace(left.get(..c.len_utf8())?, Span::new(at, at + len));
            left = left.get(c.len_utf8()..)?;
            len
        } else if let Some((text, len)) = entity_at(rest).filter(|(text, _)| left.starts_with(text)) {
            url.replace(&text, Span::new(at, at + len));
            left = left.get(text.len()..)?;
            len
        } else {
            let c = rest.chars().next().filter(|c| left.starts_with(*c))?;
            url.copy(source, Span::new(at, at + c.len_utf8()));
            left = left.get(c.len_utf8()..)?;
            c.len_utf8()
        };
        at += len;
    }
    Some((url, source.get(at..span.end)?))
}

/// What the backslash at the start of `rest` escapes.
fn escaped(rest: &str) -> Option<char> {
    rest.strip_prefix('\\')?.chars().next().filter(char::is_ascii_punctuation)
}

fn entity_at(rest: &str) -> Option<(String, usize)> {
    if rest.starts_with('&') { entity(rest) } else { None }
}

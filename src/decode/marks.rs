//! Where a suppression can be written in each format, and how.
//!
//! These are proposals by the look of the source, best first. Whoever uses one reads the file again and keeps it only if
//! every post still reads the same and the suppression does what it should (`engine/excuse.rs`).

use crate::{
    model::document::Document,
    text::span::{Plain, Source, Span},
};

/// Proposals of one kind at most; each costs a reading of the file.
const MOST: usize = 12;

/// Text to put into a file's source, in the format's own syntax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// Byte of the document's source before which it goes.
    pub at: usize,
    /// The text, escaped.
    pub text: String,
}

impl Insertion {
    pub(super) fn new(at: usize, text: String) -> Self {
        Self { at, text }
    }
}

/// Comments: on lines of their own before the block around `span` if `lines`, then inside the block, then before the
/// tag that `span` stands in.
pub(super) fn comments(document: &Document, span: Span<Source>, said: &str, lines: bool) -> Vec<Insertion> {
    let source = &document.source;
    // Two hyphens may end a comment, and what follows would be published.
    let said = said.replace("--", "–");
    let comment = |at, behind: &str| Insertion::new(at, format!("<!-- postlint-ignore {said} -->{behind}"));
    let end = line_end(source);
    let block = lines.then(|| comment(block_start(source, span.start), &end.repeat(2)));
    let segments = document.posts.iter().flat_map(|p| &p.segments);
    let whole = segments.map(|s| s.map.map(Span::<Plain>::new(0, s.text.len())));
    let inside = whole.filter(|all| all.start <= span.start && span.end <= all.end).map(|all| all.start).min();
    let tag = source.get(..span.start).and_then(|head| head.rfind('<'));
    block.into_iter().chain(inside.into_iter().chain(tag).map(|at| comment(at, ""))).collect()
}

/// The first byte of the block of lines around byte `at`: behind the blank line, or the end of the front matter, above.
fn block_start(source: &str, at: usize) -> usize {
    let head = source.get(..at).unwrap_or_default();
    let mut start = head.rfind('\n').map_or(0, |i| i + 1);
    let lines = head.get(..start).unwrap_or_default().split_inclusive('\n').rev();
    for line in lines.take_while(|line| !line.trim().is_empty() && !["---", "+++"].contains(&line.trim_end())) {
        start -= line.len();
    }
    start
}

/// A member of each object that is open, or was, before `span`; the nearest first.
pub(super) fn members(source: &str, span: Span<Source>, said: &str) -> Vec<Insertion> {
    let head = source.get(..span.start).unwrap_or_default();
    let member = |brace: usize| {
        let rest = source.get(brace + 1..).unwrap_or_default();
        let gap = rest.get(..rest.len() - rest.trim_start().len()).unwrap_or_default();
        let value = serde_json::Value::from(said);
        let (before, behind) = if gap.contains('\n') { (gap, "") } else { ("", " ") };
        Insertion::new(brace + 1, format!("{before}\"postlint-ignore\": {value},{behind}"))
    };
    head.rmatch_indices('{').take(MOST).map(|(brace, _)| member(brace)).collect()
}

/// How a format writes a key and its value on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// `key: 'value'`
    Yaml,
    /// `key = "value"`
    Toml,
}

/// A line before each line that begins with a key; the nearest above `span` first.
pub(super) fn lines(source: &str, span: Span<Source>, said: &str, how: Line) -> Vec<Insertion> {
    let field = match how {
        Line::Yaml => format!("postlint-ignore: '{}'", said.replace('\'', "''")),
        Line::Toml => format!("postlint-ignore = {}", serde_json::Value::from(said)),
    };
    let (mark, end) = (if how == Line::Yaml { ':' } else { '=' }, line_end(source));
    let until = source.get(span.start..).and_then(|rest| rest.find('\n')).map_or(source.len(), |i| span.start + i);
    let mut start = source.get(..until).unwrap_or_default().len();
    let mut all = Vec::new();
    for line in source.get(..until).unwrap_or_default().split_inclusive('\n').rev() {
        start -= line.len();
        // In a list the first key stands behind the hyphen.
        let key = line.trim_start_matches(if how == Line::Yaml { [' ', '-'] } else { [' ', '\t'] });
        let indent = line.len() - key.len();
        let name = key.split_once(mark).map(|(name, _)| name.trim());
        if name.is_some_and(|n| !n.is_empty() && n.len() < 40) && !key.starts_with('[') {
            all.push(Insertion::new(start + indent, format!("{field}{end}{}", " ".repeat(indent))));
        }
    }
    all.truncate(MOST);
    all
}

/// Fields of the front matter, where there is one.
pub(super) fn front_matter(source: &str, span: Span<Source>, said: &str) -> Vec<Insertion> {
    match source.get(..3) {
        Some("---") => lines(source, span, said, Line::Yaml),
        Some("+++") => lines(source, span, said, Line::Toml),
        _ => Vec::new(),
    }
}

fn line_end(source: &str) -> &'static str {
    if source.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(source: &str, insertion: &Insertion) -> String {
        let mut out = source.to_owned();
        out.insert_str(insertion.at, &insertion.text);
        out
    }

    fn at(source: &str, word: &str) -> Span<Source> {
        let start = source.find(word).unwrap();
        Span::new(start, start + word.len())
    }

    #[test]
    fn a_block_begins_behind_a_blank_line_or_the_front_matter() {
        assert_eq!(block_start("a\n\nb\nc", 5), 3);
        assert_eq!(block_start("a b", 2), 0);
        assert_eq!(block_start("---\na: b\n---\nc d", 15), 13);
    }

    #[test]
    fn a_member_keeps_the_indentation_of_the_others() {
        let source = "[\n  {\n    \"text\": \"word\"\n  }\n]";
        let all = members(source, at(source, "word"), "a/b: \"why\"");
        let want = "[\n  {\n    \"postlint-ignore\": \"a/b: \\\"why\\\"\",\n    \"text\": \"word\"\n  }\n]";
        assert_eq!(put(source, &all[0]), want);
        let source = "{\"text\": \"word\"}";
        let all = members(source, at(source, "word"), "a/b: c");
        assert_eq!(put(source, &all[0]), "{\"postlint-ignore\": \"a/b: c\", \"text\": \"word\"}");
    }

    #[test]
    fn a_line_stands_before_the_key_and_as_deep() {
        let source = "posts:\n- text: word\n  channel: x\n";
        let all = lines(source, at(source, "word"), "a/b: it's", Line::Yaml);
        assert_eq!(put(source, &all[0]), "posts:\n- postlint-ignore: 'a/b: it''s'\n  text: word\n  channel: x\n");
        let source = "[[post]]\r\ntext = \"word\"\r\n";
        let all = lines(source, at(source, "word"), "a/b: c", Line::Toml);
        assert_eq!(put(source, &all[0]), "[[post]]\r\npostlint-ignore = \"a/b: c\"\r\ntext = \"word\"\r\n");
    }
}

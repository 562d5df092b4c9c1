//! YAML events to a tree. An alias of a scalar reads as the scalar, with the place where that is written. An alias of a
//! list or a mapping, which a few lines can nest to gigabytes, and a key that is one, are refused.

use super::{
    Fault, Node, Scalar,
    align::{Unescape, align},
};
use crate::{
    model::document::Quoting,
    text::{
        map::{MapBuilder, OffsetMap},
        span::{Source, Span},
    },
};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, options};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// The documents of `source` at `span`, as one node where there is one, else as a list.
pub(in crate::decode) fn read(source: &str, span: Span<Source>, depth: usize) -> Result<Node, Fault> {
    let text = span.of(source);
    let options = options! { emit_comments: false, flow_nesting_limit: depth, block_nesting_limit: depth };
    let (open, anchors) = (vec![Open::default()], BTreeMap::new());
    let mut build = Builder { source, from: span.start, open, anchors, repeated: 0, depth };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = event.map_err(|e| fault(&e, span.start))?;
        let range = place.byte_range().unwrap_or(0..0);
        build.take(event, range)?;
    }
    let mut docs = build.open.pop().unwrap_or_default().items;
    Ok(match docs.len() {
        0 => Node::Null,
        1 => docs.pop().unwrap_or(Node::Null),
        _ => Node::List(docs),
    })
}

fn fault(error: &ScanError, from: usize) -> Fault {
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return Fault::Deep;
    }
    let at = from + error.marker().byte_offset().unwrap_or(0);
    let info = error.info();
    let help = if info.starts_with("mapping values") { "; a value with a colon in it needs quotes" } else { "" };
    Fault::Broken(format!("YAML: {info}{help}"), at)
}

#[derive(Default)]
struct Open {
    is_map: bool,
    /// The number of its anchor, or 0.
    anchor: usize,
    items: Vec<Node>,
}

/// Bytes of one file that may be held once more, for its anchors and aliases.
const MOST_REPEATED: usize = 16 << 20;
/// Bytes that a repeated value takes besides its text.
const VALUE: usize = 64;
/// The key under which a mapping takes over what others say. *Source:* <https://yaml.org/type/merge.html>.
const MERGE: &str = "<<";

struct Builder<'s> {
    source: &'s str,
    from: usize,
    open: Vec<Open>,
    /// What has an anchor, by its number.
    anchors: BTreeMap<usize, Node>,
    /// Bytes that are held once more so far.
    repeated: usize,
    depth: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let (at, node) = (range.start, self.scalar(&value, style, range));
                self.keep(anchor, &node, at)?;
                self.push(node);
            }
            Event::Alias(anchor) => {
                let node = self.alias(anchor, range.start)?;
                self.push(node);
            }
            Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                if self.open.len() > self.depth {
                    return Err(Fault::Deep);
                }
                if self.is_key() {
                    let message = "YAML: a key that is a list or a mapping is not read";
                    return Err(Fault::Broken(message.to_owned(), self.from + range.start));
                }
                let is_map = matches!(event, Event::MappingStart(..));
                self.open.push(Open { is_map, anchor, items: Vec::new() });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().unwrap_or_default();
                let node = if open.is_map { Node::Map(merged(pairs(open.items))) } else { Node::List(open.items) };
                self.keep(open.anchor, &node, range.start)?;
                self.push(node);
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether what comes next is the key of a mapping.
    fn is_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_map && open.items.len() % 2 == 0)
    }

    /// Keeps what has an anchor, so that it can be said again.
    fn keep(&mut self, anchor: usize, node: &Node, at: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.repeat(measured(node).0, at)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    /// Counts what is held once more.
    fn repeat(&mut self, bytes: usize, at: usize) -> Result<(), Fault> {
        self.repeated = self.repeated.saturating_add(bytes);
        if self.repeated > MOST_REPEATED {
            let message = "YAML: its anchors and aliases repeat more than 16 MiB";
            return Err(Fault::Broken(message.to_owned(), self.from + at));
        }
        Ok(())
    }

    /// What has the number `anchor`, again.
    fn alias(&mut self, anchor: usize, at: usize) -> Result<Node, Fault> {
        let broken = |what: &str| Err(Fault::Broken(format!("YAML: {what}"), self.from + at));
        let Some(node) = self.anchors.get(&anchor) else { return broken("an alias stands inside of what it means") };
        if self.is_key() && !matches!(node, Node::Scalar(_)) {
            return broken("a key that is a list or a mapping is not read");
        }
        let (bytes, height) = measured(node);
        if self.open.len() + height > self.depth {
            return Err(Fault::Deep);
        }
        let node = node.clone();
        self.repeat(bytes, at)?;
        Ok(node)
    }

    fn push(&mut self, node: Node) {
        if let Some(open) = self.open.last_mut() {
            open.items.push(node);
        }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, range: Range<usize>) -> Node {
        let token = Span::new(self.from + range.start, self.from + range.end);
        let is_null = style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL");
        // As a key it is a name like any other: what stands under it is read.
        if is_null && !self.is_key() {
            return Node::Null;
        }
        let (inner, quoting, unescape): (Span<Source>, Quoting, Unescape) = match style {
            ScalarStyle::Plain => (token, Quoting::YamlPlain, |_| None),
            ScalarStyle::SingleQuoted => (inside(token), Quoting::YamlSingle, single),
            ScalarStyle::DoubleQuoted => (inside(token), Quoting::YamlDouble, double),
            ScalarStyle::Literal => (token, self.block(token, false), |_| None),
            ScalarStyle::Folded => (token, self.block(token, true), |_| None),
        };
        let (map, quoting) = match align(self.source, inner, value, unescape) {
            Some(map) => (map, quoting),
            None => (whole(value, inner), Quoting::ReadOnly("the way it is folded could not be followed")),
        };
        let string = style != ScalarStyle::Plain || (is_text(value) && !is_null);
        Node::Scalar(Scalar { text: value.to_owned(), map, token, quoting, string })
    }

    /// How a block scalar is written: its first line's text begins at the token, its indent stands before it.
    fn block(&self, token: Span<Source>, folded: bool) -> Quoting {
        let before = self.source.get(..token.start).unwrap_or_default();
        let line = before.rfind('\n').map_or(before, |i| before.get(i + 1..).unwrap_or_default());
        let inside = token.of(self.source);
        let lead = inside.len() - inside.trim_start_matches(' ').len();
        let indent = if line.trim().is_empty() { line.len() + lead } else { 0 };
        Quoting::YamlBlock { indent, folded }
    }
}

fn inside(token: Span<Source>) -> Span<Source> {
    Span::new(token.start + 1, token.end.saturating_sub(1))
}

fn whole(value: &str, span: Span<Source>) -> OffsetMap<crate::text::span::Plain, Source> {
    let mut map = MapBuilder::new();
    map.replace(value.len(), span.start, span.len());
    map.finish()
}

fn pairs(items: Vec<Node>) -> Vec<(Scalar, Node)> {
    let mut pairs = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        if let Node::Scalar(key) = key {
            pairs.push((key, value));
        }
    }
    pairs
}

/// The bytes that `node` takes, and how many lists and mappings it has in each other.
fn measured(node: &Node) -> (usize, usize) {
    let all = |nodes: &mut dyn Iterator<Item = &Node>| {
        nodes.map(measured).fold((VALUE, 1), |(bytes, height), (own, deep)| (bytes + own, height.max(deep + 1)))
    };
    match node {
        Node::Scalar(scalar) => (VALUE + scalar.text.len(), 0),
        Node::Null => (VALUE, 0),
        Node::List(items) => all(&mut items.iter()),
        Node::Map(pairs) => {
            let keys: usize = pairs.iter().map(|(key, _)| VALUE + key.text.len()).sum();
            let (bytes, height) = all(&mut pairs.iter().map(|(_, value)| value));
            (bytes + keys, height)
        }
    }
}

/// `pairs` with those of the mappings under a merge key; what a mapping says itself goes before.
fn merged(pairs: Vec<(Scalar, Node)>) -> Vec<(Scalar, Node)> {
    let merges = |(key, value): &(Scalar, Node)| key.text == MERGE && matches!(value, Node::Map(_) | Node::List(_));
    let (from, mut own): (Vec<_>, Vec<_>) = pairs.into_iter().partition(merges);
    let mut known: BTreeSet<String> = own.iter().map(|(key, _)| key.text.clone()).collect();
    for (key, value) in from {
        let maps = match value {
            Node::List(items) => items,
            map => vec![map],
        };
        for map in maps {
            match map {
                Node::Map(pairs) => own.extend(pairs.into_iter().filter(|(key, _)| known.insert(key.text.clone()))),
                // No mapping can be taken over: what stands there is read like any other value.
                other => own.push((key.clone(), other)),
            }
        }
    }
    own
}

/// Whether a plain scalar is a string under YAML's core schema.
fn is_text(value: &str) -> bool {
    !matches!(value, "true" | "false" | "True" | "False" | "TRUE" | "FALSE") && value.parse::<f64>().is_err()
}

fn single(rest: &str) -> Option<(String, usize)> {
    rest.starts_with("''").then(|| ("'".to_owned(), 2))
}

/// The escapes of YAML 1.2.2 section 5.7. A backslash at the end of a line joins the lines.
fn double(rest: &str) -> Option<(String, usize)> {
    let tail = rest.strip_prefix('\\')?;
    let c = tail.chars().next()?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(tail.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(code)?.to_string(), 2 + digits))
    };
    let one = |text: &str| Some((text.to_owned(), 2));
    match c {
        '0' => one("\0"),
        'a' => one("\u{7}"),
        'b' => one("\u{8}"),
        't' | '\t' => one("\t"),
        'n' => one("\n"),
        'v' => one("\u{B}"),
        'f' => one("\u{C}"),
        'r' => one("\r"),
        'e' => one("\u{1B}"),
        ' ' | '"' | '/' | '\\' => one(tail.get(..1)?),
        'N' => one("\u{85}"),
        '_' => one("\u{A0}"),
        'L' => one("\u{2028}"),
        'P' => one("\u{2029}"),
        'x' => hex(2),
        'u' => surrogate_pair(rest).or_else(|| hex(4)),
        'U' => hex(8),
        '\n' | '\r' => {
            let blank = tail.len() - tail.trim_start_matches(['\r', '\n', ' ', '\t']).len();
            Some((String::new(), 1 + blank))
        }
        _ => None,
    }
}

/// `😀` written as two `\u` escapes, as JSON does.
fn surrogate_pair(rest: &str) -> Option<(String, usize)> {
    let unit = |at: usize| rest.get(at..at + 6)?.strip_prefix("\\u").and_then(|hex| u16::from_str_radix(hex, 16).ok());
    let text = String::from_utf16(&[unit(0)?, unit(6)?]).ok()?;
    (text.chars().count() == 1).then_some((text, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(source: &str) -> Scalar {
        match read(source, Span::new(0, source.len()), 128).unwrap() {
            Node::Map(mut pairs) => match pairs.pop().unwrap().1 {
                Node::Scalar(scalar) => scalar,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn word<'s>(source: &'s str, word: &str) -> &'s str {
        let scalar = scalar(source);
        let at = scalar.text.find(word).unwrap_or_else(|| panic!("{word:?} in {:?}", scalar.text));
        assert!(!matches!(scalar.quoting, Quoting::ReadOnly(_)), "{source:?}");
        scalar.map.map(Span::new(at, at + word.len())).of(source)
    }

    #[test]
    fn every_style_maps_back() {
        for (source, find, origin) in [
            ("a: plain \u{e9} words\n", "words", "words"),
            ("a: plain words\n  over \u{1F600} lines\n", "words over", "words\n  over"),
            ("a: 'it''s folded\n   here'\n", "it's folded here", "it''s folded\n   here"),
            ("a: \"tab\\tand \\u00e9t\\u00e9\"\n", "\u{e9}t\u{e9}", "\\u00e9t\\u00e9"),
            ("a: \"one \\\n   two\"\n", "one two", "one \\\n   two"),
            ("a: |\n  one\n  two\n\n  three\n", "two\n\nthree", "two\n\n  three"),
            ("a: |\r\n  one\r\n  two\r\n", "one\ntwo", "one\r\n  two"),
            ("a: >-\n  one\n  two\n\n  three\n", "one two\nthree", "one\n  two\n\n  three"),
            ("a: |\n  one\n    two\n  three\n", "two\nthree", "two\n  three"),
            ("\u{e9}: &x [b]\na: \"\\uD83D\\uDE00 x\"\n", "\u{1F600}", "\\uD83D\\uDE00"),
        ] {
            assert_eq!(word(source, find), origin, "{source:?}");
        }
    }

    #[test]
    fn block_scalars_know_their_indent() {
        let quoting = |s: &str| scalar(s).quoting;
        assert_eq!(quoting("a: |\n   one\n   two\n"), Quoting::YamlBlock { indent: 3, folded: false });
        assert_eq!(quoting("a: >\n  one\n"), Quoting::YamlBlock { indent: 2, folded: true });
    }

    #[test]
    fn an_alias_reads_as_what_it_means() {
        let source = "t: &t They are late.\nu: *t\n";
        let again = scalar(source);
        assert_eq!(again.text, "They are late.");
        assert_eq!(again.map.map(Span::new(0, 4)).of(source), "They");
        let refused = |s: &str| matches!(read(s, Span::new(0, s.len()), 128), Err(Fault::Broken(..)));
        assert!(refused("t: &t [*t]\n") && refused("t: &t [a]\n*t : b\n"));
        assert!(refused("? [a, b]\n: text: They are late.\n") && refused("{{a: b}: c}"));
        let many = format!("t: &t {}\nu: [{}]\n", "x".repeat(100_000), "*t, ".repeat(200));
        assert!(refused(&many));
        let laughs =
            (1..40).fold("a0: &a0 [x]\n".to_owned(), |all, n| all + &format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
        assert!(refused(&laughs));
        let tower = (1..200).fold("a0: &a0 [x]\n".to_owned(), |all, n| all + &format!("a{n}: &a{n} [*a{}]\n", n - 1));
        assert_eq!(read(&tower, Span::new(0, tower.len()), 128), Err(Fault::Deep));
        let value = |s: &str| match read(s, Span::new(0, s.len()), 128).unwrap() {
            Node::Map(pairs) => pairs.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!((value("null: a\n"), value("~: a\n"), value(": a\n")), (1, 1, 1));
    }

    #[test]
    fn a_merge_key_takes_over_what_a_mapping_does_not_say_itself() {
        let source =
            "d: &d {channel: x, text: Bins}\ne: &e {author: jo, channel: y}\np:\n  <<: [*d, *e]\n  text: Parks\n";
        let Node::Map(top) = read(source, Span::new(0, source.len()), 128).unwrap() else { panic!("no mapping") };
        let Node::Map(post) = &top[2].1 else { panic!("no mapping") };
        let said = post.iter().map(|(key, value)| match value {
            Node::Scalar(value) => format!("{}={}", key.text, value.text),
            other => panic!("{other:?}"),
        });
        assert_eq!(said.collect::<Vec<_>>(), ["text=Parks", "channel=x", "author=jo"]);
    }

    #[test]
    fn errors_have_a_place_and_depth_a_limit() {
        let source = "a: [b\nc: d\n";
        assert!(matches!(read(source, Span::new(0, source.len()), 128), Err(Fault::Broken(_, at)) if at > 0));
        let deep = "[".repeat(200);
        assert_eq!(read(&deep, Span::new(0, deep.len()), 128), Err(Fault::Deep));
        let deep = (0..200).map(|n| " ".repeat(n) + "a:\n").collect::<String>();
        assert_eq!(read(&deep, Span::new(0, deep.len()), 128), Err(Fault::Deep));
    }
}

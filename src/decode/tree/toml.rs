//! TOML tables to a tree.

use super::{Fault, Node, Scalar};
use crate::{
    decode::excerpt::Excerpt,
    model::document::Quoting,
    text::{
        map::{MapBuilder, OffsetMap},
        span::{Plain, Source, Span},
    },
};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The table of `source` at `span`.
pub(in crate::decode) fn read(source: &str, span: Span<Source>) -> Result<Node, Fault> {
    let table = DeTable::parse(span.of(source)).map_err(|e| {
        let at = e.span().map_or(0, |r| r.start);
        Fault::Broken(format!("TOML: {}", e.message()), span.start + at)
    })?;
    Ok(map_node(source, span.start, table.get_ref()))
}

fn map_node(source: &str, from: usize, table: &DeTable<'_>) -> Node {
    let mut pairs: Vec<(Scalar, Node)> = table
        .iter()
        .map(|(key, value)| {
            let token = Span::new(from + key.span().start, from + key.span().end);
            (string(source, token, key.get_ref()), node(source, from, value))
        })
        .collect();
    pairs.sort_by_key(|(key, _)| key.token.start);
    Node::Map(pairs)
}

fn node(source: &str, from: usize, value: &Spanned<DeValue<'_>>) -> Node {
    let token = Span::new(from + value.span().start, from + value.span().end);
    match value.get_ref() {
        DeValue::String(text) => Node::Scalar(string(source, token, text)),
        DeValue::Array(items) => Node::List(items.iter().map(|v| node(source, from, v)).collect()),
        DeValue::Table(table) => map_node(source, from, table),
        _ => Node::Scalar(Scalar {
            text: token.of(source).to_owned(),
            map: OffsetMap::shifted(token.start),
            token,
            quoting: Quoting::ReadOnly("a number or a date is no text"),
            string: false,
        }),
    }
}

fn string(source: &str, token: Span<Source>, value: &str) -> Scalar {
    let raw = token.of(source);
    let (quote, quoting) = if raw.starts_with("\"\"\"") {
        (3, Quoting::TomlBasic { multiline: true })
    } else if raw.starts_with("'''") {
        (3, Quoting::TomlLiteral { multiline: true })
    } else if raw.starts_with('"') {
        (1, Quoting::TomlBasic { multiline: false })
    } else if raw.starts_with('\'') {
        (1, Quoting::TomlLiteral { multiline: false })
    } else {
        (0, Quoting::ReadOnly("a bare key"))
    };
    let inner = Span::new(token.start + quote, token.end.saturating_sub(quote));
    let value = &value.replace("\r\n", "\n");
    let (text, map) = unquoted(source, inner, quoting).into_parts();
    let (map, quoting) = if text == *value {
        (map, quoting)
    } else {
        (whole(value, inner), Quoting::ReadOnly("its escapes are unusual"))
    };
    Scalar { text: value.to_owned(), map, token, quoting, string: true }
}

fn whole(value: &str, span: Span<Source>) -> OffsetMap<Plain, Source> {
    let mut map = MapBuilder::new();
    map.replace(value.len(), span.start, span.len());
    map.finish()
}

/// Undoes escapes and line ends as TOML 1.1 has them; a line end right after three quotes is no text.
fn unquoted(source: &str, inner: Span<Source>, quoting: Quoting) -> Excerpt {
    let mut out = Excerpt::default();
    let multiline =
        matches!(quoting, Quoting::TomlBasic { multiline: true } | Quoting::TomlLiteral { multiline: true });
    let basic = matches!(quoting, Quoting::TomlBasic { .. });
    let mut at = inner.start;
    let text = inner.of(source);
    if multiline {
        at += if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with('\n')) };
    }
    while at < inner.end {
        let rest = source.get(at..inner.end).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        if basic && let Some((text, len)) = escape(rest) {
            out.replace(&text, Span::new(at, at + len));
            at += len;
        } else if rest.starts_with("\r\n") {
            at += 1;
        } else {
            out.copy(source, Span::new(at, at + c.len_utf8()));
            at += c.len_utf8();
        }
    }
    out
}

fn escape(rest: &str) -> Option<(String, usize)> {
    let tail = rest.strip_prefix('\\')?;
    let hex = |digits: usize| {
        let code = u32::from_str_radix(tail.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(code)?.to_string(), 2 + digits))
    };
    let one = |text: &str| Some((text.to_owned(), 2));
    match tail.chars().next()? {
        'b' => one("\u{8}"),
        't' => one("\t"),
        'n' => one("\n"),
        'f' => one("\u{C}"),
        'r' => one("\r"),
        'e' => one("\u{1B}"),
        '"' => one("\""),
        '\\' => one("\\"),
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        ' ' | '\t' | '\r' | '\n' => {
            let blank = tail.len() - tail.trim_start_matches(['\r', '\n', ' ', '\t']).len();
            Some((String::new(), 1 + blank))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(source: &str) -> Scalar {
        match read(source, Span::new(0, source.len())).unwrap() {
            Node::Map(mut pairs) => match pairs.pop().unwrap().1 {
                Node::Scalar(scalar) => scalar,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_kind_of_string_maps_back() {
        for (source, find, origin) in [
            ("a = \"say \\\"no\\\" \\u00e9\"", "\"no\" \u{e9}", "\\\"no\\\" \\u00e9"),
            ("a = 'C:\\x'", "C:\\x", "C:\\x"),
            ("a = \"\"\"\none\r\ntwo \\\n  three\"\"\"", "one\ntwo three", "one\r\ntwo \\\n  three"),
            ("a = '''\none \"two\"'''", "\"two\"", "\"two\""),
        ] {
            let scalar = scalar(source);
            assert!(!matches!(scalar.quoting, Quoting::ReadOnly(_)), "{source:?}");
            let at = scalar.text.find(find).unwrap();
            assert_eq!(scalar.map.map(Span::new(at, at + find.len())).of(source), origin);
        }
    }

    #[test]
    fn errors_have_a_place() {
        let source = "a = 1\nb = [";
        assert!(matches!(read(source, Span::new(0, source.len())), Err(Fault::Broken(_, at)) if at > 5));
    }
}

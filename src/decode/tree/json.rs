//! JSON (RFC 8259) to a tree. Strict: what a scheduler would refuse is refused here, at its byte.

use super::{Fault, Node, Scalar};
use crate::{
    decode::excerpt::Excerpt,
    model::document::Quoting,
    text::{
        map::OffsetMap,
        span::{Source, Span},
    },
};

/// The value of `source` at `span`.
pub(in crate::decode) fn read(source: &str, span: Span<Source>, depth: usize) -> Result<Node, Fault> {
    let mut parser = Json { source, at: span.start, end: span.end, depth };
    parser.blank();
    let node = parser.value(0)?;
    parser.blank();
    if parser.at < parser.end {
        return Err(parser.broken("something after the end of the value"));
    }
    Ok(node)
}

struct Json<'s> {
    source: &'s str,
    at: usize,
    end: usize,
    depth: usize,
}

impl<'s> Json<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.source.as_bytes().get(self.at).copied()).flatten()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn broken(&self, message: &str) -> Fault {
        let message = if self.at >= self.end { "the text ends too early" } else { message };
        Fault::Broken(format!("JSON: {message}"), self.at)
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), Fault> {
        if self.peek() != Some(byte) {
            return Err(self.broken(message));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > self.depth {
            return Err(Fault::Deep);
        }
        match self.peek() {
            Some(b'"') => Ok(Node::Scalar(self.string()?)),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.object(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Node::List(items));
        }
        loop {
            self.blank();
            items.push(self.value(depth + 1)?);
            self.blank();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Node::List(items));
            }
            self.expect(b',', "a comma or `]` is missing")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Node, Fault> {
        self.at += 1;
        let mut pairs = Vec::new();
        self.blank();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Node::Map(pairs));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.broken("a name in double quotes is missing"));
            }
            let key = self.string()?;
            self.blank();
            self.expect(b':', "a colon is missing")?;
            self.blank();
            pairs.push((key, self.value(depth + 1)?));
            self.blank();
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(Node::Map(pairs));
            }
            self.expect(b',', "a comma or `}` is missing")?;
        }
    }

    fn word(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        for word in ["null", "true", "false"] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(if word == "null" { Node::Null } else { self.literal(start) });
            }
        }
        Err(self.broken("a value is missing"))
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.broken("a digit is missing"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Node, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(self.literal(start))
    }

    fn literal(&self, start: usize) -> Node {
        let token = Span::new(start, self.at);
        Node::Scalar(Scalar {
            text: token.of(self.source).to_owned(),
            map: OffsetMap::shifted(start),
            token,
            quoting: Quoting::ReadOnly("a number is no text"),
            string: false,
        })
    }

    fn string(&mut self) -> Result<Scalar, Fault> {
        let start = self.at;
        self.at += 1;
        let mut out = Excerpt::default();
        loop {
            let plain = self.rest().find(|c: char| matches!(c, '"' | '\\') || c < ' ').unwrap_or(self.rest().len());
            out.copy(self.source, Span::new(self.at, self.at + plain));
            self.at += plain;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let (text, len) = self.escape()?;
                    out.replace(&text, Span::new(self.at, self.at + len));
                    self.at += len;
                }
                Some(_) => return Err(self.broken("a control character in a string needs an escape")),
                None => return Err(self.broken("")),
            }
        }
        self.at += 1;
        let empty = out.text().is_empty();
        let (text, map) = out.into_parts();
        let map = if empty { OffsetMap::shifted(start + 1) } else { map };
        Ok(Scalar { text, map, token: Span::new(start, self.at), quoting: Quoting::Json, string: true })
    }

    fn escape(&self) -> Result<(String, usize), Fault> {
        let c = match self.rest().as_bytes().get(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.broken("an escape that JSON does not have")),
        };
        Ok((c.to_string(), 2))
    }

    /// `\uXXXX`, or two of them for a character outside the basic plane.
    fn unicode(&self) -> Result<(String, usize), Fault> {
        let unit = |at: usize| -> Option<u16> {
            let hex = self.rest().get(at..at + 6)?.strip_prefix("\\u")?;
            hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(hex, 16).ok())?
        };
        let first = unit(0).ok_or_else(|| self.broken("`\\u` needs four hexadecimal digits"))?;
        if let Ok(text) = String::from_utf16(&[first]) {
            return Ok((text, 6));
        }
        let pair = unit(6).and_then(|second| String::from_utf16(&[first, second]).ok());
        pair.map(|text| (text, 12)).ok_or_else(|| self.broken("half of a surrogate pair stands alone"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(source: &str) -> Result<Node, Fault> {
        read(source, Span::new(0, source.len()), 128)
    }

    #[test]
    fn escapes_map_back() {
        let source = r#" {"a": "caf\u00e9 \ud83d\ude00 \"x\""} "#;
        let Node::Map(pairs) = parse(source).unwrap() else { panic!() };
        let Node::Scalar(scalar) = &pairs[0].1 else { panic!() };
        assert_eq!(scalar.text, "caf\u{e9} \u{1F600} \"x\"");
        let at = scalar.text.find('\u{1F600}').unwrap();
        assert_eq!(scalar.map.map(Span::new(at, at + 4)).of(source), r"\ud83d\ude00");
        let at = scalar.text.find('x').unwrap();
        assert_eq!(scalar.map.map(Span::new(at, at + 1)).of(source), "x");
    }

    #[test]
    fn faults_have_their_byte() {
        for (source, want) in [
            ("", 0),
            ("[1,]", 3),
            ("{\"a\" 1}", 5),
            ("[\"\\ud800\"]", 2),
            ("[\"a\nb\"]", 3),
            ("[01]", 2),
            ("[1] x", 4),
            ("{'a': 1}", 1),
            ("[\"a", 3),
            ("[1e]", 3),
            ("nul", 0),
        ] {
            let Err(Fault::Broken(_, at)) = parse(source) else { panic!("{source:?} was accepted") };
            assert_eq!(at, want, "{source:?}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        assert_eq!(parse(&"[".repeat(100_000)), Err(Fault::Deep));
        assert!(parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
    }
}

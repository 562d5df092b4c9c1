//! Front matter: a block of YAML between `---` lines, or of TOML between `+++` lines, at the start of a text.

use super::{
    DecodeError,
    tree::{Fault, Node, Scalar, read_toml, read_yaml},
};
use crate::text::span::{Source, Span};

/// Named values, and where the text after them begins.
pub(super) struct Front {
    /// The values in file order.
    pub(super) pairs: Vec<(Scalar, Node)>,
    /// First byte after the closing line.
    pub(super) body: usize,
}

/// The front matter of `source` from byte `from` on; without one, no values and a body that begins at `from`. A block
/// between `---` lines that is no set of named values is text.
pub(super) fn read(source: &str, from: usize, depth: usize) -> Result<Front, DecodeError> {
    let plain = Front { pairs: Vec::new(), body: from };
    let rest = source.get(from..).unwrap_or_default();
    let mut lines = Lines { rest, at: from };
    let Some((open, _)) = lines.next() else { return Ok(plain) };
    let fence = open.trim_end();
    if fence != "---" && fence != "+++" {
        return Ok(plain);
    }
    let inner = lines.at;
    let close = lines.find(|(line, _)| line.trim_end() == fence || (fence == "---" && line.trim_end() == "..."));
    let Some((line, at)) = close else { return Ok(plain) };
    let span = Span::<Source>::new(inner, at);
    let node = if fence == "---" { read_yaml(source, span, depth) } else { read_toml(source, span) };
    match node {
        Ok(Node::Map(pairs)) => Ok(Front { pairs, body: at + line.len() }),
        Ok(Node::Null) => Ok(Front { pairs: Vec::new(), body: at + line.len() }),
        Ok(_) => Ok(plain),
        Err(Fault::Broken(message, at)) => Err(DecodeError::broken(format!("the front matter is no {message}"), at)),
        Err(Fault::Deep) => {
            Err(DecodeError::limit("the nesting of the front matter", depth, "levels").raised_by("nesting"))
        }
    }
}

/// Lines with their ends, and where each begins.
pub(super) struct Lines<'s> {
    pub(super) rest: &'s str,
    pub(super) at: usize,
}

impl<'s> Iterator for Lines<'s> {
    type Item = (&'s str, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.rest.split_inclusive('\n').next()?;
        let at = self.at;
        self.rest = self.rest.get(line.len()..).unwrap_or_default();
        self.at += line.len();
        Some((line, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> (Vec<String>, usize) {
        let front = read(source, 0, 128).unwrap();
        (front.pairs.iter().map(|(k, _)| k.text.clone()).collect(), front.body)
    }

    #[test]
    fn both_kinds_are_read() {
        assert_eq!(keys("---\na: 1\nb: 2\n---\nText"), (vec!["a".into(), "b".into()], 18));
        assert_eq!(keys("+++\r\na = 1\r\n+++\r\nText"), (vec!["a".into()], 17));
    }

    #[test]
    fn a_rule_at_the_top_is_text() {
        assert_eq!(keys("---\nJust a thought\n---\nText"), (vec![], 0));
        assert_eq!(keys("---\nno end"), (vec![], 0));
        assert_eq!(keys("--- x\n"), (vec![], 0));
    }

    #[test]
    fn a_broken_block_is_an_error_at_its_place() {
        assert!(matches!(read("---\na: [1\n---\n", 0, 128), Err(DecodeError::Broken { at, .. }) if at >= 4));
    }
}

//! XML with the byte range of each piece. Document types, and with them entities of one's own, are refused.

use crate::decode::DecodeError;
use quick_xml::{
    Error, Reader, XmlVersion, escape,
    events::{BytesStart, Event},
};
use std::ops::Range;

/// A piece of XML.
pub(super) enum Piece<'x> {
    /// A tag with its attributes; an empty one (`<a/>`) is followed by its `Close`.
    Open(&'x str, Attributes<'x>),
    /// The end of an element.
    Close(&'x str),
    /// Text as it stands.
    Text,
    /// What an entity stands for.
    Entity(String),
}

/// The attributes of a tag.
pub(super) struct Attributes<'x>(&'x BytesStart<'x>);

impl Attributes<'_> {
    /// The value of the attribute `name` (without a prefix), unescaped.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.0.attributes().flatten().find(|a| local(a.key.as_ref()) == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Reads `text` of the part `name`, handing each piece and its range to `take`.
pub(super) fn walk(
    text: &str,
    name: &str,
    depth: usize,
    take: &mut dyn FnMut(Piece<'_>, Range<usize>),
) -> Result<(), DecodeError> {
    let skip = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut reader = Reader::from_str(text.get(skip..).unwrap_or_default());
    let mut open = 0;
    let place = |reader: &Reader<&[u8]>| skip + usize::try_from(reader.buffer_position()).unwrap_or(0);
    let broken = |what: &str, at: usize| DecodeError::damaged(format!("{name}: {what} (byte {at})"));
    loop {
        let start = place(&reader);
        // The parser's own messages quote the draft.
        let event = reader.read_event().map_err(|e| broken(why(&e), start))?;
        let range = start..place(&reader);
        match event {
            Event::Start(tag) => {
                open += 1;
                if open > depth {
                    return Err(
                        DecodeError::limit(format!("the nesting in {name}"), depth, "levels").raised_by("nesting")
                    );
                }
                take(Piece::Open(local(tag.name().as_ref()), Attributes(&tag)), range);
            }
            Event::Empty(tag) => {
                let name = tag.name();
                take(Piece::Open(local(name.as_ref()), Attributes(&tag)), range.clone());
                take(Piece::Close(local(name.as_ref())), range);
            }
            Event::End(tag) => {
                open = open.saturating_sub(1);
                take(Piece::Close(local(tag.name().as_ref())), range);
            }
            Event::Text(_) => take(Piece::Text, range),
            Event::CData(data) => take(Piece::Entity(data.xml10_content().into_owned()), range),
            Event::GeneralRef(entity) => {
                let name: &str = &entity;
                let known = escape::unescape(&format!("&{name};")).map(std::borrow::Cow::into_owned);
                take(Piece::Entity(known.map_err(|_| broken("an entity is not known", start))?), range);
            }
            Event::DocType(_) => return Err(broken("a document type has no place in an office file", start)),
            Event::Eof if open > 0 => return Err(broken("it ends too early", start)),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn why(error: &Error) -> &'static str {
    match error {
        Error::Syntax(_) => "a tag, a comment or the like is never closed",
        Error::IllFormed(_) => "its tags do not match",
        Error::InvalidAttr(_) => "an attribute is not written as it should be",
        Error::Encoding(_) => "it is no UTF-8",
        _ => "it is no XML",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_quote_nothing() {
        for text in
            ["<a>&hunter2;</a>", "<a></hunter2>", "<a><hunter2", "<a hunter2></b>", "<a>&hunter2", "<!-- hunter2"]
        {
            let error = walk(text, "part", 9, &mut |_, _| {}).unwrap_err().to_string();
            assert!(!error.contains("hunter2") && error.contains("(byte "), "{error}");
        }
    }
}

//! HTML to segments: for HTML files, and for the blocks of HTML in Markdown.
//!
//! White space is what a browser makes of it, entities are undone, scripts and styles are no text. Words inside tags
//! that do not break the line (`<b>`, `<a>`) belong to the block around them.

use super::excerpt::Excerpt;
use crate::{
    model::document::{Address, Fault, Located, Media, Post, Quoting, Scope, Suppress},
    text::span::{Source, Span},
};
use html5gum::{
    Emitter, Error, ForwardingEmitter, Span as Range, Tokenizer,
    emitters::callback::{CallbackEmitter, CallbackEvent},
};
use std::convert::Infallible;

/// Tags that stay in the line of text around them.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
];
/// Attributes of any tag that are read out, or shown, in place of its words or besides them.
const TOLD: &[&str] = &["aria-label", "aria-description", "aria-placeholder", "aria-valuetext", "aria-roledescription"];
/// Kinds of `<input>` whose value is a caption, or what stands in a field before anybody writes there.
const CAPTIONED: &[&str] = &["", "button", "submit", "reset", "text", "search"];
/// Tags whose content nobody reads.
const HIDDEN: &[&str] = &["script", "style", "template"];
/// Names of `<meta>` whose content other sites show.
const SHOWN_META: &[&str] = &[
    "description",
    "og:description",
    "og:title",
    "twitter:description",
    "twitter:title",
    "og:image:alt",
    "twitter:image:alt",
];

/// Reads the HTML of `source` at `span` into `post`; the fault is what hides the rest of it.
pub(super) fn read(source: &str, span: Span<Source>, post: &mut Post) -> Option<Fault> {
    read_as(source, span, false, post)
}

/// The same for XHTML, if `is_xml`: there `<script/>` is the whole element.
pub(super) fn read_as(source: &str, span: Span<Source>, is_xml: bool, post: &mut Post) -> Option<Fault> {
    let mut reader = Reader {
        source,
        post,
        block: Excerpt::default(),
        scope: Scope::Body,
        link: None,
        hidden: None,
        lost: None,
        is_xml,
        tag: (String::new(), span.start),
        attributes: Vec::new(),
        waiting: Vec::new(),
        ahead: None,
    };
    for token in tokens(source, span, is_xml) {
        reader.take(token);
    }
    reader.flush();
    reader.settle(Span::new(span.end, span.end));
    let (what, at) = reader.lost.or(reader.hidden.map(|(_, at)| ("an element that hides its content", at)))?;
    let message = format!("{what} is opened and never closed; what follows was not checked");
    Some(Fault { address: Address::Whole, span: Some(Span::new(at, at)), message })
}

/// What the comment `text` suppresses, if it is a suppression.
pub(super) fn ignored(text: &str) -> Option<&str> {
    let said = text.trim().strip_prefix("postlint-ignore")?;
    (said.is_empty() || said.starts_with(char::is_whitespace)).then(|| said.trim())
}

/// Whether `tag` stays in its line. Those of one's own (`<o:p>`, `<x-name>`) do.
fn is_inline(tag: &str) -> bool {
    INLINE.contains(&tag) || tag.contains([':', '-'])
}

enum Token {
    Open(String, usize),
    Close(String),
    Name(String),
    Value(String, Span<Source>),
    Opened(usize, bool),
    Lost(&'static str, usize),
    Text(String, Span<Source>),
    Comment(String, Span<Source>),
}

fn tokens(source: &str, span: Span<Source>, is_xml: bool) -> Vec<Token> {
    let mut all = Vec::new();
    let from = span.start;
    let text = |n: &[u8]| String::from_utf8_lossy(n).into_owned();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, at: Range<usize>| -> Option<Infallible> {
        let at = Span::new(from + at.start, from + at.end);
        all.push(match event {
            CallbackEvent::OpenStartTag { name } => Token::Open(text(name), at.start),
            CallbackEvent::AttributeName { name } => Token::Name(text(name)),
            CallbackEvent::AttributeValue { value } => Token::Value(text(value), at),
            CallbackEvent::CloseStartTag { self_closing } => Token::Opened(at.end, self_closing),
            CallbackEvent::EndTag { name } => Token::Close(text(name)),
            CallbackEvent::String { value } => Token::Text(text(value), at),
            CallbackEvent::Comment { value } => Token::Comment(text(value), at),
            CallbackEvent::Error(Error::EofInTag) => Token::Lost("a tag", at.start),
            CallbackEvent::Error(Error::EofInCdata) => Token::Lost("character data", at.start),
            CallbackEvent::Error(Error::EofInComment) => Token::Lost("a comment", at.start),
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => return None,
        });
        None
    });
    emitter.naively_switch_states(!is_xml);
    let _ = Tokenizer::new_with_emitter(span.of(source), Dialect { emitter, is_xml }).finish();
    all
}

/// An emitter that reads `<![CDATA[…]]>` as text in XML; in HTML it is a comment.
struct Dialect<E> {
    emitter: E,
    is_xml: bool,
}

impl<E: Emitter> ForwardingEmitter for Dialect<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.emitter
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.is_xml
    }
}

struct Reader<'s, 'p> {
    source: &'s str,
    post: &'p mut Post,
    block: Excerpt,
    scope: Scope,
    link: Option<Excerpt>,
    /// The element that hides its content, and where it begins.
    hidden: Option<(String, usize)>,
    /// What swallows the rest of the text, and where it begins.
    lost: Option<(&'static str, usize)>,
    is_xml: bool,
    /// The tag that is being read and where it begins.
    tag: (String, usize),
    attributes: Vec<(String, String, Span<Source>)>,
    /// Suppressions that wait for the end of the block that they stand in or before.
    waiting: Vec<Located>,
    /// Tags behind them whose attributes say something, and whether one of them is a picture, a block by itself.
    ahead: Option<(Span<Source>, bool)>,
}

impl Reader<'_, '_> {
    fn take(&mut self, token: Token) {
        match token {
            Token::Open(tag, at) => {
                self.attributes.clear();
                self.tag = (tag, at);
            }
            Token::Name(name) => self.attributes.push((name, String::new(), Span::new(0, 0))),
            Token::Value(value, span) => {
                if let Some(last) = self.attributes.last_mut() {
                    (last.1, last.2) = (value, span);
                }
            }
            Token::Opened(end, closed) => self.opened(end, closed && self.is_xml),
            Token::Lost(what, at) => self.lost = Some((what, at)),
            Token::Close(tag) => self.close(&tag),
            Token::Text(value, span) if self.hidden.is_none() => self.text(&value, span),
            Token::Text(..) => {}
            Token::Comment(text, span) => {
                if let Some(said) = ignored(&text) {
                    self.waiting.push(Located::new(said, span));
                }
            }
        }
    }

    fn opened(&mut self, end: usize, closed: bool) {
        let (tag, start) = std::mem::take(&mut self.tag);
        if tag == "br" {
            self.break_line(Span::new(start, end));
        } else if !is_inline(&tag) {
            self.flush();
            self.scope = match tag.as_str() {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Scope::Heading,
                "title" => Scope::Title,
                _ => Scope::Body,
            };
        }
        if HIDDEN.contains(&tag.as_str()) && self.hidden.is_none() {
            self.hidden = Some((tag.clone(), start));
        }
        let attributes = std::mem::take(&mut self.attributes);
        let said = self.post.segments.len();
        self.attributes_of(&tag, &attributes);
        if !self.waiting.is_empty() && self.post.segments.len() > said {
            let (tags, picture) = self.ahead.unwrap_or((Span::new(start, end), false));
            self.ahead = Some((tags.cover(Span::new(start, end)), picture || tag == "img"));
        }
        if closed {
            self.close(&tag);
        }
    }

    fn attributes_of(&mut self, tag: &str, attributes: &[(String, String, Span<Source>)]) {
        let mut media = Media::default();
        let of = |names: &[&str]| attributes.iter().find(|a| names.contains(&a.0.as_str())).map(|a| a.1.to_lowercase());
        let (meta, kind) = (of(&["name", "property"]), of(&["type"]).unwrap_or_default());
        for (name, value, span) in attributes {
            if value.trim().is_empty() {
                continue;
            }
            match (tag, name.as_str()) {
                ("a", "href") => {
                    self.attribute(value, *span, Scope::LinkUrl);
                    self.link = Some(Excerpt::default());
                }
                ("img", "alt") => {
                    self.attribute(value, *span, Scope::Alt);
                    media.alt = Some(Located::new(value.trim(), *span));
                }
                ("img" | "video", "src") => media.file = Some(Located::new(value.trim(), *span)),
                ("area" | "input", "alt") => self.attribute(value, *span, Scope::Alt),
                (_, name) if TOLD.contains(&name) => self.attribute(value, *span, Scope::Alt),
                ("input" | "textarea", "placeholder") | ("option" | "optgroup" | "track", "label") => {
                    self.attribute(value, *span, Scope::Field(name.clone()));
                }
                ("input", "value") if CAPTIONED.contains(&kind.as_str()) => {
                    self.attribute(value, *span, Scope::Field(name.clone()));
                }
                (_, "title") => self.attribute(value, *span, Scope::Title),
                ("meta", "content") => {
                    if let Some(name) = meta.as_deref().filter(|n| SHOWN_META.contains(n)) {
                        self.attribute(value, *span, Scope::Field(name.to_owned()));
                    }
                }
                _ => {}
            }
        }
        if matches!(tag, "img" | "video") {
            self.post.meta.media.push(media);
        }
    }

    fn attribute(&mut self, value: &str, span: Span<Source>, scope: Scope) {
        let before = self.source.get(..span.start).and_then(|t| t.chars().next_back());
        let quoting = Quoting::HtmlAttribute(before.filter(|c| matches!(c, '"' | '\'')));
        let mut out = Excerpt::default();
        let quoting = if let Some(units) = undone(self.source, span, value) {
            for unit in &units {
                unit.put(self.source, &mut out);
            }
            quoting
        } else {
            out.replace(value, span);
            Quoting::ReadOnly("its entities are unusual")
        };
        self.post.segments.push(out.into_segment(scope, Address::Whole, quoting));
    }

    fn text(&mut self, value: &str, span: Span<Source>) {
        let Some(units) = undone(self.source, span, value) else {
            return self.block.replace(value, span);
        };
        for unit in units {
            let is_space = unit.copied && matches!(unit.text.as_str(), " " | "\t" | "\n" | "\r" | "\u{C}");
            for out in self.link.iter_mut().chain([&mut self.block]) {
                if !is_space {
                    unit.put(self.source, out);
                } else if !out.text().is_empty() && !out.text().ends_with([' ', '\n']) {
                    match unit.text.as_str() {
                        " " => out.copy(self.source, unit.span),
                        _ => out.replace(" ", unit.span),
                    }
                }
            }
        }
    }

    fn break_line(&mut self, tag: Span<Source>) {
        if !self.block.text().is_empty() {
            self.block.replace("\n", tag);
        }
    }

    fn close(&mut self, tag: &str) {
        if self.hidden.as_ref().is_some_and(|(hidden, _)| hidden == tag) {
            self.hidden = None;
        }
        if tag == "a"
            && let Some(words) = self.link.take()
            && !words.text().trim().is_empty()
        {
            self.post.segments.push(words.into_segment(Scope::LinkText, Address::Whole, Quoting::HtmlText));
        }
        if !is_inline(tag) {
            self.flush();
            self.scope = Scope::Body;
        }
    }

    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        let scope = std::mem::replace(&mut self.scope, Scope::Body);
        if block.text().trim().is_empty() {
            if let Some((tags, true)) = self.ahead {
                self.settle(tags);
            }
            return;
        }
        let segment = block.into_segment(scope, Address::Whole, Quoting::HtmlText);
        self.settle(segment.map.map(Span::new(0, segment.text.len())));
        self.post.segments.push(segment);
    }

    fn settle(&mut self, span: Span<Source>) {
        let waiting = std::mem::take(&mut self.waiting);
        let span = self.ahead.take().map_or(span, |(tags, _)| tags.cover(span));
        self.post.meta.suppress.extend(waiting.into_iter().map(|said| Suppress { said, covers: Some(span) }));
    }
}

/// A character of text, or what an entity stands for.
struct Unit {
    text: String,
    span: Span<Source>,
    copied: bool,
}

impl Unit {
    fn put(&self, source: &str, out: &mut Excerpt) {
        if self.copied { out.copy(source, self.span) } else { out.replace(&self.text, self.span) }
    }
}

/// Lays `value`, as the tokenizer read it, beside the source; `None` where they do not agree.
fn undone(source: &str, span: Span<Source>, value: &str) -> Option<Vec<Unit>> {
    let (mut units, mut at, mut left) = (Vec::new(), span.start, value);
    while at < span.end {
        let rest = source.get(at..span.end)?;
        let c = rest.chars().next()?;
        let entity = if c == '&' { entity(rest).filter(|(text, _)| left.starts_with(text)) } else { None };
        let (text, len, copied) = match entity {
            Some((text, len)) => (text, len, false),
            None if rest.starts_with("\r\n") => ("\n".to_owned(), 2, true),
            None => (c.to_string(), c.len_utf8(), true),
        };
        left = left.strip_prefix(text.as_str())?;
        units.push(Unit { text, span: Span::new(at, at + len), copied });
        at += len;
    }
    left.is_empty().then_some(units)
}

/// The entity at the start of `rest`: what it stands for and its length.
pub(super) fn entity(rest: &str) -> Option<(String, usize)> {
    const LONGEST: usize = 40;
    let body = rest.get(1..)?;
    let name = body.bytes().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let len = 1 + name + usize::from(body.get(name..)?.starts_with(';'));
    let raw = rest.get(..len)?;
    let mut out = String::new();
    for token in tokens(raw, Span::new(0, raw.len()), false) {
        if let Token::Text(text, _) = token {
            out.push_str(&text);
        }
    }
    (out != raw).then_some((out, len))
}

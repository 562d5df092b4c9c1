//! Blocks of Markdown to segments.

use super::link::{self, Link};
use crate::{
    decode::{excerpt::Excerpt, markup},
    model::document::{Address, Located, Media, Post, Quoting, Scope, Suppress},
    text::span::{Source, Span},
};
use pulldown_cmark::{Event, LinkType, Options as Syntax, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads the blocks of a text into a post.
pub(super) struct Walk<'s> {
    source: &'s str,
    body: usize,
    /// What was read so far.
    pub(super) post: Post,
    /// The block that is being read, and whether it is a heading.
    block: Excerpt,
    heading: bool,
    link: Option<Link>,
    alt: Option<Link>,
    in_code: bool,
    html: Option<Range<usize>>,
    /// Suppressions that wait for the next block.
    waiting: Vec<Located>,
    /// The block on the outside that is being read, for comments inside it.
    around: Option<Span<Source>>,
}

impl<'s> Walk<'s> {
    /// A walk from byte `body` of `source` on, into `post`.
    pub(super) fn new(source: &'s str, body: usize, post: Post) -> Self {
        Self {
            source,
            body,
            post,
            block: Excerpt::default(),
            heading: false,
            link: None,
            alt: None,
            in_code: false,
            html: None,
            waiting: Vec::new(),
            around: None,
        }
    }

    /// Reads the text to its end.
    pub(super) fn run(&mut self) {
        let text = self.source.get(self.body..).unwrap_or_default();
        let syntax =
            Syntax::ENABLE_TABLES | Syntax::ENABLE_STRIKETHROUGH | Syntax::ENABLE_FOOTNOTES | Syntax::ENABLE_TASKLISTS;
        let parser = Parser::new_ext(text, syntax);
        let defined = link::definitions(&parser, self.source, self.body);
        for (event, range) in parser.into_offset_iter() {
            let span = Span::new(self.body + range.start, self.body + range.end);
            if !matches!(event, Event::Start(_) | Event::End(_)) {
                self.link.iter_mut().chain(&mut self.alt).for_each(|link| link.read = span.end);
            }
            match event {
                Event::Start(tag) => self.open(&tag, span),
                Event::End(tag) => self.close(tag, span),
                Event::Text(text) => self.text(&text, span),
                Event::SoftBreak => self.put(" ", span),
                Event::HardBreak => self.put("\n", span),
                Event::Html(_) => {
                    let range = self.html.get_or_insert(span.range());
                    range.end = span.end;
                }
                Event::InlineHtml(_) => self.inline_html(span),
                _ => {}
            }
        }
        self.flush();
        self.post.segments.extend(defined);
        self.settle(Span::new(self.source.len(), self.source.len()));
    }

    fn open(&mut self, tag: &Tag<'_>, span: Span<Source>) {
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { link_type: LinkType::Email, .. } => {}
            Tag::Link { link_type, dest_url, title, .. } => {
                self.link = Some(Link::new(*link_type, dest_url, title, span));
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                self.alt = Some(Link::new(*link_type, dest_url, title, span));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = None;
            }
            _ => {
                self.flush();
                self.heading = matches!(tag, Tag::Heading { .. });
                self.in_code = matches!(tag, Tag::CodeBlock(_));
                self.around = Some(span);
                self.settle(span);
            }
        }
    }

    fn close(&mut self, tag: TagEnd, span: Span<Source>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript => {}
            TagEnd::Link => self.close_link(),
            TagEnd::Image => self.close_image(),
            TagEnd::HtmlBlock => {
                let range = self.html.take().unwrap_or(span.range());
                self.html_block(Span::new(range.start, range.end));
            }
            _ => {
                self.flush();
                self.in_code = false;
            }
        }
    }

    fn text(&mut self, text: &str, span: Span<Source>) {
        if self.in_code {
            return;
        }
        let copied = span.of(self.source) == text;
        let source = self.source;
        self.each_open(|excerpt| {
            if copied {
                excerpt.copy(source, span);
            } else {
                excerpt.replace(text, span);
            }
        });
    }

    fn put(&mut self, text: &str, span: Span<Source>) {
        self.each_open(|excerpt| excerpt.replace(text, span));
    }

    fn each_open(&mut self, put: impl Fn(&mut Excerpt)) {
        if let Some(alt) = &mut self.alt {
            return put(&mut alt.words);
        }
        if let Some(link) = &mut self.link {
            put(&mut link.words);
        }
        put(&mut self.block);
    }

    fn close_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        let (address, title) = (link.located(self.source), link.title(self.source));
        if link.kind != LinkType::Autolink && !link.words.text().trim().is_empty() {
            self.post.segments.push(link.words.into_segment(Scope::LinkText, Address::Whole, Quoting::Markdown));
        }
        self.post.segments.extend(address.into_iter().chain(title));
    }

    fn close_image(&mut self) {
        let Some(link) = self.alt.take() else { return };
        self.link.iter_mut().for_each(|around| around.read = link.span.end);
        let file = link.located(self.source).map(|s| Located::new(&*s.text, s.map.map(Span::new(0, s.text.len()))));
        let title = link.title(self.source);
        let mut media = Media { file, ..Media::default() };
        if !link.words.text().trim().is_empty() {
            let segment = link.words.into_segment(Scope::Alt, Address::Whole, Quoting::Markdown);
            let all = segment.map.map(Span::new(0, segment.text.len()));
            media.alt = Some(Located::new(segment.text.trim(), all));
            self.post.segments.push(segment);
        }
        self.post.segments.extend(title);
        self.post.meta.media.push(media);
    }

    fn inline_html(&mut self, span: Span<Source>) {
        let raw = span.of(self.source);
        let comment = raw.strip_prefix("<!--").and_then(|t| t.strip_suffix("-->"));
        if let Some(said) = comment.and_then(markup::ignored) {
            let said = Located::new(said, span);
            self.post.meta.suppress.push(Suppress { said, covers: self.around });
        } else if raw.to_ascii_lowercase().starts_with("<br") {
            self.put("\n", span);
        } else {
            // A single tag: what people read in it stands in its attributes.
            markup::read(self.source, span, &mut self.post);
        }
    }

    /// The words of a block of HTML, and the suppressions in it: those at its end hold for the next block.
    fn html_block(&mut self, span: Span<Source>) {
        let (segments, said) = (self.post.segments.len(), self.post.meta.suppress.len());
        markup::read(self.source, span, &mut self.post);
        if self.post.segments.len() > segments {
            self.settle(span);
        }
        let open = |s: &Suppress| s.covers == Some(Span::new(span.end, span.end));
        let (waiting, settled) = self.post.meta.suppress.split_off(said).into_iter().partition::<Vec<_>, _>(open);
        self.post.meta.suppress.extend(settled);
        self.waiting.extend(waiting.into_iter().map(|s| s.said));
    }

    /// Waiting suppressions hold for the block at `span`.
    fn settle(&mut self, span: Span<Source>) {
        let waiting = std::mem::take(&mut self.waiting);
        self.post.meta.suppress.extend(waiting.into_iter().map(|said| Suppress { said, covers: Some(span) }));
    }

    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        let scope = if self.heading { Scope::Heading } else { Scope::Body };
        self.heading = false;
        if !block.text().trim().is_empty() {
            self.post.segments.push(block.into_segment(scope, Address::Whole, Quoting::Markdown));
        }
    }
}

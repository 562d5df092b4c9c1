//! Markdown with front matter: one post, a segment for each block.
//!
//! Code, in blocks or in a line, is no text of the post. The words of links stand in the block around them and again as
//! segments of their own; the addresses of links and the alternative texts of pictures only as their own.

mod link;

use super::{
    DecodeError, Decoder, Excerpt, Insertion, Options,
    fields::{Gather, per_channel, without},
    front::{self, Front},
    growth::Growth,
    marks, markup,
    roles::channel_key,
    text_of,
    tree::Node,
};
use crate::{
    model::document::{Address, Document, Located, Media, Post, Quoting, Scope, SourceFile, Suppress},
    text::span::{Source, Span},
};
use link::Link;
use pulldown_cmark::{Event, LinkType, Options as Syntax, Parser, Tag, TagEnd};
use std::ops::Range;

/// `.md` files.
pub(super) struct Markdown;

impl Decoder for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        [&b"---\n"[..], b"---\r\n", b"+++\n", b"+++\r\n"].iter().any(|m| text.starts_with(m))
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let posts = posts(&text.source, options).map_err(|e| e.in_file(&text))?;
        Ok(text.into_document(self.name(), posts))
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        [marks::comments(document, span, said, true), marks::front_matter(&document.source, span, said)].concat()
    }
}

fn posts(source: &str, options: &Options) -> Result<Vec<Post>, DecodeError> {
    let Front { pairs, body } = front::read(source, 0, options.limits.depth)?;
    let growth = Growth::new(&options.limits);
    let mut gather = Gather::new(Address::Whole, "markdown", options, &growth);
    let mut texts = Vec::new();
    for (key, value) in &pairs {
        if let Node::Scalar(s) = value
            && let Some(channel) = channel_key(&key.text, &s.text)
        {
            texts.push((channel, s.clone()));
        } else {
            gather.take(&key.text, value, &Address::Whole, None);
        }
    }
    let mut walk = Walk::new(source, body, gather.finish());
    walk.run();
    let mut main = walk.post;
    let mut all = per_channel(&main, &texts, &growth, |channel| Address::Pointer(format!("/{channel}")));
    growth.check()?;
    without(&mut main, &texts);
    if all.is_empty() || !main.segments.is_empty() {
        all.insert(0, main);
    }
    Ok(all)
}

struct Walk<'s> {
    source: &'s str,
    body: usize,
    post: Post,
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
    fn new(source: &'s str, body: usize, post: Post) -> Self {
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

    fn run(&mut self) {
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
            Tag::Link { link_type, dest_url, .. } => self.link = Some(Link::new(*link_type, dest_url, span)),
            Tag::Image { link_type, dest_url, .. } => self.alt = Some(Link::new(*link_type, dest_url, span)),
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
        let address = link.located(self.source);
        if link.kind != LinkType::Autolink && !link.words.text().trim().is_empty() {
            self.post.segments.push(link.words.into_segment(Scope::LinkText, Address::Whole, Quoting::Markdown));
        }
        self.post.segments.extend(address);
    }

    fn close_image(&mut self) {
        let Some(link) = self.alt.take() else { return };
        self.link.iter_mut().for_each(|around| around.read = link.span.end);
        let file = link.located(self.source).map(|s| Located::new(&*s.text, s.map.map(Span::new(0, s.text.len()))));
        let mut media = Media { file, ..Media::default() };
        if !link.words.text().trim().is_empty() {
            let segment = link.words.into_segment(Scope::Alt, Address::Whole, Quoting::Markdown);
            let all = segment.map.map(Span::new(0, segment.text.len()));
            media.alt = Some(Located::new(segment.text.trim(), all));
            self.post.segments.push(segment);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Document {
        let file = SourceFile { path: "a.md".into(), bytes: text.as_bytes().into() };
        Markdown.decode(&file, &Options::default()).unwrap()
    }

    fn texts(doc: &Document, scope: &Scope) -> Vec<String> {
        doc.posts[0].segments.iter().filter(|s| s.scope == *scope).map(|s| s.text.clone()).collect()
    }

    #[test]
    fn blocks_are_segments_without_markup() {
        let doc = read(
            "# Bin *day*\n\nOne **bold**\ntwo [link](http://a.b 't') `code` &amp; more.\n\n- item a\n  - item b\n- item c\n\n| x | y |\n|---|---|\n| p | q |\n\n```\ncode\n```\n> quote\n> goes on\n",
        );
        assert_eq!(texts(&doc, &Scope::Heading), ["Bin day"]);
        assert_eq!(
            texts(&doc, &Scope::Body),
            ["One bold two link  & more.", "item a", "item b", "item c", "x", "y", "p", "q", "quote goes on"]
        );
        assert_eq!([texts(&doc, &Scope::LinkText), texts(&doc, &Scope::LinkUrl)].concat(), ["link", "http://a.b"]);
    }

    #[test]
    fn addresses_of_links_are_found_wherever_they_stand() {
        let doc = read("[a][r] [![b](i.png)](<u v>) <https://c.d> [e]( f 't')\n\n[r]: <https://r.s> 'T'\n");
        assert_eq!(texts(&doc, &Scope::LinkUrl), ["u v", "https://c.d", "f", "https://r.s"]);
        assert_eq!(texts(&doc, &Scope::LinkText), ["a", "e"]);
    }

    #[test]
    fn addresses_are_those_that_readers_follow() {
        let source = r#"[a](http://a.b/c "see ](y") [a](<http://d.e f> 'x](z') [a](http://g\.h/?i&amp;j) [a][r]

[r]: http://k\.l 'T'
"#;
        let doc = read(source);
        assert_eq!(texts(&doc, &Scope::LinkUrl), ["http://a.b/c", "http://d.e f", "http://g.h/?i&j", "http://k.l"]);
        let urls = doc.posts[0].segments.iter().filter(|s| s.scope == Scope::LinkUrl);
        let places: Vec<&str> = urls.map(|s| s.map.map(Span::new(0, s.text.len())).of(source)).collect();
        assert_eq!(places, ["http://a.b/c", "http://d.e f", r"http://g\.h/?i&amp;j", r"http://k\.l"]);
    }

    #[test]
    fn attributes_of_tags_in_a_line_are_read() {
        let doc = read("See <a href=\"http://a.b\">the *page*</a> <img src=c.png alt=\"A bin\"> now.\n");
        assert_eq!([texts(&doc, &Scope::LinkUrl), texts(&doc, &Scope::Alt)].concat(), ["http://a.b", "A bin"]);
        assert_eq!(texts(&doc, &Scope::Body), ["See the page  now."]);
        assert_eq!(doc.posts[0].meta.media[0].file.as_ref().unwrap().value, "c.png");
    }

    #[test]
    fn spans_lead_through_markup_and_entities() {
        let source = "a **bold** &amp; b\n";
        let doc = read(source);
        let segment = &doc.posts[0].segments[0];
        assert_eq!(segment.text, "a bold & b");
        assert_eq!(segment.map.map(Span::new(2, 6)).of(source), "bold");
        assert_eq!(segment.map.map(Span::new(0, 8)).of(source), "a **bold** &amp;");
    }

    #[test]
    fn front_matter_is_known_about_the_post() {
        let doc = read(
            "\u{FEFF}---\nmedia:\n- bluesky-x\n- linkedin-x\nhashtags:\n  linkedin-x: [BinDay]\nimages:\n- url: https://a.b/c.png\n  alt_text: A bin\nApproved-By: A. Patel\nscheduled: 2026-12-01 09:00\nnotes: {a: [1, 2]}\ntitle: \"Bin &\\u00a3\"\npostlint-ignore: {a/b: because}\n---\nBody\n",
        );
        let post = &doc.posts[0];
        let channels: Vec<&str> = post.meta.channels.iter().map(|c| c.value.as_str()).collect();
        assert_eq!(channels, ["bluesky-x", "linkedin-x"]);
        assert_eq!(post.meta.channels[0].span.unwrap().of(&doc.source), "bluesky-x");
        assert_eq!(post.meta.approved_by.as_ref().unwrap().value, "A. Patel");
        assert_eq!(post.meta.other["notes.a"].value, "1, 2");
        assert_eq!(post.meta.suppress[0].said.value, "a/b: because");
        assert_eq!(post.meta.media[0].alt.as_ref().unwrap().value, "A bin");
        assert_eq!(post.meta.scheduled.as_ref().unwrap().value, "2026-12-01 09:00");
        assert_eq!(texts(&doc, &Scope::Title), ["Bin &\u{a3}"]);
        assert_eq!(texts(&doc, &Scope::Hashtag), ["BinDay"]);
        assert_eq!(texts(&doc, &Scope::Body), ["Body"]);
    }

    #[test]
    fn comments_suppress_the_next_block_or_their_own() {
        let source = "<!-- postlint-ignore a/b, c/d: agreed -->\n\nNext *block*.\n\nHere <!-- postlint-ignore e/f: quoted --> too.\n";
        let doc = read(source);
        let suppress = &doc.posts[0].meta.suppress;
        assert_eq!(suppress[0].said.value, "a/b, c/d: agreed");
        assert_eq!(suppress[0].covers.unwrap().of(source), "Next *block*.\n");
        assert_eq!(suppress[1].said.value, "e/f: quoted");
        assert_eq!(suppress[1].covers.unwrap().of(source).trim(), "Here <!-- postlint-ignore e/f: quoted --> too.");
        assert_eq!(texts(&doc, &Scope::Body), ["Next block.", "Here  too."]);
    }

    #[test]
    fn blocks_of_html_are_read_too() {
        let doc = read("One\n\n<div class=\"x\">\nTwo &amp; <b>three</b>\n</div>\n\nFour <b>five</b>\n");
        assert_eq!(texts(&doc, &Scope::Body), ["One", "Two & three ", "Four five"]);
    }

    #[test]
    fn a_text_for_a_channel_is_a_post_of_its_own() {
        let doc =
            read("---\naccount: council\nx: Short and sweet\nfacebook: Long and winding\ntwitter: \"@tmbc\"\n---\n");
        assert_eq!(doc.posts.len(), 2);
        assert_eq!(doc.posts[0].meta.channels[0].value, "x");
        assert_eq!(doc.posts[1].segments[0].text, "Long and winding");
        assert_eq!(doc.posts[1].meta.account.as_ref().unwrap().value, "council");
    }

    #[test]
    fn pictures_are_media_with_their_alt_text() {
        let doc = read("See ![A *red* bin](bin.png) now");
        assert_eq!([texts(&doc, &Scope::Alt), texts(&doc, &Scope::Body)].concat(), ["A red bin", "See  now"]);
        assert_eq!(doc.posts[0].meta.media[0].file.as_ref().unwrap().value, "bin.png");
    }
}

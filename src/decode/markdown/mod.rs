//! Markdown with front matter: one post, a segment for each block.
//!
//! Code, in blocks or in a line, is no text of the post. The words of links stand in the block around them and again as
//! segments of their own; the addresses of links and the alternative texts of pictures only as their own.

mod link;
mod walk;

use super::{
    DecodeError, Decoder, Insertion, Options,
    around::{per_channel, without},
    fields::Gather,
    front::{self, Front},
    growth::Growth,
    marks,
    posts::{Found, has_posts, posts_under},
    roles::channel_key,
    text_of,
    tree::Node,
};
use crate::{
    model::document::{Address, Document, SourceFile},
    text::span::{Source, Span},
};
use walk::Walk;

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
        let mut text = text_of(&file.bytes, &options.limits)?;
        let found = posts(&text.source, options).map_err(|e| e.in_file(&text))?;
        text.notes.extend(found.notes());
        let mut document = text.into_document(self.name(), found.posts);
        document.faults = found.faults;
        Ok(document)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        [marks::comments(document, span, said, true), marks::front_matter(&document.source, span, said)].concat()
    }
}

fn posts(source: &str, options: &Options) -> Result<Found, DecodeError> {
    const FORMAT: &str = "markdown";
    let Front { pairs, body } = front::read(source, 0, options.limits.depth)?;
    let growth = Growth::new(&options.limits);
    let mut gather = Gather::new(Address::Whole, FORMAT, options, &growth);
    let (mut texts, mut inner) = (Vec::new(), Vec::new());
    for (key, value) in &pairs {
        if let Node::Scalar(s) = value
            && let Some(channel) = channel_key(&key.text, &s.text)
        {
            texts.push((channel, s.clone()));
        } else if has_posts(&key.text, value, FORMAT, options, &growth) {
            inner.push((key, value));
        } else {
            gather.take(&key.text, value, &Address::Whole, true);
        }
    }
    let post = gather.finish();
    let mut found = Found::default();
    for (key, value) in inner {
        found.extend(posts_under(&key.text, value, FORMAT, options, &growth, &post.meta));
    }
    let mut walk = Walk::new(source, body, post);
    walk.run();
    let mut main = walk.post;
    let mut all = per_channel(&main, &texts, &growth, |channel| Address::Pointer(format!("/{channel}")));
    all.append(&mut found.posts);
    growth.check()?;
    without(&mut main, &texts);
    if all.is_empty() || !main.segments.is_empty() {
        all.insert(0, main);
    }
    Ok(Found { posts: all, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Scope;

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
    fn titles_of_links_and_pictures_are_read() {
        let source = "[a](b \"They \\\"are\\\" late\") [c](<d> (Late &amp; lost)) ![e](f.png 'A \"late\" bin' ) [g][r] [h](i \"\")\n\n[r]: j 'Later (still)'\n";
        let doc = read(source);
        let titles = ["They \"are\" late", "Late & lost", "A \"late\" bin", "Later (still)"];
        assert_eq!(texts(&doc, &Scope::Title), titles);
        assert_eq!(texts(&doc, &Scope::LinkUrl), ["b", "d", "i", "j"]);
        let segments = doc.posts[0].segments.iter().filter(|s| s.scope == Scope::Title);
        let places: Vec<&str> = segments.map(|s| s.map.map(Span::new(0, s.text.len())).of(source)).collect();
        assert_eq!(places, [r#"They \"are\" late"#, "Late &amp; lost", "A \"late\" bin", "Later (still)"]);
    }

    #[test]
    fn titles_are_mended_where_they_stand() {
        use crate::{decode::write, model::finding::Edit};
        let source = "[a](b \"So late\") and <input placeholder='So late'>\n\n[r]: j 'So late'\n";
        let file = SourceFile { path: "a.md".into(), bytes: source.into() };
        let doc = read(source);
        for (at, _) in source.match_indices("late") {
            let edit = |content: &str| Edit { span: Span::new(at, at + 4), content: content.into() };
            let bytes = write(&file, &doc, &[edit("*soon*")], &Options::default()).unwrap();
            let after = read(std::str::from_utf8(&bytes).unwrap());
            let found = after.posts[0].segments.iter().filter(|s| s.text == "So *soon*").count();
            assert_eq!(found, 1, "{}", String::from_utf8_lossy(&bytes));
        }
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
    fn words_under_any_key_of_the_front_matter_are_read() {
        let doc = read(
            "---\nsubtitle: Late bins\ncover: {src: a.png, alt: A bin}\nimage:\n  url: b.png\n  caption: The new depot\nlead: They are late again today\nlayout: two column\nstatus: they were late and said so\nreply: You are late\nphoto: Ask Jo for the one with the new van.\nslug: a-b-c\n---\n",
        );
        let field = |name: &str| texts(&doc, &Scope::Field(name.into()));
        assert_eq!(texts(&doc, &Scope::Title), ["Late bins"]);
        assert_eq!(texts(&doc, &Scope::Alt), ["A bin"]);
        assert_eq!(field("caption"), ["The new depot"]);
        assert_eq!(field("lead"), ["They are late again today"]);
        assert_eq!(field("status"), ["they were late and said so"]);
        assert_eq!(field("reply"), ["You are late"]);
        assert_eq!(field("photo"), ["Ask Jo for the one with the new van."]);
        assert_eq!(doc.posts[0].segments.len(), 7);
        for segment in &doc.posts[0].segments {
            assert_eq!(segment.map.map(Span::new(0, segment.text.len())).of(&doc.source), segment.text);
        }
    }

    #[test]
    fn words_of_the_front_matter_are_mended_where_they_stand() {
        use crate::{decode::write, model::finding::Edit};
        let source = "---\nlink: 'See: it''s late today, sorry.'\ncover: {alt: So late}\nposts: {x: Late late words}\nstatus: they are late and said so\n---\n";
        let file = SourceFile { path: "a.md".into(), bytes: source.into() };
        let doc = read(source);
        for (at, _) in source.match_indices("late") {
            let edit = Edit { span: Span::new(at, at + 4), content: "it's: soon".into() };
            let after = write(&file, &doc, &[edit], &Options::default()).unwrap();
            let after = read(std::str::from_utf8(&after).unwrap());
            assert!(after.posts.iter().flat_map(|p| &p.segments).any(|s| s.text.contains("it's: soon")), "{at}");
        }
    }

    #[test]
    fn texts_for_channels_may_be_nested() {
        let doc = read(
            "---\naccount: council\nposts: {x: Late again, facebook: Late once more}\nlinkedin: {text: Late for us, alt: A bin}\nauthor: {text: J. Bloggs}\n---\nBody\n",
        );
        let seen: Vec<_> = doc.posts.iter().map(|p| (p.address.to_string(), p.segments[0].text.as_str())).collect();
        let want = [
            ("", "Body"),
            ("/posts/x", "Late again"),
            ("/posts/facebook", "Late once more"),
            ("/linkedin", "Late for us"),
        ];
        assert_eq!(seen, want.map(|(at, text)| (at.to_owned(), text)));
        for (post, channel) in doc.posts.iter().skip(1).zip(["x", "facebook", "linkedin"]) {
            assert_eq!(post.meta.channels[0].value, channel);
            assert_eq!(post.meta.account.as_ref().unwrap().value, "council");
        }
        assert_eq!(texts(&doc, &Scope::Body), ["Body"]);
    }

    #[test]
    fn pictures_are_media_with_their_alt_text() {
        let doc = read("See ![A *red* bin](bin.png) now");
        assert_eq!([texts(&doc, &Scope::Alt), texts(&doc, &Scope::Body)].concat(), ["A red bin", "See  now"]);
        assert_eq!(doc.posts[0].meta.media[0].file.as_ref().unwrap().value, "bin.png");
    }
}

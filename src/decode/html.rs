//! HTML files: one post, a segment for each block.

use super::{DecodeError, Decoder, Insertion, Options, marks, markup, text_of};
use crate::{
    model::document::{Document, Post, SourceFile},
    text::span::{Source, Span},
};

/// `.html` files.
pub(super) struct Html;

impl Decoder for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let head = start.get(..14.min(start.len())).unwrap_or_default().to_ascii_lowercase();
        head.starts_with(b"<!doctype html") || head.starts_with(b"<html")
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let mut post = Post::default();
        let named = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xhtml"));
        let is_xml = named || text.source.starts_with("<?xml");
        let fault = markup::read_as(&text.source, Span::new(0, text.source.len()), is_xml, &mut post);
        let mut document = text.into_document(self.name(), vec![post]);
        document.faults.extend(fault);
        Ok(document)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::comments(document, span, said, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Scope;

    fn read(text: &str) -> Document {
        let file = SourceFile { path: "a.html".into(), bytes: text.as_bytes().into() };
        Html.decode(&file, &Options::default()).unwrap()
    }

    fn texts(doc: &Document, scope: &Scope) -> Vec<String> {
        doc.posts[0].segments.iter().filter(|s| s.scope == *scope).map(|s| s.text.clone()).collect()
    }

    #[test]
    fn blocks_are_segments_and_scripts_are_none() {
        let doc = read(
            "<!doctype html><title>Bin day</title><meta name=description content='About bins'><script>var a = '<p>no</p>';</script><style>p {}</style>\r\n<h1>Bins &amp;\r\n  more</h1><p>One <b>two</b> <a href=\"/a?b=1&copy=2\" title=T>th&eacute; link</a>.<br>Next<ul><li>x<li>y</ul><img src=a.png alt='A &quot;bin&quot;'>",
        );
        assert_eq!(texts(&doc, &Scope::Title), ["Bin day", "T"]);
        assert_eq!(texts(&doc, &Scope::Heading), ["Bins & more"]);
        assert_eq!(texts(&doc, &Scope::Body), ["One two th\u{e9} link.\nNext", "x", "y"]);
        assert_eq!(texts(&doc, &Scope::LinkText), ["th\u{e9} link"]);
        assert_eq!(texts(&doc, &Scope::LinkUrl), ["/a?b=1&copy=2"]);
        assert_eq!(texts(&doc, &Scope::Alt), ["A \"bin\""]);
        assert_eq!(texts(&doc, &Scope::Field("description".into())), ["About bins"]);
        assert_eq!(doc.posts[0].meta.media[0].file.as_ref().unwrap().value, "a.png");
    }

    #[test]
    fn what_forms_and_maps_say_is_read() {
        let doc = read(
            "<map><area alt='North ward' href=n></map><form aria-description='For residents'><input placeholder=\"Your bin&#39;s day\"><input type=submit value='Send it'><input type=hidden value='a b c'><input type=checkbox value=yes><textarea placeholder='Tell us'></textarea><select><optgroup label='Wards'><option label=North value=1></select></form>",
        );
        assert_eq!(texts(&doc, &Scope::Alt), ["North ward", "For residents"]);
        assert_eq!(texts(&doc, &Scope::Field("placeholder".into())), ["Your bin's day", "Tell us"]);
        assert_eq!(texts(&doc, &Scope::Field("value".into())), ["Send it"]);
        assert_eq!(texts(&doc, &Scope::Field("label".into())), ["Wards", "North"]);
    }

    #[test]
    fn tags_that_break_no_line_cut_no_words() {
        for tag in ["big", "nobr", "o:p", "tt", "font", "acronym", "x-mark", "st1:place"] {
            let doc = read(&format!("<p>They are l<{tag}>at</{tag}>e.</p>"));
            assert_eq!(texts(&doc, &Scope::Body), ["They are late."], "{tag}");
        }
        assert_eq!(texts(&read("<p>one<center>two</center>three</p>"), &Scope::Body), ["one", "two", "three"]);
    }

    #[test]
    fn character_data_of_xhtml_is_text() {
        let source =
            "<?xml version='1.0'?><html><p>They <![CDATA[are < late & lost]]> now</p><p>Next &amp; last</p></html>";
        let doc = read(source);
        assert_eq!(texts(&doc, &Scope::Body), ["They are < late & lost now", "Next & last"]);
        let late = doc.posts[0].segments[0].text.find("late").unwrap();
        let span = doc.posts[0].segments[0].map.map(Span::new(late, late + 4));
        assert!(span.of(source).contains("late"));
        assert_eq!(read("<?xml version='1.0'?><p>a</p><![CDATA[<p>b</p>").faults.len(), 1);
        let doc = read("<p>They <![CDATA[are late]]> now</p>");
        assert_eq!(texts(&doc, &Scope::Body), ["They now"], "browsers take it for a comment");
    }

    #[test]
    fn what_hides_the_rest_is_told() {
        let page = "<html><head><script src=\"a.js\"/><title/></head><body><p>They are late.</p></body></html>";
        let file = |name: &str, text: &str| SourceFile { path: name.into(), bytes: text.as_bytes().into() };
        let read = |name: &str, text: &str| Html.decode(&file(name, text), &Options::default()).unwrap();
        for (name, text) in [("a.xhtml", page.to_owned()), ("a.html", format!("<?xml version='1.0'?>{page}"))] {
            let doc = read(name, &text);
            assert_eq!((texts(&doc, &Scope::Body), doc.faults.len()), (vec!["They are late.".to_owned()], 0));
        }
        for text in [page, "<p>a</p><style>p {}", "<p>a</p><!-- b <p>c</p>", "<p>a</p><a href=\"b <p>c</p>"] {
            assert_eq!(read("a.html", text).faults.len(), 1, "{text}");
        }
        assert_eq!(read("a.html", "<p>a</p><br/><script>b</script><p>c</p>").faults.len(), 0);
    }

    #[test]
    fn entities_map_back() {
        let source = "<p>caf&eacute; &amp tea &#x1F600;&nbsp;\u{e9} end</p>";
        let doc = read(source);
        let segment = &doc.posts[0].segments[0];
        assert_eq!(segment.text, "caf\u{e9} & tea \u{1F600}\u{a0}\u{e9} end");
        for (find, origin) in
            [("caf\u{e9}", "caf&eacute;"), ("&", "&amp"), ("\u{1F600}", "&#x1F600;"), ("\u{e9} end", "\u{e9} end")]
        {
            let at = segment.text.rfind(find).unwrap();
            assert_eq!(segment.map.map(Span::new(at, at + find.len())).of(source), origin);
        }
    }

    #[test]
    fn comments_suppress_their_block_or_the_next() {
        let source = "<p>one</p><!-- postlint-ignore a/b: agreed --><p>two</p><p>three <!-- postlint-ignore c/d: why --> end</p>";
        let doc = read(source);
        let suppress = &doc.posts[0].meta.suppress;
        assert_eq!(suppress[0].covers.unwrap().of(source), "two");
        assert_eq!(suppress[0].said.value, "a/b: agreed");
        assert_eq!(suppress[1].covers.unwrap().of(source), "three <!-- postlint-ignore c/d: why --> end");
    }

    #[test]
    fn a_comment_before_a_picture_or_a_title_holds_for_it() {
        for (behind, covered) in [
            ("<img alt=\"one\"><p>two</p>", "<img alt=\"one\">"),
            ("<img alt=\"one\"></p><p>two</p>", "<img alt=\"one\">"),
            ("<p title=\"one\">two</p><p>three</p>", "<p title=\"one\">two"),
            ("<img src=\"a.png\"><p>two</p><p>three</p>", "two"),
        ] {
            let source = format!("<p><!-- postlint-ignore a/b: agreed -->{behind}");
            let doc = read(&source);
            let suppress = &doc.posts[0].meta.suppress;
            assert_eq!((suppress.len(), suppress[0].covers.unwrap().of(&source)), (1, covered));
        }
    }
}

//! JSON, JSON lines, YAML and TOML: each object with a text is a post.

use super::{
    DecodeError, Decoder, Insertion, Options,
    encoding::Text,
    front::Lines,
    growth::Growth,
    marks,
    posts::{Found, posts_of},
    text_of,
    tree::{self, Node},
};
use crate::{
    model::document::{Address, Document, Fault, SourceFile},
    text::span::{Source, Span},
};

/// `.json` files.
pub(super) struct Json;
/// `.jsonl` files: one object a line.
pub(super) struct JsonLines;
/// `.yaml` files.
pub(super) struct Yaml;
/// `.toml` files.
pub(super) struct Toml;

impl Decoder for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let inner = start.get(1..).unwrap_or_default().trim_ascii_start().first();
        match start.first() {
            Some(b'{') => matches!(inner, Some(b'"' | b'}')),
            Some(b'[') => matches!(inner, Some(b'{' | b'"')),
            _ => false,
        }
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let whole = Span::new(0, text.source.len());
        let node = tree::read_json(&text.source, whole, options.limits.depth);
        document(text, node, "json", options)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::members(&document.source, span, said)
    }
}

impl Decoder for Yaml {
    fn name(&self) -> &'static str {
        "yaml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["yaml", "yml"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let whole = Span::new(0, text.source.len());
        let node = tree::read_yaml(&text.source, whole, options.limits.depth);
        document(text, node, "yaml", options)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::lines(&document.source, span, said, marks::Line::Yaml)
    }
}

impl Decoder for Toml {
    fn name(&self) -> &'static str {
        "toml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["toml"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let node = tree::read_toml(&text.source, Span::new(0, text.source.len()));
        document(text, node, "toml", options)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::lines(&document.source, span, said, marks::Line::Toml)
    }
}

fn document(
    mut text: Text,
    node: Result<Node, tree::Fault>,
    format: &'static str,
    options: &Options,
) -> Result<Document, DecodeError> {
    let node = node.map_err(|fault| match fault {
        tree::Fault::Broken(message, at) => DecodeError::broken(message, text.byte(at)),
        tree::Fault::Deep => DecodeError::limit("the nesting", options.limits.depth, "levels").raised_by("nesting"),
    })?;
    let growth = Growth::new(&options.limits);
    let found = posts_of(&node, format, options, &growth);
    growth.check()?;
    text.notes.extend(found.notes());
    let mut document = text.into_document(format, found.posts);
    document.faults = found.faults;
    Ok(document)
}

impl Decoder for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let mut text = text_of(&file.bytes, &options.limits)?;
        let growth = Growth::new(&options.limits);
        let mut all = Found::default();
        for (index, (line, at)) in (Lines { rest: &text.source, at: 0 }).enumerate() {
            if index >= options.limits.rows {
                return Err(DecodeError::limit("the number of lines", options.limits.rows, "lines").raised_by("rows"));
            }
            if line.trim().is_empty() {
                continue;
            }
            let span = Span::new(at, at + line.trim_end().len());
            match tree::read_json(&text.source, span, options.limits.depth) {
                Ok(node) => {
                    let mut found = posts_of(&node, self.name(), options, &growth);
                    growth.check()?;
                    if let [only] = found.posts.as_mut_slice() {
                        only.address = Address::Line(index + 1);
                    }
                    if found.passed > 0 {
                        found.passed_first = Some(Address::Line(index + 1));
                    }
                    all.extend(found);
                }
                Err(fault) => all.faults.push(line_fault(fault, index, span.start, options)),
            }
        }
        text.notes.extend(all.notes());
        let mut document = text.into_document(self.name(), all.posts);
        document.faults = all.faults;
        Ok(document)
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::members(&document.source, span, said)
    }
}

fn line_fault(fault: tree::Fault, index: usize, start: usize, options: &Options) -> Fault {
    let (message, at) = match fault {
        tree::Fault::Broken(message, at) => (message, at),
        tree::Fault::Deep => (
            format!(
                "the nesting is over the limit of {} levels; `nesting` in [limits] raises it",
                options.limits.depth
            ),
            start,
        ),
    };
    Fault { address: Address::Line(index + 1), span: Some(Span::new(at, at)), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{Post, Scope};

    fn read(decoder: &dyn Decoder, text: &str) -> Document {
        let file = SourceFile { path: "a".into(), bytes: text.as_bytes().into() };
        decoder.decode(&file, &Options::default()).unwrap()
    }

    fn bodies(posts: &[Post]) -> Vec<&str> {
        posts.iter().flat_map(|p| &p.segments).filter(|s| s.scope == Scope::Body).map(|s| s.text.as_str()).collect()
    }

    #[test]
    fn nested_posts_know_what_is_around_them() {
        let doc = read(
            &Json,
            r#"{"account": "council", "weeks": [{"channel": "X", "posts": [{"text": "One"}, {"message": "Two", "author": "J. Bloggs", "channel": "facebook, linkedin"}]}]}"#,
        );
        assert_eq!(bodies(&doc.posts), ["One", "Two"]);
        assert_eq!(doc.posts[0].address, Address::Pointer("/weeks/0/posts/0".into()));
        assert_eq!(doc.posts[0].segments[0].address, Address::Pointer("/weeks/0/posts/0/text".into()));
        assert_eq!(doc.posts[0].meta.channels[0].value, "x");
        assert_eq!(doc.posts[1].meta.channels[1].value, "linkedin");
        assert_eq!(doc.posts[1].meta.account.as_ref().unwrap().value, "council");
    }

    #[test]
    fn what_says_something_beside_posts_is_read_and_the_rest_is_told() {
        let doc =
            read(&Json, r#"[{"text":"Hello all."},{"id":"a1","words":"They are late."},{"id":"Bins"},{"id":"b"}]"#);
        assert_eq!(doc.posts[1].address, Address::Pointer("/1".into()));
        let segments: Vec<_> = doc.posts[1].segments.iter().map(|s| (s.scope.clone(), s.text.as_str())).collect();
        assert_eq!(segments, [(Scope::Field("words".into()), "They are late.")]);
        assert_eq!(doc.notes, ["2 objects among the posts have no text and were not checked; the first is /2"]);
        let doc = read(&Json, r#"{"title":"They are late.","posts":[{"text":"Hello all."},{"id":"Bins"}]}"#);
        let seen: Vec<_> = doc.posts.iter().map(|p| (p.address.to_string(), p.segments[0].text.as_str())).collect();
        assert_eq!(seen, [(String::new(), "They are late."), ("/posts/0".into(), "Hello all.")]);
        assert_eq!(doc.notes, ["1 object among the posts, /posts/1, has no text and was not checked"]);
        let doc = read(&JsonLines, "{\"text\":\"Hello all.\"}\n[{\"text\":\"Hi\"},{\"id\":\"Bins\"}]\n");
        assert_eq!(doc.notes, ["1 object among the posts, line 2, has no text and was not checked"]);
    }

    #[test]
    fn texts_for_channels_keep_what_stands_beside_them() {
        let doc = read(
            &Json,
            r#"{"title":"Late bins","x":"Late again","linkedin":{"text":"Late","cover":{"alt":"A late bin"},"why":"They were late"}}"#,
        );
        let seen: Vec<Vec<&str>> =
            doc.posts.iter().map(|p| p.segments.iter().map(|s| s.text.as_str()).collect()).collect();
        assert_eq!(seen, [vec!["Late again", "Late bins"], vec!["Late", "A late bin"]]);
        assert_eq!(doc.posts[1].meta.channels[0].value, "linkedin");
    }

    #[test]
    fn without_a_text_key_every_string_is_text() {
        let doc = read(&Json, r#"{"a": ["One two", 3], "b": {"c": "Three"}}"#);
        let segments: Vec<_> = doc.posts[0].segments.iter().map(|s| (s.scope.clone(), s.text.as_str())).collect();
        assert_eq!(segments, [(Scope::Field("a".into()), "One two"), (Scope::Field("c".into()), "Three")]);
        assert_eq!(bodies(&read(&Json, r#"["One", "Two"]"#).posts), ["One", "Two"]);
        assert_eq!(read(&Json, r#"{"a": "They are late.", "b": "Late"}"#).posts[0].segments.len(), 2);
    }

    #[test]
    fn a_bad_line_does_not_hide_the_others() {
        let doc = read(&JsonLines, "{\"text\": \"One\"}\n\n{\"text\": oops}\r\n{\"text\": \"Three\"}");
        assert_eq!(bodies(&doc.posts), ["One", "Three"]);
        assert_eq!(doc.posts[1].address, Address::Line(4));
        assert_eq!(doc.faults.len(), 1);
        assert_eq!((&doc.faults[0].address, doc.faults[0].span), (&Address::Line(3), Some(Span::new(26, 26))));
    }

    #[test]
    fn no_sibling_of_a_post_is_passed_over_in_silence() {
        let doc = read(&Json, r#"[{"text":"Hello all."},{"text":{"en":"Bins."}},"Late.",["So."],{"text":null}]"#);
        assert_eq!(bodies(&doc.posts), ["Hello all.", "Late.", "So."]);
        assert_eq!((doc.faults.len(), doc.notes.len()), (1, 0));
        assert_eq!(read(&Json, r#"[{"text":"Hello all."},{"words":"Late."}]"#).notes.len(), 1);
        assert_eq!(doc.faults[0].address, Address::Pointer("/1/text".into()));
        let doc = read(&Yaml, "template: &t Late.\nposts:\n- text: Hello\n- text: *t\n");
        assert_eq!((bodies(&doc.posts), doc.faults.len()), (vec!["Hello", "Late."], 0));
        let doc = read(&Yaml, "a: {text: Hello}\nnull: {text: Late.}\n");
        assert_eq!(bodies(&doc.posts), ["Hello", "Late."]);
    }

    #[test]
    fn what_posts_take_over_has_a_limit() {
        let posts = |each: &str| vec![each; 20_000].join(",");
        let (post, long) = (r#"{"text":"Late."}"#, "x".repeat(200_000));
        let tags = "a ".repeat(20_000);
        for (name, text) in [
            ("suppressions", format!(r#"{{"postlint-ignore":"a/b: {long}","posts":[{}]}}"#, posts(post))),
            ("channels", format!(r#"{{"channels":"{}","posts":[{}]}}"#, "x,".repeat(9000), posts(post))),
            ("a key", format!(r#"{{"{long}":[{}]}}"#, posts(post))),
            ("hashtags", format!(r#"{{"{long}":[{{"text":"a","hashtags":"{tags}"}}]}}"#)),
            ("texts for channels", format!(r#"{{"postlint-ignore":"{long}",{}}}"#, posts(r#""x":"Late all""#))),
            ("no texts", format!(r#"{{"{long}":[{}]}}"#, posts(r#""Late.""#))),
        ] {
            let file = SourceFile { path: "a".into(), bytes: text.into_bytes() };
            let error = Json.decode(&file, &Options::default()).unwrap_err().to_string();
            assert!(error.starts_with("what posts take over"), "{name}: {error}");
        }
        let file = SourceFile { path: "a".into(), bytes: format!("[{}]", posts(post)).into_bytes() };
        let limits = crate::decode::Limits { posts: 19_999, ..Default::default() };
        let error = Json.decode(&file, &Options { limits, ..Options::default() }).unwrap_err().to_string();
        assert!(error.starts_with("the number of posts"), "{error}");
    }

    #[test]
    fn yaml_and_toml_have_posts_too() {
        let doc = read(
            &Yaml,
            "- text: |\n    One\n    more\n  x: For X only\n- caption: 'It''s two'\n  scheduled_at: 2026-12-01\n",
        );
        assert_eq!(bodies(&doc.posts), ["For X only", "One\nmore\n", "It's two"]);
        let doc =
            read(&Toml, "account = \"council\"\n[[post]]\ntext = 'One'\ndate = 2026-12-01\n[[post]]\ntext = \"Two\"\n");
        assert_eq!(bodies(&doc.posts), ["One", "Two"]);
        assert_eq!(doc.posts[0].meta.scheduled.as_ref().unwrap().value, "2026-12-01");
    }

    #[test]
    fn sent_posts_are_left_out_and_said() {
        let file = SourceFile { path: "a".into(), bytes: br#"[{"text": "One", "status": "Sent"}]"#[..].into() };
        let options = Options { skip_status: vec!["sent".into()], ..Options::default() };
        let doc = Json.decode(&file, &options).unwrap();
        assert_eq!((doc.posts.len(), doc.notes.len()), (0, 1));
    }
}

//! `.tweet` files of twitter-together: plain text with front matter, a thread split at `---` lines, each part of which
//! may have front matter of its own.

use super::{
    DecodeError, Decoder, Excerpt, Insertion, Options,
    fields::Gather,
    front::{self, Front, Lines},
    growth::{Growth, weight},
    marks,
    roles::squash,
    text_of,
    tree::Node,
};
use crate::{
    model::document::{Address, Document, Post, Quoting, Scope, SourceFile},
    text::span::{Source, Span},
};

/// `.tweet` files.
pub(super) struct Tweet;

impl Decoder for Tweet {
    fn name(&self) -> &'static str {
        "tweet"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["tweet"]
    }

    fn sniff(&self, _: &[u8]) -> bool {
        false
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let text = text_of(&file.bytes, &options.limits)?;
        let posts = parts(&text.source, options).map_err(|e| e.in_file(&text))?;
        Ok(text.into_document(self.name(), posts))
    }

    fn marks(&self, document: &Document, span: Span<Source>, said: &str, _: &Options) -> Vec<Insertion> {
        marks::front_matter(&document.source, span, said)
    }
}

/// Key of the front matter that names another line than `---` between the parts. *Source:* twitter-together's code
/// (2024-10); its documentation says `threadDelimiter`.
const DELIMITER: &str = "threaddelimiter";

fn parts(source: &str, options: &Options) -> Result<Vec<Post>, DecodeError> {
    let mut posts: Vec<Post> = Vec::new();
    let mut delimiter = "---".to_owned();
    let (growth, mut at) = (Growth::new(&options.limits), 0);
    while at < source.len() || posts.is_empty() {
        let Front { pairs, body } = front::read(source, at, options.limits.depth)?;
        for (key, value) in &pairs {
            if let Node::Scalar(s) = value
                && squash(&key.text) == DELIMITER
            {
                s.text.trim().clone_into(&mut delimiter);
            }
        }
        let (end, next) = part_end(source, body, &delimiter);
        let mut gather = Gather::new(Address::Part(posts.len() + 1), "tweet", options, &growth);
        if let Some(first) = posts.first() {
            growth.copy(weight(&first.meta));
            growth.post();
            growth.check()?;
            gather.post.meta = first.meta.clone();
            gather.post.meta.media.clear();
        }
        for (key, value) in &pairs {
            gather.take(key.text.as_str(), value, &Address::Whole, true);
        }
        let span = trimmed(source, Span::new(body, end));
        let text = Excerpt::lines(source, span);
        gather.post.segments.push(text.into_segment(Scope::Body, Address::Whole, Quoting::Verbatim));
        posts.push(gather.finish());
        at = next;
    }
    if let [only] = posts.as_mut_slice() {
        only.address = Address::Whole;
    }
    Ok(posts)
}

/// Where the part that begins at `from` ends, and where the next one begins.
fn part_end(source: &str, from: usize, delimiter: &str) -> (usize, usize) {
    let lines = Lines { rest: source.get(from..).unwrap_or_default(), at: from };
    for (line, at) in lines {
        if line.trim_end() == delimiter {
            return (at, at + line.len());
        }
    }
    (source.len(), source.len())
}

fn trimmed(source: &str, span: Span<Source>) -> Span<Source> {
    let text = span.of(source);
    let start = span.start + text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Post> {
        let file = SourceFile { path: "a.tweet".into(), bytes: text.as_bytes().into() };
        Tweet.decode(&file, &Options::default()).unwrap().posts
    }

    #[test]
    fn a_thread_has_a_post_for_each_part() {
        let posts = read(
            "---\nreply: https://x.com/a/status/1\nmedia:\n  - file: a.png\n    alt: Bin day\n---\nOne \u{e9}\n\n---\nTwo\r\n---\n---\nmedia: [{file: b.png}]\n---\nThree",
        );
        let bodies: Vec<&str> = posts.iter().map(|p| p.segments.last().unwrap().text.as_str()).collect();
        assert_eq!(bodies, ["One \u{e9}", "Two", "Three"]);
        assert_eq!(posts[1].address, Address::Part(2));
        assert_eq!(posts[0].segments[0].scope, Scope::Alt);
        assert_eq!(posts[0].meta.media[0].alt.as_ref().unwrap().value, "Bin day");
        assert!(posts[2].meta.in_reply_to.is_some());
        assert_eq!(posts[2].meta.media[0].file.as_ref().unwrap().value, "b.png");
    }

    #[test]
    fn front_matter_is_not_copied_without_end() {
        let text = format!("---\nnote: {}\n---\n{}", "x".repeat(200_000), "a\n---\n".repeat(20_000));
        let file = SourceFile { path: "a.tweet".into(), bytes: text.into_bytes() };
        assert!(matches!(Tweet.decode(&file, &Options::default()), Err(DecodeError::Limit { .. })));
    }

    #[test]
    fn a_suppression_at_the_top_holds_for_the_thread_and_any_other_for_its_part() {
        let posts =
            read("---\npostlint-ignore: 'a/b: c'\n---\nOne\n---\n---\npostlint-ignore: 'd/e: f'\n---\nTwo\n---\nThree");
        let said = |p: &Post| p.meta.suppress.iter().map(|s| s.said.value.clone()).collect::<Vec<_>>();
        let said: Vec<_> = posts.iter().map(said).collect();
        assert_eq!(said, [vec!["a/b: c"], vec!["a/b: c", "d/e: f"], vec!["a/b: c"]]);
    }

    #[test]
    fn a_tweet_without_front_matter_is_one_post() {
        let posts = read("Bins are late today.");
        assert_eq!((posts.len(), &posts[0].address), (1, &Address::Whole));
    }
}

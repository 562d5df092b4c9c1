//! A tree of values to posts: each object that has a text is one.

use super::{
    Options,
    fields::{Gather, inherit, is_skipped, per_channel, step, without},
    roles::{Role, channel_key, role_of},
    tree::{Node, Scalar},
};
use crate::model::document::{Address, Meta, Post, Scope};

/// The posts in `node`. Without an object that has a text, every string of it is text: of one post, or of one for each
/// item where `node` is a list. `skipped` counts the posts that settings leave out.
pub(super) fn posts_of(node: &Node, format: &'static str, options: &Options, skipped: &mut usize) -> Vec<Post> {
    let mut finder = Finder { format, options, posts: Vec::new(), skipped: 0 };
    finder.walk(node, "", &Meta::default());
    *skipped += finder.skipped;
    if !finder.posts.is_empty() || finder.skipped > 0 {
        return finder.posts;
    }
    match node {
        Node::List(items) => items.iter().enumerate().map(|(i, n)| strings(n, &format!("/{i}"))).collect(),
        Node::Null => Vec::new(),
        other => vec![strings(other, "")],
    }
}

fn address(pointer: &str) -> Address {
    if pointer.is_empty() { Address::Whole } else { Address::Pointer(pointer.to_owned()) }
}

struct Finder<'o> {
    format: &'static str,
    options: &'o Options,
    posts: Vec<Post>,
    skipped: usize,
}

impl Finder<'_> {
    fn walk(&mut self, node: &Node, pointer: &str, around: &Meta) {
        match node {
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.walk(item, &step(pointer, &i.to_string()), around);
                }
            }
            Node::Map(pairs) => {
                let text = self.text_key(pairs);
                let own = text.is_some() || pairs.iter().any(|(k, v)| channel_text(k, v).is_some());
                self.object(pairs, pointer, around, text, own);
            }
            _ => {}
        }
    }

    /// Index of the member that is the text: the one whose key is the best sign.
    fn text_key(&self, pairs: &[(Scalar, Node)]) -> Option<usize> {
        let ranked = pairs.iter().enumerate().filter_map(|(i, (key, value))| {
            let (role, rank) = role_of(&key.text, self.format, self.options)?;
            (role == Role::Text && is_text(value)).then_some((rank, i))
        });
        ranked.min().map(|(_, i)| i)
    }

    fn object(&mut self, pairs: &[(Scalar, Node)], pointer: &str, around: &Meta, text: Option<usize>, own: bool) {
        let mut gather = Gather::new(address(pointer), self.format, self.options);
        let (mut texts, mut inner) = (Vec::new(), Vec::new());
        for (i, (key, value)) in pairs.iter().enumerate() {
            let at = address(&step(pointer, &key.text));
            let role = role_of(&key.text, self.format, self.options).map(|r| r.0);
            if Some(i) == text {
                gather.role(Role::Text, &key.text, value, &at);
            } else if let Some((channel, scalar)) = channel_text(key, value) {
                texts.push((channel, scalar.clone()));
            } else if self.has_post(value) {
                inner.push((key, value));
            } else if role == Some(Role::Text) {
                gather.unknown(&key.text, value, &at, Some(Scope::Field));
            } else {
                gather.take(&key.text, value, &at, None);
            }
        }
        let mut post = gather.finish();
        inherit(&mut post.meta, around);
        if own && is_skipped(&post.meta, self.options) {
            self.skipped += 1;
            return;
        }
        let meta = post.meta.clone();
        self.posts.extend(per_channel(&post, &texts, |channel| Address::Pointer(step(pointer, channel))));
        if text.is_some() {
            without(&mut post, &texts);
            self.posts.push(post);
        }
        for (key, value) in inner {
            self.walk(value, &step(pointer, &key.text), &meta);
        }
    }

    fn has_post(&self, node: &Node) -> bool {
        match node {
            Node::List(items) => items.iter().any(|n| self.has_post(n)),
            Node::Map(pairs) => {
                self.text_key(pairs).is_some()
                    || pairs.iter().any(|(k, v)| channel_text(k, v).is_some() || self.has_post(v))
            }
            _ => false,
        }
    }
}

fn is_text(value: &Node) -> bool {
    match value {
        Node::Scalar(s) => s.string,
        Node::List(items) => !items.is_empty() && items.iter().all(|n| matches!(n, Node::Scalar(s) if s.string)),
        _ => false,
    }
}

fn channel_text<'n>(key: &Scalar, value: &'n Node) -> Option<(String, &'n Scalar)> {
    match value {
        Node::Scalar(s) if s.string => channel_key(&key.text, &s.text).map(|channel| (channel, s)),
        _ => None,
    }
}

/// A post of every string in `node`.
fn strings(node: &Node, pointer: &str) -> Post {
    fn walk(node: &Node, pointer: &str, name: Option<&str>, gather: &mut Gather<'_>) {
        match node {
            Node::Scalar(s) if s.string => {
                let scope = name.map_or(Scope::Body, |n| Scope::Field(n.to_owned()));
                gather.segment(s, scope, &address(pointer));
            }
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    walk(item, &step(pointer, &i.to_string()), name, gather);
                }
            }
            Node::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                walk(value, &step(pointer, &key.text), Some(key.text.trim()), gather);
            }),
            _ => {}
        }
    }
    let options = Options::default();
    let mut gather = Gather::new(address(pointer), "", &options);
    walk(node, pointer, None, &mut gather);
    gather.finish()
}

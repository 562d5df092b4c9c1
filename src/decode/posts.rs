//! A tree of values to posts: each object that has a text is one.

use super::{
    Options,
    around::{inherit, is_skipped, per_channel, without},
    fields::{Gather, step},
    growth::{Growth, weight},
    prose,
    roles::{Role, channel_key, channel_named, role_of, squash},
    tree::{Node, Scalar},
};
use crate::model::document::{Address, Fault, Located, Meta, Post, Scope};

/// What is in a tree.
#[derive(Default)]
pub(super) struct Found {
    /// The posts.
    pub(super) posts: Vec<Post>,
    /// Number of posts that settings leave out.
    pub(super) skipped: usize,
    /// Number of objects among posts that have no text.
    pub(super) passed: usize,
    /// Where the first of them is.
    pub(super) passed_first: Option<Address>,
    /// Posts whose text is none.
    pub(super) faults: Vec<Fault>,
}

impl Found {
    /// Adds what was found elsewhere in the file.
    pub(super) fn extend(&mut self, more: Self) {
        self.posts.extend(more.posts);
        self.faults.extend(more.faults);
        self.skipped += more.skipped;
        self.passed += more.passed;
        self.passed_first = self.passed_first.take().or(more.passed_first);
    }

    /// What the user should know about posts and objects that were left out.
    pub(super) fn notes(&self) -> Vec<String> {
        let skipped = match self.skipped {
            0 => None,
            1 => Some("1 post was left out because of its status".to_owned()),
            n => Some(format!("{n} posts were left out because of their status")),
        };
        let first = self.passed_first.as_ref().map(Address::to_string).filter(|at| !at.is_empty());
        let passed = match (self.passed, first) {
            (0, _) => None,
            (1, first) => {
                let at = first.map_or_else(String::new, |at| format!(", {at},"));
                Some(format!("1 object among the posts{at} has no text and was not checked"))
            }
            (n, first) => {
                let at = first.map_or_else(String::new, |at| format!("; the first is {at}"));
                Some(format!("{n} objects among the posts have no text and were not checked{at}"))
            }
        };
        skipped.into_iter().chain(passed).collect()
    }
}

/// The posts in `value`, which stands under `key` in front matter, if it has texts for channels, or posts. What stands
/// `around` them is known of each.
pub(super) fn posts_under(
    key: &str,
    value: &Node,
    format: &'static str,
    options: &Options,
    growth: &Growth,
    around: &Meta,
) -> Found {
    let mut finder = Finder::new(format, options, growth);
    finder.inside(key, value, "", around);
    finder.found
}

/// Whether [`posts_under`] has posts in `value`.
pub(super) fn has_posts(key: &str, value: &Node, format: &'static str, options: &Options, growth: &Growth) -> bool {
    Finder::new(format, options, growth).is_for_channels(key, value)
}

/// The posts in `node`. Without an object that has a text, every string of it is text: of one post, or of one for each
/// item where `node` is a list.
pub(super) fn posts_of(node: &Node, format: &'static str, options: &Options, growth: &Growth) -> Found {
    let mut finder = Finder::new(format, options, growth);
    finder.walk(node, "", &Meta::default());
    if finder.has_own {
        return finder.found;
    }
    let posts = match node {
        Node::List(items) => {
            let some = items.iter().enumerate().take_while(|_| growth.post());
            some.map(|(i, n)| strings(n, &format!("/{i}"), growth)).collect()
        }
        Node::Null => Vec::new(),
        other => vec![strings(other, "", growth)],
    };
    Found { posts, ..Found::default() }
}

fn address(pointer: &str) -> Address {
    if pointer.is_empty() { Address::Whole } else { Address::Pointer(pointer.to_owned()) }
}

struct Finder<'o> {
    format: &'static str,
    options: &'o Options,
    growth: &'o Growth,
    /// Whether an object was met that has a text.
    has_own: bool,
    found: Found,
}

const NO_TEXT: &str = "what stands under the key for the text is no text, so it was not checked";

impl<'o> Finder<'o> {
    fn new(format: &'static str, options: &'o Options, growth: &'o Growth) -> Self {
        Self { format, options, growth, has_own: false, found: Found::default() }
    }

    fn walk(&mut self, node: &Node, pointer: &str, around: &Meta) {
        match node {
            Node::List(items) if self.has_post(node) => {
                for (i, item) in items.iter().enumerate() {
                    if !self.growth.copy(pointer.len()) {
                        return;
                    }
                    let at = step(pointer, &i.to_string());
                    match item {
                        // Among posts, a text by itself is one too.
                        Node::Scalar(_) | Node::List(_) if !self.has_post(item) => self.bare(item, &at, around),
                        _ => {
                            let before = (self.found.faults.len(), self.found.posts.len());
                            self.walk(item, &at, around);
                            let told = (self.found.faults.len(), self.found.posts.len()) != before;
                            if !told && !self.has_post(item) && has_string(item) {
                                self.found.passed += 1;
                                self.found.passed_first.get_or_insert_with(|| address(&at));
                            }
                        }
                    }
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

    /// A post without names for its parts.
    fn bare(&mut self, node: &Node, pointer: &str, around: &Meta) {
        let mut post = strings(node, pointer, self.growth);
        if !post.segments.is_empty() && self.growth.post() && self.growth.copy(weight(around)) {
            inherit(&mut post.meta, around);
            self.found.posts.push(post);
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
        let mut gather = Gather::new(address(pointer), self.format, self.options, self.growth);
        let (mut texts, mut inner, mut unread) = (Vec::new(), Vec::new(), None);
        for (i, (key, value)) in pairs.iter().enumerate() {
            if !self.growth.copy(pointer.len() + key.text.len()) {
                return;
            }
            let at = address(&step(pointer, &key.text));
            let role = role_of(&key.text, self.format, self.options).map(|r| r.0);
            if Some(i) == text {
                gather.role(Role::Text, &key.text, value, &at);
            } else if let Some((channel, scalar)) = channel_text(key, value) {
                texts.push((channel, scalar.clone()));
            } else if self.has_post(value) {
                inner.push((key, value));
            } else if role == Some(Role::Text) {
                // Without a text these fields belong to no post.
                if text.is_none() && has_string(value) {
                    unread = unread.or(Some((key, at.clone())));
                }
                gather.field(&key.text, value, &at);
            } else {
                gather.take(&key.text, value, &at, !own);
            }
        }
        let mut post = gather.finish();
        if self.growth.copy(weight(around)) {
            inherit(&mut post.meta, around);
        }
        self.has_own |= own;
        // Beside posts, what names no text but says something is text as well.
        let said = !own && post.segments.iter().any(|s| s.scope.is_read() && prose::is_sentence(&s.text));
        if (own || said) && is_skipped(&post.meta, self.options) {
            self.found.skipped += 1;
            return;
        }
        if let Some((key, address)) = unread.filter(|_| !said) {
            self.found.faults.push(Fault { address, span: Some(key.token), message: NO_TEXT.to_owned() });
        }
        let meta = post.meta.clone();
        let mut posts = per_channel(&post, &texts, self.growth, |channel| Address::Pointer(step(pointer, channel)));
        if text.is_some() || said {
            if self.growth.post() {
                without(&mut post, &texts);
                posts.push(post);
            }
        } else if let Some(first) = posts.first_mut() {
            first.segments.extend(post.segments);
        }
        self.found.posts.extend(posts);
        for (key, value) in inner {
            self.inside(&key.text, value, pointer, &meta);
        }
    }

    /// The posts under `key`, which may name their channel.
    fn inside(&mut self, key: &str, value: &Node, pointer: &str, around: &Meta) {
        let at = step(pointer, key);
        match channel_named(key) {
            Some(channel) if self.growth.copy(weight(around)) => {
                let channels = vec![Located { value: channel, span: None }];
                self.walk(value, &at, &Meta { channels, ..around.clone() });
            }
            _ => self.walk(value, &at, around),
        }
    }

    /// Whether `value` under `key` has texts for channels, or posts.
    fn is_for_channels(&self, key: &str, value: &Node) -> bool {
        let named = squash(key) == "posts" || channel_named(key).is_some();
        named && self.has_post(value)
            || match value {
                Node::Map(pairs) => {
                    pairs.iter().any(|(k, v)| channel_text(k, v).is_some() || self.is_for_channels(&k.text, v))
                }
                Node::List(items) => items.iter().any(|n| self.is_for_channels("", n)),
                _ => false,
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

/// Whether `value` holds words.
fn has_string(value: &Node) -> bool {
    match value {
        Node::Scalar(s) => s.string && !s.text.trim().is_empty(),
        Node::List(items) => items.iter().any(has_string),
        Node::Map(pairs) => pairs.iter().any(|(_, n)| has_string(n)),
        Node::Null => false,
    }
}

fn channel_text<'n>(key: &Scalar, value: &'n Node) -> Option<(String, &'n Scalar)> {
    match value {
        Node::Scalar(s) if s.string => channel_key(&key.text, &s.text).map(|channel| (channel, s)),
        _ => None,
    }
}

/// A post of every string in `node`.
fn strings(node: &Node, pointer: &str, growth: &Growth) -> Post {
    fn walk(node: &Node, pointer: &str, name: Option<&str>, gather: &mut Gather<'_>, growth: &Growth) {
        if !growth.copy(pointer.len()) {
            return;
        }
        match node {
            Node::Scalar(s) if s.string => {
                let scope = name.map_or(Scope::Body, |n| Scope::Field(n.to_owned()));
                gather.segment(s, scope, &address(pointer));
            }
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    walk(item, &step(pointer, &i.to_string()), name, gather, growth);
                }
            }
            Node::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                walk(value, &step(pointer, &key.text), Some(key.text.trim()), gather, growth);
            }),
            _ => {}
        }
    }
    let options = Options::default();
    let mut gather = Gather::new(address(pointer), "", &options, growth);
    walk(node, pointer, None, &mut gather, growth);
    gather.finish()
}

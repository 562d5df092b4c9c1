//! Named values to a post: front matter, the members of an object, the cells of a row.

use super::{
    Options,
    growth::{self, Growth},
    prose,
    roles::{Role, is_note, role_of, squash},
    tree::{Node, Scalar},
};
use crate::{
    model::document::{Address, Located, Media, Meta, Mode, Post, Scope, Segment, Suppress},
    text::{lines::floor_boundary, map::OffsetMap, span::Plain},
};

/// Gathers named values into a post.
pub(super) struct Gather<'o> {
    /// The post so far.
    pub(super) post: Post,
    format: &'static str,
    options: &'o Options,
    growth: &'o Growth,
    date: Option<Located>,
    time: Option<Located>,
}

impl<'o> Gather<'o> {
    /// A post at `address` that knows nothing yet.
    pub(super) fn new(address: Address, format: &'static str, options: &'o Options, growth: &'o Growth) -> Self {
        Self { post: Post { address, ..Post::default() }, format, options, growth, date: None, time: None }
    }

    /// The finished post.
    pub(super) fn finish(mut self) -> Post {
        let meta = &mut self.post.meta;
        if meta.scheduled.is_none() {
            meta.scheduled = match (self.date, self.time) {
                (Some(date), Some(time)) => Some(Located {
                    value: format!("{} {}", date.value, time.value),
                    span: date.span.zip(time.span).map(|(a, b)| a.cover(b)),
                }),
                (date, time) => date.or(time),
            };
        }
        self.post
    }

    /// Takes the value of `key` as what the table says it is. Of a value that the table does not know, titles and
    /// alternative texts inside it are text, and, if `all`, whatever plainly is words.
    pub(super) fn take(&mut self, key: &str, value: &Node, address: &Address, all: bool) {
        if let Some((role, _)) = role_of(key, self.format, self.options) {
            return self.role(role, key, value, address);
        }
        self.keep(key, value);
        let may_say = if all { !is_note(key) } else { matches!(value, Node::List(_) | Node::Map(_)) };
        if may_say {
            self.words(key, value, address, all);
        }
    }

    /// Takes the value of `key` as text without a role, whatever it says.
    pub(super) fn field(&mut self, key: &str, value: &Node, address: &Address) {
        self.keep(key, value);
        each(value, &mut |s| self.segment(s, named(key, address), address));
    }

    /// Segments of what is text for readers under `key`.
    fn words(&mut self, key: &str, value: &Node, address: &Address, all: bool) {
        match value {
            Node::Scalar(s) if all && s.string && prose::is_words(&s.text) => {
                self.segment(s, named(key, address), address);
            }
            Node::List(items) => items.iter().for_each(|n| self.words(key, n, address, all)),
            Node::Map(pairs) => {
                for (inner, value) in pairs {
                    if !self.growth.copy(growth::length(address) + inner.text.len()) {
                        return;
                    }
                    let role = role_of(&inner.text, self.format, self.options).map(|r| r.0);
                    if role.is_none() && (!all && matches!(value, Node::Scalar(_)) || is_note(&inner.text)) {
                        continue;
                    }
                    let at = inside(address, &inner.text);
                    let scope = match role {
                        Some(Role::Alt) => Scope::Alt,
                        Some(Role::Title) => Scope::Title,
                        Some(Role::Text | Role::Description) => named(&inner.text, &at),
                        _ => {
                            self.words(&inner.text, value, &at, all);
                            continue;
                        }
                    };
                    each(value, &mut |s| self.segment(s, scope.clone(), &at));
                }
            }
            _ => {}
        }
    }

    /// A sentence under a key for something else (a picture's file, a state, an account) is text as well: nobody meant
    /// it for a name.
    fn sentence(&mut self, role: Role, key: &str, value: &Node, address: &Address) {
        let is_text = |text: &str| match role {
            Role::InReplyTo => prose::is_words(text),
            Role::Media | Role::File => prose::is_sentence(text) && !prose::is_file(text),
            Role::Hashtag => prose::is_sentence(text) && text.trim_end().ends_with(['.', '!', '?']),
            _ => prose::is_sentence(text),
        };
        match value {
            Node::Scalar(s) if s.string && is_text(&s.text) => self.segment(s, named(key, address), address),
            Node::List(items) => items.iter().for_each(|n| self.sentence(role, key, n, address)),
            // Pictures say themselves what their parts are.
            Node::Map(pairs) if !matches!(role, Role::Media | Role::File) => {
                for (_, n) in pairs {
                    self.sentence(role, key, n, address);
                }
            }
            _ => {}
        }
    }

    /// Adds `value` to the values without a role, names of nested ones joined by dots.
    fn keep(&mut self, key: &str, value: &Node) {
        let mut kept = Vec::new();
        flatten(short(key.trim()), value, &mut kept);
        for (key, located) in kept {
            let name = key.to_lowercase();
            self.post.meta.other.entry(name).and_modify(|v| join(v, &located)).or_insert(located);
        }
    }

    /// Adds a segment of `scalar`.
    pub(super) fn segment(&mut self, scalar: &Scalar, scope: Scope, address: &Address) {
        if !scalar.text.trim().is_empty() && self.growth.copy(growth::length(address) + growth::named(&scope)) {
            self.post.segments.push(Segment {
                scope,
                address: address.clone(),
                text: scalar.text.clone(),
                map: scalar.map.clone(),
                quoting: scalar.quoting,
            });
        }
    }

    /// Takes the value of `key` as what `role` says.
    pub(super) fn role(&mut self, role: Role, key: &str, value: &Node, address: &Address) {
        if !matches!(role, Role::Text | Role::Alt | Role::Title | Role::Description | Role::Ignore) {
            self.sentence(role, key, value, address);
        }
        let meta = &mut self.post.meta;
        match role {
            Role::Text => each(value, &mut |s| self.segment(s, Scope::Body, address)),
            Role::Channel => each(value, &mut |s| channels(s, &mut meta.channels)),
            Role::Account => first(value, &mut meta.account),
            Role::Author => first(value, &mut meta.author),
            Role::ApprovedBy => first(value, &mut meta.approved_by),
            Role::Service => first(value, &mut meta.service),
            Role::Scheduled => first(value, &mut meta.scheduled),
            Role::Date => first(value, &mut self.date),
            Role::Time => first(value, &mut self.time),
            Role::Status => first(value, &mut meta.status),
            Role::InReplyTo => first(value, &mut meta.in_reply_to),
            Role::Mode => mode(value, meta),
            Role::Media => self.media(value, address),
            Role::File => self.files(value, address),
            Role::Alt => each(value, &mut |s| self.alt(s, address)),
            Role::Title => {
                self.keep(key, value);
                each(value, &mut |s| self.segment(s, Scope::Title, address));
            }
            Role::Hashtag => each(value, &mut |s| self.tags(s, address)),
            Role::Link => {
                self.keep(key, value);
                each(value, &mut |s| self.segment(s, Scope::LinkUrl, address));
            }
            Role::Description => {
                self.keep(key, value);
                each(value, &mut |s| self.segment(s, Scope::Field(key.trim().to_lowercase()), address));
            }
            Role::Mentions => self.keep(key, value),
            Role::Ignore => suppress(value, &mut meta.suppress),
        }
    }

    /// Tags in one text, apart by commas or blanks.
    fn tags(&mut self, scalar: &Scalar, address: &Address) {
        for (at, piece) in pieces(&scalar.text, |c| c.is_whitespace() || ",;|".contains(c)) {
            if !self.growth.copy(growth::length(address)) {
                return;
            }
            self.post.segments.push(Segment {
                scope: Scope::Hashtag,
                address: address.clone(),
                text: piece.to_owned(),
                map: OffsetMap::<Plain, Plain>::shifted(at).then(&scalar.map),
                quoting: scalar.quoting,
            });
        }
    }

    /// `media` is a list of pictures, of their files, or (galaxy-social) of channels.
    fn media(&mut self, value: &Node, address: &Address) {
        let is_file = |n: &Node| match n {
            Node::Scalar(s) => s.text.contains(['.', '/']),
            Node::Map(_) => true,
            _ => false,
        };
        let files = match value {
            Node::List(items) => items.iter().any(is_file),
            other => is_file(other),
        };
        if files {
            self.files(value, address);
        } else {
            let list = &mut self.post.meta.channels;
            each(value, &mut |s| channels(s, list));
        }
    }

    fn files(&mut self, value: &Node, address: &Address) {
        match value {
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    if !self.growth.copy(growth::length(address)) {
                        return;
                    }
                    self.files(item, &inside(address, &i.to_string()));
                }
            }
            Node::Scalar(s) if !s.text.trim().is_empty() => {
                for (at, piece) in pieces(&s.text, |c| ",;\n|".contains(c)) {
                    let file = Some(s.part(at, at + piece.len()));
                    self.post.meta.media.push(Media { file, ..Media::default() });
                }
            }
            Node::Map(pairs) => {
                let mut media = Media::default();
                for (key, value) in pairs {
                    let Node::Scalar(s) = value else { continue };
                    match role_of(&key.text, self.format, self.options).map(|r| r.0) {
                        Some(Role::Alt) => {
                            self.segment(s, Scope::Alt, &inside(address, &key.text));
                            media.alt = Some(s.located());
                        }
                        Some(Role::File | Role::Link) => media.file = Some(s.located()),
                        _ if matches!(squash(&key.text).as_str(), "file" | "src" | "path" | "name") => {
                            media.file = Some(s.located());
                        }
                        role => {
                            let is_text = matches!(role, Some(Role::Text | Role::Title | Role::Description));
                            if s.string && (is_text || prose::is_sentence(&s.text)) {
                                let at = inside(address, &key.text);
                                self.segment(s, named(&key.text, &at), &at);
                            }
                            media.other.insert(key.text.trim().to_lowercase(), s.located());
                        }
                    }
                }
                self.post.meta.media.push(media);
            }
            _ => {}
        }
    }

    fn alt(&mut self, scalar: &Scalar, address: &Address) {
        if scalar.text.trim().is_empty() {
            return;
        }
        self.segment(scalar, Scope::Alt, address);
        let list = &mut self.post.meta.media;
        let alt = Some(scalar.located());
        match list.iter_mut().find(|m| m.alt.is_none()) {
            Some(media) => media.alt = alt,
            None => list.push(Media { alt, ..Media::default() }),
        }
    }
}

/// The scope of a value without a role: of a cell in a table, of a field elsewhere.
fn named(key: &str, address: &Address) -> Scope {
    let name = key.trim().to_owned();
    if matches!(address, Address::Cell { .. }) { Scope::Cell(name) } else { Scope::Field(name) }
}

/// The address of `key` in the value at `address`, where addresses are pointers.
fn inside(address: &Address, key: &str) -> Address {
    match address {
        Address::Pointer(pointer) => Address::Pointer(step(pointer, key)),
        other => other.clone(),
    }
}

/// `pointer` with one more step (RFC 6901).
pub(super) fn step(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Every scalar under `value`.
fn each<'n>(value: &'n Node, take: &mut dyn FnMut(&'n Scalar)) {
    match value {
        Node::Scalar(s) => take(s),
        Node::List(items) => items.iter().for_each(|n| each(n, take)),
        Node::Map(pairs) => pairs.iter().for_each(|(_, n)| each(n, take)),
        Node::Null => {}
    }
}

fn first(value: &Node, slot: &mut Option<Located>) {
    let mut all: Option<Located> = None;
    each(value, &mut |s| {
        let located = s.located();
        match &mut all {
            _ if located.value.is_empty() => {}
            Some(so_far) => join(so_far, &located),
            None => all = Some(located),
        }
    });
    if slot.is_none() {
        *slot = all;
    }
}

fn join(value: &mut Located, more: &Located) {
    value.value.push_str(", ");
    value.value.push_str(&more.value);
    value.span = value.span.zip(more.span).map(|(a, b)| if a <= b { a.cover(b) } else { b.cover(a) });
}

fn channels(scalar: &Scalar, list: &mut Vec<Located>) {
    for (at, piece) in pieces(&scalar.text, |c| ",;|+&\n".contains(c)) {
        let mut found = scalar.part(at, at + piece.len());
        found.value = found.value.to_lowercase();
        list.push(found);
    }
}

/// The pieces of `text` between separators that are not blank, and where each begins.
fn pieces(text: &str, separates: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(separates).filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let body = piece.strip_suffix(|c: char| ",;|+&\n".contains(c) || c.is_whitespace()).unwrap_or(piece);
        (!body.trim().is_empty()).then_some((start, body))
    })
}

/// `RULE: reason` as a text or a list of texts, or a map of rules to reasons.
fn suppress(value: &Node, list: &mut Vec<Suppress>) {
    match value {
        Node::Scalar(s) if s.text.trim().is_empty() => {}
        Node::Scalar(s) => list.push(Suppress { said: s.located(), covers: None }),
        Node::List(items) => items.iter().for_each(|n| suppress(n, list)),
        Node::Map(pairs) => {
            for (rule, reason) in pairs {
                let mut said = rule.located();
                if let Node::Scalar(s) = reason {
                    let reason = s.located();
                    said.value = format!("{}: {}", said.value, reason.value);
                    said.span = said.span.zip(reason.span).map(|(a, b)| a.cover(b));
                }
                list.push(Suppress { said, covers: None });
            }
        }
        Node::Null => {}
    }
}

fn mode(value: &Node, meta: &mut Meta) {
    each(value, &mut |s| match s.text.trim().to_lowercase().as_str() {
        "post" => meta.mode = Some(Mode::Post),
        "reply" => meta.mode = Some(Mode::Reply),
        _ => {
            meta.other.insert("mode".into(), s.located());
        }
    });
}

fn flatten(name: &str, value: &Node, out: &mut Vec<(String, Located)>) {
    match value {
        Node::Scalar(s) => out.push((name.to_owned(), s.located())),
        Node::List(items) => items.iter().for_each(|n| flatten(name, n, out)),
        Node::Map(pairs) => pairs.iter().for_each(|(k, n)| {
            flatten(short(&format!("{name}.{}", k.text.trim())), n, out);
        }),
        Node::Null => {}
    }
}

/// As much of `name` as rules may ask for: each value under it gets a copy.
fn short(name: &str) -> &str {
    name.get(..floor_boundary(name, 256)).unwrap_or_default()
}

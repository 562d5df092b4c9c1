//! What posts have in common: what they take over from around them, and the posts that one makes for its channels.

use super::{
    Options,
    growth::{self, Growth},
    tree::Scalar,
};
use crate::model::document::{Address, Located, Meta, Post, Scope, Segment};

/// Takes the channels that have a text of their own out of those of `post`.
pub(super) fn without(post: &mut Post, texts: &[(String, Scalar)]) {
    post.meta.channels.retain(|c| texts.iter().all(|(name, _)| *name != c.value));
}

/// The posts of a map with a text for some channels of its own (`x:`, `facebook:`): `base` for each of them.
pub(super) fn per_channel(
    base: &Post,
    texts: &[(String, Scalar)],
    growth: &Growth,
    address: impl Fn(&str) -> Address,
) -> Vec<Post> {
    let weight = growth::weight(&base.meta) + growth::length(&base.address);
    texts
        .iter()
        .take_while(|_| growth.post() && growth.copy(weight))
        .map(|(channel, scalar)| {
            let mut post = Post { address: address(channel), meta: base.meta.clone(), segments: Vec::new() };
            post.meta.channels = vec![Located { value: channel.clone(), span: None }];
            post.meta.suppress.retain(|s| s.covers.is_none());
            post.segments.push(Segment {
                scope: Scope::Body,
                address: Address::Whole,
                text: scalar.text.clone(),
                map: scalar.map.clone(),
                quoting: scalar.quoting,
            });
            post
        })
        .collect()
}

/// What a post does not say itself is as around it.
pub(super) fn inherit(meta: &mut Meta, around: &Meta) {
    fn fill(slot: &mut Option<Located>, from: Option<&Located>) {
        if slot.is_none() {
            *slot = from.cloned();
        }
    }
    if meta.channels.is_empty() {
        meta.channels.clone_from(&around.channels);
    }
    fill(&mut meta.account, around.account.as_ref());
    fill(&mut meta.author, around.author.as_ref());
    fill(&mut meta.approved_by, around.approved_by.as_ref());
    fill(&mut meta.service, around.service.as_ref());
    fill(&mut meta.scheduled, around.scheduled.as_ref());
    fill(&mut meta.status, around.status.as_ref());
    meta.mode = meta.mode.or(around.mode);
    meta.suppress.extend(around.suppress.iter().cloned());
}

/// Whether settings say that a post of this state is left out.
pub(super) fn is_skipped(meta: &Meta, options: &Options) -> bool {
    let state = meta.status.as_ref().map(|s| s.value.to_lowercase());
    state.is_some_and(|s| options.skip_status.contains(&s))
}

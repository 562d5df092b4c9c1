//! What of a post a channel counts, and the part of it that is too much.

use super::{
    Field, Limit,
    count::{Unit, at_most},
};
use crate::{
    model::document::{Post, Scope},
    text::{
        link,
        span::{Plain, Span},
        tag,
    },
};
use std::collections::BTreeSet;

/// A length against its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How much there is.
    pub length: usize,
    /// How much there may be.
    pub max: usize,
    /// In which unit.
    pub unit: Unit,
    /// Segment and place of what is too much; nothing where that is no text, or where nothing is.
    pub over: Option<(usize, Span<Plain>)>,
}

impl Length {
    /// Whether it is too much.
    pub fn is_over(&self) -> bool {
        self.length > self.max
    }
}

/// `post` against `limits`, in their order: of each field the gravest length. A field that the post does not have is left
/// out, but not its text.
pub fn lengths<'c>(post: &Post, limits: &'c [Limit]) -> Vec<(&'c Limit, Length)> {
    limits.iter().filter_map(|limit| Some((limit, length(post, limit.field, limit.max, limit.unit)?))).collect()
}

/// `field` of `post` where it is longer than a limit.
pub fn over(post: &Post, field: Field, max: usize, unit: Unit) -> Option<Length> {
    if field == Field::Text && is_surely_within(post, max) {
        return None;
    }
    length(post, field, max, unit).filter(Length::is_over)
}

/// Whether the text of `post` is within a limit in whatever unit, told without counting.
fn is_surely_within(post: &Post, max: usize) -> bool {
    // Fields such as a content warning may count with the text.
    let others = post.meta.other.values().map(|value| at_most(&value.value));
    others.chain(parts(post).map(|(_, text)| at_most(text) + BETWEEN.len())).sum::<usize>() <= max
}

/// `field` of `post` against a limit; nothing where the post does not have the field.
pub fn length(post: &Post, field: Field, max: usize, unit: Unit) -> Option<Length> {
    match field {
        Field::Text => Some(text(post, max, unit)),
        Field::Title => longest(post, max, unit, |s| *s == Scope::Title),
        Field::Description => longest(post, max, unit, |s| matches!(s, Scope::Field(n) if n == "description")),
        Field::Alt => longest(post, max, unit, |s| *s == Scope::Alt),
        Field::Tags => tags(post, max, unit),
        Field::Media => {
            let files = post.meta.media.iter().filter(|m| m.file.is_some()).count();
            Some(Length { length: files, max, unit, over: None }).filter(|l| l.length > 0)
        }
        Field::Hashtags => listed(post, max, unit, &tag::hashtags),
        Field::Mentions => listed(post, max, unit, &tag::mentions),
        Field::Links => links(post, max, unit),
        Field::Hashtag => each_hashtag(post, max, unit),
    }
}

/// What stands between two blocks of a text.
const BETWEEN: &str = "\n\n";

/// Segments that are published as the text, in order.
fn parts(post: &Post) -> impl Iterator<Item = (usize, &str)> {
    let published = |s: &Scope| matches!(s, Scope::Body | Scope::Heading);
    post.segments.iter().enumerate().filter(move |(_, s)| published(&s.scope)).map(|(i, s)| (i, s.text.as_str()))
}

/// The text of a post: its blocks with an empty line between, without the space around it.
fn text(post: &Post, max: usize, unit: Unit) -> Length {
    let (mut whole, mut starts) = (String::new(), Vec::new());
    for (segment, part) in parts(post) {
        if !whole.is_empty() {
            whole.push_str(BETWEEN);
        }
        starts.push((segment, whole.len(), part.len()));
        whole.push_str(part);
    }
    // What stands over a folded post on Mastodon counts with its text.
    let above = if unit == Unit::Mastodon { warning(post, unit) } else { 0 };
    // Platforms cut the space around a post: the line end of a file is none of it.
    let lead = whole.len() - whole.trim_start().len();
    let said = whole.trim();
    let (length, over) = unit.measure(said, max.saturating_sub(above));
    let length = length + above;
    let over = over.and_then(|over| {
        let over = over.shift(lead);
        // What is too long may begin in one block and go on in others: the first of them is marked to its end.
        let (segment, start, len) = starts.into_iter().find(|(_, start, len)| over.start < start + len)?;
        let end = (lead + said.len()).saturating_sub(start).min(len);
        Some((segment, Span::new(over.start.saturating_sub(start), end)))
    });
    Length { length, max, unit, over: over.filter(|_| length > max) }
}

/// Length of a content warning.
fn warning(post: &Post, unit: Unit) -> usize {
    const NAMES: &[&str] =
        &["cw", "content-warning", "content warning", "content_warning", "spoiler_text", "spoiler-text"];
    let said = post.meta.other.iter().find(|(name, _)| NAMES.contains(&name.as_str()));
    said.map_or(0, |(_, value)| unit.count(&value.value))
}

/// The longest of the segments that `wanted` names.
fn longest(post: &Post, max: usize, unit: Unit, wanted: impl Fn(&Scope) -> bool) -> Option<Length> {
    let own = post.segments.iter().enumerate().filter(|(_, s)| wanted(&s.scope));
    own.map(|(i, s)| {
        let (length, over) = unit.measure(&s.text, max);
        Length { length, max, unit, over: over.map(|over| (i, over)) }
    })
    .max_by_key(|l| l.length)
}

/// Things that `find` finds in the text; too much begins with the first beyond the limit.
fn listed(post: &Post, max: usize, unit: Unit, find: &dyn Fn(&str) -> Vec<Span<Plain>>) -> Option<Length> {
    let all: Vec<(usize, Span<Plain>)> =
        parts(post).flat_map(|(i, text)| find(text).into_iter().map(move |span| (i, span))).collect();
    let over = all.get(max).map(|(segment, first)| {
        let last = all.iter().rev().find(|(s, _)| s == segment).map_or(*first, |(_, span)| *span);
        (*segment, first.cover(last))
    });
    Some(Length { length: all.len(), max, unit, over }).filter(|l| l.length > 0)
}

/// Different web addresses in the text.
fn links(post: &Post, max: usize, unit: Unit) -> Option<Length> {
    let mut seen = BTreeSet::new();
    let mut over = None;
    for (i, text) in parts(post) {
        for span in link::urls(text) {
            if seen.insert(span.of(text)) && seen.len() == max + 1 {
                over = Some((i, span));
            }
        }
    }
    Some(Length { length: seen.len(), max, unit, over }).filter(|l| l.length > 0)
}

/// The longest hashtag, without its sign.
fn each_hashtag(post: &Post, max: usize, unit: Unit) -> Option<Length> {
    let name = |text: &str, span: Span<Plain>| span.of(text).chars().skip(1).collect::<String>();
    let all = parts(post).flat_map(|(i, text)| tag::hashtags(text).into_iter().map(move |s| (i, s, name(text, s))));
    let (segment, span, name) = all.max_by_key(|(_, _, name)| unit.count(name))?;
    let length = unit.count(&name);
    Some(Length { length, max, unit, over: (length > max).then_some((segment, span)) })
}

/// Tags that are kept apart from the text: their number, or their length together, with commas, and with quotation
/// marks round those with spaces.
fn tags(post: &Post, max: usize, unit: Unit) -> Option<Length> {
    let own = post.segments.iter().enumerate().filter(|(_, s)| s.scope == Scope::Hashtag);
    let (mut sum, mut over) = (0, None);
    for (i, segment) in own {
        for name in segment.text.split([',', ';']).map(str::trim).filter(|n| !n.is_empty()) {
            let quotes = if name.contains(' ') { 2 } else { 0 };
            sum += if unit == Unit::Items { 1 } else { unit.count(name) + quotes + usize::from(sum > 0) };
        }
        if sum > max && over.is_none() {
            over = Some((i, Span::new(0, segment.text.len())));
        }
    }
    Some(Length { length: sum, max, unit, over }).filter(|l| l.length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::document::{Address, Located, Quoting, Segment},
        text::map::OffsetMap,
    };
    use proptest::prelude::*;

    fn post(texts: &[(Scope, &str)]) -> Post {
        let segment = |(scope, text): &(Scope, &str)| Segment {
            scope: scope.clone(),
            address: Address::Whole,
            text: (*text).to_owned(),
            map: OffsetMap::identity(),
            quoting: Quoting::default(),
        };
        Post { segments: texts.iter().map(segment).collect(), ..Post::default() }
    }

    #[test]
    fn blocks_are_one_text_and_the_first_that_is_too_long_is_marked() {
        let post =
            post(&[(Scope::Body, "one"), (Scope::LinkText, "one"), (Scope::Body, "second"), (Scope::Body, "third")]);
        let length = length(&post, Field::Text, 8, Unit::Chars).unwrap();
        assert_eq!((length.length, length.over), (3 + 2 + 6 + 2 + 5, Some((2, Span::new(3, 6)))));
    }

    #[test]
    fn space_around_a_post_does_not_count() {
        let post = post(&[(Scope::Body, "\n  four \n")]);
        assert_eq!(length(&post, Field::Text, 4, Unit::XWeighted).unwrap().length, 4);
        assert_eq!(length(&post, Field::Text, 3, Unit::Chars).unwrap().over, Some((0, Span::new(6, 7))));
    }

    #[test]
    fn a_content_warning_counts_on_mastodon_only() {
        let mut post = post(&[(Scope::Body, "Flooding in the town")]);
        post.meta.other.insert("cw".into(), Located::given("Flood"));
        assert_eq!(length(&post, Field::Text, 500, Unit::Mastodon).unwrap().length, 25);
        assert_eq!(length(&post, Field::Text, 300, Unit::Graphemes).unwrap().length, 20);
        assert_eq!(length(&post, Field::Text, 20, Unit::Mastodon).unwrap().over, Some((0, Span::new(15, 20))));
    }

    #[test]
    fn tags_count_as_youtube_does() {
        let post = post(&[(Scope::Hashtag, "bins, garden waste"), (Scope::Hashtag, "Westmarsh")]);
        assert_eq!(length(&post, Field::Tags, 500, Unit::Chars).unwrap().length, 4 + 1 + 14 + 1 + 9);
        assert_eq!(length(&post, Field::Tags, 8, Unit::Items).unwrap().length, 3);
    }

    #[test]
    fn the_same_link_twice_is_one() {
        let post = post(&[(Scope::Body, "a.gov.uk a.gov.uk b.gov.uk")]);
        let links = length(&post, Field::Links, 1, Unit::Items).unwrap();
        assert_eq!((links.length, links.over), (2, Some((0, Span::new(18, 26)))));
    }

    proptest! {
        #[test]
        fn what_is_surely_within_is_not_over(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..9),
            block in proptest::sample::select(PARTS),
            unit in proptest::sample::select(Unit::ALL),
            max in 0_usize..60,
        ) {
            let post = post(&[(Scope::Body, &parts.concat()), (Scope::Heading, block)]);
            let counted = length(&post, Field::Text, max, unit).filter(Length::is_over);
            prop_assert_eq!(over(&post, Field::Text, max, unit), counted);
        }
    }

    const PARTS: &[&str] = &[
        "bins ",
        "t.co",
        "http://a",
        "https://example.gov.uk/a",
        "@a@b.example",
        "é",
        "👩🏽‍🚒",
        " ",
        "\n",
        ". ",
        "\0",
        "6.30pm",
    ];
}

//! Mentions and hashtags as platforms see them, by the grammar that twitter-text documents in its conformance suite.
//!
//! Spans hold the sign. A hashtag inside a web address is none. See [`link`](super::link) for why these are not the
//! tokens that rules read.

use super::{
    link::{is_latin_accent, urls},
    span::{Plain, Span},
};
use regex::Regex;
use std::sync::LazyLock;

/// Longest name behind `@`. *Source:* twitter-text; names on X today have 15.
const NAME: usize = 20;

/// Marks besides letters, digits and underscore that a hashtag may hold. *Source:* twitter-text.
const TAG_MARKS: &str = "_\u{200c}\u{200d}\u{a67e}\u{5be}\u{5f3}\u{5f4}\u{ff5e}\u{301c}\u{309b}\u{309c}\u{30a0}\u{30fb}\u{3003}\u{f0b}\u{f0c}\u{b7}";

/// A stretch that hashtags are made of, from its first character on.
static TAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^[\p{{L}}\p{{M}}\p{{Nd}}{TAG_MARKS}]+")).ok());
static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{L}\p{M}]").ok());
static TAG_END: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"[\p{{L}}\p{{M}}\p{{Nd}}{TAG_MARKS}&]$")).ok());

/// The mentions in `text`, in order: `@name`. A list, `@name/list`, is none.
///
/// # Example
/// ```
/// use postlint::text::tag::mentions;
/// let text = "Thanks @westmarsh, write to bins@westmarsh.gov.uk";
/// assert_eq!(mentions(text).iter().map(|s| s.of(text)).collect::<Vec<_>>(), ["@westmarsh"]);
/// ```
pub fn mentions(text: &str) -> Vec<Span<Plain>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find(['@', '＠'])).map(|i| from + i) {
        let sign = text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        let body = text.get(at + sign..).unwrap_or_default();
        let name = body.bytes().take(NAME).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let end = at + sign + name;
        from = at + sign;
        if name == 0 || !may_mention(text.get(..at).unwrap_or_default()) {
            continue;
        }
        from = end;
        let after = text.get(end..).unwrap_or_default();
        if !names_list(after)
            && !after.starts_with(['@', '＠'])
            && !after.starts_with(is_latin_accent)
            && !after.starts_with("://")
        {
            found.push(Span::new(at, end));
        }
    }
    found
}

/// Whether a mention may follow `before`: not a word, a sign or another mention, but `RT` and `RT:`.
fn may_mention(before: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let Some(last) = before.chars().next_back() else { return true };
    if !word(last) && !"!#$%&*@＠".contains(last) {
        return true;
    }
    let marked = before.strip_suffix(':').unwrap_or(before);
    let cut = marked.len().checked_sub(2).and_then(|c| marked.get(..c).zip(marked.get(c..)));
    cut.is_some_and(|(ahead, rt)| rt.eq_ignore_ascii_case("rt") && !ahead.ends_with(|c| word(c) || "+~.-".contains(c)))
}

/// Whether `/list` stands behind a name.
fn names_list(after: &str) -> bool {
    after.strip_prefix('/').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// The hashtags in `text`, in order.
///
/// # Example
/// ```
/// use postlint::text::tag::hashtags;
/// let text = "#BinDay is back, unit #2. See westmarsh.gov.uk/#top";
/// assert_eq!(hashtags(text).iter().map(|s| s.of(text)).collect::<Vec<_>>(), ["#BinDay"]);
/// ```
pub fn hashtags(text: &str) -> Vec<Span<Plain>> {
    let tags = tags(text);
    if tags.is_empty() { tags } else { outside(tags, &urls(text)) }
}

/// The hashtags in `text`, also those in addresses.
fn tags(text: &str) -> Vec<Span<Plain>> {
    let mut found: Vec<Span<Plain>> = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find(['#', '＃'])).map(|i| from + i) {
        let sign = text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        from = at + sign;
        let body = text.get(from..).unwrap_or_default();
        let before = text.get(..at).unwrap_or_default();
        let bound = before.ends_with(['\u{fe0e}', '\u{fe0f}']) || !matches(&TAG_END, tail(before));
        let Some(len) = TAG.as_ref().and_then(|r| r.find(body)).map(|m| m.len()) else { continue };
        let name = body.get(..len).unwrap_or_default();
        if !bound || body.starts_with(['\u{fe0f}', '\u{20e3}']) || !matches(&LETTER, name) {
            continue;
        }
        let end = from + len;
        from = end;
        let after = text.get(end..).unwrap_or_default();
        if after.starts_with(['#', '＃']) || after.starts_with("://") {
            continue;
        }
        found.push(Span::new(at, end));
    }
    found
}

/// Of a tag and an address on the same text, the one that begins first is one. Both come in order.
fn outside(mut tags: Vec<Span<Plain>>, links: &[Span<Plain>]) -> Vec<Span<Plain>> {
    let (mut links, mut reach) = (links.iter().peekable(), 0);
    tags.retain(|tag| {
        while let Some(link) = links.next_if(|link| link.start < tag.start) {
            reach = reach.max(link.end);
        }
        reach <= tag.start
    });
    tags
}

/// The last character of `text`.
fn tail(text: &str) -> &str {
    text.char_indices().next_back().and_then(|(i, _)| text.get(i..)).unwrap_or_default()
}

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|r| r.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_patterns_compile() {
        assert!(TAG.is_some() && LETTER.is_some() && TAG_END.is_some());
    }

    #[test]
    fn a_mention_stands_alone() {
        let text = "RT:@a @b, c@d.org @e@f (@g) @h/list";
        let found: Vec<&str> = mentions(text).iter().map(|s| s.of(text)).collect();
        assert_eq!(found, ["@a", "@b", "@g"]);
    }

    #[test]
    fn a_number_is_no_hashtag() {
        let text = "#1 #covid19 a#b #été #c#d";
        let found: Vec<&str> = hashtags(text).iter().map(|s| s.of(text)).collect();
        assert_eq!(found, ["#covid19", "#été"]);
    }

    proptest! {
        #[test]
        fn tags_outside_addresses_are_those_that_a_look_at_each_address_leaves(
            tags in proptest::collection::vec((0..90_usize, 2..9_usize), 0..12),
            links in proptest::collection::vec((0..90_usize, 3..30_usize), 0..8),
        ) {
            let spans = |mut of: Vec<(usize, usize)>| {
                of.sort_unstable();
                of.into_iter().map(|(start, len)| Span::<Plain>::new(start, start + len)).collect::<Vec<_>>()
            };
            let (tags, links) = (spans(tags), spans(links));
            let outside_all =
                |tag: &Span<Plain>| !links.iter().any(|link| link.start < tag.start && link.overlaps(*tag));
            let naive: Vec<_> = tags.iter().copied().filter(outside_all).collect();
            prop_assert_eq!(outside(tags, &links), naive);
        }
    }
}

//! How long a text is, as each channel counts it, and where it becomes too long.
//!
//! A text is cut into the pieces that a channel counts as one (a letter, an emoji, a web address), each with its weight.
//! The length is the sum; the part that is too long begins at the first piece that goes over the limit.

use crate::text::{
    emoji::{emoji_len, is_flag},
    link,
    map::MapBuilder,
    span::{Plain, Span},
};
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;

/// What a web address counts on X and Mastodon. *Source:* twitter-text `transformedURLLength`; Mastodon
/// `characters_reserved_per_url`.
const URL: usize = 23;

/// How a channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// As X does: in NFC, a web address 23, an emoji 2, Latin and its like 1, everything else 2. *Source:* twitter-text
    /// `config/v3.json`.
    XWeighted,
    /// As X did before it counted an emoji as one thing. *Source:* twitter-text `config/v2.json`.
    XWeightedV2,
    /// Extended grapheme clusters (UAX 29): what a reader calls a character.
    Graphemes,
    /// Unicode code points.
    Chars,
    /// UTF-16 code units.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
    /// As Threads does: a character 1, an emoji as many as it has bytes.
    Threads,
    /// As Mastodon does: grapheme clusters, a web address with a scheme 23, `@user@host` like `@user`.
    Mastodon,
    /// Things, not characters: hashtags, pictures.
    Items,
}

/// A length that `text` does not have more of in any unit, told by its bytes: a web address has a full stop and a length of
/// its own, and no character counts more than its bytes, but for a few that a unit takes apart first.
pub(super) fn at_most(text: &str) -> usize {
    let stops = text.bytes().filter(|b| *b == b'.').count();
    text.len() * if text.is_ascii() { 1 } else { 2 } + URL * stops
}

impl Unit {
    /// All units, in the order of the manual.
    pub const ALL: &'static [Self] = &[
        Self::XWeighted,
        Self::XWeightedV2,
        Self::Graphemes,
        Self::Chars,
        Self::Utf16,
        Self::Bytes,
        Self::Threads,
        Self::Mastodon,
        Self::Items,
    ];

    /// The name that `channels.toml`, packs and outputs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::XWeighted => "x-weighted",
            Self::XWeightedV2 => "x-weighted-v2",
            Self::Graphemes => "graphemes",
            Self::Chars => "chars",
            Self::Utf16 => "utf16",
            Self::Bytes => "bytes",
            Self::Threads => "threads",
            Self::Mastodon => "mastodon",
            Self::Items => "items",
        }
    }

    /// The unit called `name`.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|u| u.name() == name)
    }

    /// Length of `text` in this unit.
    ///
    /// # Example
    /// ```
    /// use postlint::channel::count::Unit;
    /// assert_eq!(Unit::XWeighted.count("Café → https://westmarsh.gov.uk 👍🏽"), 4 + 1 + 2 + 1 + 23 + 1 + 2);
    /// assert_eq!(Unit::Graphemes.count("👍🏽"), 1);
    /// assert_eq!(Unit::Utf16.count("👍🏽"), 4);
    /// ```
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Bytes => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            _ => {
                let mut sum = 0;
                self.pieces(text, &mut |_, weight| sum += weight);
                sum
            }
        }
    }

    /// The part of `text` behind the first `max` units: nothing where it is short enough.
    ///
    /// # Example
    /// ```
    /// use postlint::channel::count::Unit;
    /// assert_eq!(Unit::Chars.over("abcdef", 4).map(|s| s.of("abcdef")), Some("ef"));
    /// ```
    pub fn over(self, text: &str, max: usize) -> Option<Span<Plain>> {
        self.measure(text, max).1
    }

    /// Length of `text`, and its part behind the first `max` units.
    pub(super) fn measure(self, text: &str, max: usize) -> (usize, Option<Span<Plain>>) {
        let (mut sum, mut start) = (0, None);
        self.pieces(text, &mut |span, weight| {
            sum += weight;
            if sum > max && start.is_none() {
                start = Some(span.start);
            }
        });
        (sum, start.map(|start| Span::new(start, text.len())))
    }

    /// Cuts `text` into what counts as one, with its weight, left to right.
    fn pieces(self, text: &str, take: &mut dyn FnMut(Span<Plain>, usize)) {
        let fixed = self.fixed(text);
        let mut at = 0;
        for (span, weight) in fixed {
            if span.start >= at {
                self.plain(text, Span::new(at, span.start), take);
                take(span, weight);
                at = span.end;
            }
        }
        self.plain(text, Span::new(at, text.len()), take);
    }

    /// Web addresses and mentions that have a length of their own.
    fn fixed(self, text: &str) -> Vec<(Span<Plain>, usize)> {
        match self {
            Self::XWeighted | Self::XWeightedV2 => composed_urls(text).into_iter().map(|s| (s, URL)).collect(),
            Self::Mastodon => {
                let urls = link::urls(text).into_iter().filter(|s| link::has_scheme(text, *s)).map(|s| (s, URL));
                let mut fixed: Vec<_> = urls.chain(remote_mentions(text)).collect();
                fixed.sort_by_key(|(span, _)| span.start);
                fixed
            }
            _ => Vec::new(),
        }
    }

    /// Pieces of a stretch without web addresses.
    fn plain(self, text: &str, span: Span<Plain>, take: &mut dyn FnMut(Span<Plain>, usize)) {
        let each = |take: &mut dyn FnMut(Span<Plain>, usize), weigh: fn(char) -> usize| {
            for (i, c) in span.of(text).char_indices() {
                take(Span::new(span.start + i, span.start + i + c.len_utf8()), weigh(c));
            }
        };
        match self {
            Self::Chars | Self::Items => each(take, |_| 1),
            Self::Utf16 => each(take, char::len_utf16),
            Self::Bytes => each(take, char::len_utf8),
            Self::XWeightedV2 => weighted(text, span, false, take),
            Self::XWeighted => weighted(text, span, true, take),
            Self::Threads => emoji_bytes(text, span, take),
            Self::Graphemes | Self::Mastodon => {
                for (i, cluster) in span.of(text).grapheme_indices(true) {
                    take(Span::new(span.start + i, span.start + i + cluster.len()), 1);
                }
            }
        }
    }
}

/// Whether X refuses a post for `c`: a stray byte-order mark and two that are no characters. *Source:* twitter-text.
pub fn is_refused_by_x(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

/// Pieces as X weighs them. A cluster that NFC changes is one piece, so that no accent is cut from its letter.
fn weighted(text: &str, span: Span<Plain>, emoji: bool, take: &mut dyn FnMut(Span<Plain>, usize)) {
    let mut at = span.start;
    // The end of a cluster that NFC leaves alone: it does the same with all that begins in it, which is not cut again.
    let mut known = at;
    while let Some((rest, first)) = text.get(at..span.end).and_then(|rest| Some((rest, rest.chars().next()?))) {
        if let Some(len) = emoji_len(rest).filter(|_| emoji) {
            take(Span::new(at, at + len), 2);
            at += len;
            continue;
        }
        if at >= known {
            let cluster = rest.graphemes(true).next().unwrap_or(rest);
            known = at + cluster.len();
            let composed = composed(cluster);
            if composed != cluster {
                take(Span::new(at, known), composed.chars().map(weight).sum());
                at = known;
                continue;
            }
        }
        take(Span::new(at, at + first.len_utf8()), weight(first));
        at += first.len_utf8();
        // Flags go in pairs: without its first half the second one begins another pair.
        if is_flag(first) {
            known = at;
        }
    }
}

/// Web addresses of `text` in NFC, as spans of `text` itself.
fn composed_urls(text: &str) -> Vec<Span<Plain>> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return link::urls(text);
    }
    let (mut whole, mut map) = (String::with_capacity(text.len()), MapBuilder::<Plain, Plain>::new());
    for (at, cluster) in text.grapheme_indices(true) {
        let composed = composed(cluster);
        if composed == cluster {
            map.copy(cluster.len(), at);
        } else {
            map.replace(composed.len(), at, cluster.len());
        }
        whole.push_str(&composed);
    }
    let map = map.finish();
    link::urls(&whole).into_iter().map(|span| map.map(span)).collect()
}

fn composed(text: &str) -> Cow<'_, str> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text.into() } else { text.nfc().collect::<String>().into() }
}

/// *Source:* the ranges of twitter-text `config/v3.json`.
fn weight(c: char) -> usize {
    match c {
        '\0'..='\u{10FF}' | '\u{2000}'..='\u{200D}' | '\u{2010}'..='\u{201F}' | '\u{2032}'..='\u{2037}' => 1,
        _ => 2,
    }
}

fn emoji_bytes(text: &str, span: Span<Plain>, take: &mut dyn FnMut(Span<Plain>, usize)) {
    let mut at = span.start;
    while let Some(c) = text.get(at..span.end).and_then(|t| t.chars().next()) {
        let emoji = text.get(at..span.end).and_then(emoji_len);
        let len = emoji.unwrap_or(c.len_utf8());
        take(Span::new(at, at + len), emoji.unwrap_or(1));
        at += len;
    }
}

/// Mentions of people on other servers, `@user@host`, with the length of `@user`. *Source:* Mastodon's
/// `status_length_validator.rb`.
fn remote_mentions(text: &str) -> Vec<(Span<Plain>, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find('@')).map(|i| from + i) {
        let tail = text.get(at + 1..).unwrap_or_default();
        let user = name_len(tail, "_.-");
        let host = tail.get(user..).and_then(|t| t.strip_prefix('@')).map_or(0, |t| name_len(t, ".-"));
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let free = before.is_none_or(|c| !(c.is_alphanumeric() || "/=_".contains(c)));
        from = at + 1 + user;
        if user > 0 && host > 0 && free {
            let end = from + 1 + host;
            found.push((Span::new(at, end), 1 + user));
            from = end;
        }
    }
    found
}

/// Length of a name of ASCII letters, digits and `marks`, which does not end in a mark other than `_`.
fn name_len(text: &str, marks: &str) -> usize {
    let len = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || marks.as_bytes().contains(b)).count();
    text.get(..len).unwrap_or_default().trim_end_matches(['.', '-']).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_channel_counts_in_its_own_way() {
        let text = "Café… 👨‍👩‍👧‍👦 https://westmarsh.gov.uk/bins @bins@social.example";
        for (unit, count) in [
            (Unit::XWeighted, 4 + 2 + 1 + 2 + 1 + 23 + 1 + 5 + 1 + 14),
            (Unit::Graphemes, 4 + 1 + 1 + 1 + 1 + 29 + 1 + 20),
            (Unit::Mastodon, 4 + 1 + 1 + 1 + 1 + 23 + 1 + 5),
            (Unit::Threads, 4 + 1 + 1 + 25 + 1 + 29 + 1 + 20),
            (Unit::Chars, 4 + 1 + 1 + 7 + 1 + 29 + 1 + 20),
            (Unit::Utf16, 4 + 1 + 1 + 11 + 1 + 29 + 1 + 20),
            (Unit::Bytes, 5 + 3 + 1 + 25 + 1 + 29 + 1 + 20),
        ] {
            assert_eq!(unit.count(text), count, "{}", unit.name());
        }
    }

    #[test]
    fn characters_have_the_weight_of_the_table() {
        for c in "£–—‘’“”½°·éŵŷ\u{a0}\u{200b}\u{200d}′″²³".chars() {
            assert_eq!(Unit::XWeighted.count(&c.to_string()), 1, "{c}");
        }
        for c in "€…•™→←✓✔\u{2028}𝗔漢".chars() {
            assert_eq!(Unit::XWeighted.count(&c.to_string()), 2, "{c}");
        }
        assert_eq!((Unit::XWeighted.count("e\u{301}"), Unit::XWeightedV2.count("👍🏽")), (1, 4));
    }

    #[test]
    fn what_is_too_long_begins_at_a_whole_piece() {
        let text = "ab👨‍👩‍👧‍👦cd";
        assert_eq!(Unit::XWeighted.over(text, 3).unwrap().of(text), "👨‍👩‍👧‍👦cd");
        assert_eq!(Unit::XWeighted.over(text, 6), None);
        let text = "see https://westmarsh.gov.uk now";
        assert_eq!(Unit::XWeighted.over(text, 20).unwrap().of(text), "https://westmarsh.gov.uk now");
    }

    /// What [`weighted`] does, each cluster cut anew for each of its characters.
    fn weighted_anew(text: &str, emoji: bool) -> Vec<(Span<Plain>, usize)> {
        let (mut pieces, mut at) = (Vec::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let first = rest.chars().next().unwrap();
            let cluster = rest.graphemes(true).next().unwrap();
            let composed = composed(cluster);
            let (len, weight) = match emoji_len(rest).filter(|_| emoji) {
                Some(len) => (len, 2),
                None if composed == cluster => (first.len_utf8(), weight(first)),
                None => (cluster.len(), composed.chars().map(weight).sum()),
            };
            pieces.push((Span::new(at, at + len), weight));
            at += len;
        }
        pieces
    }

    proptest! {
        /// Marks in and out of order, joined pictures, halves of flags, Hangul, what goes before or joins a letter.
        #[test]
        fn a_cluster_is_weighed_as_if_cut_anew_at_each_character(
            text in "[a1#©👩🏽🏴🇬🇧\u{1100}\u{1161}\u{11a8}कत漢\u{301}\u{316}\u{327}\u{93c}\u{94d}\u{958}\u{600}\u{200d}\u{fe0f}\u{20e3}\u{e0067}\r\n]{0,24}",
        ) {
            for emoji in [false, true] {
                let mut pieces = Vec::new();
                weighted(&text, Span::new(0, text.len()), emoji, &mut |span, weight| pieces.push((span, weight)));
                prop_assert_eq!(pieces, weighted_anew(&text, emoji));
            }
        }

        #[test]
        fn no_unit_counts_more_than_the_bytes_tell(
            text in "[a-z .@/:é\u{301}漢😀👍🏽\u{200d}#1\u{fe0f}\u{20e3}\u{1D160}\u{FB1D}\u{958}]{0,40}",
            hosts in proptest::collection::vec(proptest::sample::select(&["t.co", "https://a.uk", " ", "。"][..]), 0..9),
        ) {
            let text = text + &hosts.concat();
            for unit in Unit::ALL {
                prop_assert!(unit.count(&text) <= at_most(&text), "{unit:?} in {text:?}");
            }
        }

        #[test]
        fn the_part_that_fits_is_not_too_long(text in "[a-z .@/:é\u{301}漢😀👍🏽\u{200d}#1\u{fe0f}\u{20e3}]{0,40}", max in 0_usize..30) {
            for unit in Unit::ALL {
                match unit.over(&text, max) {
                    None => prop_assert!(unit.count(&text) <= max),
                    Some(over) => {
                        prop_assert!(unit.count(&text) > max);
                        prop_assert!(over.end == text.len() && text.is_char_boundary(over.start));
                    }
                }
            }
        }
    }
}

//! Hashtags of several words without capitals, which screen readers read as one: `#staysafe`.

use crate::text::{
    span::{Plain, Span},
    tag,
};
use rustc_hash::FxHashMap;

/// A place, and what to write there.
type Found = (Span<Plain>, Option<String>);

/// Words of hashtags: how each is written, by its lower case.
type Words = FxHashMap<String, String>;

/// Shortest hashtag that is taken for several words.
const SHORTEST: usize = 7;
/// Length from which a hashtag in lower case is several words even if they are not known.
const SURELY: usize = 16;

/// Hashtags of several words without a capital between them.
pub(super) fn uncapitalised(text: &str, words: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for span in tag::hashtags(text) {
        let name: String = span.of(text).chars().skip(1).collect();
        let low = name.chars().skip(1).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if !low || letters.len() < SHORTEST || !letters.is_ascii() || letters.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let lower = letters.to_ascii_lowercase();
        let digits = name.get(letters.len()..).unwrap_or_default();
        match segment(&lower, words) {
            Some(parts) if parts.len() > 1 => {
                let sign = span.of(text).chars().next().unwrap_or('#');
                let joined: String = parts.iter().map(|w| capitalised(w, words)).collect();
                found.push((span, Some(format!("{sign}{joined}{digits}"))));
            }
            None if letters.len() >= SURELY => found.push((span, None)),
            _ => {}
        }
    }
    found
}

/// The fewest known words that make `text`; nothing where they do not.
fn segment<'t>(text: &'t str, words: &Words) -> Option<Vec<&'t str>> {
    let mut best: Vec<Option<(usize, usize)>> = vec![None; text.len() + 1];
    if let Some(start) = best.first_mut() {
        *start = Some((0, 0));
    }
    for end in 1..=text.len() {
        for start in end.saturating_sub(24)..end {
            let Some((count, _)) = best.get(start).copied().flatten() else { continue };
            let known = text.get(start..end).is_some_and(|w| words.contains_key(w));
            let slot = best.get_mut(end)?;
            if known && slot.is_none_or(|(least, _)| count + 1 < least) {
                *slot = Some((count + 1, start));
            }
        }
    }
    let (mut parts, mut end) = (Vec::new(), text.len());
    while end > 0 {
        let (_, start) = best.get(end).copied().flatten()?;
        parts.push(text.get(start..end)?);
        end = start;
    }
    parts.reverse();
    Some(parts)
}

/// A word as the list has it, or with a capital.
fn capitalised(word: &str, words: &Words) -> String {
    match words.get(word) {
        Some(own) if own.chars().any(char::is_uppercase) => own.clone(),
        _ => {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        [
            "stay",
            "safe",
            "tonbridge",
            "and",
            "malling",
            "BBC",
            "news",
            "recycle",
            "week",
            "kent",
            "a",
            "register",
            "to",
            "vote",
        ]
        .into_iter()
        .map(|w| (w.to_lowercase(), w.to_owned()))
        .collect()
    }

    #[test]
    fn hashtags_are_cut_into_words() {
        for (tag, want) in [
            ("#staysafe", Some("#StaySafe")),
            ("#tonbridgeandmalling", Some("#TonbridgeAndMalling")),
            ("#registertovote2027", Some("#RegisterToVote2027")),
            ("#bbcnewskent", Some("#BBCNewsKent")),
            ("#tonbridge", None),
            ("#StaySafe", None),
        ] {
            let found = uncapitalised(tag, &words());
            assert_eq!(found.first().and_then(|(_, fix)| fix.as_deref()), want, "{tag}");
        }
    }

    #[test]
    fn a_text_is_cut_into_the_fewest_words() {
        let words: Words = ["a", "b", "ab", "aba"].map(|w| (w.to_owned(), w.to_owned())).into_iter().collect();
        for (text, want) in
            [("ab", Some("ab")), ("abab", Some("ab ab")), ("abaab", Some("aba ab")), ("abc", None), ("", Some(""))]
        {
            assert_eq!(segment(text, &words).map(|parts| parts.join(" ")).as_deref(), want, "{text}");
        }
    }
}

//! Shapes of text that style and accessibility packs ask about.

use super::{Judge, Verdict, valid_if};

/// Three or more words in capitals, which read as shouting and which screen readers may spell out. Short words may be
/// abbreviations: only words of four letters or more count.
pub(super) static SHOUTING: Judge = Judge::new("shouting", shouting);
/// A hashtag of several words without capitals, which screen readers run together. Twelve letters are the least that is
/// taken for several words.
pub(super) static HASHTAG_CASE: Judge = Judge::new("hashtag-case", hashtag_case);

const SHOUTED_WORDS: usize = 3;
const LONG_HASHTAG: usize = 12;

fn shouting(value: &str) -> Verdict {
    let long = value.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4);
    let (upper, other): (Vec<&str>, Vec<&str>) = long.partition(|word| !word.chars().any(char::is_lowercase));
    valid_if(upper.len() >= SHOUTED_WORDS && other.is_empty(), 0.0)
}

fn hashtag_case(value: &str) -> Verdict {
    let body = value.trim_start_matches('#');
    let letters = body.chars().filter(|c| c.is_alphabetic()).count();
    let inner_capital = body.chars().skip(1).any(char::is_uppercase) && body.chars().any(char::is_lowercase);
    valid_if(letters >= LONG_HASHTAG && !inner_capital, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::valid;

    #[test]
    fn capitals_throughout_are_shouting_and_abbreviations_are_not() {
        assert_eq!(shouting("PLEASE KEEP YOUR DOGS ON LEADS"), valid(0.0));
        assert_eq!(shouting("DEFRA and NHS"), Verdict::Invalid);
        assert_eq!(shouting("BINS ARE OUT"), Verdict::Invalid);
    }

    #[test]
    fn long_hashtags_need_capitals() {
        assert_eq!(hashtag_case("#lovewestmarshparks"), valid(0.0));
        assert_eq!(hashtag_case("#LoveWestmarshParks"), Verdict::Invalid);
        assert_eq!(hashtag_case("#bins"), Verdict::Invalid);
    }
}

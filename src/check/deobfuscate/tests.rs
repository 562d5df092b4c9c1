//! Disguised words are found, and nothing else.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Vec<String> {
    let mut vocabulary = Vocabulary::default();
    let wanted = ["wanker", "moron", "shit", "bollocks", "arse"].map(|w| vocabulary.intern(w));
    let targets = Targets::new(&wanted, &vocabulary);
    let reading = Reading::new(text);
    let ids = vocabulary.look_up(&reading);
    let Some(letters) = letters(&reading, &ids, &targets) else { return Vec::new() };
    let spans = letters.reading.tokens.iter().zip(&letters.disguised).filter(|(_, d)| **d);
    spans.map(|(t, _)| letters.reading.at(t.span).to_owned()).collect()
}

#[test]
fn disguised_words_are_read() {
    for text in ["w*nker", "m 0 r 0 n", "sh1t", "s.h.i.t", "b******s", "shiiiit", "s💩h💩i💩t", "b0llocks", "w@nker"]
    {
        assert_eq!(read(&format!("what a {text}, honestly")), [text], "{text}");
    }
}

#[test]
fn a_word_behind_any_number_of_letters_is_read() {
    for before in 0..60 {
        let text = format!("{}m o r o n", "x ".repeat(before));
        assert_eq!(read(&text), ["m o r o n"], "{before} letters before it");
    }
}

#[test]
fn ordinary_text_is_left_alone() {
    for text in ["Bus 7a at 10am, £5", "a b c plan", "COVID-19 and 5G", "the A26 is shut", "4x4s welcome"] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

#[test]
fn accounts_links_numbers_and_what_is_too_long_are_no_words() {
    let odd = |text: &str| chunks(text).into_iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>();
    assert_eq!(odd("a (sh1t-sh0w), b"), ["sh1t-sh0w", "sh1t", "sh0w"]);
    assert_eq!(odd(&format!("{}1", "x".repeat(59))).len(), 1);
    for text in ["@sh1t", "#sh1t", "https://sh1t", "sh1t@example.com", "12-34", "7a", &"x1".repeat(31)] {
        assert_eq!(odd(text), [""; 0], "{text}");
    }
}

#[test]
fn no_letter_is_written_for_more_than_two() {
    assert!(('\0'..'\u{ffff}').all(|c| leet(c).chars().count() <= 2));
}

proptest! {
    #[test]
    fn a_word_has_the_length_of_its_opening(word in "[a-is-v13é]{2,9}", leet in proptest::bool::ANY) {
        let mut vocabulary = Vocabulary::default();
        let wanted = [vocabulary.intern(&word)];
        let typed: String = if leet { word.replace('s', "$").replace('i', "1") } else { word.clone() };
        let letters: Vec<Letter> = typed.chars().map(Letter::Like).collect();
        let lengths = Targets::new(&wanted, &vocabulary).lengths(letters[0], letters[1]);
        prop_assert_eq!(lengths >> letters.len() & 1, 1);
    }

    #[test]
    fn a_word_is_found_as_by_looking_at_all(
        words in proptest::collection::btree_set("[a-is-v13]{3,4}", 1..40),
        shape in "[a-is-v013!|48*]{3,4}",
    ) {
        let mut vocabulary = Vocabulary::default();
        let wanted: Vec<WordId> = words.iter().map(|w| vocabulary.intern(w)).collect();
        let letter = |c| if c == '*' { Letter::Hidden } else { Letter::Like(c) };
        let shape: Vec<Letter> = shape.chars().map(letter).collect();
        let fits = |word: &&String| {
            word.len() == shape.len() && word.chars().zip(&shape).all(|(c, letter)| letter.reads(c))
        };
        let naive = words.iter().find(fits).map_or(0, |word| vocabulary.intern(word));
        prop_assert_eq!(Targets::new(&wanted, &vocabulary).find(&shape), naive);
    }
}

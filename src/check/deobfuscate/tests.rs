//! Disguised words are found, and nothing else.

use super::*;
use crate::check::{
    targets::{Targets, sort},
    vocabulary::Vocabulary,
};

fn read(text: &str) -> Vec<String> {
    let mut vocabulary = Vocabulary::default();
    let mut wanted = ["wanker", "moron", "shit", "bollocks", "arse"].map(|w| vocabulary.intern(w));
    sort(&mut wanted, &vocabulary);
    let targets = Targets::new(wanted.to_vec().into());
    let reading = Reading::new(text);
    let ids = vocabulary.look_up(&reading);
    let Some(letters) = letters(&reading, &ids, targets.among(&vocabulary)) else { return Vec::new() };
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

/// A word of four tokens that begins with token 21 of a window of 24 reaches over its end; one that begins earlier does not.
#[test]
fn a_window_moves_on_to_the_first_word_that_it_cuts() {
    assert_eq!(uncut(&[1 << 4; WINDOW]), WINDOW - 3);
    assert_eq!(uncut(&[0; WINDOW]), WINDOW);
    assert_eq!(uncut(&[1 << 24; WINDOW]), 1);
    assert_eq!(uncut(&[1 << 40; WINDOW]), WINDOW, "longer than any window: not looked for");
}

#[test]
fn a_compound_is_read_in_parts_and_an_address_is_not() {
    assert_eq!(read("what a sh1t-m0ron he is"), ["sh1t", "m0ron"]);
    assert_eq!(read("what a sh-it, a mo-ron"), [""; 0], "two parts are two words");
    for text in ["see @sh1t_m0ron", "#sh1t", "http://sh1t.example", "a@sh1t.example"] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

#[test]
fn a_word_in_marks_or_beside_odd_letters_is_no_disguise() {
    for text in ["what a (moron), 50% off", "\"moron\" £5", "moron-like café", "a moron's 2 bins", "an émoron"] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
}

//! Slips of the keyboard and of a copy: a word twice, a quotation mark or bracket without its partner, characters that
//! were read in the wrong encoding. Each finds places in a text, and what to write there.

use crate::text::span::{Plain, Span};
use std::collections::BTreeMap;

/// Places, each with what to write there where that is known.
type Found = Vec<(Span<Plain>, Option<String>)>;

/// Words that may stand twice: *she had had*, *bye bye*, *no no*.
const DOUBLED: &[&str] = &[
    "had", "that", "bye", "no", "yes", "very", "so", "really", "much", "many", "now", "there", "hear", "night", "ha",
    "knock", "tut", "la", "na", "blah", "boo", "choo", "tick", "quack", "woof", "years", "again", "far", "long",
    "more", "miles", "chop", "wee", "fun", "sing", "splash", "win", "row", "twinkle", "baa", "jingle", "do", "her",
    "bon", "on", "in", "oh", "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// `the the`: a word written twice, and the word once. Two capitals are a name (*Duran Duran*).
pub(super) fn repeated_word(text: &str) -> Found {
    let mut found = Vec::new();
    let mut last: Option<Span<Plain>> = None;
    for word in words(text) {
        if let Some(before) = last.filter(|before| is_repeated(text, *before, word)) {
            found.push((before.cover(word), Some(before.of(text).to_owned())));
            last = None;
        } else {
            last = Some(word);
        }
    }
    found
}

fn is_repeated(text: &str, before: Span<Plain>, word: Span<Plain>) -> bool {
    let (first, second) = (before.of(text), word.of(text));
    let gap = Span::<Plain>::new(before.end, word.start).of(text);
    let capital = |w: &str| w.starts_with(char::is_uppercase);
    first.eq_ignore_ascii_case(second)
        && matches!(gap, " " | "\n")
        && (second.len() > 1 || second == "a")
        && !(capital(first) && capital(second))
        && !DOUBLED.contains(&second.to_ascii_lowercase().as_str())
}

/// Stretches of letters that stand between spaces or marks; words with a digit, an apostrophe or a sign are left out.
fn words(text: &str) -> Vec<Span<Plain>> {
    let mut found = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(|c: char| c.is_whitespace()) {
        let bare = piece.trim_end();
        let letters = bare.trim_end_matches(['.', ',', '!', '?', ':', ';', ')', '"', '”']);
        if !letters.is_empty() && letters.chars().all(char::is_alphabetic) {
            found.push(Span::new(start, start + letters.len()));
        }
        start += piece.len();
    }
    found
}

/// Pairs of marks that open and close.
const PAIRS: &[(char, char)] = &[('(', ')'), ('[', ']'), ('“', '”')];

/// Marks that wait for their partners: each with its place, in order, and how many there are of each.
#[derive(Default)]
struct Open {
    marks: Vec<(char, usize)>,
    waiting: BTreeMap<char, usize>,
}

impl Open {
    fn push(&mut self, mark: char, at: usize) {
        self.marks.push((mark, at));
        *self.waiting.entry(mark).or_default() += 1;
    }

    /// Takes away the last `mark`, and all that were opened after it; whether there was one.
    fn close(&mut self, mark: char) -> bool {
        if self.waiting.get(&mark).is_none_or(|count| *count == 0) {
            return false;
        }
        while let Some((last, _)) = self.marks.pop() {
            *self.waiting.entry(last).or_default() -= 1;
            if last == mark {
                break;
            }
        }
        true
    }
}

/// Quotation marks and brackets without a partner in their paragraph. Inches (`6"`), list marks (`a)`) and emoticons have
/// none and need none.
pub(super) fn unpaired(text: &str) -> Found {
    let mut found = Vec::new();
    let mut start = 0;
    for paragraph in text.split_inclusive("\n\n") {
        let mut open = Open::default();
        let mut before = ' ';
        for (at, c) in paragraph.char_indices() {
            let lonely = |at: usize, c: char| (Span::new(start + at, start + at + c.len_utf8()), None);
            let pair = PAIRS.iter().find(|(o, e)| *o == c || *e == c);
            match pair {
                Some((opens, _)) if *opens == c && !is_face(before) => open.push(c, at),
                Some((opens, _)) if *opens != c => {
                    let closed = open.close(*opens);
                    if !closed && !is_face(before) && !is_list_mark(paragraph, at) {
                        found.push(lonely(at, c));
                    }
                }
                None if c == '"' && !before.is_ascii_digit() => {
                    let closed = open.close(c);
                    if !closed {
                        open.push(c, at);
                    }
                }
                _ => {}
            }
            before = c;
        }
        found.extend(open.marks.iter().map(|(c, at)| (Span::new(start + at, start + at + c.len_utf8()), None)));
        start += paragraph.len();
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

fn is_face(before: char) -> bool {
    matches!(before, ':' | ';' | '-' | '=' | '^')
}

/// Whether the bracket at `at` stands behind one letter or number that begins a word: `a)`, `12)`.
fn is_list_mark(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    // A mark has three bytes at most; four characters of a longer word are enough to know that it is none.
    let mark = || before.chars().rev().take_while(|c| !c.is_whitespace()).take(4);
    (1..=3).contains(&mark().map(char::len_utf8).sum::<usize>()) && mark().all(char::is_alphanumeric)
}

/// What UTF-8 looks like when it was read as Windows-1252, and what it was. *Source:* computed from the two encodings.
const MOJIBAKE: &[(&str, &str)] = &[
    ("â€™", "’"),
    ("â€˜", "‘"),
    ("â€œ", "“"),
    ("â€\u{9d}", "”"),
    ("â€“", "–"),
    ("â€”", "—"),
    ("â€¦", "…"),
    ("â€¢", "•"),
    ("â‚¬", "€"),
    ("Â£", "£"),
    ("Â°", "°"),
    ("Â½", "½"),
    ("Â·", "·"),
    ("Ã©", "é"),
    ("Ã¨", "è"),
    ("Ã´", "ô"),
    ("Ã¶", "ö"),
    ("Ã¼", "ü"),
    ("Ã±", "ñ"),
    ("Å·", "ŷ"),
    ("Åµ", "ŵ"),
    ("ï»¿", ""),
];

/// Characters that were read in the wrong encoding, and what they were; the replacement character has lost it.
pub(super) fn mojibake(text: &str) -> Found {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    // None of them begins with a character of ASCII.
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let rest = text.get(at..).unwrap_or_default();
        if let Some((wrong, right)) = MOJIBAKE.iter().find(|(wrong, _)| rest.starts_with(wrong)) {
            found.push((Span::new(at, at + wrong.len()), Some((*right).to_owned())));
        } else if c == char::REPLACEMENT_CHARACTER {
            found.push((Span::new(at, at + c.len_utf8()), None));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(find: fn(&str) -> Found, text: &str) -> Vec<&str> {
        find(text).iter().map(|(span, _)| span.of(text)).collect()
    }

    #[test]
    fn a_word_written_twice_is_found_and_names_are_not() {
        assert_eq!(at(repeated_word, "Put the the bin out. The the gate is is open"), ["the the", "The the", "is is"]);
        assert_eq!(at(repeated_word, "She had had tea. Duran Duran, bye bye! Open. Open daily"), [""; 0]);
        assert_eq!(at(repeated_word, "to\nto a line, a a day, o o 7, on on"), ["to\nto", "a a"]);
    }

    #[test]
    fn marks_without_a_partner_are_found() {
        assert_eq!(at(unpaired, "Open (until five. He said \"yes."), ["(", "\""]);
        assert_eq!(at(unpaired, "a) bins b) bags 12) 6\" pots :) (yes) \"no\" [x] “y”"), [""; 0]);
        assert_eq!(at(unpaired, "Late again) and ”so"), [")", "”"]);
    }

    #[test]
    fn text_in_the_wrong_encoding_is_found_with_what_it_was() {
        let text = "Donâ€™t pay Â£5 at the cafÃ©";
        let fixes: Vec<Option<String>> = mojibake(text).into_iter().map(|(_, fix)| fix).collect();
        assert_eq!(fixes, [Some("’".to_owned()), Some("£".to_owned()), Some("é".to_owned())]);
        assert_eq!(at(mojibake, "It is 5° at the café \u{FFFD}"), ["\u{FFFD}"]);
        assert_eq!(at(mojibake, "plain text"), [""; 0]);
    }

    /// [`unpaired`] in one paragraph, with all open marks and the whole text before looked through for each mark.
    fn unpaired_anew(text: &str) -> Vec<usize> {
        let (mut open, mut lonely, mut before) = (Vec::new(), Vec::new(), ' ');
        for (at, c) in text.char_indices() {
            let word = text.get(..at).unwrap().rsplit(char::is_whitespace).next().unwrap();
            let is_list_mark = (1..=3).contains(&word.len()) && word.chars().all(char::is_alphanumeric);
            let opens = PAIRS.iter().find(|(_, closes)| *closes == c).map_or(c, |(opens, _)| *opens);
            let partner = open.iter().rposition(|(o, _)| *o == opens);
            match c {
                '(' | '[' | '“' if !is_face(before) => open.push((c, at)),
                '"' if before.is_ascii_digit() => {}
                '"' | ')' | ']' | '”' if partner.is_some() => open.truncate(partner.unwrap()),
                '"' => open.push((c, at)),
                ')' | ']' | '”' if !is_face(before) && !is_list_mark => lonely.push(at),
                _ => {}
            }
            before = c;
        }
        lonely.extend(open.iter().map(|(_, at)| at));
        lonely.sort_unstable();
        lonely
    }

    proptest! {
        #[test]
        fn marks_without_a_partner_are_those_that_a_look_at_all_open_ones_finds(text in "[()\\[\\]“”\":1aé \t]{0,30}") {
            let found: Vec<usize> = unpaired(&text).iter().map(|(span, _)| span.start).collect();
            prop_assert_eq!(found, unpaired_anew(&text));
        }
    }
}

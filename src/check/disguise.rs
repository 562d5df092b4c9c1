//! Words that were disguised: look-alike letters of another alphabet, invisible characters inside a word, letters spaced
//! out, figures for letters. Other rules read through such disguises; this finds the disguise itself.

use crate::text::span::{Plain, Span};
use rustc_hash::FxHashMap;

/// The fewest single letters in a row that are a word spaced out; four are an abbreviation.
const SPACED: usize = 5;

/// A place, and what to write there; a disguise is for a person to undo.
type Found = Vec<(Span<Plain>, Option<String>)>;

/// Words of `text` with look-alike letters or invisible characters, and words spaced out, in order.
pub(super) fn disguised(text: &str) -> Found {
    let mut spans: Vec<Span<Plain>> = spaced_out(text);
    let is_disguised = |word: &str| !word.is_ascii() && (is_mixed(word) || hides(word)) && !is_address(word);
    spans.extend(words(text).filter(|span| is_disguised(span.of(text))));
    spans.sort_by_key(|span| span.start);
    spans.into_iter().map(|span| (span, None)).collect()
}

/// Words of `text` in which figures or signs stand for letters and of which one of `known` comes out.
pub(super) fn figured(text: &str, known: &FxHashMap<String, String>) -> Found {
    let is_plain = |word: &str| word.bytes().all(|b| b.is_ascii_alphabetic());
    let is_figured = |word: &str| !is_plain(word) && is_figured(word, known) && !is_address(word);
    words(text).filter(|span| is_figured(span.of(text))).map(|span| (span, None)).collect()
}

/// What stands between white space, without the marks behind it.
fn words(text: &str) -> impl Iterator<Item = Span<Plain>> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let word = piece.trim_end().trim_end_matches(['.', ',', '!', '?', ':', ';', ')', '"', '”']);
        let span = Span::new(at, at + word.len());
        at += piece.len();
        (!word.is_empty()).then_some(span)
    })
}

/// Whether a word is an address, hashtag or mention.
fn is_address(word: &str) -> bool {
    word.starts_with(['#', '@']) || word.contains("www.") || word.contains('/')
}

/// Latin letters and letters of another alphabet that look like them.
fn is_mixed(word: &str) -> bool {
    let alike = |c: char| matches!(c, '\u{0400}'..='\u{052F}') || "αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ".contains(c);
    word.chars().any(alike) && word.chars().any(|c| c.is_ascii_alphabetic())
}

/// An invisible character between two letters.
fn hides(word: &str) -> bool {
    let hidden = |c: &char| matches!(c, '\u{AD}' | '\u{200B}' | '\u{200C}' | '\u{2060}' | '\u{FEFF}');
    let around = word.chars().zip(word.chars().skip(1)).zip(word.chars().skip(2));
    around.into_iter().any(|((before, c), after)| hidden(&c) && before.is_alphabetic() && after.is_alphabetic())
}

/// Figures and signs for letters, of which a known word comes out: `f0ur`, `l@zy`.
fn is_figured(word: &str, words: &FxHashMap<String, String>) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '$');
    let letters = bare.chars().filter(char::is_ascii_alphabetic).count();
    if letters < 2 || letters == bare.chars().count() {
        return false;
    }
    let plain: Option<String> = bare.chars().map(letter).collect();
    plain.is_some_and(|plain| words.contains_key(plain.as_str()))
}

fn letter(c: char) -> Option<char> {
    match c {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        '8' => Some('b'),
        c if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
        _ => None,
    }
}

/// `m o r o n`, `D.a.n.n.y`: single letters with one space, dot or dash between them. Capitals alone are an abbreviation,
/// an alphabet in order is one.
fn spaced_out(text: &str) -> Vec<Span<Plain>> {
    let (mut spans, mut run) = (Vec::new(), Run::default());
    let mut chars = text.char_indices().peekable();
    let (mut before, mut in_word) = (' ', false);
    while let Some((at, c)) = chars.next() {
        let is_letter = c.is_alphanumeric();
        if is_letter && !in_word && chars.peek().is_none_or(|(_, after)| !after.is_alphanumeric()) {
            let goes_on = " .-·_*".contains(before) && run.end + before.len_utf8() == at;
            if run.letters.is_empty() || !goes_on {
                spans.extend(std::mem::take(&mut run).span());
                run.start = at;
            }
            run.letters.push(c);
            run.end = at + c.len_utf8();
        }
        (before, in_word) = (c, is_letter);
    }
    spans.extend(run.span());
    spans
}

/// Single letters in a row.
#[derive(Default)]
struct Run {
    start: usize,
    end: usize,
    letters: Vec<char>,
}

impl Run {
    /// Where the run is, if it is a word spaced out.
    fn span(self) -> Option<Span<Plain>> {
        let small = self.letters.iter().filter(|c| c.is_lowercase()).count();
        let is_word = self.letters.len() >= SPACED && small * 2 > self.letters.len() && !is_alphabet(&self.letters);
        is_word.then(|| Span::new(self.start, self.end))
    }
}

fn is_alphabet(letters: &[char]) -> bool {
    letters.windows(2).all(|pair| matches!(pair, [a, b] if u32::from(*b) == u32::from(*a) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let known = ["lazy", "four", "idiots"].map(|w| (w.to_owned(), w.to_owned())).into_iter().collect();
        disguised(text).iter().chain(&figured(text, &known)).map(|(span, _)| span.of(text)).collect()
    }

    #[test]
    fn disguises_are_found() {
        assert_eq!(found("You lаzy lot"), ["lаzy"]);
        assert_eq!(found("You la\u{200B}zy l\u{AD}ot"), ["la\u{200B}zy", "l\u{AD}ot"]);
        assert_eq!(found("Such m o r o n s, D.a.n.n.y!"), ["m o r o n s", "D.a.n.n.y"]);
        assert_eq!(found("M o R o n, M o R o N s"), ["M o R o n"], "most of the letters are small ones");
        assert_eq!(found(" i d i o t ab m.o.r.o.n"), ["i d i o t", "m.o.r.o.n"]);
        assert_eq!(found("f0ur l@zy id10ts"), ["f0ur", "l@zy", "id10ts"]);
    }

    #[test]
    fn honest_writing_is_not() {
        for text in [
            "Привет всем, Ελλάδα, 5 μm",
            "The letters a b c d e f, and A B C D E",
            "The U.S.A., e.g. the B.B.C. and I. A. N.",
            "Route 4x4, M20, 2nd, £5, covid19, B2B and mp3",
            "a\u{200B} b, café\u{200B}.",
            "See westmarsh.gov.uk/f0ur #l@zy",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn figures_stand_for_letters_in_words_with_two_letters_or_more() {
        let known = ["bin", "go", "bats", "cafés"].map(|w| (w.to_owned(), w.to_owned())).into_iter().collect();
        let is = |word| is_figured(word, &known);
        assert!(is("b1n") && is("(B1n)") && is("8ats") && is("ba7$"));
        assert!(!is("g0"), "one letter is not enough");
        assert!(!is("bin") && !is("b1x") && !is("c4fés"));
    }

    #[test]
    fn what_figures_stand_in_an_address_for_is_nobodys_business() {
        for word in ["#f0ur", "@f0ur", "www.f0ur", "f0ur/l@zy", "https://f0ur"] {
            assert!(is_address(word), "{word}");
        }
        assert!(!is_address("f0ur") && !is_address("f0ur@l@zy"));
    }
}

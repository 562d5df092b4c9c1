//! A deeper view for rules that ask for it: digits behind `oh seven seven 9oo`.

use crate::text::{
    map::{MapBuilder, OffsetMap},
    reading::Reading,
    span::{Folded, Span},
    token::TokenKind,
};

/// A text in which numbers are written in digits, and the way back to the folded text.
#[derive(Debug)]
pub struct Digits {
    /// The text.
    pub text: String,
    /// From it to the folded text.
    pub map: OffsetMap<Folded, Folded>,
    /// Where digits were put, in `text`.
    pub changed: Vec<Span<Folded>>,
}

/// The fewest digits of a run that is rewritten.
const FEWEST: usize = 5;

/// Names of digits.
const SAID: &[(&str, char)] = &[
    ("zero", '0'),
    ("nought", '0'),
    ("naught", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("oh", '0'),
];
/// Words that say that the next digit is there several times.
const TIMES: &[(&str, usize)] = &[("double", 2), ("triple", 3), ("treble", 3)];

/// Rewrites runs of spelled-out, lettered or oddly separated digits; nothing where there are none.
pub(super) fn digits(reading: &Reading<'_>) -> Option<Digits> {
    let (mut text, mut map, mut changed) = (String::new(), MapBuilder::new(), Vec::new());
    let (mut done, mut at) = (0, 0);
    while at < reading.tokens.len() {
        if !reading.tokens.get(at).is_some_and(|token| may_begin(reading.at(token.span))) {
            at += 1;
            continue;
        }
        let run = digit_run(reading, at);
        if run.disguised && run.digits.len() >= FEWEST {
            let Some(first) = reading.tokens.get(at) else { break };
            let before = reading.text().get(done..first.span.start).unwrap_or_default();
            text.push_str(before);
            map.copy(before.len(), done);
            let start = text.len();
            for (digits, span) in &run.digits_at {
                text.push_str(digits);
                map.replace(digits.len(), span.start, span.len());
                done = span.end;
            }
            changed.push(Span::new(start, text.len()));
        }
        at += run.tokens.max(1);
    }
    if changed.is_empty() {
        return None;
    }
    let rest = reading.text().get(done..).unwrap_or_default();
    text.push_str(rest);
    map.copy(rest.len(), done);
    Some(Digits { text, map: map.finish(), changed })
}

/// Whether a run may begin with a token: the cheap question, before the token is read.
fn may_begin(token: &str) -> bool {
    let begins = |word: &str| {
        let own = token.as_bytes().get(..word.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()))
    };
    let mut first = token.bytes().map(|b| b.to_ascii_lowercase());
    match (first.next().unwrap_or_default(), first.next().unwrap_or_default()) {
        (b'0'..=b'9' | b'.' | b'/' | b':' | b',', _) => true,
        (b'o', _) => token.len() > 1,
        (b'l' | b'i', _) => token.bytes().any(|b| b.is_ascii_digit()),
        (b'z', b'e')
        | (b'n', b'o' | b'a' | b'i')
        | (b't', b'w' | b'h' | b'r')
        | (b'f', b'o' | b'i')
        | (b's', b'i' | b'e')
        | (b'e', b'i')
        | (b'd', b'o') => SAID.iter().map(|s| s.0).chain(TIMES.iter().map(|t| t.0)).any(begins),
        _ => false,
    }
}

#[derive(Default)]
struct Run {
    tokens: usize,
    digits: String,
    digits_at: Vec<(String, Span<Folded>)>,
    disguised: bool,
}

/// The run of digits, in whatever writing, that begins at token `at`.
fn digit_run(reading: &Reading<'_>, at: usize) -> Run {
    let mut run = Run::default();
    let mut times = 1;
    let mut last = 0;
    let mut read = 0;
    for (i, token) in reading.tokens.get(at..).unwrap_or_default().iter().enumerate() {
        read = i;
        let text = reading.at(token.span).to_ascii_lowercase();
        if let Some((_, several)) = TIMES.iter().find(|(word, _)| *word == text) {
            times = *several;
            continue;
        }
        if matches!(
            token.kind,
            TokenKind::Mark('.' | '-' | '/' | '*' | '_' | '~' | '(' | ')' | '+' | '…' | ',' | '|') | TokenKind::Emoji
        ) {
            if i == 0 {
                break;
            }
            // A comma or a bracket ends a sentence's number more often than it hides one.
            if matches!(token.kind, TokenKind::Mark(',')) && !run.disguised {
                break;
            }
            continue;
        }
        let Some((digits, disguised)) = read_digits(&text, !run.digits.is_empty()) else { break };
        let digits = if times > 1 { digits.repeat(times) } else { digits };
        run.disguised |= disguised || times > 1;
        times = 1;
        run.digits.push_str(&digits);
        run.digits_at.push((digits, token.span));
        last = i + 1;
    }
    // Where only `double` was said, what follows it says no more: it is not read again for each `double` in it.
    run.tokens = if last == 0 { read } else { last };
    run
}

/// The digits that a token says, and whether it says them in disguise.
fn read_digits(text: &str, inside: bool) -> Option<(String, bool)> {
    let (mut digits, mut disguised, mut rest) = (String::new(), false, text);
    while let Some(c) = rest.chars().next() {
        if let Some((word, digit)) = SAID.iter().find(|(word, _)| rest.starts_with(word)) {
            digits.push(*digit);
            disguised = true;
            rest = rest.get(word.len()..)?;
            continue;
        }
        match c {
            '0'..='9' => digits.push(c),
            'o' if inside || text.len() > 1 => {
                digits.push('0');
                disguised = true;
            }
            'l' | 'i' if text.len() > 1 && text.chars().any(|c| c.is_ascii_digit()) => {
                digits.push('1');
                disguised = true;
            }
            '.' | '/' | ':' | ',' => {}
            _ => return None,
        }
        rest = rest.get(c.len_utf8()..)?;
    }
    (!digits.is_empty()).then_some((digits, disguised))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelled_digits_are_digits() {
        let digits_of = |text: &str| digits(&Reading::new(text)).map(|d| d.text);
        assert_eq!(digits_of("ring 07700 9oo 1two3 now").as_deref(), Some("ring 07700900123 now"));
        assert_eq!(digits_of("oh seven seven double oh, nine").as_deref(), Some("077009"));
        assert_eq!(digits_of("one or two bins, open 7 to 9"), None);
        assert_eq!(digits_of("07700 900123"), None);
    }

    #[test]
    fn a_run_ends_behind_its_last_digit() {
        let tokens = |text: &str| digit_run(&Reading::new(text), 0).tokens;
        assert_eq!([tokens("oh seven seven now"), tokens("oh - 7 -"), tokens("now")], [3, 3, 0]);
    }

    #[test]
    fn a_letter_is_a_digit_in_company() {
        let read = |text, inside| read_digits(text, inside).map(|(digits, _)| digits);
        assert_eq!([read("o", false), read("o", true)], [None, Some("0".to_owned())]);
        assert_eq!(read("9oo", false).as_deref(), Some("900"));
        assert_eq!(read("l9i", false).as_deref(), Some("191"));
        assert_eq!([read("l", true), read("li", true), read("9a", true), read(".", true)], [None, None, None, None]);
        assert_eq!(read_digits("1,2.3", false), Some(("123".to_owned(), false)));
    }
}

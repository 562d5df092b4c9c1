//! What a token looks like: how many bytes of a text belong to the word, number, address or mark that it begins with.

use super::{lines::floor_boundary, token::TokenKind};

/// Whether a digit follows `c`, with which `rest` begins.
pub(super) fn digit_after(rest: &str, c: char) -> bool {
    rest.get(c.len_utf8()..).is_some_and(|t| t.starts_with(|d: char| d.is_ascii_digit()))
}

/// Longest e-mail address, host name or reference, in bytes. *Source:* RFC 5321, 4.5.3.1, and RFC 1035, 2.3.4. Without an
/// end each word of `a.a.a.a…` would be read to the end of the text.
const LONGEST: usize = 320;

/// At most [`LONGEST`] bytes of a text.
fn head(text: &str) -> &str {
    text.get(..floor_boundary(text, LONGEST)).unwrap_or(text)
}

fn run(text: &str, keep: impl Fn(char) -> bool) -> usize {
    text.find(|c| !keep(c)).unwrap_or(text.len())
}

/// `@name`.
pub(super) fn handle(rest: &str) -> Option<usize> {
    let body = rest.get(1..)?;
    let mut len = run(body, |c| c.is_ascii_alphanumeric() || "_.-@".contains(c));
    while body.get(..len).is_some_and(|b| b.ends_with(['.', '-', '@', '_'])) {
        len -= 1;
    }
    (len > 0).then_some(1 + len)
}

/// `#Name`, with a letter in it.
pub(super) fn hashtag(rest: &str) -> Option<usize> {
    let body = rest.get(1..)?;
    let len = run(body, |c| c.is_alphanumeric() || c == '_');
    body.get(..len)?.chars().any(char::is_alphabetic).then_some(1 + len)
}

/// A currency sign, digits with separators, and a scale: `£1,984.12`, `£4.2m`, `£3 million`.
pub(super) fn money(rest: &str) -> usize {
    let sign = rest.chars().next().map_or(0, char::len_utf8);
    let mut len = sign + digits(rest.get(sign..).unwrap_or_default());
    let tail = rest.get(len..).unwrap_or_default();
    let lower = tail.get(..tail.len().min(9)).unwrap_or_default().to_ascii_lowercase();
    for scale in [" million", " billion", "million", "billion", "mn", "bn", "m", "k"] {
        let cut = lower.strip_prefix(scale);
        if cut.is_some_and(|t| !t.starts_with(char::is_alphanumeric)) {
            len += scale.len();
            break;
        }
    }
    len
}

/// Digits with single separators between them.
fn digits(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut len = 0;
    while is_digit(len) || (len > 0 && matches!(bytes.get(len), Some(b'.' | b',' | b':' | b'/')) && is_digit(len + 1)) {
        len += 1;
    }
    len
}

/// What begins with a letter or a digit: a word, a number, an address, a reference.
pub(super) fn word_like(rest: &str) -> (usize, TokenKind) {
    let word = word(rest);
    let begins = rest.as_bytes().first();
    if begins.is_some_and(u8::is_ascii_alphabetic) && ends(rest.as_bytes().get(word..).unwrap_or_default()) {
        return (word, TokenKind::Word);
    }
    let tail = rest.get(word..).unwrap_or_default();
    if tail.starts_with("://") {
        return (url_end(rest, word + 3), TokenKind::Url);
    }
    if tail.starts_with(['@', '.', '_', '+', '-', '%'])
        && let Some(len) = email(rest)
    {
        return (len, TokenKind::Email);
    }
    if tail.starts_with(['.', '-'])
        && let Some(len) = domain(rest)
    {
        return (url_end(rest, len), TokenKind::Url);
    }
    if let Some(len) = reference(rest) {
        return (len, TokenKind::Reference);
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return number(rest);
    }
    (word, TokenKind::Word)
}

/// Whether a word is over where `after` follows: no address or reference goes on so, which most words are spared to ask.
fn ends(after: &[u8]) -> bool {
    match after {
        [] | [b'.'] => true,
        [b'.', next, ..] => next.is_ascii_whitespace(),
        [mark, ..] => !matches!(mark, b'@' | b'_' | b'+' | b'-' | b'%' | b'/' | b':'),
    }
}

/// Letters and digits.
fn letters(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    match text.as_bytes().get(plain) {
        Some(128..) => plain + run(text.get(plain..).unwrap_or_default(), char::is_alphanumeric),
        _ => plain,
    }
}

/// Letters, digits and inner apostrophes.
fn word(rest: &str) -> usize {
    let mut len = letters(rest);
    while let Some(tail) = rest.get(len..).and_then(|t| t.strip_prefix('\'')) {
        let more = letters(tail);
        if more == 0 || rest.get(..len).is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        len += 1 + more;
    }
    len
}

fn number(rest: &str) -> (usize, TokenKind) {
    let len = digits(rest);
    let body = rest.get(..len).unwrap_or_default();
    let tail = rest.get(len..).unwrap_or_default();
    let letters = run(tail, char::is_alphanumeric);
    let suffix = tail.get(..letters).unwrap_or_default();
    let separators = |mark: char| body.chars().filter(|c| *c == mark).count();
    if suffix.eq_ignore_ascii_case("am") || suffix.eq_ignore_ascii_case("pm") {
        return (len + letters, TokenKind::Time);
    }
    if tail.starts_with('%') {
        return (len + 1, TokenKind::Percent);
    }
    if letters == 0 && separators(':') == 1 {
        return (len, TokenKind::Time);
    }
    if letters == 0 && separators('/') == 2 {
        return (len, TokenKind::Date);
    }
    let kind =
        if letters == 0 || ["st", "nd", "rd", "th"].contains(&suffix) { TokenKind::Number } else { TokenKind::Word };
    (len + letters, kind)
}

/// `TM/14/01234/FL`, `24/01234/FUL`, `DOV/21/00042`: parts of capitals and digits joined by slashes, one of them with
/// four digits or more.
fn reference(rest: &str) -> Option<usize> {
    let rest = head(rest);
    let mut len = run(rest, |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '/');
    while rest.get(..len).is_some_and(|t| t.ends_with('/')) {
        len -= 1;
    }
    let parts: Vec<&str> = rest.get(..len)?.split('/').collect();
    let long = parts.iter().any(|p| p.len() >= 4 && p.bytes().all(|b| b.is_ascii_digit()));
    let letters = parts.iter().any(|p| p.len() >= 2 && p.bytes().all(|b| b.is_ascii_uppercase()));
    (parts.len() >= 3 && long && letters).then_some(len)
}

fn email(rest: &str) -> Option<usize> {
    let local = run(head(rest), |c| c.is_ascii_alphanumeric() || "._%+'-".contains(c));
    let tail = rest.get(local..)?.strip_prefix('@')?;
    let host = domain_like(tail)?;
    Some(local + 1 + host)
}

/// Host labels joined by dots, at least two, the last of letters only. Length in bytes.
fn domain_like(text: &str) -> Option<usize> {
    let text = head(text);
    let mut len = run(text, |c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    while text.get(..len)?.ends_with(['.', '-']) {
        len -= 1;
    }
    let host = text.get(..len)?;
    let (_, last) = host.rsplit_once('.')?;
    let fine = last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic()) && !host.contains("..");
    fine.then_some(len)
}

/// A host without a scheme, by its top-level domain; a capital after the last dot (`collected.It`) is a new sentence.
fn domain(rest: &str) -> Option<usize> {
    let len = domain_like(rest)?;
    let host = rest.get(..len)?;
    let (_, top) = host.rsplit_once('.')?;
    (TOP_LEVEL.contains(&top) || (host.starts_with("www.") && top.len() >= 2)).then_some(len)
}

/// Top-level domains that make a bare word a link. Two-letter words of English (`it`, `is`, `in`, `to`, `so`, `at`) are
/// left out here: in a draft they are a missing space far more often than a link.
const TOP_LEVEL: &[&str] = &[
    "uk", "com", "org", "net", "gov", "eu", "info", "co", "ly", "london", "scot", "wales", "cymru", "kent", "edu",
    "tv", "io", "app", "dev", "ie", "gl", "example", "invalid", "test", "local", "biz", "site", "online", "nhs",
    "police",
];

/// Where a URL that holds at least `from` bytes ends: at white space or a quotation mark, less closing punctuation.
fn url_end(rest: &str, from: usize) -> usize {
    let tail = rest.get(from..).unwrap_or_default();
    let has_path =
        tail.starts_with(['/', '?', '#', ':']) || from == 0 || rest.get(..from).is_some_and(|t| t.ends_with("//"));
    let mut len = from;
    if has_path {
        len += run(tail, |c| !c.is_whitespace() && !"\"<>'".contains(c) && !is_emoji(c));
    }
    let count = |mark| rest.get(..len).map_or(0, |t| t.matches(mark).count());
    let (opened, mut closed) = (count('('), count(')'));
    while let Some(c) = rest.get(from..len).and_then(|t| t.chars().next_back()) {
        let belongs = c == ')' && opened >= closed;
        if belongs || !".,;:!?)]}*_".contains(c) {
            break;
        }
        closed -= usize::from(c == ')');
        len -= c.len_utf8();
    }
    len
}

/// A run of one mark.
pub(super) fn mark(rest: &str, c: char) -> (usize, TokenKind) {
    let len = run(rest, |x| x == c);
    let kind = if c == '.' && len > 1 { '…' } else { c };
    (len, TokenKind::Mark(kind))
}

/// One emoji with its modifiers (skin tone; joiners and selectors are already folded away). Flags are two characters.
pub(super) fn emoji(rest: &str) -> usize {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return 0 };
    let mut len = first.len_utf8();
    if is_flag(first) && chars.clone().next().is_some_and(is_flag) {
        return len * 2;
    }
    for c in chars {
        if !matches!(c, '\u{1F3FB}'..='\u{1F3FF}' | '\u{20E3}') {
            break;
        }
        len += c.len_utf8();
    }
    len
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Whether `c` is shown as a picture. Ranges of Emoji=Yes in Unicode 16 `emoji-data.txt`, less digits and marks that
/// are text without a selector (`©`, `™`).
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B05}'..='\u{2B07}' | '\u{2B1B}' | '\u{2B1C}'
        | '\u{2B50}' | '\u{2B55}' | '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23F3}' | '\u{23F8}'..='\u{23FA}'
        | '\u{25AA}' | '\u{25AB}' | '\u{25B6}' | '\u{25C0}' | '\u{25FB}'..='\u{25FE}' | '\u{2934}' | '\u{2935}'
        | '\u{203C}' | '\u{2049}' | '\u{2139}' | '\u{2194}'..='\u{2199}' | '\u{21A9}' | '\u{21AA}' | '\u{3030}'
        | '\u{303D}')
}

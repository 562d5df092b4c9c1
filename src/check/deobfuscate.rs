//! A deeper view for rules that ask for it: words behind `w*nk` and `m 0 r 0 n`.

use super::vocabulary::{Readings, Vocabulary, WordId};
use crate::text::{
    reading::Reading,
    span::{Folded, Span},
    token::{Token, TokenKind, is_emoji},
};
use std::sync::OnceLock;

/// Words that may be disguised.
#[derive(Debug)]
pub struct Targets {
    words: Vec<(String, WordId)>,
    /// Those of each length in characters, in order: made for the first text with something odd of that length in it.
    by_len: [OnceLock<Spelled>; LONGEST],
    /// By their first two letters, the lengths of words: bit n for n characters.
    openings: OnceLock<Vec<u64>>,
}

/// Words in characters.
type Spelled = Vec<(Vec<char>, WordId)>;

/// No stretch that is taken for a word has so many characters, and none has fewer than the shortest.
const LONGEST: usize = 64;
const SHORTEST: usize = 3;

impl Targets {
    /// The words of `vocabulary` whose ids are in `wanted`; shorter than three letters are left out.
    pub(super) fn new(wanted: &[WordId], vocabulary: &Vocabulary) -> Self {
        let words = wanted.iter().map(|id| (vocabulary.word(*id).to_owned(), *id));
        Self { words: words.collect(), by_len: [const { OnceLock::new() }; LONGEST], openings: OnceLock::new() }
    }

    /// The words of so many characters, in order.
    fn of_len(&self, len: usize) -> &[(Vec<char>, WordId)] {
        let Some(words) = self.by_len.get(len).filter(|_| len >= SHORTEST) else { return &[] };
        words.get_or_init(|| {
            let own = self.words.iter().filter(|(word, _)| word.chars().count() == len);
            let mut words: Spelled = own.map(|(word, id)| (word.chars().collect(), *id)).collect();
            words.sort();
            words
        })
    }

    /// The lengths of words that may begin with two letters: bit n for n characters.
    fn lengths(&self, first: Letter, second: Letter) -> u64 {
        let openings = self.openings.get_or_init(|| {
            let mut lengths = vec![0; OPENINGS];
            for (word, _) in &self.words {
                let mut letters = word.chars();
                let own = opening(letters.next(), letters.next()).and_then(|own| lengths.get_mut(own));
                if let Some(own) = own {
                    *own |= 1 << word.chars().count().min(LONGEST - 1);
                }
            }
            lengths
        });
        let (Letter::Like(first), Letter::Like(second)) = (first, second) else { return u64::MAX };
        let meant = |c: char| leet(c).chars().chain([c]);
        let pairs = meant(first).flat_map(|a| meant(second).map(move |b| opening(Some(a), Some(b))));
        pairs
            .map(|own| own.and_then(|own| openings.get(own)).copied().unwrap_or(u64::MAX))
            .fold(0, |all, own| all | own)
    }

    /// The first word in the order of letters that `shape` may be; 0 for none.
    fn find(&self, shape: &[Letter]) -> WordId {
        let words = self.of_len(shape.len());
        // Letters that are written for no others are one word.
        if shape.iter().all(|letter| matches!(letter, Letter::Like(c) if leet(*c).is_empty())) {
            let seen = || shape.iter().filter_map(|letter| if let Letter::Like(c) = letter { Some(c) } else { None });
            let at = words.binary_search_by(|(word, _)| word.iter().cmp(seen()));
            return at.ok().and_then(|at| words.get(at)).map_or(0, |(_, id)| *id);
        }
        let fits = |word: &[char]| word.iter().zip(shape).all(|(c, letter)| letter.reads(*c));
        let first = |words: &[(Vec<char>, WordId)]| words.iter().find(|(word, _)| fits(word)).map(|(_, id)| *id);
        let Some(Letter::Like(c)) = shape.first() else { return first(words).unwrap_or(0) };
        // A letter that is seen leaves only words that begin with it, or with what it is written for.
        let mut meant = leet(*c).chars();
        let mut initials = [Some(*c), meant.next(), meant.next()];
        initials.sort_unstable();
        initials.into_iter().flatten().find_map(|c| first(beginning(words, c))).unwrap_or(0)
    }
}

/// How many openings there are: pairs of small letters of ASCII, and all others as one.
const OPENINGS: usize = 26 * 26 + 1;

/// The number of an opening; nothing for a word of fewer letters.
fn opening(first: Option<char>, second: Option<char>) -> Option<usize> {
    let letter = |c: char| c.is_ascii_lowercase().then(|| c as usize - 'a' as usize);
    let (first, second) = first.zip(second)?;
    Some(letter(first).zip(letter(second)).map_or(OPENINGS - 1, |(a, b)| 26 * a + b))
}

/// Those of sorted `words` that begin with `c`.
fn beginning(words: &[(Vec<char>, WordId)], c: char) -> &[(Vec<char>, WordId)] {
    let from = words.partition_point(|(word, _)| word.first() < Some(&c));
    let rest = words.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|(word, _)| word.first() == Some(&c))).unwrap_or_default()
}

/// A text with disguised words joined and read.
#[derive(Debug)]
pub struct Letters<'t> {
    /// The same folded text with other tokens.
    pub reading: Reading<'t>,
    /// What each token may be read as.
    pub ids: Vec<Readings>,
    /// Which tokens were disguised.
    pub disguised: Vec<bool>,
}

/// One character of a disguised word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    /// This letter, or one that it is written for.
    Like(char),
    /// Any letter.
    Hidden,
}

impl Letter {
    fn reads(self, c: char) -> bool {
        match self {
            Self::Hidden => c.is_alphabetic(),
            Self::Like(l) => l == c || leet(l).contains(c),
        }
    }
}

/// Letters that a digit or sign is written for.
fn leet(c: char) -> &'static str {
    match c {
        '0' => "o",
        '1' | '!' | '|' => "il",
        '3' | '€' => "e",
        '4' | '@' => "a",
        '5' | '$' | 'z' => "s",
        '6' | '9' => "g",
        '7' | '+' => "t",
        '8' => "b",
        'v' => "u",
        _ => "",
    }
}

/// Joins the disguised words of `reading`; nothing where there are none.
pub(super) fn letters<'t>(reading: &Reading<'t>, ids: &[Readings], targets: &Targets) -> Option<Letters<'t>> {
    let mut found = chunks(reading.text())
        .into_iter()
        .filter_map(|span| {
            let id = read_chunk(span.of(reading.text()), targets);
            (id != 0).then_some((span, id))
        })
        .collect::<Vec<_>>();
    found.extend(spaced_out(reading, targets));
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|(span, _)| *span);
    let (mut tokens, mut new_ids, mut disguised) = (Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    for (span, id) in found {
        let range = reading.tokens_in(span);
        let (Some(first), true) = (reading.tokens.get(range.start), range.start >= at) else { continue };
        tokens.extend(reading.tokens.get(at..range.start).unwrap_or_default());
        new_ids.extend(ids.get(at..range.start).unwrap_or_default());
        disguised.resize(tokens.len(), false);
        tokens.push(Token { span, kind: TokenKind::Word, ..*first });
        new_ids.push([id, 0, 0, 0]);
        disguised.push(true);
        at = range.end;
    }
    tokens.extend(reading.tokens.get(at..).unwrap_or_default());
    new_ids.extend(ids.get(at..).unwrap_or_default());
    disguised.resize(tokens.len(), false);
    Some(Letters { reading: reading.with_tokens(tokens), ids: new_ids, disguised })
}

/// Stretches without white space that hold a letter and something odd for a word, closing marks trimmed.
fn chunks(text: &str) -> Vec<Span<Folded>> {
    let mut spans = Vec::new();
    let mut from = 0;
    for part in text.split(char::is_whitespace) {
        if is_plain(part) || !part.chars().any(char::is_alphabetic) {
            from += part.len();
            from += text.get(from..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
            continue;
        }
        let head = part.len() - part.trim_start_matches(|c: char| "\"'([{-.,:;".contains(c)).len();
        let core = part.trim_matches(|c: char| "\"'()[]{}-.,:;?".contains(c)).trim_end_matches('!');
        let odd = core.chars().any(|c| !c.is_alphabetic() && c != '\'') || has_triple(core);
        let sober = core.starts_with(['@', '#']) || core.contains("://") || core.contains('.') && core.contains('@');
        if odd && !sober && core.len() <= 60 && core.chars().any(char::is_alphabetic) && core.chars().count() >= SHORTEST {
            let start = from + head;
            spans.push(Span::new(start, start + core.len()));
            if core.contains('-') {
                // Each part of a compound: `sh!t-sh0w`.
                let mut at = start;
                for piece in core.split('-') {
                    spans.push(Span::new(at, at + piece.len()));
                    at += piece.len() + 1;
                }
            }
        }
        from += part.len();
        from += text.get(from..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
    }
    spans
}

/// Whether a stretch is a word of ASCII letters, with one mark behind it at most, as nearly all are.
fn is_plain(part: &str) -> bool {
    let word = part.strip_suffix(['.', ',', '!', '?']).unwrap_or(part);
    let (mut last, mut times) = (0, 0);
    word.bytes().all(|b| {
        times = if b == last { times + 1 } else { 1 };
        last = b;
        b.is_ascii_alphabetic() && times < TRIPLE
    })
}

/// So often in a row no word has a letter.
const TRIPLE: usize = 3;

fn has_triple(text: &str) -> bool {
    let (mut last, mut times) = (' ', 0);
    text.chars().any(|c| {
        times = if c == last { times + 1 } else { 1 };
        last = c;
        times == TRIPLE && c.is_alphabetic()
    })
}

/// The target behind a chunk, in one of the ways to read it; 0 for none.
fn read_chunk(chunk: &str, targets: &Targets) -> WordId {
    let lower: Vec<char> = chunk.chars().flat_map(char::to_lowercase).collect();
    let letters = lower.iter().filter(|c| c.is_alphabetic()).count();
    let hidden = |c: char| "*#_•~%&^?".contains(c) || is_emoji(c);
    let masked: Vec<Letter> =
        lower.iter().map(|c| if hidden(*c) { Letter::Hidden } else { Letter::Like(*c) }).collect();
    let stars = lower.iter().filter(|c| hidden(**c)).count();
    let starts_plain = lower.first().is_some_and(|c| c.is_alphanumeric() || *c == '$');
    let odd_inside = lower.iter().any(|c| !c.is_alphabetic() && *c != '\'' && *c != '-');
    if odd_inside && starts_plain && (stars == 0 && letters * 2 >= lower.len() || stars > 0 && letters >= 1) {
        let id = targets.find(&masked);
        if id != 0 {
            return id;
        }
    }
    // Signs between all letters, `s.h.i.t`, `w💩a💩n💩k`: drop them.
    let parts: Vec<&[char]> = lower.split(|c| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    if parts.len() >= 2 && (parts.iter().all(|p| p.len() == 1) || lower.iter().any(|c| is_emoji(*c) || *c == '*')) {
        let plain: Vec<Letter> = parts.concat().into_iter().map(Letter::Like).collect();
        let id = targets.find(&plain);
        if id != 0 {
            return id;
        }
    }
    if has_triple(chunk) { read_drawn_out(&lower, targets) } else { 0 }
}

/// `shiiiit`: three or more of a letter are one or two.
fn read_drawn_out(lower: &[char], targets: &Targets) -> WordId {
    [1, 2]
        .iter()
        .map(|keep| {
            let mut plain: Vec<Letter> = Vec::new();
            for run in lower.chunk_by(|a, b| a == b) {
                let times = if run.len() >= 3 { *keep } else { run.len() };
                plain.extend(run.first().into_iter().flat_map(|c| std::iter::repeat_n(Letter::Like(*c), times)));
            }
            targets.find(&plain)
        })
        .find(|id| *id != 0)
        .unwrap_or(0)
}

/// What a text of one character is in a word that is spelled out; nothing for a few that are two in lower case.
fn spelled(text: &str) -> Option<Letter> {
    let mut lower = text.chars().flat_map(char::to_lowercase);
    let letter = lower.next().map(|c| if c == '*' { Letter::Hidden } else { Letter::Like(c) });
    letter.filter(|_| lower.next().is_none())
}

fn is_one_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_alphanumeric) && chars.next().is_none()
}

/// Tokens of a run that are read at a time.
const WINDOW: usize = 24;

/// How far a full window without a word may move on so that no word is cut: to the first token from which a word may reach
/// over its end. `lengths` are those that words may have which begin with a token and the next one.
fn uncut(lengths: &[u64]) -> usize {
    let fit = (1 << (WINDOW + 1)) - 1;
    let reaches = |start: usize, own: u64| (own & fit) >> (WINDOW - start + 1) != 0;
    let first = lengths.iter().enumerate().find(|(start, own)| reaches(*start, **own));
    first.map_or(lengths.len(), |(start, _)| start).max(1)
}

/// Words spelled out with spaces, `m 0 r 0 n`: runs of tokens of one character.
fn spaced_out(reading: &Reading<'_>, targets: &Targets) -> Vec<(Span<Folded>, WordId)> {
    let single = |t: &Token| {
        let text = reading.at(t.span);
        match text.as_bytes() {
            [byte] => byte.is_ascii_alphanumeric() || b"*@$!".contains(byte),
            _ => text.len() <= 4 && is_one_letter(text) && spelled(text).is_some(),
        }
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        let run = reading.tokens.get(at..).unwrap_or_default().iter().take(WINDOW).take_while(|t| single(t)).count();
        if run < SHORTEST {
            at += run.max(1);
            continue;
        }
        let tokens = reading.tokens.get(at..at + run).unwrap_or_default();
        let shape: Vec<Letter> = tokens.iter().filter_map(|token| spelled(reading.at(token.span))).collect();
        let pairs = shape.iter().zip(shape.iter().skip(1));
        let lengths: Vec<u64> = pairs.map(|(first, second)| targets.lengths(*first, *second)).collect();
        let is_length = |start: usize, len: usize| lengths.get(start).is_some_and(|own| own >> len & 1 == 1);
        let parts = (SHORTEST..=run).rev().flat_map(|len| (0..=run - len).map(move |start| start..start + len));
        let mut parts = parts.filter(|part| is_length(part.start, part.len()));
        let read = parts.find_map(|part| {
            let id = targets.find(shape.get(part.clone())?);
            (id != 0).then_some((part, id))
        });
        if let Some((part, id)) = read {
            let own = tokens.get(part.clone()).and_then(|own| Some(own.first()?.span.cover(own.last()?.span)));
            found.extend(own.map(|span| (span, id)));
            at += part.end;
        } else {
            at += if run < WINDOW { run.max(1) } else { uncut(&lengths) };
        }
    }
    found
}

#[cfg(test)]
mod tests;

//! A deeper view for rules that ask for it: words behind `w*nk` and `m 0 r 0 n`.

use super::{
    targets::{Letter, SHORTEST, Spelled},
    vocabulary::{Readings, WordId},
};
use crate::text::{
    reading::Reading,
    span::{Folded, Span},
    token::{Token, TokenKind, is_emoji},
};

/// A text with disguised words joined and read.
#[derive(Debug)]
pub(super) struct Letters<'t> {
    /// The same folded text with other tokens.
    pub(super) reading: Reading<'t>,
    /// What each token may be read as.
    pub(super) ids: Vec<Readings>,
    /// Which tokens were disguised.
    pub(super) disguised: Vec<bool>,
}

/// Joins the disguised words of `reading`; nothing where there are none.
pub(super) fn letters<'t>(reading: &Reading<'t>, ids: &[Readings], targets: Spelled<'_>) -> Option<Letters<'t>> {
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
    let mut next = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let (from, part) = (next, piece.trim_end());
        next += piece.len();
        if is_plain(part) || !part.chars().any(char::is_alphabetic) {
            continue;
        }
        let head = part.len() - part.trim_start_matches(|c: char| "\"'([{-.,:;".contains(c)).len();
        let core = part.trim_matches(|c: char| "\"'()[]{}-.,:;?".contains(c)).trim_end_matches('!');
        let odd = core.chars().any(|c| !c.is_alphabetic() && c != '\'') || has_triple(core);
        let sober = core.starts_with(['@', '#']) || core.contains("://") || core.contains('.') && core.contains('@');
        if odd && !sober && core.len() <= 60 && core.chars().count() >= SHORTEST {
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
    }
    spans
}

/// Whether a stretch is a word of ASCII letters, with one mark behind it at most, as nearly all are.
fn is_plain(part: &str) -> bool {
    let word = part.strip_suffix(['.', ',', '!', '?']).unwrap_or(part);
    word.bytes().all(|b| b.is_ascii_alphabetic()) && !has_triple(word)
}

fn has_triple(text: &str) -> bool {
    let (mut last, mut times) = (' ', 0);
    text.chars().any(|c| {
        times = if c == last { times + 1 } else { 1 };
        last = c;
        times == 3 && c.is_alphabetic()
    })
}

/// The target behind a chunk, in one of the ways to read it; 0 for none.
fn read_chunk(chunk: &str, targets: Spelled<'_>) -> WordId {
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
fn read_drawn_out(lower: &[char], targets: Spelled<'_>) -> WordId {
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
fn spaced_out(reading: &Reading<'_>, targets: Spelled<'_>) -> Vec<(Span<Folded>, WordId)> {
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

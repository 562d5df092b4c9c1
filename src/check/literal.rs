//! Literals of which every match of a pattern has one: `password`, `passcode` for `\bpass(?:word|code)s?\b`.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Most literals that a pattern is told by; more of them say little.
const MOST: usize = 80;
/// Most characters of a class that is written out.
const WIDEST: u32 = 12;
/// A literal shorter than this says little.
const SHORTEST: usize = 3;
/// Longest text that is put together of parts, in bytes.
const LONGEST: usize = 256;
/// Letters of a literal beyond this many say no more.
const LONG: usize = 6;

/// Letters beyond ASCII that `(?i)` takes for `s` and `k`. Folding makes them plain.
pub(super) const ODD: [char; 2] = ['ſ', '\u{212A}'];

/// Literals, with ASCII letters in lower case.
type Literals = Vec<String>;

/// Literals of one line of which every match of `hir` has one, in whatever case, in a text without [`ODD`] letters; empty
/// where there is no such set.
pub(super) fn needed(hir: &Hir) -> Literals {
    let says_much = |literal: &String| literal.len() >= SHORTEST && !literal.contains(['\n', '\r']);
    best(hir).filter(|all| all.iter().all(says_much)).unwrap_or_default()
}

fn best(hir: &Hir) -> Option<Literals> {
    match hir.kind() {
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Concat(parts) => {
            let (mut best_yet, mut run) = (None, vec![String::new()]);
            for part in parts {
                let all = all(part);
                if all.as_ref().is_some_and(|all| lengthen(&mut run, all)) {
                    continue;
                }
                best_yet =
                    better(best_yet, Some(std::mem::replace(&mut run, all.unwrap_or_else(|| vec![String::new()]))));
                best_yet = better(best_yet, best(part));
                if worth(best_yet.as_deref()) == Some((LONG, MOST - 1)) {
                    break;
                }
            }
            better(best_yet, Some(run))
        }
        HirKind::Alternation(ways) => {
            let all: Option<Vec<Literals>> = ways.iter().map(best).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => better(all(hir), best(&repetition.sub)),
        _ => all(hir),
    }
}

/// Of two sets of literals, the one whose shortest literal is longer.
fn better(a: Option<Literals>, b: Option<Literals>) -> Option<Literals> {
    if worth(b.as_deref()) > worth(a.as_deref()) { b } else { a }
}

/// What a set is worth: the length of its shortest literal, as far as that matters, and how few there are.
fn worth(set: Option<&[String]>) -> Option<(usize, usize)> {
    let set = set?;
    Some((set.iter().map(String::len).min()?.min(LONG), MOST.saturating_sub(set.len())))
}

/// All texts that `hir` matches, in lower case; nothing where they are many.
fn all(hir: &Hir) -> Option<Literals> {
    let nothing = || vec![String::new()];
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(nothing()),
        HirKind::Literal(literal) => Some(vec![std::str::from_utf8(&literal.0).ok()?.to_ascii_lowercase()]),
        HirKind::Class(Class::Unicode(class)) => {
            let mut widths = class.iter().map(|r| u32::from(r.end()) - u32::from(r.start()) + 1);
            widths.try_fold(0, |sum, width| Some(sum + width).filter(|sum| *sum <= WIDEST))?;
            let mut chars: Vec<char> = class.iter().flat_map(|r| r.start()..=r.end()).map(lower).collect();
            chars.sort_unstable();
            chars.dedup();
            Some(chars.into_iter().map(String::from).collect()).filter(|texts: &Literals| !texts.is_empty())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Capture(capture) => all(&capture.sub),
        HirKind::Concat(parts) => {
            let mut run = nothing();
            parts.iter().all(|part| all(part).is_some_and(|all| lengthen(&mut run, &all))).then_some(run)
        }
        HirKind::Alternation(ways) => {
            let ways: Option<Vec<Literals>> = ways.iter().map(all).collect();
            ways.map(|ways| ways.concat()).filter(|all| all.len() <= MOST)
        }
        HirKind::Repetition(repetition) => {
            let (one, max) = (all(&repetition.sub)?, repetition.max.filter(|max| *max <= WIDEST)?);
            let (mut run, mut found) = (nothing(), Vec::new());
            for times in 0..=max {
                if times >= repetition.min {
                    found.extend(run.iter().cloned());
                }
                if !lengthen(&mut run, &one) {
                    return None;
                }
            }
            Some(found).filter(|found| found.len() <= MOST)
        }
    }
}

/// Puts each of `ends` behind each text, unless these would be many or long, and says whether it did.
fn lengthen(texts: &mut Literals, ends: &[String]) -> bool {
    let longest = |all: &[String]| all.iter().map(String::len).max().unwrap_or_default();
    if texts.len() * ends.len() > MOST || longest(texts) + longest(ends) > LONGEST {
        return false;
    }
    if let [end] = ends {
        for text in texts {
            text.push_str(end);
        }
    } else {
        *texts = texts.iter().flat_map(|text| ends.iter().map(move |end| [text.as_str(), end].concat())).collect();
    }
    true
}

fn lower(c: char) -> char {
    match c {
        'ſ' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(pattern: &str) -> Literals {
        needed(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn the_longest_literals_of_a_pattern_are_those_it_needs() {
        assert_eq!(needs(r"(?i)\bpass(?:word|code)s?\b"), ["password", "passwords", "passcode", "passcodes"]);
        assert_eq!(
            needs(r"[a-z]+sh[!1i]t|a{5}|[\u{200B}\u{2060}]"),
            ["sh!t", "sh1t", "shit", "aaaaa", "\u{200B}", "\u{2060}"]
        );
        assert_eq!(needs(r"(?i)https?://[a-z]+"), ["http://", "https://"]);
        assert_eq!(needs("[0-9]+ab|cde"), [""; 0]);
        assert_eq!(needs("(?:ab){2}{9}{9}{9}"), ["ab".repeat(18)]);
    }
}

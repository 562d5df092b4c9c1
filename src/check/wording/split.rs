//! The alternatives of a phrase, as text: `we (promise|swear) it` is `we promise it` and `we swear it`.

/// One alternative of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    /// As it is written.
    pub(super) text: String,
    /// The phrase with this alternative and no other in its bracket.
    pub(super) only: String,
    /// The phrase without it.
    pub(super) rest: String,
}

/// All alternatives of all brackets with `|`, and of the phrase itself. Those that are empty are left out.
pub(super) fn alternatives(phrase: &str) -> Vec<Alternative> {
    let mut found = choices(phrase, 0..phrase.len(), ("", ""));
    for (open, close) in brackets(phrase) {
        found.extend(choices(phrase, open + 1..close, ("(", ")")));
    }
    found
}

/// The alternatives of the stretch `inside` of `phrase`, which stands between `around`.
fn choices(phrase: &str, inside: std::ops::Range<usize>, around: (&str, &str)) -> Vec<Alternative> {
    let before = phrase.get(..inside.start).unwrap_or_default();
    let before = before.strip_suffix(around.0).unwrap_or(before);
    let after = phrase.get(inside.end..).unwrap_or_default();
    let after = after.strip_prefix(around.1).unwrap_or(after);
    let parts = split(phrase.get(inside).unwrap_or_default());
    if parts.len() < 2 {
        return Vec::new();
    }
    let made = |middle: &str| format!("{before}{middle}{after}");
    let choice = |(number, part): (usize, &&str)| {
        let others: Vec<&str> = parts.iter().enumerate().filter(|(n, _)| *n != number).map(|(_, p)| *p).collect();
        let rest = match others.as_slice() {
            [one] => made(one),
            _ => made(&format!("{}{}{}", around.0, others.join("|"), around.1)),
        };
        Alternative { text: part.trim().to_owned(), only: made(part), rest }
    };
    parts.iter().enumerate().filter(|(_, part)| !part.trim().is_empty()).map(choice).collect()
}

/// `text` between the bars that stand in no bracket of it.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        c == '|' && depth == 0
    })
    .collect()
}

/// Where each bracket opens and closes.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => open.push(at),
            ')' => pairs.extend(open.pop().map(|from| (from, at))),
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(phrase: &str) -> Vec<[String; 3]> {
        alternatives(phrase).into_iter().map(|a| [a.text, a.only, a.rest]).collect()
    }

    #[test]
    fn each_alternative_stands_alone_and_is_left_out() {
        assert_eq!(
            told("we (a|b c|d) it"),
            [["a", "we a it", "we (b c|d) it"], ["b c", "we b c it", "we (a|d) it"], ["d", "we d it", "we (a|b c) it"],]
        );
    }

    #[test]
    fn brackets_in_brackets_endings_and_the_phrase_itself_have_alternatives() {
        assert_eq!(
            told("(a|b (c|d))"),
            [
                ["c", "(a|b c)", "(a|b d)"],
                ["d", "(a|b d)", "(a|b c)"],
                ["a", "a", "b (c|d)"],
                ["b (c|d)", "b (c|d)", "a"],
            ]
        );
        assert_eq!(told("repair(s|ed)"), [["s", "repairs", "repaired"], ["ed", "repaired", "repairs"]]);
        assert_eq!(told("a|b"), [["a", "a", "b"], ["b", "b", "a"]]);
    }

    #[test]
    fn what_is_optional_is_no_alternative() {
        assert_eq!(told("we (really) promise"), Vec::<[String; 3]>::new());
        assert_eq!(told("(a|)"), [["a", "a", ""]]);
    }
}

//! Quotations and titles: words in quotation marks that are somebody else's, and the questions of questions and answers.

use super::span::{Folded, Span};

/// A stretch between quotation marks, the marks not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What is quoted.
    pub span: Span<Folded>,
    /// Whether the words belong to somebody else: a person is said to have spoken, or it is a title.
    /// Scare quotes are not attributed.
    pub attributed: bool,
}

/// Words that say that somebody spoke, wrote or named, near the quotation.
const SPEAKING: &[&str] = &[
    "said",
    "says",
    "say",
    "saying",
    "told",
    "tells",
    "wrote",
    "writes",
    "written",
    "asked",
    "asks",
    "added",
    "adds",
    "according",
    "comment",
    "comments",
    "commented",
    "feedback",
    "review",
    "reviews",
    "visitors",
    "visitor",
    "residents",
    "resident",
    "quote",
    "quotes",
    "words",
    "letter",
    "card",
    "thank",
    "thanks",
    "called",
    "calls",
    "named",
    "titled",
    "song",
    "book",
    "film",
    "show",
    "play",
    "exhibition",
    "talk",
    "poem",
    "single",
    "album",
    "reads",
    "read",
    "voted",
    "motto",
    "sign",
    "heard",
    "answer",
    "answered",
    "replied",
    "joked",
    "laughed",
    "explained",
    "recalls",
    "remembers",
    "puts",
    "put",
    "survey",
    "respondents",
    "tenant",
    "tenants",
    "customer",
    "customers",
    "myth",
    "phrase",
    "message",
    "email",
    "text",
    "caption",
    "headline",
    "entitled",
    "winner",
    "winning",
    "pupil",
    "volunteer",
    "mum",
    "dad",
];

/// The longest quotation, in bytes; beyond it two marks are taken to be unrelated.
const LONGEST: usize = 600;
/// How far from the marks the speaker may be named, in bytes.
const REACH: usize = 110;

/// Finds quotations in folded `text`, in order, outermost only.
pub fn find(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    let mut at = 0;
    while let Some(open) = next_mark(text, at) {
        let Some(end) = closing(text, open) else {
            at = open + 1;
            continue;
        };
        let span = Span::new(open + 1, end);
        quotes.push(Quote { span, attributed: is_attributed(text, span) });
        at = end + 1;
    }
    if text.contains('?') {
        let asked = questions_beside(&quotes, text);
        quotes.extend(asked);
        quotes.sort_by_key(|quote| quote.span.start);
    }
    quotes
}

/// Questions that overlap neither a quotation, of those `marked`, nor a question before them.
fn questions_beside(marked: &[Quote], text: &str) -> Vec<Quote> {
    let (mut beside, mut end) = (Vec::new(), 0);
    for span in questions(text) {
        let next = marked.partition_point(|quote| quote.span.end <= span.start);
        if span.start >= end && marked.get(next).is_none_or(|quote| quote.span.start >= span.end) {
            beside.push(Quote { span, attributed: true });
            end = span.end;
        }
    }
    beside
}

/// The next quotation mark from byte `from` on.
fn next_mark(text: &str, from: usize) -> Option<usize> {
    let is_mark = |b: &u8| matches!(b, b'"' | b'\'');
    let bytes = text.as_bytes();
    bytes.get(from..)?.iter().position(is_mark).map(|i| from + i)
}

/// What opens a question of questions and answers: the reader asks it.
const ASKED: &[&str] = &["Q:", "Q.", "Q -", "FAQ:", "FAQ.", "Question:", "You asked:"];

/// Questions that readers are made to ask, from behind the sign to the question mark: `Q. Can I say no?` They end on their
/// line and are no longer than a quotation.
fn questions(text: &str) -> Vec<Span<Folded>> {
    let mut found = Vec::new();
    let starts = |at: usize| text.get(..at).unwrap_or_default().trim_end_matches(' ').ends_with(['\n', '.', '?', '!']);
    for sign in ASKED {
        for (at, _) in text.match_indices(sign).filter(|(at, _)| *at == 0 || starts(*at)) {
            let from = at + sign.len();
            let body = text.get(from..).unwrap_or_default();
            let body = body.get(..super::lines::floor_boundary(body, LONGEST)).unwrap_or_default();
            let body = body.get(..body.find('\n').unwrap_or(body.len())).unwrap_or_default();
            let end = if body.trim_end().ends_with('?') { body.rfind('?') } else { body.find('?') };
            found.extend(end.map(|end| Span::new(from, from + end + 1)));
        }
    }
    // Of a question in another one the outer one is first.
    found.sort_by_key(|span: &Span<Folded>| span.start);
    found
}

fn closing(text: &str, open: usize) -> Option<usize> {
    let mark = text.get(open..=open)?;
    let before = text.get(..open)?.chars().next_back();
    let body = text.get(open + 1..)?;
    if before.is_some_and(char::is_alphanumeric)
        || !body.starts_with(|c: char| c.is_alphanumeric() || "£@#.(".contains(c))
    {
        return None;
    }
    let body = body.get(..super::lines::floor_boundary(body, LONGEST + 1)).unwrap_or(body);
    let paragraph = body.find("\n\n").unwrap_or(body.len());
    let mut from = 0;
    while let Some(i) = body.get(from..)?.find(mark).map(|i| from + i) {
        if i > paragraph {
            return None;
        }
        let inside = body.get(..i)?.chars().next_back();
        let after = text.get(open + i + 2..)?.chars().next();
        let closes = inside.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(char::is_alphanumeric);
        if closes {
            return Some(open + 1 + i);
        }
        from = i + 1;
    }
    None
}

fn is_attributed(text: &str, span: Span<Folded>) -> bool {
    let said = span.of(text);
    let words: Vec<&str> = said.split_whitespace().collect();
    if is_title(&words) {
        return true;
    }
    let from = super::lines::floor_boundary(text, span.start.saturating_sub(REACH));
    let to = super::lines::ceil_boundary(text, span.end + REACH);
    let before = text.get(from..span.start.saturating_sub(1)).unwrap_or_default();
    let after = text.get((span.end + 1).min(text.len())..to).unwrap_or_default();
    let named = |part: &str| {
        part.split(|c: char| !c.is_alphanumeric()).any(|w| SPEAKING.iter().any(|s| s.eq_ignore_ascii_case(w)))
    };
    // Four words or more between marks are somebody else's words, whoever it is; fewer may be scare quotes.
    let signed = after.trim_start_matches(['.', ',', '!', ' ', '\n']).starts_with(['-', '~', ':', '★']);
    let announced = before.trim_end().ends_with(':') || named(before) || named(after) || signed;
    match words.len() {
        0..3 => named(tail(before)) && !before.ends_with("so-called "),
        3 => announced,
        _ => true,
    }
}

/// The last few words.
fn tail(text: &str) -> &str {
    let from = text.char_indices().rev().nth(24).map_or(0, |(i, _)| i);
    text.get(from..).unwrap_or_default()
}

/// Two words or more, most of them with a capital: the name of a work.
fn is_title(words: &[&str]) -> bool {
    let capitals = words.iter().filter(|w| w.starts_with(char::is_uppercase)).count();
    let long = words.iter().filter(|w| w.len() > 3).count();
    (2..=8).contains(&words.len())
        && words.first().is_some_and(|w| w.starts_with(char::is_uppercase))
        && capitals >= long.max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, bool)> {
        find(text).iter().map(|q| (q.span.of(text), q.attributed)).collect()
    }

    #[test]
    fn speech_is_attributed() {
        assert_eq!(found("\"I think it's great,\" said Sam."), [("I think it's great,", true)]);
        assert_eq!(found("Dot told us: 'It doesn't hurt to ask'."), [("It doesn't hurt to ask", true)]);
    }

    #[test]
    fn questions_are_the_readers() {
        assert_eq!(found("FAQ: I hate it. Can I say no? Yes."), [(" I hate it. Can I say no?", true)]);
        assert_eq!(found("Hello\nQ. Is it me?\nA. No."), [(" Is it me?", true)]);
        assert_eq!(found("We are Team Q. Are you?"), []);
        assert_eq!(found("Q. Is it me? Q. Or you?"), [(" Is it me? Q. Or you?", true)]);
    }

    #[test]
    fn a_question_is_no_longer_than_a_quotation() {
        let long = "so it goes ".repeat(60);
        assert_eq!(found(&format!("Q. Is it me? {long}?")), [(" Is it me?", true)]);
        assert_eq!(found(&format!("Q. If {long}, is it me?")), []);
        let most = format!(" {}?", "a".repeat(LONGEST - 2));
        assert_eq!(found(&format!("Q.{most} Yes.")), [(most.as_str(), true)]);
        assert_eq!(found(&format!("Q. {most} Yes.")), []);
    }

    #[test]
    fn titles_are_not_ours() {
        assert_eq!(found("Music: 'Such a Lovely Mess' tonight"), [("Such a Lovely Mess", true)]);
    }

    #[test]
    fn scare_quotes_and_apostrophes_are_ours() {
        assert_eq!(found("their so-called 'improvement' again"), [("improvement", false)]);
        assert_eq!(found("it's the councillors' fault"), []);
    }

    #[test]
    fn a_quotation_ends_in_its_paragraph() {
        assert_eq!(found("\"Bins are out.\n\nPut them back\" said Sam."), []);
        assert_eq!(found("\"Bins are out.\nPut them back\" said Sam."), [("Bins are out.\nPut them back", true)]);
    }

    #[test]
    fn a_title_is_mostly_capitals() {
        for (words, is) in [
            ("Such a Lovely Mess", true),
            ("The Sky", true),
            ("Great lovely Mess", false),
            ("nice Day Out", false),
            ("nice day", false),
            ("Mess", false),
            ("One Two Three Four Five Six Seven Eight", true),
            ("One Two Three Four Five Six Seven Eight Nine", false),
        ] {
            assert_eq!(is_title(&words.split(' ').collect::<Vec<_>>()), is, "{words}");
        }
    }

    #[test]
    fn three_words_are_somebody_elses_where_a_speaker_or_a_colon_announces_them() {
        assert_eq!(found("Our motto: 'bins before tea' for all"), [("bins before tea", true)]);
        assert_eq!(found("Here it is: 'bins before tea' for all"), [("bins before tea", true)]);
        assert_eq!(found("'bins before tea' - Dot"), [("bins before tea", true)]);
        assert_eq!(found("'bins before tea', said Dot"), [("bins before tea", true)]);
        assert_eq!(found("Our 'bins before tea' for all"), [("bins before tea", false)]);
    }

    #[test]
    fn a_quotation_is_so_long_and_no_longer() {
        let of = |length: usize| format!("Dot said: \"{}\".", "a".repeat(length));
        assert_eq!(found(&of(LONGEST)).len(), 1);
        assert_eq!(found(&of(LONGEST + 1)).len(), 0);
    }

    #[test]
    fn quotations_are_apart() {
        assert_eq!(found("\"One two\"\"three four\" said Dot").len(), 2);
        assert_eq!(found("\"One is out!\"(two is in\" said Dot").len(), 1, "a mark that closes opens nothing");
        assert_eq!(found("\"One is here\" and \"two are there\" said Dot").len(), 2);
    }
}

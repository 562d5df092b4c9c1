//! Edits of a segment's text: replacing keeps the case of what goes, deleting leaves no loose ends.

use crate::{
    model::{
        document::Post,
        finding::{Applicability, Edit, Fix},
    },
    text::{
        map::OffsetMap,
        span::{Plain, Source, Span},
    },
};

/// A change of a segment's decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainEdit {
    /// What goes.
    pub(super) span: Span<Plain>,
    /// What comes.
    pub(super) content: String,
}

/// Puts captures into a template: `{1}`, `{name}`, `{match}`. An unknown name is left out.
pub(super) fn fill(template: &str, capture: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        let Some((name, after)) = tail.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&capture(name).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Replaces `span` of `text`; the content takes over capitals: `ALL` of them, or the `First`. Within a sentence the first
/// capital stays behind: there it belonged to the old words (*Christian name*, *BAME groups*).
pub(super) fn replacement(text: &str, span: Span<Plain>, content: &str) -> PlainEdit {
    let old = span.of(text);
    let letters = || old.chars().filter(|c| c.is_alphabetic());
    let content = if letters().count() > 1 && letters().all(char::is_uppercase) {
        content.to_uppercase()
    } else if old.chars().next().is_some_and(char::is_uppercase) && !is_within_sentence(text, span) {
        capitalised(content)
    } else {
        content.to_owned()
    };
    PlainEdit { span, content }
}

/// `span` without the `'s` of a possessive at its end, which stays behind the new words, unless they bring their own.
pub(super) fn less_possessive(text: &str, span: Span<Plain>, content: &str) -> Span<Plain> {
    let bare = |words: &str| ["'s", "’s", "'S", "’S"].iter().find_map(|s| words.strip_suffix(s)).map(str::len);
    let old = span.of(text);
    let Some(len) = bare(old).filter(|_| bare(content).is_none()) else { return span };
    let word = old.get(..len).and_then(|w| w.split(|c: char| !c.is_alphabetic()).next_back()).unwrap_or_default();
    // There `'s` is a verb, which belongs to what is replaced.
    let is_verb = CONTRACTED.iter().any(|c| c.eq_ignore_ascii_case(word));
    if is_verb { span } else { Span::new(span.start, span.start + len) }
}

/// Words behind which `'s` is *is*, *has* or *us*.
const CONTRACTED: &[&str] =
    &["it", "he", "she", "that", "this", "there", "here", "who", "what", "where", "when", "why", "how", "let"];

/// Why the words that go may not: a quotation mark among them has its other one outside.
pub(super) fn lost_mark(text: &str, edit: &PlainEdit) -> Option<String> {
    let lost = open_marks(edit.span.of(text)) != open_marks(&edit.content);
    lost.then(|| "a quotation mark would lose its other one".to_owned())
}

/// Quotation marks of `words` that are without their other one: straight ones, curly ones, single ones that open.
fn open_marks(words: &str) -> (usize, isize, bool) {
    let (mut straight, mut curly, mut single) = (0, 0, 0_usize);
    let mut before = ' ';
    let mut chars = words.chars().peekable();
    while let Some(c) = chars.next() {
        let inner = before.is_alphanumeric();
        let ahead = chars.peek().is_some_and(|c| c.is_alphanumeric());
        match c {
            '"' => straight += 1,
            '“' | '„' | '«' => curly += 1,
            '”' | '»' => curly -= 1,
            '‘' | '\'' if !inner && ahead => single += 1,
            '’' | '\'' if inner && !ahead => single = single.saturating_sub(1),
            _ => {}
        }
        before = c;
    }
    (straight % 2, curly, single > 0)
}

/// Whether `span` ends at a hyphen with more of a word behind it.
pub(super) fn is_compound(text: &str, span: Span<Plain>) -> bool {
    let after = text.get(span.end..).unwrap_or_default();
    let rest = after.strip_prefix(['-', '\u{2010}', '\u{2011}']);
    rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// Whether words of the same sentence stand right before `span`.
fn is_within_sentence(text: &str, span: Span<Plain>) -> bool {
    let before = text.get(..span.start).unwrap_or_default().trim_end_matches([' ', '\t']);
    before.ends_with(|c: char| c.is_alphanumeric() || ",;)&".contains(c))
}

/// Deletes `span` of `text` with the space, comma or dash that only it needed; if it began a sentence, the next word
/// takes its capital.
pub(super) fn deletion(text: &str, span: Span<Plain>) -> PlainEdit {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    let opens = before.trim_end_matches([' ', '\t']).is_empty()
        || before.trim_end_matches([' ', '\t']).ends_with(['.', '!', '?', '\n', ':', '…']);
    let end_mark = after.starts_with(['.', '!', '?']);
    let mut end = span.end;
    if !end_mark || opens {
        let joint = after.trim_start_matches([',', ';', '-', '–', '—']);
        let gap = joint.trim_start_matches([' ', '\t']);
        // A comma behind a deletion inside a sentence may close an aside: it goes only with the one before.
        let aside = before.trim_end().ends_with(',');
        let keep = !opens && !aside && joint.len() < after.len();
        end += if keep { 0 } else { after.len() - gap.len() };
        if end_mark && opens {
            let rest = after.trim_start_matches(['.', '!', '?']).trim_start_matches([' ', '\t']);
            end = span.end + (after.len() - rest.len());
        }
    }
    let mut start = span.start;
    let tail = text.get(end..).unwrap_or_default();
    if tail.is_empty() || tail.starts_with(['.', '!', '?', ',', '\n']) {
        let kept = before.trim_end_matches([' ', '\t']);
        let kept =
            if tail.starts_with(',') { kept } else { kept.trim_end_matches([',', '-', '–', '—']).trim_end() };
        start = kept.len();
    }
    let upper = old_is_capital(text, span) && opens;
    match tail.chars().next().filter(|c| upper && c.is_lowercase()) {
        Some(c) => PlainEdit { span: Span::new(start, end + c.len_utf8()), content: c.to_uppercase().collect() },
        None => PlainEdit { span: Span::new(start, end), content: String::new() },
    }
}

/// The edit that deletes `span` of a post with what only it needed; nothing where it is not in one text of the post.
pub fn delete(post: &Post, span: Span<Source>) -> Option<Edit> {
    let mut found = post.segments.iter().filter_map(|s| Some((s, s.map.unmap(span, s.text.len())?)));
    let (segment, plain) = found.next().filter(|(_, plain)| !plain.is_empty())?;
    let edit = deletion(&segment.text, plain);
    Some(Edit { span: segment.map.map(edit.span), content: edit.content })
}

fn old_is_capital(text: &str, span: Span<Plain>) -> bool {
    span.of(text).chars().next().is_some_and(char::is_uppercase)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The fix that makes `edit`.
pub(super) fn fix(
    map: &OffsetMap<Plain, Source>,
    edit: PlainEdit,
    applicability: Applicability,
    refused: Option<String>,
) -> Fix {
    Fix { edits: vec![Edit { span: map.map(edit.span), content: edit.content }], applicability, refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delete(text: &str, what: &str) -> String {
        let at = text.find(what).unwrap();
        apply(text, &deletion(text, Span::new(at, at + what.len())))
    }

    fn apply(text: &str, edit: &PlainEdit) -> String {
        let mut out = text.to_owned();
        out.replace_range(edit.span.range(), &edit.content);
        out
    }

    #[test]
    fn a_deletion_leaves_no_loose_ends() {
        for (text, what, left) in [
            ("Honestly, the bins are late.", "Honestly", "The bins are late."),
            ("The bins, honestly, are late.", "honestly", "The bins, are late."),
            ("The bins are bloody late.", "bloody", "The bins are late."),
            ("It is open now, obviously.", "obviously", "It is open now."),
            ("Open now. About time. See you there.", "About time", "Open now. See you there."),
            ("Open now! About time! See you.", "About time", "Open now! See you."),
            ("Open now – frankly.", "frankly", "Open now."),
            ("We are late, sadly, and sorry.", "sadly", "We are late, and sorry."),
            ("We are, sadly", "sadly", "We are"),
            ("Bins: frankly late.", "frankly", "Bins: late."),
            ("Bins: Frankly late.", "Frankly", "Bins: Late."),
            ("frankly, late", "frankly", "late"),
            ("One\nFrankly, two", "Frankly", "One\nTwo"),
            ("Open \tnow frankly\nTwo", "frankly", "Open \tnow\nTwo"),
            ("So late, frankly; sorry", "frankly", "So late, sorry"),
        ] {
            assert_eq!(delete(text, what), left);
        }
    }

    #[test]
    fn a_template_takes_what_was_captured() {
        let capture = |name: &str| (name == "1" || name == "who").then(|| format!("<{name}>"));
        for (template, filled) in [
            ("{1} and {who}.", "<1> and <who>."),
            ("{other}!", "!"),
            ("none", "none"),
            ("open {1", "open {1"),
            ("} {1}", "} <1>"),
        ] {
            assert_eq!(fill(template, &capture), filled);
        }
    }

    #[test]
    fn a_replacement_keeps_the_case() {
        let text = "We promise it. WE PROMISE.";
        assert_eq!(replacement(text, Span::new(0, 10), "we aim").content, "We aim");
        assert_eq!(replacement(text, Span::new(15, 25), "we aim").content, "WE AIM");
        assert_eq!(replacement("A bin", Span::new(0, 1), "one").content, "One", "one capital is no shouting");
        assert_eq!(replacement("OK, IT", Span::new(4, 6), "it is").content, "IT IS");
        assert_eq!(replacement("12 bins", Span::new(0, 2), "twelve").content, "twelve");
        for before in ["bins, ", "bins; ", "(bins) ", "bins & ", "bins \t"] {
            let text = format!("{before}Old");
            let span = Span::new(before.len(), text.len());
            assert_eq!(replacement(&text, span, "new").content, "new", "{text}");
        }
        assert_eq!(replacement("Bins! Old", Span::new(6, 9), "new").content, "New");
    }

    #[test]
    fn a_possessive_stays_and_a_contraction_goes() {
        for (text, content, left) in [
            ("the elderly’s", "older people", "older people’s"),
            ("THE ELDERLY'S", "older people", "OLDER PEOPLE'S"),
            ("the Queen's", "the King's", "the King's"),
            ("how's", "how is", "how is"),
        ] {
            let span = less_possessive(text, Span::new(0, text.len()), content);
            assert_eq!(apply(text, &replacement(text, span, content)), left);
        }
    }

    #[test]
    fn a_quotation_mark_keeps_its_other_one() {
        for (old, content, lost) in [
            ("we \"promise to", "we aim to", true),
            ("we “promise to", "we aim to", true),
            ("the ‘elderly", "older people", true),
            ("the 'elderly", "older people", true),
            ("the \"elderly\"", "older people", false),
            ("the ‘elderly’", "older people", false),
            ("we don’t", "we do not", false),
            ("say \"yes", "say \"no", false),
        ] {
            let edit = PlainEdit { span: Span::new(0, old.len()), content: content.to_owned() };
            assert_eq!(lost_mark(old, &edit).is_some(), lost, "{old}");
        }
    }

    #[test]
    fn a_compound_goes_on_behind_its_hyphen() {
        for (text, is) in [("elderly-care", true), ("elderly - care", false), ("elderly-", false), ("elderly", false)] {
            assert_eq!(is_compound(text, Span::new(0, 7)), is, "{text}");
        }
    }

    #[test]
    fn a_capital_within_a_sentence_belonged_to_the_old_words() {
        assert_eq!(replacement("Your Christian name", Span::new(5, 19), "first name").content, "first name");
        assert_eq!(replacement("- Christian names", Span::new(2, 17), "first names").content, "First names");
    }

    #[test]
    fn marks_are_open_without_their_other_one() {
        for (words, open) in [
            ("\"so\"", (0, 0, false)),
            ("\"so", (1, 0, false)),
            ("“so” «so»", (0, 0, false)),
            ("“so", (0, 1, false)),
            ("„so", (0, 1, false)),
            ("so»", (0, -1, false)),
            ("'so' it's ‘so’", (0, 0, false)),
            ("'so ‘so", (0, 0, true)),
            ("‘so it's", (0, 0, true)),
            ("councillors' own", (0, 0, false)),
        ] {
            assert_eq!(open_marks(words), open, "{words}");
        }
    }
}

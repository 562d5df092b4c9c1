//! The kind `form`: how something is written, whatever it says: hashtags, letters, links.
//!
//! ```toml
//! kind = "form"
//! of = "hashtag-case"          # hashtag-case, fancy-letters, emoji-bullets, missing-space, tracking,
//!                              # refused-characters, repeated-word, unpaired, mojibake, disguised, figured
//! words = ["safe", "stay"]     # hashtag-case: the words that hashtags are made of; figured: words that may come out
//! ```

use super::{
    Check, Hit, Kind, Rule, Spot, disguise, hashtag,
    phrase::Compiler,
    signs, slips,
    view::{SegmentView, View},
};
use crate::{
    channel::count::is_refused_by_x,
    model::{
        document::Scope,
        value::{Fault, Value},
    },
    text::{
        emoji::emoji_len,
        fold::fold,
        link,
        span::{Plain, Span},
    },
};
use rustc_hash::FxHashMap;

/// Rules about forms.
pub(super) struct Forms;

impl Kind for Forms {
    fn name(&self) -> &'static str {
        "form"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["of", "words"]
    }

    fn finds_words(&self) -> bool {
        false
    }

    fn compile(&self, rules: &[Rule<'_>], _: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut forms, mut faults) = (Vec::new(), Vec::new());
        for rule in rules {
            match read(rule) {
                Ok(form) => forms.push(form),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(vec![Box::new(All(forms))]) } else { Err(faults) }
    }
}

/// A place, and what to write there.
type Found = (Span<Plain>, Option<String>);

/// Words of hashtags: how each is written, by its lower case.
type Words = FxHashMap<String, String>;

/// Finds the places of a form in a text.
type Find = fn(&str, &Words) -> Vec<Found>;

/// Names of forms, their signs, and how to find them.
const FORMS: &[(&str, u8, Find)] = &[
    ("hashtag-case", signs::HASH, hashtag::uncapitalised),
    ("fancy-letters", signs::BEYOND, fancy_letters),
    ("emoji-bullets", signs::BEYOND, emoji_bullets),
    ("missing-space", signs::TIGHT_STOP, missing_space),
    ("tracking", signs::QUERY, tracking),
    ("refused-characters", signs::BEYOND, refused_characters),
    ("disguised", signs::SPACED, |text, _| disguise::disguised(text)),
    ("figured", signs::FIGURE, disguise::figured),
    ("repeated-word", signs::TWICE, |text, _| slips::repeated_word(text)),
    ("unpaired", signs::PAIRS, |text, _| slips::unpaired(text)),
    ("mojibake", signs::BEYOND, |text, _| slips::mojibake(text)),
];

struct Form {
    rule: usize,
    /// The sign without which a text has not the form.
    sign: u8,
    find: Find,
    words: Words,
    scopes: Vec<String>,
}

fn read(rule: &Rule<'_>) -> Result<Form, Fault> {
    let params = &rule.spec.params;
    let names: Vec<&str> = FORMS.iter().map(|(n, ..)| *n).collect();
    let Some(of) = params.read("of", |v| v.one_of(&names, "form"))? else {
        let fault = Fault::new(rule.spec.at, format!("rule `{}` does not say which form", rule.spec.meta.id));
        return Err(fault.help("add of = \"hashtag-case\""));
    };
    let words = params.read("words", Value::strings)?.unwrap_or_default();
    let words = words.into_iter().map(|(word, _)| (word.to_lowercase(), word.into_owned())).collect();
    let (_, sign, find) =
        FORMS.iter().find(|(n, ..)| *n == of).ok_or_else(|| Fault::new(rule.spec.at, "no such form"))?;
    Ok(Form { rule: rule.number, sign: *sign, find: *find, words, scopes: rule.spec.meta.scopes.clone() })
}

struct All(Vec<Form>);

impl Check for All {
    fn name(&self) -> &'static str {
        "forms"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        let signs: Vec<u8> = view.segments.iter().map(|part| signs::of(&part.segment.text)).collect();
        for form in self.0.iter().filter(|f| view.holds(f.rule)) {
            let parts = view.segments.iter().enumerate().zip(&signs);
            for ((number, part), _) in
                parts.filter(|((_, part), signs)| form.sign & **signs != 0 && form.looks_at(part))
            {
                for (span, replacement) in (form.find)(&part.segment.text, &form.words) {
                    let spot = Spot::Raw { segment: number, span };
                    hits.push(Hit { replacement, ..Hit::apart(form.rule, spot, Vec::new()) });
                }
            }
        }
    }
}

impl Form {
    fn looks_at(&self, part: &SegmentView<'_>) -> bool {
        let scope = &part.segment.scope;
        if self.scopes.is_empty() {
            matches!(scope, Scope::Body | Scope::Heading | Scope::Title | Scope::Cell(_) | Scope::Field(_))
        } else {
            self.scopes.iter().any(|s| s == scope.name())
        }
    }
}

/// Letters of the mathematical, circled, squared, full-width and small-capital kinds, which screen readers spell out or
/// pass over. *Source:* Unicode blocks, version 16.
fn is_fancy(c: char) -> bool {
    matches!(c, '\u{1D400}'..='\u{1D7FF}' | '\u{24B6}'..='\u{24E9}' | '\u{1F130}'..='\u{1F169}' | '\u{1F170}'..='\u{1F189}'
        | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' | '\u{1D00}'..='\u{1D2B}' | '\u{0262}' | '\u{0299}'
        | '\u{029C}' | '\u{026A}' | '\u{029F}' | '\u{0274}' | '\u{0280}' | '\u{A730}' | '\u{A731}')
}

/// Stretches of fancy letters, two or more, and the plain letters.
fn fancy_letters(text: &str, _: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let (mut start, mut end, mut count) = (0, 0, 0);
    let mut close = |start: usize, end: usize, count: usize| {
        if count > 1 {
            let span: Span<Plain> = Span::new(start, end);
            found.push((span, Some(plain_letters(span.of(text)))));
        }
    };
    for (at, c) in text.char_indices() {
        if is_fancy(c) {
            start = if count == 0 { at } else { start };
            end = at + c.len_utf8();
            count += 1;
        } else if count > 0 && !(c == ' ' || c == '\u{336}') {
            close(start, end, count);
            count = 0;
        }
    }
    close(start, end, count);
    found
}

fn plain_letters(text: &str) -> String {
    let squared = |c: char| match u32::from(c) {
        n @ 0x1F150..=0x1F169 => char::from_u32(n - 0x1F150 + 0x41),
        n @ 0x1F170..=0x1F189 => char::from_u32(n - 0x1F170 + 0x41),
        _ => None,
    };
    let text: String = text.chars().map(|c| squared(c).unwrap_or(c)).filter(|c| *c != '\u{336}').collect();
    fold(&text).text.into_owned()
}

/// Three lines or more that begin with an emoji: the first of them.
fn emoji_bullets(text: &str, _: &Words) -> Vec<Found> {
    let (mut at, mut first, mut count) = (0, None, 0);
    for line in text.split_inclusive('\n') {
        let lead = line.len() - line.trim_start().len();
        if let Some(len) = emoji_len(line.trim_start()) {
            first = first.or(Some(Span::new(at + lead, at + lead + len)));
            count += 1;
        }
        at += line.len();
    }
    first.filter(|_| count > 2).map(|span| (span, None)).into_iter().collect()
}

/// `collected.It`: a full stop without a space, of which a platform makes a link.
fn missing_space(text: &str, _: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for span in link::urls(text) {
        let Some((before, after)) = span.of(text).split_once('.') else { continue };
        let word = |w: &str| w.chars().all(|c| c.is_ascii_alphabetic());
        let sentence = after.starts_with(|c: char| c.is_ascii_uppercase())
            && after.chars().skip(1).all(|c| c.is_ascii_lowercase())
            && before.ends_with(|c: char| c.is_ascii_lowercase());
        let domain = ["Uk", "Com", "Org", "Net", "Gov"].contains(&after);
        if word(before) && sentence && !domain {
            found.push((span, Some(format!("{before}. {after}"))));
        }
    }
    found
}

/// Characters that X refuses in a post.
fn refused_characters(text: &str, _: &Words) -> Vec<Found> {
    let all = text.char_indices().filter(|(_, c)| is_refused_by_x(*c));
    all.map(|(at, c)| (Span::new(at, at + c.len_utf8()), Some(String::new()))).collect()
}

/// Names of parameters that say where a reader came from. *Source:* the documentation of the tools that add them.
const TRACKERS: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "yclid",
    "twclid",
    "ttclid",
    "li_fat_id",
];

/// Addresses with tracking parameters, and the same without.
fn tracking(text: &str, _: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for span in link::urls(text) {
        let url = span.of(text);
        let Some((base, rest)) = url.split_once('?') else { continue };
        let (query, fragment) =
            rest.split_once('#').map_or((rest, ""), |(q, _)| (q, rest.get(q.len()..).unwrap_or("")));
        let is_tracker = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
            name.starts_with("utm_") || TRACKERS.contains(&name.as_str())
        };
        let all: Vec<&str> = query.split('&').collect();
        let kept: Vec<&str> = all.iter().copied().filter(|p| !is_tracker(p)).collect();
        if kept.len() < all.len() {
            let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
            found.push((span, Some(format!("{base}{query}{fragment}"))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words() -> Words {
        ["stay", "safe", "vote"].map(|w| (w.to_owned(), w.to_owned())).into_iter().collect()
    }

    proptest! {
        #[test]
        fn a_text_without_the_sign_has_not_the_form(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..16),
        ) {
            let (text, words) = (parts.concat(), words());
            for (name, sign, find) in FORMS {
                prop_assert!(sign & signs::of(&text) != 0 || find(&text, &words).is_empty(), "{name} in {text:?}");
            }
        }
    }

    const PARTS: &[&str] = &[
        "stay",
        "Safe",
        "s",
        "B",
        "a",
        "o",
        "0",
        "5",
        "st4y",
        "v0te",
        "!",
        "@",
        "$",
        "?",
        "?utm_source=x",
        "www.west.uk",
        "#",
        "#staysafe",
        ".",
        "-",
        " ",
        " ",
        "\n",
        "\t",
        "(",
        "]",
        "\"",
        "”",
        "“",
        "é",
        "а",
        "\u{200B}",
        "🎉",
        "Â£",
        "\u{FEFF}",
        "𝗙𝘂",
        "\u{A0}",
        "\u{2003}",
    ];

    #[test]
    fn fancy_letters_become_plain() {
        let text = "Come to the 𝗙𝘂𝗻 𝗗𝗮𝘆 🅿 ⓘ ＦＲＥＥ 🅵🆁🅴🅴";
        let found: Vec<_> = fancy_letters(text, &Words::default()).into_iter().filter_map(|(_, fix)| fix).collect();
        assert_eq!(found, ["Fun Day P i FREE FREE"]);
    }

    #[test]
    fn fancy_letters_end_at_ordinary_ones() {
        let text = "𝗙𝘂𝗻 bins 𝗗𝗮𝘆, 𝗡, 🅐🅩 ‒ 🅰🆉 🅐";
        let found = fancy_letters(text, &Words::default());
        let found: Vec<_> = found.iter().map(|(span, fix)| (span.of(text), fix.as_deref().unwrap())).collect();
        assert_eq!(found, [("𝗙𝘂𝗻", "Fun"), ("𝗗𝗮𝘆", "Day"), ("🅐🅩", "AZ"), ("🅰🆉 🅐", "AZ A")]);
        assert_eq!(fancy_letters("𝗡 is one", &Words::default()), [], "a single one is a symbol");
    }

    #[test]
    fn tracking_goes_and_the_rest_stays() {
        for (url, want) in [
            ("https://westmarsh.gov.uk/a?utm_source=x&utm_medium=y", "https://westmarsh.gov.uk/a"),
            ("https://westmarsh.gov.uk/a?id=3&fbclid=z#top", "https://westmarsh.gov.uk/a?id=3#top"),
        ] {
            assert_eq!(tracking(url, &Words::default()).first().and_then(|(_, f)| f.as_deref()), Some(want));
        }
        assert!(tracking("https://westmarsh.gov.uk/a?id=3", &Words::default()).is_empty());
    }

    #[test]
    fn a_full_stop_without_a_space_is_no_link() {
        let found = missing_space("Bins were not collected.It was icy. See westmarsh.gov.uk", &Words::default());
        assert_eq!(found.first().and_then(|(_, f)| f.as_deref()), Some("collected. It"));
        assert_eq!(found.len(), 1);
    }
}

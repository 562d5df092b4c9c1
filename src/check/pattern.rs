//! A pattern of a rule, compiled when a text needs it.
//!
//! Most patterns are never run in a short run, and then only over a post: there, half of the time that compiling takes is
//! spent on finding literals to jump to, which a post is too short to repay. So a pattern has two engines of one meaning,
//! each made when the first text of its length comes.

use crate::text::span::{Folded, Span};
use regex_automata::{
    Anchored, Input, PatternID,
    meta::{self, Regex},
};
use std::sync::OnceLock;

/// The most memory that one compiled pattern may take, in bytes.
const LIMIT: usize = 2 << 20;
/// From this length on, in bytes, a text repays looking for literals.
const LONG: usize = 4096;

/// Captures of a match: name or number, and place.
pub(super) type Captures = Vec<(String, Span<Folded>)>;

/// A pattern and its engines.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    short: OnceLock<Result<Regex, String>>,
    long: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    /// A pattern that is not compiled yet.
    pub(super) const fn new(source: String) -> Self {
        Self { source, short: OnceLock::new(), long: OnceLock::new() }
    }

    /// What is wrong with it, in a few words; compiles it.
    pub(super) fn fault(&self) -> Option<&str> {
        self.short.get_or_init(|| build(&self.source, false)).as_ref().err().map(String::as_str)
    }

    fn engine(&self, text: &str) -> Option<&Regex> {
        let long = text.len() >= LONG;
        let cell = if long { &self.long } else { &self.short };
        cell.get_or_init(|| build(&self.source, long)).as_ref().ok()
    }

    /// The places of all matches in `text` that are not empty, from left to right, in bytes of `text`.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
        self.engine(text).into_iter().flat_map(move |e| e.find_iter(text)).map(|m| m.range()).filter(|r| !r.is_empty())
    }

    /// Tells `found` each match in `text` that is not empty, with its captures.
    pub(super) fn captures(&self, text: &str, found: &mut dyn FnMut(Span<Folded>, Captures)) {
        let Some(engine) = self.engine(text) else { return };
        for range in self.find(text) {
            // Most texts have no match, and telling that is far cheaper without captures.
            let mut captures = engine.create_captures();
            if engine.captures_len() > 1 {
                let again = Input::new(text).range(range.start..).anchored(Anchored::Yes);
                engine.search_captures(&again, &mut captures);
            }
            let names = captures.group_info().pattern_names(PatternID::ZERO).enumerate().skip(1);
            let named = names.filter_map(|(i, name)| {
                let group = captures.get_group(i)?;
                Some((name.map_or_else(|| i.to_string(), str::to_owned), Span::new(group.start, group.end)))
            });
            found(Span::new(range.start, range.end), named.collect());
        }
    }
}

fn build(source: &str, literals: bool) -> Result<Regex, String> {
    let config = meta::Config::new().nfa_size_limit(Some(LIMIT)).auto_prefilter(literals);
    Regex::builder().configure(config).build(source).map_err(|error| match error.syntax_error() {
        // Its last line says what is wrong; those before it draw the pattern.
        Some(error) => {
            let text = error.to_string();
            text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
        }
        None if error.size_limit().is_some() => format!("it needs more than {LIMIT} bytes"),
        None => error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(pattern: &Pattern, text: &str) -> Vec<(Span<Folded>, Captures)> {
        let mut found = Vec::new();
        pattern.captures(text, &mut |span, captures| found.push((span, captures)));
        found
    }

    #[test]
    fn captures_are_known_by_name_or_number() {
        let found = all(&Pattern::new(r"(?P<value>[0-9]+)-(b)?".to_owned()), "x 12-b 3-");
        assert_eq!(found[0].1, [("value".to_owned(), Span::new(2, 4)), ("2".to_owned(), Span::new(5, 6))]);
        assert_eq!(found[1].1, [("value".to_owned(), Span::new(7, 8))]);
    }

    #[test]
    fn what_is_wrong_is_told_in_a_few_words() {
        let fault = |source: &str| Pattern::new(source.to_owned()).fault().map(str::to_owned);
        assert_eq!(fault("a+"), None);
        assert_eq!(fault("a(").unwrap(), "unclosed group");
        assert!(fault(r"(?:\w{90}){90}").unwrap().starts_with("it needs more than"));
    }

    proptest! {
        #[test]
        fn long_and_short_texts_are_read_alike(text in "[a-c0-9é ]{0,30}", source in "(\\(a\\|bc\\)|[a-c]|[0-9][+]|é|b[?]){1,4}") {
            let pattern = Pattern::new(source);
            let padding = "-".repeat(LONG);
            prop_assert_eq!(all(&pattern, &text), all(&pattern, &format!("{text}{padding}")));
        }
    }
}

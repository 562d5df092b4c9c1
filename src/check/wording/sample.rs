//! Texts that a phrase should match, to see whether it does: `yes. no` reads well, and matches nothing, since a phrase
//! never crosses the end of a sentence.

use super::{
    super::{class::Class, matcher::Words, phrase::Tree, program::Node},
    Wording,
    cover::{Symbol, some},
};
use crate::text::reading::Reading;

/// Sequences of a phrase that are tried.
const TRIED: usize = 32;
/// Entries of a list that are tried.
const ENTRIES: usize = 6;

/// Something that each class matches.
const CLASSES: &[(Class, &str)] = &[
    (Class::Name, "Mrs Okafor"),
    (Class::FirstName, "Priya"),
    (Class::CapWord, "Westmarsh"),
    (Class::Number, "42"),
    (Class::Money, "£40"),
    (Class::Percent, "15%"),
    (Class::Time, "7.30pm"),
    (Class::Date, "5 May"),
    (Class::Year, "2026"),
    (Class::Street, "Mill Road"),
    (Class::Address, "4 Mill Road"),
    (Class::Postcode, "W1A 1AA"),
    (Class::Handle, "@westmarsh"),
    (Class::Hashtag, "#bins"),
    (Class::Url, "https://example.org"),
    (Class::Email, "info@example.org"),
    (Class::Ref, "AB12345"),
    (Class::Emoji, "🙂"),
    (Class::Word, "thing"),
];

impl Wording<'_> {
    /// Whether `tree`, compiled as `node`, matches any of the texts made of it.
    pub(super) fn can_match(&self, tree: &Tree, node: Node) -> bool {
        some(tree, TRIED).iter().flat_map(|symbols| self.texts(symbols)).any(|text| self.matches(node, &text))
    }

    fn matches(&self, node: Node, text: &str) -> bool {
        let compiler = &self.compiler;
        let reading = Reading::new(text);
        let ids = compiler.words.look_up(&reading);
        let words = Words { reading: &reading, ids: &ids, program: &compiler.program, groups: &compiler.groups };
        words.find_in(node, 0..reading.tokens.len()).is_some()
    }

    /// Texts of a sequence: with marks as they are typed and with marks set apart, with something before them and without.
    pub(super) fn texts(&self, symbols: &[Symbol<'_>]) -> Vec<String> {
        let mut texts = vec![(String::new(), String::new())];
        for symbol in symbols {
            let mark = matches!(symbol, Symbol::Mark(_));
            let words = self.words_of(*symbol);
            let longer = |(tight, loose): &(String, String), word: &str| {
                let space = if tight.is_empty() || mark || word.is_empty() { "" } else { " " };
                (format!("{tight}{space}{word}"), format!("{loose} {word}"))
            };
            texts = texts
                .iter()
                .take(TRIED)
                .flat_map(|text| words.iter().map(|w| longer(text, w)).collect::<Vec<_>>())
                .collect();
        }
        texts
            .into_iter()
            .flat_map(|(tight, loose)| [format!("so {tight}"), format!("so {loose}"), tight, loose])
            .collect()
    }

    /// What a symbol may be.
    fn words_of(&self, symbol: Symbol<'_>) -> Vec<String> {
        match symbol {
            Symbol::Word(word) => vec![self.compiler.words.word(word).to_owned()],
            Symbol::Prefix(text) => vec![text.to_owned(), format!("{text}ing")],
            Symbol::Any => vec!["thing".to_owned()],
            Symbol::Mark(c) => vec![c.to_string()],
            Symbol::Emoji(text) => vec![text.to_owned()],
            Symbol::Gap(_) | Symbol::Start | Symbol::End => vec![String::new()],
            Symbol::Class(class) => {
                CLASSES.iter().filter(|(own, _)| *own == class).map(|(_, text)| (*text).to_owned()).collect()
            }
            Symbol::List(n) => {
                let entries = self.compiler.list_tree(n).map(|list| some(list, ENTRIES)).unwrap_or_default();
                entries.iter().filter_map(|symbols| self.texts(symbols).into_iter().nth(2)).collect()
            }
        }
    }
}

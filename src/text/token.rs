//! Tokens of folded text: words, numbers, marks, and the things that must be recognised before any rule runs (URLs,
//! e-mail addresses, mentions, hashtags, references), since a rule must not read inside them.

use super::{
    shape::{digit_after, emoji, handle, hashtag, mark, money, word_like},
    span::{Folded, Span},
};

pub use super::shape::is_emoji;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, perhaps with digits and inner apostrophes: `haven't`, `A26`.
    Word,
    /// Digits with inner separators: `42`, `3,000`, `2nd`, `01632`.
    Number,
    /// A sum: `£4.2m`.
    Money,
    /// `15%`.
    Percent,
    /// `7.30pm`, `19:30`, `10am`.
    Time,
    /// `12/05/2026`.
    Date,
    /// A web address, with or without its scheme.
    Url,
    /// An e-mail address.
    Email,
    /// `@mention`.
    Handle,
    /// `#Hashtag`.
    Hashtag,
    /// A planning or committee reference: `TM/14/01234/FL`, `24/01234/FUL`.
    Reference,
    /// One emoji, with its modifiers.
    Emoji,
    /// Any other character; a run of the same mark is one token, and `...` is `…`.
    Mark(char),
}

impl TokenKind {
    /// Tokens in which nothing is said in words: a rule about words or numbers does not read inside them.
    pub fn is_opaque(self) -> bool {
        matches!(self, Self::Url | Self::Email | Self::Handle | Self::Hashtag | Self::Reference)
    }
}

/// One token of a folded text.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // independent facts of a token
pub struct Token {
    /// Where it stands in the folded text.
    pub span: Span<Folded>,
    /// What it is.
    pub kind: TokenKind,
    /// Its sentence, an index into the reading's sentences.
    pub sentence: u32,
    /// Begins with an upper-case letter.
    pub capital: bool,
    /// All its letters are upper case, and it has at least two.
    pub upper: bool,
    /// First token of its sentence (marks and emoji do not count).
    pub first: bool,
    /// A line end stands between it and the token before.
    pub new_line: bool,
    /// White space or a quotation mark stands between it and the token before.
    pub spaced: bool,
}

/// Splits folded `text` into tokens, left to right, without overlap. White space, quotation marks and hyphens inside
/// compound words are no tokens.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, tokens: Vec::with_capacity(text.len() / 5), new_line: false, spaced: true };
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        at = lexer.step(at, c);
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    new_line: bool,
    spaced: bool,
}

impl Lexer<'_> {
    fn step(&mut self, at: usize, c: char) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        if c.is_whitespace() || c == '"' || c == '\'' {
            self.new_line |= c == '\n';
            self.spaced = true;
            return at + c.len_utf8();
        }
        let joined = || !self.spaced && self.tokens.last().is_some_and(|t| t.span.end == at);
        let (len, kind) = match c {
            _ if c.is_ascii_alphanumeric() => word_like(rest),
            '@' if !joined() => handle(rest).map_or((1, TokenKind::Mark(c)), |n| (n, TokenKind::Handle)),
            '#' if !joined() => hashtag(rest).map_or((1, TokenKind::Mark(c)), |n| (n, TokenKind::Hashtag)),
            '£' | '$' | '€' if digit_after(rest, c) => (money(rest), TokenKind::Money),
            _ if c.is_alphanumeric() => word_like(rest),
            _ if is_emoji(c) => (emoji(rest), TokenKind::Emoji),
            '-' if self.is_hyphen(at, rest) => {
                self.spaced = false;
                return at + 1;
            }
            _ => mark(rest, c),
        };
        self.push(at, len.max(c.len_utf8()), kind)
    }

    /// A `-` between two letters or digits joins a compound and says nothing.
    fn is_hyphen(&self, at: usize, rest: &str) -> bool {
        self.text.get(..at).is_some_and(|t| t.ends_with(char::is_alphanumeric))
            && rest.get(1..).is_some_and(|t| t.starts_with(char::is_alphanumeric))
    }

    fn push(&mut self, at: usize, len: usize, kind: TokenKind) -> usize {
        let span = Span::new(at, at + len);
        let text = span.of(self.text);
        let letters = || text.chars().filter(|c| c.is_alphabetic());
        let capital = text.starts_with(char::is_uppercase);
        self.tokens.push(Token {
            span,
            kind,
            sentence: 0,
            capital,
            upper: capital && letters().count() > 1 && letters().all(char::is_uppercase),
            first: false,
            new_line: self.new_line,
            spaced: self.spaced,
        });
        self.new_line = false;
        self.spaced = false;
        span.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, TokenKind)> {
        tokenize(text).iter().map(|t| (t.span.of(text), t.kind)).collect()
    }

    #[test]
    fn words_keep_apostrophes_and_lose_hyphens() {
        use TokenKind::{Mark, Word};
        let want =
            vec![("haven't", Word), ("well", Word), ("known", Word), ("o'clock", Word), (",", Mark(',')), ("so", Word)];
        assert_eq!(kinds("haven't well-known 'o'clock', so"), want);
    }

    #[test]
    fn numbers_have_kinds() {
        for (text, kind) in [
            ("£4.2m", TokenKind::Money),
            ("£3 million", TokenKind::Money),
            ("£1,984.12", TokenKind::Money),
            ("7.30pm", TokenKind::Time),
            ("19:30", TokenKind::Time),
            ("15%", TokenKind::Percent),
            ("12/05/2026", TokenKind::Date),
            ("3,000", TokenKind::Number),
            ("2nd", TokenKind::Number),
            ("4x4", TokenKind::Word),
        ] {
            assert_eq!(kinds(text), vec![(text, kind)]);
        }
    }

    #[test]
    fn links_and_names_are_whole() {
        use TokenKind::{Email, Handle, Hashtag, Mark, Reference, Url, Word};
        assert_eq!(
            kinds(
                "see https://x.gov.uk/a?b=1). or kent.gov.uk/potholes, @tmbc_kent #RecycleWeek TM/14/01234/FL jo.b@x.org"
            ),
            vec![
                ("see", Word),
                ("https://x.gov.uk/a?b=1", Url),
                (")", Mark(')')),
                (".", Mark('.')),
                ("or", Word),
                ("kent.gov.uk/potholes", Url),
                (",", Mark(',')),
                ("@tmbc_kent", Handle),
                ("#RecycleWeek", Hashtag),
                ("TM/14/01234/FL", Reference),
                ("jo.b@x.org", Email),
            ]
        );
    }

    #[test]
    fn a_missing_space_is_no_link() {
        assert_eq!(kinds("collected.It will").len(), 4);
        assert_eq!(kinds("done.it is").len(), 4);
    }

    #[test]
    fn a_dash_beside_a_space_is_a_mark() {
        use TokenKind::{Mark, Word};
        assert_eq!(kinds("bins -out"), vec![("bins", Word), ("-", Mark('-')), ("out", Word)]);
        assert_eq!(kinds("bins- out"), vec![("bins", Word), ("-", Mark('-')), ("out", Word)]);
    }

    #[test]
    fn a_word_is_upper_if_it_has_two_letters_and_all_are() {
        let upper: Vec<&str> = tokenize("BBC I Bins B2B NHS's bBC A1")
            .iter()
            .filter(|t| t.upper)
            .map(|t| t.span.of("BBC I Bins B2B NHS's bBC A1"))
            .collect();
        assert_eq!(upper, ["BBC", "B2B"]);
    }

    #[test]
    fn an_emoji_is_one_with_its_skin_tone() {
        use TokenKind::Emoji;
        assert_eq!(kinds("👍🏽👍🎉"), vec![("👍🏽", Emoji), ("👍", Emoji), ("🎉", Emoji)]);
        assert_eq!(kinds("🇬🇧🇫🇷"), vec![("🇬🇧", Emoji), ("🇫🇷", Emoji)]);
    }
}

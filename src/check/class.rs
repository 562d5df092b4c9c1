//! Built-in classes of phrases, `{NAME}` and its kin: shapes rather than words.

use crate::text::{
    names::{self, MONTHS, STREET_TYPES, TITLES},
    reading::Reading,
    token::{Token, TokenKind},
};

/// A class that a phrase can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A person's name by its shape.
    Name,
    /// A known first name.
    FirstName,
    /// A capitalised word that is not the first of its sentence.
    CapWord,
    /// A number in digits.
    Number,
    /// A sum of money.
    Money,
    /// A percentage.
    Percent,
    /// A time of day.
    Time,
    /// A day and month, or a date in digits.
    Date,
    /// A year from 1900 to 2099.
    Year,
    /// A street's name.
    Street,
    /// A street's name with a house or flat number.
    Address,
    /// A full postcode.
    Postcode,
    /// An @mention.
    Handle,
    /// A hashtag.
    Hashtag,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// A code of capitals and digits, or a planning reference.
    Ref,
    /// Any emoji.
    Emoji,
    /// Any word.
    Word,
}

impl Class {
    /// Names in packs, with the class of each.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("NAME", Self::Name),
        ("FIRSTNAME", Self::FirstName),
        ("CAPWORD", Self::CapWord),
        ("NUMBER", Self::Number),
        ("MONEY", Self::Money),
        ("PERCENT", Self::Percent),
        ("TIME", Self::Time),
        ("DATE", Self::Date),
        ("YEAR", Self::Year),
        ("STREET", Self::Street),
        ("ADDRESS", Self::Address),
        ("POSTCODE", Self::Postcode),
        ("HANDLE", Self::Handle),
        ("HASHTAG", Self::Hashtag),
        ("URL", Self::Url),
        ("EMAIL", Self::Email),
        ("REF", Self::Ref),
        ("EMOJI", Self::Emoji),
        ("WORD", Self::Word),
    ];

    /// The most tokens that it can take; see [`Self::lengths`].
    pub(super) fn longest(self) -> u32 {
        match self {
            Self::Name | Self::Date | Self::Street | Self::Address | Self::Postcode => 8,
            _ => 1,
        }
    }

    /// Lengths, in tokens, of what this class matches at token `at`, as bits: bit n for n tokens.
    pub fn lengths(self, reading: &Reading<'_>, at: usize) -> u64 {
        let text = Around { reading, at };
        let Some(token) = text.token(0) else { return 0 };
        let one = |holds: bool| u64::from(holds) << 1;
        match self {
            Self::Name => text.name(),
            Self::FirstName => one(text.is_first_name(0)),
            Self::CapWord => one(token.kind == TokenKind::Word && token.capital && !token.first),
            Self::Number => one(matches!(token.kind, TokenKind::Number)),
            Self::Money => one(token.kind == TokenKind::Money),
            Self::Percent => one(token.kind == TokenKind::Percent),
            Self::Time => one(token.kind == TokenKind::Time),
            Self::Date => text.date(),
            Self::Year => one(text.is_year()),
            Self::Street => text.street(),
            Self::Address => text.address(),
            Self::Postcode => text.postcode(),
            Self::Handle => one(token.kind == TokenKind::Handle),
            Self::Hashtag => one(token.kind == TokenKind::Hashtag),
            Self::Url => one(token.kind == TokenKind::Url),
            Self::Email => one(token.kind == TokenKind::Email),
            Self::Ref => one(token.kind == TokenKind::Reference || text.is_code()),
            Self::Emoji => one(token.kind == TokenKind::Emoji),
            Self::Word => one(!matches!(token.kind, TokenKind::Mark(_) | TokenKind::Emoji)),
        }
    }
}

/// Tokens around a place.
struct Around<'r, 't> {
    reading: &'r Reading<'t>,
    at: usize,
}

impl<'r> Around<'r, '_> {
    fn token(&self, ahead: usize) -> Option<&'r Token> {
        self.reading.tokens.get(self.at + ahead)
    }

    fn text(&self, ahead: usize) -> &'r str {
        self.token(ahead).map_or("", |t| self.reading.at(t.span))
    }

    /// A word without its `'s`.
    fn bare(&self, ahead: usize) -> &'r str {
        let text = self.text(ahead);
        text.strip_suffix("'s").or_else(|| text.strip_suffix("'S")).unwrap_or(text)
    }

    /// Whether a word is one of some in lower case.
    fn is_one_of(&self, ahead: usize, words: &[&str]) -> bool {
        let bare = self.bare(ahead);
        words.iter().any(|word| word.eq_ignore_ascii_case(bare))
    }

    /// The token `ahead` continues the token before it: same sentence, only white space between.
    fn follows(&self, ahead: usize) -> bool {
        match (self.token(ahead.saturating_sub(1)), self.token(ahead)) {
            (Some(a), Some(b)) => a.sentence == b.sentence && !b.new_line,
            _ => false,
        }
    }

    fn is_capital_word(&self, ahead: usize) -> bool {
        self.token(ahead).is_some_and(|t| t.kind == TokenKind::Word && t.capital)
    }

    /// A capitalised word that is no month, weekday or street type.
    fn is_surname(&self, ahead: usize) -> bool {
        self.is_capital_word(ahead)
            && self.follows(ahead)
            && self.bare(ahead).len() > 1
            && [MONTHS, names::WEEKDAYS, STREET_TYPES, NOT_SURNAMES].iter().all(|words| !self.is_one_of(ahead, words))
    }

    fn is_first_name(&self, ahead: usize) -> bool {
        self.is_capital_word(ahead) && names::is_first_name(&self.bare(ahead).to_lowercase())
    }

    fn is_initial(&self, ahead: usize) -> bool {
        self.is_capital_word(ahead) && self.text(ahead).len() == 1 && self.text(ahead) != "I" && self.text(ahead) != "A"
    }

    fn name(&self) -> u64 {
        let mut at = 0;
        if self.is_capital_word(0) && self.is_one_of(0, TITLES) {
            at = 1 + usize::from(self.text(1) == ".");
            // A title and an initial or first name and a surname: `Mrs O`, `Dr Jo Bright`.
            let mut bits = 0;
            while at <= 4 && self.is_surname(at) {
                at += 1;
                bits |= 1 << at;
            }
            return bits;
        }
        let lower = if self.is_capital_word(0) { self.bare(0).to_lowercase() } else { String::new() };
        let mut bits = 0;
        if names::is_first_name(&lower) && !self.heads_a_place(0) {
            at += 1;
            bits |= 1 << at;
        } else if self.is_surname(1) && names::is_double_meaning(&lower) && !self.heads_a_place(0) {
            at += 1;
        } else if self.is_initial(0) {
            at += 1 + usize::from(self.text(1) == ".");
            if !self.is_surname(at) {
                return 0;
            }
        } else {
            return 0;
        }
        if self.is_initial(at) && self.is_surname(at + 1) {
            at += 1;
        }
        while at < 4 && self.is_surname(at) {
            at += 1;
            bits |= 1 << at;
        }
        bits
    }

    /// The capitalised words from `ahead` on end in a street type or the like: `Robert Street`, `Harold Park`.
    fn heads_a_place(&self, ahead: usize) -> bool {
        (ahead + 1..ahead + 3)
            .take_while(|i| self.is_capital_word(*i) && self.follows(*i))
            .any(|i| self.is_one_of(i, STREET_TYPES) || self.is_one_of(i, NOT_SURNAMES))
    }

    fn date(&self) -> u64 {
        let Some(token) = self.token(0) else { return 0 };
        if token.kind == TokenKind::Date {
            return 1 << 1;
        }
        let month = |i| self.is_one_of(i, MONTHS);
        let day = |i| self.token(i).is_some_and(|t| t.kind == TokenKind::Number) && self.text(i).len() <= 4;
        let year =
            |i| usize::from(self.text(i).len() == 4 && self.token(i).is_some_and(|t| t.kind == TokenKind::Number));
        if day(0) && self.text(1).eq_ignore_ascii_case("of") && month(2) {
            return 1 << (3 + year(3));
        }
        if (day(0) && month(1)) || (month(0) && day(1) && token.capital) {
            return 1 << (2 + year(2));
        }
        0
    }

    fn is_year(&self) -> bool {
        let text = self.text(0);
        text.len() == 4
            && (text.starts_with("19") || text.starts_with("20"))
            && text.bytes().all(|b| b.is_ascii_digit())
    }

    /// One to three capitalised words and a street type.
    fn street(&self) -> u64 {
        if !self.is_capital_word(0) {
            return 0;
        }
        (1..4)
            .take_while(|i| self.is_capital_word(*i) && self.follows(*i))
            .find(|i| self.is_one_of(*i, STREET_TYPES))
            .map_or(0, |i| 1 << (i + 1))
    }

    fn address(&self) -> u64 {
        let flat = self.is_one_of(0, &["flat", "apartment"]);
        let at = usize::from(flat || self.is_one_of(0, &["unit", "number", "no"]));
        let numbered = self.token(at).is_some_and(|t| t.kind == TokenKind::Number || t.kind == TokenKind::Word)
            && self.text(at).starts_with(|c: char| c.is_ascii_digit())
            && self.text(at).len() <= 5
            && !self.text(at).contains(['.', ',', ':', '/']);
        if !numbered {
            return 0;
        }
        let skip = at + 1;
        let bits = Around { reading: self.reading, at: self.at + skip }.street() << skip;
        if bits == 0 && flat { 1 << (at + 1) } else { bits }
    }

    fn postcode(&self) -> u64 {
        let out = self.text(0);
        let shaped = (2..=4).contains(&out.len())
            && out.starts_with(|c: char| c.is_ascii_alphabetic())
            && out.bytes().any(|b| b.is_ascii_digit());
        let inward = self.text(1).as_bytes();
        let fits =
            matches!(inward, [d, a, b] if d.is_ascii_digit() && a.is_ascii_alphabetic() && b.is_ascii_alphabetic());
        u64::from(shaped && fits) << 2
    }

    fn is_code(&self) -> bool {
        let text = self.text(0);
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        digits >= 2
            && text.bytes().any(|b| b.is_ascii_uppercase())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    }
}

/// Capitalised words that follow a first name or title in the names of places, bodies and events.
const NOT_SURNAMES: &[&str] = &[
    "council",
    "library",
    "museum",
    "school",
    "centre",
    "center",
    "hall",
    "church",
    "hospital",
    "community",
    "primary",
    "academy",
    "theatre",
    "festival",
    "day",
    "week",
    "fund",
    "trust",
    "awards",
    "award",
    "cup",
    "bridge",
    "station",
    "house",
    "court",
    "i",
    "and",
    "or",
    "team",
    "service",
    "services",
    "mp",
    "field",
    "fields",
    "playground",
    "pool",
    "estate",
    "ward",
    "college",
    "university",
    "gallery",
    "gardens",
    "hotel",
    "inn",
    "arms",
    "club",
    "united",
    "fc",
    "city",
    "town",
    "cottage",
    "building",
    "wing",
    "room",
    "suite",
    "pavilion",
    "monument",
    "statue",
    "memorial",
];

//! The folded view: what a reader sees, in the plainest characters that say it.
//!
//! Rules match on it, so that `ＤＯＢ`, `𝗗𝗢𝗕`, `D<zero width>OB` and `DОВ` with Cyrillic letters are all `DOB`. Folding keeps
//! case and word order; it only replaces characters and drops invisible ones:
//!
//! * compatibility forms (full width, mathematical letters, ligatures) by NFKC, one combining sequence at a time;
//! * zero-width, soft-hyphen, bidi and variation-selector characters are removed;
//! * any space is a space, any dash `-`, curly quotes are straight;
//! * marks that no letter is written with in any language are dropped from letters and digits of ASCII: `f̣ck`;
//! * digits of other scripts are those of ASCII;
//! * letters of other scripts that look Latin are Latin, in a word that mixes scripts.
//!
//! ASCII text needs none of this and is borrowed, not copied.

use super::map::{MapBuilder, OffsetMap};
use super::span::{Folded as FoldedText, Plain, Span};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A folded text with the way back.
#[derive(Debug, Clone)]
pub struct Folded<'t> {
    /// The folded text.
    pub text: Cow<'t, str>,
    /// From the folded text to the text that was folded.
    pub map: OffsetMap<FoldedText, Plain>,
    /// Where folding undid a disguise (not mere typography): sorted spans of the folded text. An invisible character
    /// inside a word marks the letter behind it.
    pub disguised: Vec<Span<FoldedText>>,
}

/// Folds `text`.
///
/// # Example
/// ```
/// use postlint::text::fold::fold;
/// assert_eq!(fold("It’s ｆｒｅｅ").text, "It's free");
/// ```
pub fn fold(text: &str) -> Folded<'_> {
    if text.is_ascii() {
        return Folded { text: Cow::Borrowed(text), map: OffsetMap::identity(), disguised: Vec::new() };
    }
    let mut folder = Folder::new(text);
    let mut at = 0;
    while at < text.len() {
        at = folder.step(text, at);
    }
    Folded { text: Cow::Owned(folder.out), map: folder.map.finish(), disguised: folder.disguised }
}

struct Folder {
    out: String,
    map: MapBuilder<FoldedText, Plain>,
    disguised: Vec<Span<FoldedText>>,
    /// Words of the origin in which look-alike letters are read as Latin ones; sorted.
    mixed: Vec<(usize, usize)>,
    /// An invisible character was dropped just before, inside a word.
    hidden: bool,
}

impl Folder {
    fn new(text: &str) -> Self {
        Self {
            out: String::with_capacity(text.len()),
            map: MapBuilder::new(),
            disguised: Vec::new(),
            mixed: mixed_words(text),
            hidden: false,
        }
    }

    /// Folds what begins at `at`, a run of ASCII or one combining sequence, and returns where it ends.
    fn step(&mut self, text: &str, at: usize) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let ascii = rest.bytes().take_while(u8::is_ascii).count();
        let marked = rest.get(ascii..).and_then(|r| r.chars().next()).is_some_and(is_combining_mark);
        // The last ASCII letter belongs to the marks that follow it.
        let plain = if marked { ascii.saturating_sub(1) } else { ascii };
        if plain > 0 {
            if self.hidden && rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                self.disguise(1);
            }
            self.hidden = false;
            self.out.push_str(rest.get(..plain).unwrap_or_default());
            self.map.copy(plain, at);
            return at + plain;
        }
        let mut chars = rest.char_indices();
        let Some((_, first)) = chars.next() else { return text.len() };
        if is_invisible(first) {
            self.hidden |= self.out.ends_with(char::is_alphanumeric) && first != '\u{FE0F}';
            return at + first.len_utf8();
        }
        let end = chars.find(|(_, c)| !is_combining_mark(*c)).map_or(rest.len(), |(i, _)| i);
        self.replace(rest.get(..end).unwrap_or_default(), first, at);
        at + end
    }

    fn replace(&mut self, raw: &str, first: char, at: usize) {
        let before = self.out.len();
        let look = self.in_mixed(at).then(|| look_alike(first)).flatten();
        let disguise = if let Some(letter) = boxed(first) {
            self.out.push(letter);
            true
        } else if let Some(plain) = typographic(first) {
            self.out.push_str(plain);
            false
        } else if let Some(latin) = look {
            self.out.push(latin);
            true
        } else if let Some(digit) = digit(first) {
            self.out.push(digit);
            true
        } else {
            self.out.extend(raw.nfkc().filter(|c| !is_invisible(*c) && *c != KEYCAP));
            self.drop_stray_marks(before);
            // `é` typed in two characters or `½` is typography; a letter or digit that became ASCII was dressed up.
            let now = self.out.get(before..).unwrap_or_default();
            now != raw && now.chars().all(|c| c.is_ascii_alphanumeric()) && !"²³¹ªº™№℃℉½¼¾".contains(first)
        };
        let len = self.out.len() - before;
        if self.out.get(before..) == Some(raw) {
            self.map.copy(len, at);
        } else {
            self.map.replace(len, at, raw.len());
        }
        if disguise || (self.hidden && first.is_alphanumeric()) {
            self.disguised.push(Span::new(before, before + len));
        }
        self.hidden = false;
    }

    /// Drops the marks behind a letter or digit of ASCII: with those that some language writes it with, it is one character.
    fn drop_stray_marks(&mut self, from: usize) {
        let own = self.out.get(from..).unwrap_or_default();
        if own.starts_with(|c: char| c.is_ascii_alphanumeric()) && own.chars().skip(1).all(is_combining_mark) {
            self.out.truncate(from + 1);
        }
    }

    fn disguise(&mut self, len: usize) {
        self.disguised.push(Span::new(self.out.len(), self.out.len() + len));
    }

    fn in_mixed(&self, at: usize) -> bool {
        let i = self.mixed.partition_point(|(_, end)| *end <= at);
        self.mixed.get(i).is_some_and(|(start, _)| *start <= at)
    }
}

/// Drawn around the digit before it: `7\u{FE0F}\u{20E3}` is read as 7.
const KEYCAP: char = '\u{20E3}';

/// Characters that show nothing of their own: zero-width, joiners, soft hyphen, bidi controls, variation selectors,
/// tags, and the overlays that strike a letter through.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{335}'..='\u{338}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E007F}')
}

/// The letter in a filled circle or square, which NFKC leaves alone.
fn boxed(c: char) -> Option<char> {
    let number = match c {
        '\u{1F150}'..='\u{1F169}' => u32::from(c) - 0x1F150,
        '\u{1F170}'..='\u{1F189}' => u32::from(c) - 0x1F170,
        _ => return None,
    };
    char::from_u32(u32::from('A') + number)
}

/// The digit of ASCII for a decimal digit of another script. Digits of compatibility, such as `１`, are left to NFKC.
/// *Source:* Unicode 16, general category Nd: where the ten digits of each script begin, those of living scripts.
fn digit(c: char) -> Option<char> {
    const ZEROS: &[u32] = &[
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
        0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
        0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    ];
    let code = u32::from(c);
    let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?)?;
    char::from_digit(code - zero, 10)
}

/// The plain form of a typographic character.
fn typographic(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => " ",
        '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => "-",
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{2BC}' | '\u{B4}' | '\u{FF07}' => "'",
        '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{AB}' | '\u{BB}' | '\u{FF02}' => "\"",
        '\u{2026}' => "...",
        '\u{2217}' | '\u{2731}' | '\u{204E}' | '\u{FE61}' => "*",
        _ => return None,
    })
}

/// Words that mix Latin letters or digits with letters of another script that all look Latin.
fn mixed_words(text: &str) -> Vec<(usize, usize)> {
    if !text.chars().any(|c| look_alike(c).is_some()) {
        return Vec::new();
    }
    let mut words = Vec::new();
    let mut from = 0;
    for part in text.split(|c: char| !(c.is_alphanumeric() || is_invisible(c))) {
        let latin = part.nfkc().any(|c| c.is_ascii_alphanumeric());
        let alien = part.chars().any(|c| look_alike(c).is_some());
        // A word without a Latin letter is taken for Latin only if each letter is indistinguishable.
        let all = part.chars().all(|c| !c.is_alphabetic() || (look_alike(c).is_some() && !WEAK.contains(c)));
        if alien && (latin || all) {
            words.push((from, from + part.len()));
        }
        from += part.len();
        from += text.get(from..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
    }
    words
}

/// Look-alikes that nobody would take for the Latin letter outside a Latin word.
const WEAK: &str = "кмнвтгпиьӏορνικτυχγεօսոհցզ";

/// The Latin letter that a Cyrillic, Greek or Armenian letter, or a small capital, is taken for.
/// *Source:* Unicode confusables (UTS 39, version 16), the rows whose target is one basic Latin letter.
fn look_alike(c: char) -> Option<char> {
    const PAIRS: &[(&str, &str)] = &[
        ("аеорсухіјѕԁһԛԝѵкмнвтгпиьӏ", "aeopcyxijsdhqwvkmhbtrnubl"),
        ("АВЕЅІЈКМНОРСТУХԌԚԜҮ", "ABESIJKMHOPCTYXGQWY"),
        ("αορνικτυχγε", "aopviktuxye"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
        ("օսոհցզ", "ounhgq"),
        ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
        ("ıɑɡⅼ", "iagl"),
    ];
    // Accents, punctuation, ideographs and emoji are the most of what is met, and none of them is in the table.
    if matches!(c, ..'\u{131}' | '\u{2000}'..='\u{216F}' | '\u{2180}'..='\u{A6FF}' | '\u{A800}'..) {
        return None;
    }
    PAIRS.iter().find_map(|(from, to)| from.chars().zip(to.chars()).find(|(f, _)| *f == c).map(|(_, t)| t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ascii_is_borrowed() {
        assert!(matches!(fold("plain text").text, Cow::Borrowed(_)));
    }

    #[test]
    fn disguises_are_undone_and_marked() {
        for (raw, plain) in [
            ("ＤＯＢ １２", "DOB 12"),
            ("𝗗𝗢𝗕", "DOB"),
            ("D\u{200B}OB", "DOB"),
            ("7\u{FE0F}\u{20E3}0\u{20E3}", "70"),
            ("Dоb", "Dob"),
            ("пассword", "naccword"),
            ("\u{1F150}\u{1F169}", "AZ"),
            ("\u{1F170}\u{1F189}", "AZ"),
            ("mor\u{330}on f\u{323}", "moron f"),
            ("9\u{330}4\u{300}\u{301}3", "943"),
            ("٩٤٣ ۹۴۳ ९४३", "943 943 943"),
        ] {
            let folded = fold(raw);
            assert_eq!(folded.text, plain);
            assert!(!folded.disguised.is_empty(), "{raw}");
        }
    }

    #[test]
    fn typography_is_no_disguise() {
        for (raw, plain) in [("It’s – “fine”…", "It's - \"fine\"..."), ("cafe\u{301}", "café"), ("a\u{A0}b", "a b")]
        {
            let folded = fold(raw);
            assert_eq!(folded.text, plain);
            assert!(folded.disguised.is_empty(), "{raw}");
        }
    }

    /// The first and the last of each range, between letters.
    #[test]
    fn what_shows_nothing_is_left_out() {
        for c in "\u{AD}\u{335}\u{338}\u{34F}\u{61C}\u{180E}\u{200B}\u{200F}\u{202A}\u{202E}\u{2060}\u{2064}\u{2066}\u{206F}\u{FE00}\u{FE0F}\u{FEFF}\u{E0000}\u{E007F}".chars() {
            let raw = format!("a{c}b");
            let folded = fold(&raw);
            assert_eq!((folded.text.as_ref(), is_invisible(c)), ("ab", true), "{c:?}");
assert!(!folded.disguised.is_empty(), "{c:?}");
        }
        assert!("a \u{AE}\u{339}\u{2010}\u{2029}\u{202F}\u{2065}\u{FE10}".chars().all(|c| !is_invisible(c)));
    }

    #[test]
    fn typography_has_a_plain_form() {
        for (marks, plain) in [
            ("\u{A0}\u{1680}\u{2000}\u{200A}\u{202F}\u{205F}\u{3000}", " "),
            ("\u{85}\u{2028}\u{2029}", "\n"),
            ("\u{2010}\u{2015}\u{2212}\u{2E3A}\u{2E3B}\u{FE58}\u{FE63}\u{FF0D}", "-"),
            ("\u{2018}\u{201B}\u{2032}\u{2BC}\u{B4}\u{FF07}", "'"),
            ("\u{201C}\u{201F}\u{2033}\u{AB}\u{BB}\u{FF02}", "\""),
            ("\u{2026}", "..."),
            ("\u{2217}\u{2731}\u{204E}\u{FE61}", "*"),
        ] {
            for mark in marks.chars() {
                let raw = format!("a{mark}b");
                let folded = fold(&raw);
                assert_eq!(folded.text, format!("a{plain}b"), "{mark:?}");
                assert!(folded.disguised.is_empty(), "{mark:?}");
            }
        }
    }

    /// A letter of each row of the table, in a word that is Latin but for it, and where no Latin letter is near.
    #[test]
    fn look_alikes_are_letters_where_they_pass_for_them() {
        for (raw, plain) in [
            ("bіn", "bin"),
            ("ВIN", "BIN"),
            ("vοte", "vote"),
            ("ΒIN", "BIN"),
            ("cօde", "code"),
            ("ʙins", "bins"),
            ("bıns", "bins"),
            ("соса", "coca"),
            ("кот", "кот"),
            ("bin кот", "bin кот"),
            ("бin", "бin"),
        ] {
            let folded = fold(raw);
            assert_eq!((folded.text.as_ref(), folded.disguised.is_empty()), (plain, raw == plain), "{raw}");
        }
        assert_eq!(fold("aοb жοc").disguised.len(), 2, "of a word only what looks like another letter");
    }

    #[test]
    fn other_scripts_are_left_alone() {
        assert_eq!(fold("Привет всем").text, "Привет всем");
    }

    #[test]
    fn a_hit_maps_back_to_what_was_typed() {
        let raw = "x ｃ\u{200B}ａｆé y";
        let folded = fold(raw);
        let at = folded.text.find("café").unwrap_or_default();
        let origin = folded.map.map(Span::new(at, at + "café".len()));
        assert_eq!(origin.of(raw), "ｃ\u{200B}ａｆé");
    }

    proptest! {
        #[test]
        fn every_folded_char_maps_to_char_boundaries(text in "[a-z0-9 é’“–\u{200B}\u{301}😀ＡａсаΑ\u{AD}½ﬁ]{0,40}") {
            let folded = fold(&text);
            let mut last = 0;
            for (i, c) in folded.text.char_indices() {
                let origin = folded.map.map(Span::new(i, i + c.len_utf8()));
                prop_assert!(text.is_char_boundary(origin.start) && text.is_char_boundary(origin.end));
                prop_assert!(origin.end <= text.len() && !origin.is_empty() && origin.start >= last);
                last = origin.start;
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "[a-z0-9 éÀ-ÿ’“–…\u{200B}😀Ａａсо\u{AD}½ﬁ𝗗]{0,30}") {
            let once = fold(&text).text.into_owned();
            let twice = fold(&once).text.into_owned();
            prop_assert_eq!(once, twice);
        }
    }

    #[test]
    fn what_is_hidden_before_a_word_disguises_nothing() {
        for raw in ["to \u{200B}word", "\u{200B}word", "word\u{200B} to", "so, \u{2060}\u{AD}word"] {
            assert!(fold(raw).disguised.is_empty(), "{raw:?}");
        }
        assert!(!fold("wo\u{200B}rd").disguised.is_empty());
    }
}

//! Emoji as readers see them: one picture, however many code points it takes.

/// Length in bytes of the emoji that `text` begins with: a picture with its skin tone, a flag, a keycap, or pictures
/// joined by zero-width joiners. A character that is text by nature (`©`, `1`) is an emoji only with the sign that says
/// so.
///
/// *Source:* the grammar of UTS 51, section 1.4.9 (ED-16, ED-17).
///
/// # Example
/// ```
/// use postlint::text::emoji::emoji_len;
/// assert_eq!(emoji_len("👨‍👩‍👧‍👦!"), Some("👨‍👩‍👧‍👦".len()));
/// assert_eq!((emoji_len("©"), emoji_len("🇬🇧🇬"), emoji_len("1\u{fe0f}\u{20e3}")), (None, Some(8), Some(7)));
/// ```
pub fn emoji_len(text: &str) -> Option<usize> {
    let mut len = element(text)?;
    while let Some(joined) = text.get(len..).and_then(|t| t.strip_prefix(JOINER)) {
        let Some(next) = joined.chars().next().filter(|c| is_pictograph(*c)).and_then(|_| element(joined)) else {
            break;
        };
        len += JOINER.len_utf8() + next;
    }
    Some(len)
}

const JOINER: char = '\u{200D}';
const AS_EMOJI: char = '\u{FE0F}';
const AS_TEXT: char = '\u{FE0E}';
const KEYCAP: char = '\u{20E3}';

/// Length of one picture with its modifiers.
fn element(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let tail = chars.as_str();
    let next = tail.chars().next();
    if is_flag(first) {
        return next.filter(|c| is_flag(*c)).map(|c| first.len_utf8() + c.len_utf8());
    }
    if first.is_ascii_digit() || "#*".contains(first) {
        let key = tail.strip_prefix(AS_EMOJI).unwrap_or(tail);
        return key.starts_with(KEYCAP).then(|| text.len() - key.len() + KEYCAP.len_utf8());
    }
    if !is_pictograph(first) || next == Some(AS_TEXT) {
        return None;
    }
    if is_text_by_nature(first) && next != Some(AS_EMOJI) {
        return None;
    }
    let mut rest = tail.strip_prefix(AS_EMOJI).unwrap_or(tail);
    rest = rest.strip_prefix(|c| matches!(c, '\u{1F3FB}'..='\u{1F3FF}')).unwrap_or(rest);
    if first == '\u{1F3F4}' {
        rest = rest.trim_start_matches(|c| matches!(c, '\u{E0020}'..='\u{E007F}'));
    }
    Some(text.len() - rest.len())
}

/// Whether `c` is half of a flag: one of the two letters that name a country.
pub fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Letters and signs of which most fonts show a text form unless told otherwise.
fn is_text_by_nature(c: char) -> bool {
    matches!(c, '©' | '®' | '™' | '\u{265F}')
}

/// Characters with the property Emoji, less digits, `#`, `*` and the letters of flags. *Source:* Unicode 17,
/// `emoji-data.txt`.
fn is_pictograph(c: char) -> bool {
    let i = PICTOGRAPHS.partition_point(|(_, to)| *to < c);
    PICTOGRAPHS.get(i).is_some_and(|(from, _)| *from <= c)
}

#[rustfmt::skip]
const PICTOGRAPHS: &[(char, char)] = &[
    ('\u{A9}', '\u{A9}'), ('\u{AE}', '\u{AE}'), ('\u{203C}', '\u{203C}'), ('\u{2049}', '\u{2049}'),
    ('\u{2122}', '\u{2122}'), ('\u{2139}', '\u{2139}'), ('\u{2194}', '\u{2199}'), ('\u{21A9}', '\u{21AA}'),
    ('\u{231A}', '\u{231B}'), ('\u{2328}', '\u{2328}'), ('\u{23CF}', '\u{23CF}'), ('\u{23E9}', '\u{23F3}'),
    ('\u{23F8}', '\u{23FA}'), ('\u{24C2}', '\u{24C2}'), ('\u{25AA}', '\u{25AB}'), ('\u{25B6}', '\u{25B6}'),
    ('\u{25C0}', '\u{25C0}'), ('\u{25FB}', '\u{25FE}'), ('\u{2600}', '\u{2604}'), ('\u{260E}', '\u{260E}'),
    ('\u{2611}', '\u{2611}'), ('\u{2614}', '\u{2615}'), ('\u{2618}', '\u{2618}'), ('\u{261D}', '\u{261D}'),
    ('\u{2620}', '\u{2620}'), ('\u{2622}', '\u{2623}'), ('\u{2626}', '\u{2626}'), ('\u{262A}', '\u{262A}'),
    ('\u{262E}', '\u{262F}'), ('\u{2638}', '\u{263A}'), ('\u{2640}', '\u{2640}'), ('\u{2642}', '\u{2642}'),
    ('\u{2648}', '\u{2653}'), ('\u{265F}', '\u{2660}'), ('\u{2663}', '\u{2663}'), ('\u{2665}', '\u{2666}'),
    ('\u{2668}', '\u{2668}'), ('\u{267B}', '\u{267B}'), ('\u{267E}', '\u{267F}'), ('\u{2692}', '\u{2697}'),
    ('\u{2699}', '\u{2699}'), ('\u{269B}', '\u{269C}'), ('\u{26A0}', '\u{26A1}'), ('\u{26A7}', '\u{26A7}'),
    ('\u{26AA}', '\u{26AB}'), ('\u{26B0}', '\u{26B1}'), ('\u{26BD}', '\u{26BE}'), ('\u{26C4}', '\u{26C5}'),
    ('\u{26C8}', '\u{26C8}'), ('\u{26CE}', '\u{26CF}'), ('\u{26D1}', '\u{26D1}'), ('\u{26D3}', '\u{26D4}'),
    ('\u{26E9}', '\u{26EA}'), ('\u{26F0}', '\u{26F5}'), ('\u{26F7}', '\u{26FA}'), ('\u{26FD}', '\u{26FD}'),
    ('\u{2702}', '\u{2702}'), ('\u{2705}', '\u{2705}'), ('\u{2708}', '\u{270D}'), ('\u{270F}', '\u{270F}'),
    ('\u{2712}', '\u{2712}'), ('\u{2714}', '\u{2714}'), ('\u{2716}', '\u{2716}'), ('\u{271D}', '\u{271D}'),
    ('\u{2721}', '\u{2721}'), ('\u{2728}', '\u{2728}'), ('\u{2733}', '\u{2734}'), ('\u{2744}', '\u{2744}'),
    ('\u{2747}', '\u{2747}'), ('\u{274C}', '\u{274C}'), ('\u{274E}', '\u{274E}'), ('\u{2753}', '\u{2755}'),
    ('\u{2757}', '\u{2757}'), ('\u{2763}', '\u{2764}'), ('\u{2795}', '\u{2797}'), ('\u{27A1}', '\u{27A1}'),
    ('\u{27B0}', '\u{27B0}'), ('\u{27BF}', '\u{27BF}'), ('\u{2934}', '\u{2935}'), ('\u{2B05}', '\u{2B07}'),
    ('\u{2B1B}', '\u{2B1C}'), ('\u{2B50}', '\u{2B50}'), ('\u{2B55}', '\u{2B55}'), ('\u{3030}', '\u{3030}'),
    ('\u{303D}', '\u{303D}'), ('\u{3297}', '\u{3297}'), ('\u{3299}', '\u{3299}'), ('\u{1F004}', '\u{1F004}'),
    ('\u{1F0CF}', '\u{1F0CF}'), ('\u{1F170}', '\u{1F171}'), ('\u{1F17E}', '\u{1F17F}'), ('\u{1F18E}', '\u{1F18E}'),
    ('\u{1F191}', '\u{1F19A}'), ('\u{1F201}', '\u{1F202}'), ('\u{1F21A}', '\u{1F21A}'), ('\u{1F22F}', '\u{1F22F}'),
    ('\u{1F232}', '\u{1F23A}'), ('\u{1F250}', '\u{1F251}'), ('\u{1F300}', '\u{1F321}'), ('\u{1F324}', '\u{1F393}'),
    ('\u{1F396}', '\u{1F397}'), ('\u{1F399}', '\u{1F39B}'), ('\u{1F39E}', '\u{1F3F0}'), ('\u{1F3F3}', '\u{1F3F5}'),
    ('\u{1F3F7}', '\u{1F4FD}'), ('\u{1F4FF}', '\u{1F53D}'), ('\u{1F549}', '\u{1F54E}'), ('\u{1F550}', '\u{1F567}'),
    ('\u{1F56F}', '\u{1F570}'), ('\u{1F573}', '\u{1F57A}'), ('\u{1F587}', '\u{1F587}'), ('\u{1F58A}', '\u{1F58D}'),
    ('\u{1F590}', '\u{1F590}'), ('\u{1F595}', '\u{1F596}'), ('\u{1F5A4}', '\u{1F5A5}'), ('\u{1F5A8}', '\u{1F5A8}'),
    ('\u{1F5B1}', '\u{1F5B2}'), ('\u{1F5BC}', '\u{1F5BC}'), ('\u{1F5C2}', '\u{1F5C4}'), ('\u{1F5D1}', '\u{1F5D3}'),
    ('\u{1F5DC}', '\u{1F5DE}'), ('\u{1F5E1}', '\u{1F5E1}'), ('\u{1F5E3}', '\u{1F5E3}'), ('\u{1F5E8}', '\u{1F5E8}'),
    ('\u{1F5EF}', '\u{1F5EF}'), ('\u{1F5F3}', '\u{1F5F3}'), ('\u{1F5FA}', '\u{1F64F}'), ('\u{1F680}', '\u{1F6C5}'),
    ('\u{1F6CB}', '\u{1F6D2}'), ('\u{1F6D5}', '\u{1F6D8}'), ('\u{1F6DC}', '\u{1F6E5}'), ('\u{1F6E9}', '\u{1F6E9}'),
    ('\u{1F6EB}', '\u{1F6EC}'), ('\u{1F6F0}', '\u{1F6F0}'), ('\u{1F6F3}', '\u{1F6FC}'), ('\u{1F7E0}', '\u{1F7EB}'),
    ('\u{1F7F0}', '\u{1F7F0}'), ('\u{1F90C}', '\u{1F93A}'), ('\u{1F93C}', '\u{1F945}'), ('\u{1F947}', '\u{1F9FF}'),
    ('\u{1FA70}', '\u{1FA7C}'), ('\u{1FA80}', '\u{1FA8A}'), ('\u{1FA8E}', '\u{1FAC6}'), ('\u{1FAC8}', '\u{1FAC8}'),
    ('\u{1FACD}', '\u{1FADC}'), ('\u{1FADF}', '\u{1FAEA}'), ('\u{1FAEF}', '\u{1FAF8}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(PICTOGRAPHS.iter().all(|(a, b)| a <= b) && PICTOGRAPHS.windows(2).all(|w| w[0].1 < w[1].0));
    }

    #[test]
    fn one_picture_is_one_emoji() {
        for picture in ["😷", "🙋🏽", "👨‍🎤", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "#️⃣", "🇬🇧", "☺", "©️"]
        {
            assert_eq!(emoji_len(picture), Some(picture.len()), "{picture}");
        }
        for text in ["a", "1", "©", "🇬", "•", "✓x".get(3..).unwrap(), "❤\u{fe0e}"] {
            assert_eq!(emoji_len(text), None, "{text}");
        }
    }
}

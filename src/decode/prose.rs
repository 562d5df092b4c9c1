//! Whether a value is words for people, or a name, a state, a path, a date. Where a key does not say what its value is for,
//! the value has to.

/// Words that a text has at least.
const FEW: usize = 3;
/// Words without a full stop that are a sentence all the same, not the name of a team.
const MANY: usize = 5;
/// Endings of files that posts come with.
const FILES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "heic", "tif", "tiff", "mp4", "mov", "avi", "webm", "mp3", "pdf",
    "psd", "docx", "pptx",
];

/// Whether `text` has three words or more, and they are more than half of what stands in it.
pub(super) fn is_words(text: &str) -> bool {
    let (words, all, _) = counted(text);
    words >= FEW && words * 2 > all
}

/// Whether `text` plainly is a sentence: words with a stop behind them, or five words that are no name.
pub(super) fn is_sentence(text: &str) -> bool {
    let (words, all, small) = counted(text);
    let stopped = text
        .trim_end()
        .trim_end_matches(['"', '\'', ')', '\u{201D}', '\u{2019}'])
        .ends_with(['.', '!', '?', '\u{2026}']);
    words >= FEW && words * 2 > all && (stopped || words >= MANY && small * 2 >= words)
}

/// Whether `text` is the name of a file, which may have blanks in it.
pub(super) fn is_file(text: &str) -> bool {
    let ending = text.trim().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    text.contains('\\') || ending.is_some_and(|e| FILES.contains(&e.as_str()))
}

/// How many words `text` has, how many pieces between blanks, and how many words that begin with a small letter.
fn counted(text: &str) -> (usize, usize, usize) {
    let (mut words, mut all, mut small) = (0, 0, 0);
    // Most values are one word.
    if text.bytes().filter(u8::is_ascii_whitespace).nth(FEW - 2).is_none() {
        return (words, all, small);
    }
    for piece in text.split_whitespace() {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || "'\u{2019}-".contains(c));
        words += usize::from(is_word);
        small += usize::from(is_word && word.starts_with(char::is_lowercase));
        all += usize::from(piece.contains(char::is_alphanumeric));
    }
    (words, all, small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_names_paths_and_dates() {
        for text in
            ["They are late.", "Caf\u{e9} on the Green", "It\u{2019}s 5 o'clock at the town hall", "We (still) wait"]
        {
            assert!(is_words(text), "{text}");
        }
        for text in
            ["", "Bin day", "Friday 4 December 2026 at 09:30", "images/a b.png", "https://a.b/c d e", "a_b c_d e_f"]
        {
            assert!(!is_words(text), "{text}");
        }
    }

    #[test]
    fn a_sentence_is_no_name_and_no_state() {
        for text in ["They are late.", "\u{201C}Is it late?\u{201D}", "the bins were not emptied again"] {
            assert!(is_sentence(text), "{text}");
        }
        for text in [
            "Awaiting sign-off",
            "Waiting for Jo",
            "Waste and Recycling Services Team",
            "X, Facebook, LinkedIn",
            "J. R. Patel",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }

    #[test]
    fn a_file_may_have_blanks_in_its_name() {
        assert!(is_file("the new bin by the park.JPG") && is_file("C:\\our pictures\\of the new bin"));
        assert!(!is_file("A new bin by the park.") && !is_file("Book at westmarsh.example"));
    }
}

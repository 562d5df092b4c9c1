//! Credentials: tokens with a checksum, and values whose shape tells a password from a sentence about passwords.

use super::{Judge, Verdict, reserved, valid, valid_if};

/// `ghp_` and its sisters carry a CRC-32 in base 62. Source: GitHub, "Behind GitHub's new authentication token formats".
pub(super) static GITHUB_TOKEN: Judge = Judge::new("github-token", github);
/// Access key ids of Amazon Web Services; those ending in EXAMPLE stand in its manuals.
pub(super) static AWS_KEY: Judge = Judge::new("aws-key", aws);
/// The last word of the match is a password, not a word about passwords.
pub(super) static PASSWORD_VALUE: Judge = Judge::new("password-value", password);
/// The last word of the match is as random as a key.
pub(super) static ENTROPY: Judge = Judge::new("entropy", entropy);
/// Four to eight digits that are no year of a campaign.
pub(super) static OTP: Judge = Judge::new("otp", otp);

/// Bits a character below which a run of 20 is a name or a hashtag, not a key.
const KEY_ENTROPY: f64 = 4.3;

/// A wrong checksum still has the shape of a token, perhaps mistyped: it adds nothing instead of dropping the hit.
fn github(value: &str) -> Verdict {
    if let Some(rest) = value.strip_prefix("github_pat_") {
        return valid_if(rest.len() == 82, 0.3);
    }
    let (Some(payload), Some(checksum), true) = (value.get(4..34), value.get(34..), value.len() == 40) else {
        return Verdict::Invalid;
    };
    let expected = base62(crc32(payload.as_bytes()));
    valid(if checksum == expected { 0.5 } else { 0.0 })
}

/// CRC-32 with the polynomial of Ethernet and zip, bit by bit: a token is short.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// Six places, digits before capitals before small letters.
fn base62(mut value: u32) -> String {
    let mut places = ['0'; 6];
    for place in places.iter_mut().rev() {
        let digit = value % 62;
        *place = char::from_digit(digit % 36, 36).unwrap_or('0');
        if (10..36).contains(&digit) {
            *place = place.to_ascii_uppercase();
        } else if digit >= 36 {
            *place = char::from_digit(digit - 36 + 10, 36).unwrap_or('0');
        }
        value /= 62;
    }
    places.iter().collect()
}

fn aws(value: &str) -> Verdict {
    let prefix = ["AKIA", "ASIA", "ABIA", "ACCA"].iter().any(|p| value.starts_with(p));
    match prefix && value.len() == 20 {
        false => Verdict::Invalid,
        true if value.ends_with("EXAMPLE") => reserved(0.3),
        true => valid(0.3),
    }
}

/// Words that follow "password is" in advice.
const ABOUT_PASSWORDS: &[&str] = &[
    "always",
    "asked",
    "case-sensitive",
    "changed",
    "compromised",
    "different",
    "expired",
    "forgotten",
    "important",
    "incorrect",
    "invalid",
    "n/a",
    "needed",
    "never",
    "private",
    "protected",
    "required",
    "reset",
    "secret",
    "secure",
    "strong",
    "tbc",
    "unique",
    "weak",
    "wrong",
];

/// Five letters and digits mixed, a symbol within a word, or capitals inside it; never a mask, a time, a sum or a date.
fn password(value: &str) -> Verdict {
    let last = value.split_whitespace().next_back().unwrap_or_default();
    let word = last.rsplit([':', '=']).next().unwrap_or_default().trim_matches(['"', '\'', '.', ',', '?', ')', '(']);
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    let (digit, lower) = (has(char::is_ascii_digit), has(char::is_ascii_lowercase));
    let inner_capital = word.chars().skip(1).any(|c| c.is_ascii_uppercase()) && lower;
    let symbol = word.trim_end_matches('!').chars().any(|c| c.is_ascii_punctuation() && !"-'./,".contains(c));
    let letter = lower || has(char::is_ascii_uppercase);
    let masked = word.chars().all(|c| "*•x.-_".contains(c));
    let about = ABOUT_PASSWORDS.contains(&word.to_ascii_lowercase().as_str());
    let shaped = inner_capital || symbol || (digit && (letter || word.len() >= 4));
    let good =
        (4..=64).contains(&word.len()) && shaped && !masked && !about && !is_time_or_sum(word) && !word.contains("//");
    valid_if(good, if digit && letter { 0.2 } else { 0.1 })
}

fn is_time_or_sum(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ".,:/-".contains(c));
    let number_at_end = lower.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = lower.get(number_at_end.len()..).unwrap_or_default();
    lower.starts_with(['£', '#', '@'])
        || matches!(unit, "am" | "pm" | "st" | "nd" | "rd" | "th" | "km" | "m" | "k" | "p") && number(number_at_end)
        || lower.contains(['.', ':', '/']) && number(&lower)
}

fn entropy(value: &str) -> Verdict {
    let word = value.split_whitespace().next_back().unwrap_or_default();
    let classes = [char::is_ascii_lowercase, char::is_ascii_uppercase, char::is_ascii_digit]
        .iter()
        .filter(|kind| word.chars().any(|c| kind(&c)))
        .count();
    valid_if(word.len() >= 20 && classes == 3 && shannon(word) >= KEY_ENTROPY, 0.1)
}

/// Shannon entropy in bits a byte.
fn shannon(word: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in word.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total = f64::from(u32::try_from(word.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

fn otp(value: &str) -> Verdict {
    let last = value.trim_end_matches(|c: char| !c.is_ascii_digit()).rsplit(|c: char| c.is_ascii_alphabetic()).next();
    let code: String = last.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let this_decade = code.len() == 4 && code.starts_with("202");
    match code.len() {
        4..=8 if code.bytes().all(|b| b == b'0') => reserved(0.0),
        4..=8 => valid_if(!this_decade, 0.0),
        _ => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github_checksum_strengthens_and_a_wrong_one_does_not() {
        let payload = "A".repeat(30);
        assert_eq!(github(&format!("ghp_{payload}0uCPlr")), valid(0.5));
        assert_eq!(github(&format!("ghp_{payload}000000")), valid(0.0));
        assert_eq!(github("ghp_short"), Verdict::Invalid);
    }

    #[test]
    fn amazon_example_keys_are_reserved() {
        assert_eq!(aws("AKIAIOSFODNN7EXAMPLE"), reserved(0.3));
        assert_eq!(aws("AKIAIOSFODNN7ABCDEFG"), valid(0.3));
        assert_eq!(aws("AKIA"), Verdict::Invalid);
    }

    #[test]
    fn a_password_is_told_from_a_sentence_about_passwords() {
        for value in
            ["Password: Example-Pass1", "passcode Heron77", "pwd=hT7wQa", "password is Tr0ub4dor&3", "pin 4471#"]
        {
            assert!(matches!(password(value), Verdict::Valid { .. }), "{value}");
        }
        for value in [
            "password is important",
            "password: keep",
            "PIN is never",
            "password ********",
            "login by 9.30am",
            "login: 10am",
        ] {
            assert_eq!(password(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn keys_are_more_random_than_hashtags() {
        assert_eq!(entropy("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), valid(0.1));
        assert_eq!(entropy("LoveTonbridgeMalling2026"), Verdict::Invalid);
    }

    #[test]
    fn codes_are_digits_but_no_year_of_this_decade() {
        for value in ["door code is 4471", "door code 4471X", "alarm's 7🗑7🗑0🗑4", "key safe at number 3 is 2-4-6-1"]
        {
            assert_eq!(otp(value), valid(0.0), "{value}");
        }
        assert_eq!(otp("alarm 000000"), reserved(0.0));
        assert_eq!(otp("discount code 2026"), Verdict::Invalid);
        assert_eq!(otp("code 123"), Verdict::Invalid);
    }
}

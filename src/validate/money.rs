//! Money: bank accounts and payment cards.

use super::{Judge, Verdict, compact, digits, is_repeated, number, reserved, valid, valid_if};

/// International bank account number: length by country, modulus 97. Source: ISO 13616, SWIFT IBAN registry.
pub(super) static IBAN: Judge = Judge::new("iban", iban);
/// Card number of 13 to 19 digits: a brand's prefix and length, and the Luhn digit. Source: ISO/IEC 7812.
pub(super) static PAYMENT_CARD: Judge = Judge::new("payment-card", card);
/// Any number with a Luhn digit.
pub(super) static LUHN: Judge = Judge::new("luhn", luhn);
/// UK sort code, with or without the account number after it.
pub(super) static SORT_CODE: Judge = Judge::new("sort-code", sort_code);
/// Security code of three or four digits, or an expiry date MM/YY.
pub(super) static CVV: Judge = Judge::new("cvv", cvv);

/// Total length in characters, and the countries that have it.
const IBAN_LENGTHS: &[(usize, &str)] = &[
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

/// Accounts used in standards and bank manuals.
const SAMPLE_IBANS: [&str; 3] = ["GB82WEST12345698765432", "GB29NWBK60161331926819", "GB33BUKB20201555555555"];

/// Numbers that card schemes and processors publish for tests.
const TEST_CARDS: &[&str] = &[
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000056655665556",
    "4222222222222",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "2223003122003222",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "3566002020360505",
];

/// Of random 16-digit numbers 2.7 % have both a brand and the Luhn digit.
const BRAND_AND_LUHN: f32 = 0.35;

/// A pattern cannot tell the last group from a short word behind it, so the value is tried without its last word too.
fn iban(value: &str) -> Verdict {
    match (account(value), value.rsplit_once(' ')) {
        (Verdict::Invalid, Some((head, tail))) if tail.len() < 4 => account(head),
        (verdict, _) => verdict,
    }
}

fn account(value: &str) -> Verdict {
    let all = compact(value);
    let of_country = |country| IBAN_LENGTHS.iter().find(|(_, codes)| codes.split(' ').any(|code| code == country));
    let (Some(head), Some(tail), Some((length, _))) = (all.get(..4), all.get(4..), all.get(..2).and_then(of_country))
    else {
        return Verdict::Invalid;
    };
    let numbered = head.bytes().skip(2).all(|b| b.is_ascii_digit());
    let remainder = tail.chars().chain(head.chars()).try_fold(0u32, |sum, c| {
        let worth = c.to_digit(36)?;
        Some((sum * if worth < 10 { 10 } else { 100 } + worth) % 97)
    });
    if all.len() != *length || !numbered || remainder != Some(1) {
        return Verdict::Invalid;
    }
    if SAMPLE_IBANS.contains(&all.as_str()) { reserved(0.5) } else { valid(0.5) }
}

fn card(value: &str) -> Verdict {
    let digits = digits(value);
    if is_repeated(&digits) || !has_brand(&digits) || !passes_luhn(&digits) {
        return Verdict::Invalid;
    }
    let all: String = value.chars().filter(char::is_ascii_digit).collect();
    if TEST_CARDS.contains(&all.as_str()) { reserved(BRAND_AND_LUHN) } else { valid(BRAND_AND_LUHN) }
}

/// Visa, Mastercard, American Express, Discover, JCB, Diners, `UnionPay`, UATP and Dankort, by leading digits and length.
/// Of Maestro, which is retired and whose range is too wide to mean anything, only the prefixes that banks used most.
fn has_brand(digits: &[u32]) -> bool {
    let lead = |n: usize| digits.get(..n).map_or(0, number);
    match digits.len() {
        13 => lead(1) == 4,
        15 => matches!(lead(2), 34 | 37) || lead(1) == 1 && lead(4) == 1220,
        14 => matches!(lead(3), 300..=305) || lead(4) == 3095 || matches!(lead(2), 36 | 38 | 39),
        16..=19 => {
            let visa = lead(1) == 4 && matches!(digits.len(), 16 | 19);
            let mastercard = digits.len() == 16 && (matches!(lead(2), 51..=55) || matches!(lead(4), 2221..=2720));
            let discover = lead(4) == 6011
                || matches!(lead(6), 622_126..=622_925)
                || matches!(lead(3), 644..=649)
                || lead(2) == 65;
            let diners = matches!(lead(3), 300..=305) || lead(4) == 3095 || matches!(lead(2), 36 | 38 | 39);
            let debit = matches!(lead(4), 5018..=5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763);
            visa || mastercard || debit || discover || diners || matches!(lead(4), 3528..=3589) || lead(2) == 62
        }
        _ => false,
    }
}

fn luhn(value: &str) -> Verdict {
    let digits = digits(value);
    valid_if(digits.len() > 1 && !is_repeated(&digits) && passes_luhn(&digits), 0.1)
}

/// From the right, every second digit counts double, less nine if that has two digits; the sum ends in 0.
fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| match (i % 2, d * 2) {
            (0, _) => *d,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn sort_code(value: &str) -> Verdict {
    let digits = digits(value);
    match digits.len() {
        6 | 14 if digits.iter().all(|d| *d == 0) => reserved(0.1),
        6 => valid(0.0),
        14 => valid(0.2),
        _ => Verdict::Invalid,
    }
}

fn cvv(value: &str) -> Verdict {
    let tail: String = value.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '/').collect();
    let tail: String = tail.chars().rev().collect();
    let good = match tail.split_once('/') {
        Some((month, year)) => matches!(month.parse::<u8>(), Ok(1..=12)) && matches!(year.len(), 2 | 4),
        None => matches!(tail.len(), 3 | 4),
    };
    valid_if(good, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iban_needs_its_countrys_length_and_modulus_97() {
        assert_eq!(iban("GB82 WEST 1234 5698 7654 32"), reserved(0.5));
        assert_eq!(iban("DE89 3704 0044 0532 0130 00"), valid(0.5));
        assert_eq!(iban("GB82 WEST 1234 5698 7654 32 I"), reserved(0.5));
        assert_eq!(iban("GB94BARC20201530093459"), Verdict::Invalid);
        assert_eq!(iban("GB82WEST1234569876543"), Verdict::Invalid);
        assert_eq!(iban("ZZ82WEST12345698765432"), Verdict::Invalid);
    }

    #[test]
    fn card_numbers_have_a_brand_and_a_luhn_digit() {
        for value in ["4111 1111 1111 1111", "2223 0031 2200 3222", "3782 822463 10005", "4012-8888-8888-1881"] {
            assert_eq!(card(value), reserved(0.35), "{value}");
        }
        for value in ["4484070000000000", "6011000400000000", "3528000700000000", "122000000000003", "5019717010103742"]
        {
            assert_eq!(card(value), valid(0.35), "{value}");
        }
        for value in ["4111 1111 1111 1112", "1748503543012", "36168002586008", "0000000000000000"] {
            assert_eq!(card(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn sort_code_may_carry_the_account() {
        assert_eq!(sort_code("00-00-00 00000000"), reserved(0.1));
        assert_eq!(sort_code("00-11-22, account 00438812"), valid(0.2));
        assert_eq!(sort_code("12-34"), Verdict::Invalid);
    }

    #[test]
    fn security_code_is_short_and_an_expiry_has_a_month() {
        assert_eq!(cvv("CVV 000"), valid(0.0));
        assert_eq!(cvv("exp 09/27"), valid(0.0));
        assert_eq!(cvv("exp 19/27"), Verdict::Invalid);
    }

    /// A number of each brand's length and beginning, and of none's.
    #[test]
    fn brands_are_told_by_length_and_leading_digits() {
        let is = |lead: &str, length: usize| {
            let text = format!("{lead:0<length$}");
            has_brand(&digits(&text))
        };
        for (lead, lengths) in [
            ("4", "13 16 19"),
            ("51", "16"),
            ("55", "16"),
            ("2221", "16"),
            ("2720", "16"),
            ("34", "15"),
            ("37", "15"),
            ("1220", "15"),
            ("6011", "16 17 18 19"),
            ("622126", "16 17 18 19"),
            ("644", "16 17 18 19"),
            ("65", "16 17 18 19"),
            ("300", "14 16 17 18 19"),
            ("305", "14 16 17 18 19"),
            ("3095", "14 16 17 18 19"),
            ("36", "14 16 17 18 19"),
            ("3528", "16 17 18 19"),
            ("62", "16 17 18 19"),
            ("5018", "16 17 18 19"),
            ("6759", "16 17 18 19"),
            ("50", ""),
            ("56", ""),
            ("2220", ""),
            ("2721", ""),
            ("1221", ""),
            ("6012", ""),
            ("643", ""),
            ("306", ""),
            ("3094", ""),
            ("3590", ""),
            ("5021", ""),
            ("9", ""),
        ] {
            let found: Vec<String> = (12..=20).filter(|n| is(lead, *n)).map(|n| n.to_string()).collect();
            assert_eq!(found.join(" "), lengths, "{lead}");
        }
    }

    #[test]
    fn the_last_digit_of_luhn_is_right() {
        for value in ["79927398713", "7992 7398-713", "18"] {
            assert_eq!(luhn(value), valid(0.1), "{value}");
        }
        for value in ["79927398710", "19", "0", "00000000", ""] {
            assert_eq!(luhn(value), Verdict::Invalid, "{value}");
        }
    }
}

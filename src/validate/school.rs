//! School numbers: the unique pupil number.

use super::{Judge, Verdict, compact, reserved, valid};

/// Check letter, local authority, school, year, serial. Source: Department for Education guide on unique pupil numbers.
pub(super) static UPN: Judge = Judge::new("upn", upn);

/// Letters without I, O and S, which look like digits; then the digits, for the serial's last place.
const ALPHABET: &str = "ABCDEFGHJKLMNPQRTUVWXYZ0123456789";
/// One random number in 23 has the right letter, and few numbers have this shape at all.
const BONUS: f32 = 0.5;

fn upn(value: &str) -> Verdict {
    let all = compact(value);
    let worth = |c: char| ALPHABET.find(c);
    let body = all.get(1..).unwrap_or_default();
    let digits = body.chars().take(11).all(|c| c.is_ascii_digit());
    let sum = body.chars().zip(2..).try_fold(0, |sum, (c, weight)| Some(sum + worth(c)? * weight));
    let letter = all.chars().next().and_then(worth).filter(|place| *place < 23);
    match sum {
        Some(sum) if all.len() == 13 && digits && letter == Some(sum % 23) => {
            // no local authority has the number 999
            if body.starts_with("999") { reserved(BONUS) } else { valid(BONUS) }
        }
        _ => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_letter_is_modulus_23() {
        assert_eq!(upn("K999000019001"), reserved(0.5));
        assert_eq!(upn("F998000019001"), valid(0.5));
        assert_eq!(upn("A801200005001"), Verdict::Invalid);
        assert_eq!(upn("K99900001900"), Verdict::Invalid);
    }
}

//! Places: postcodes and coordinates.

use super::{Judge, Verdict, compact, reserved, valid};

/// A full UK postcode. Source: BS 7666, Royal Mail Programmer's Guide.
pub(super) static POSTCODE: Judge = Judge::new("postcode", postcode);
/// A pair of decimal degrees in and around the United Kingdom, precise to some ten metres.
pub(super) static COORDINATES: Judge = Judge::new("coordinates", coordinates);

/// The 121 areas of the United Kingdom, GY, JE and IM, and the non-geographic BF and BX.
const AREAS: &str = " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH \
EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR \
NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN \
WR WS WV YO ZE ";

/// A postcode whose area does not exist is a made-up one: reserved. Letters that no postcode has are refused.
fn postcode(value: &str) -> Verdict {
    let all = compact(value);
    if all == "GIR0AA" {
        return valid(0.1);
    }
    // pseudo postcodes of the Office for National Statistics, whose last letters need not exist either
    if all.len() == 7 && all.starts_with("ZZ99") {
        return reserved(0.0);
    }
    let split = all.len().saturating_sub(3);
    let (Some(outward), Some(inward)) = (all.get(..split), all.get(split..)) else { return Verdict::Invalid };
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    let (Some(area), Some(district)) = (outward.get(..letters), outward.get(letters..)) else {
        return Verdict::Invalid;
    };
    if !matches!(letters, 1 | 2) || area.starts_with(['Q', 'V', 'X']) || !is_district(district) || !is_inward(inward) {
        return Verdict::Invalid;
    }
    if AREAS.contains(&format!(" {area} ")) { valid(0.1) } else { reserved(0.0) }
}

/// One or two digits, or a digit and a letter.
fn is_district(district: &str) -> bool {
    match district.as_bytes() {
        [a] => a.is_ascii_digit(),
        [a, b] => a.is_ascii_digit() && (b.is_ascii_digit() || b.is_ascii_uppercase()),
        _ => false,
    }
}

fn is_inward(inward: &str) -> bool {
    match inward.as_bytes() {
        [digit, letters @ ..] => {
            digit.is_ascii_digit() && letters.iter().all(|b| b.is_ascii_uppercase() && !b"CIKMOV".contains(b))
        }
        [] => false,
    }
}

fn coordinates(value: &str) -> Verdict {
    let numbers: Vec<f64> = value
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| part.rsplit('.').next().is_some_and(|decimals| decimals.len() >= 4) && part.contains('.'))
        .filter_map(|part| part.parse().ok())
        .collect();
    let &[latitude, longitude] = numbers.as_slice() else { return Verdict::Invalid };
    if !(49.0..=61.0).contains(&latitude) || !(-9.0..=2.0).contains(&longitude) {
        return Verdict::Invalid;
    }
    // a point in the Channel, for examples
    if latitude.fract() == 0.0 && longitude == 0.0 { reserved(0.1) } else { valid(0.1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_have_an_area_a_district_and_a_unit() {
        for value in ["SW1A 1AA", "M1 1AA", "DN55 1PT", "W1A 1HQ", "gir 0aa", "EC1A1BB", "CR2 6XH"] {
            assert_eq!(postcode(value), valid(0.1), "{value}");
        }
        for value in ["QA1 1AA", "VA1 1AA", "XA1 1AA", "M1 1CA", "M1 1AI", "1A1 1AA", "AB1 2CD", "E10 5pm"] {
            assert_eq!(postcode(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn an_area_that_does_not_exist_is_reserved() {
        for value in ["ZZ99 3VZ", "WM4 2QT", "TV4 7QX"] {
            assert_eq!(postcode(value), reserved(0.0), "{value}");
        }
    }

    #[test]
    fn coordinates_lie_in_the_kingdom_and_are_precise() {
        assert_eq!(coordinates("50.0000, 0.0000"), reserved(0.1));
        assert_eq!(coordinates("51.1956, 0.2743"), valid(0.1));
        assert_eq!(coordinates("51.19, 0.27"), Verdict::Invalid);
        assert_eq!(coordinates("40.7128, -74.0060"), Verdict::Invalid);
    }
}

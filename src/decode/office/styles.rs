//! Which numbers of a spreadsheet are dates, and what dates they are.

use super::xml::{Piece, walk};
use crate::decode::DecodeError;
use jiff::{Span as Time, civil::date};
use std::collections::BTreeMap;

/// The number formats of a workbook.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// For each cell style whether it shows a date or a time.
    dates: Vec<bool>,
    /// Whether days are counted from 1904, as old Macintosh files do.
    pub(super) from_1904: bool,
}

impl Styles {
    /// Reads `xl/styles.xml`.
    pub(super) fn read(text: &str, depth: usize) -> Result<Self, DecodeError> {
        let mut own: BTreeMap<String, bool> = BTreeMap::new();
        let (mut dates, mut in_cells) = (Vec::new(), false);
        walk(text, "xl/styles.xml", depth, &mut |piece, _| match piece {
            Piece::Open("numFmt", a) => {
                let code = a.get("formatCode").unwrap_or_default();
                own.insert(a.get("numFmtId").unwrap_or_default(), is_date_code(&code));
            }
            Piece::Open("cellXfs", _) => in_cells = true,
            Piece::Close("cellXfs") => in_cells = false,
            Piece::Open("xf", a) if in_cells => {
                let id = a.get("numFmtId").unwrap_or_default();
                dates.push(own.get(&id).copied().unwrap_or_else(|| is_built_in(&id)));
            }
            _ => {}
        })?;
        Ok(Self { dates, from_1904: false })
    }

    /// The number `raw` of a cell with style `style` as a reader sees it.
    pub(super) fn shown(&self, raw: &str, style: usize) -> String {
        let number = raw.parse::<f64>().ok().filter(|_| self.dates.get(style).copied().unwrap_or(false));
        number.and_then(|n| self.date(n)).unwrap_or_else(|| raw.to_owned())
    }

    /// Serial day `number` as `2026-12-01` or `2026-12-01 09:30`; below 1 only the time of day.
    fn date(&self, number: f64) -> Option<String> {
        const MINUTES_A_DAY: f64 = 24.0 * 60.0;
        const LAST_DAY: f64 = 2_958_465.0; // 31 December 9999
        if !(0.0..=LAST_DAY).contains(&number) {
            return None;
        }
        let epoch = if self.from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
        #[allow(clippy::cast_possible_truncation)] // in range by the check above
        let minutes = (number * MINUTES_A_DAY).round() as i64;
        let when = epoch.at(0, 0, 0, 0).checked_add(Time::new().try_minutes(minutes).ok()?).ok()?;
        let pattern = match (number < 1.0, minutes % (24 * 60)) {
            (true, _) => "%H:%M",
            (_, 0) => "%Y-%m-%d",
            _ => "%Y-%m-%d %H:%M",
        };
        Some(when.strftime(pattern).to_string())
    }
}

/// Formats that every program knows as dates or times. *Source:* ECMA-376 part 1, 18.8.30.
fn is_built_in(id: &str) -> bool {
    matches!(id.parse::<u32>(), Ok(14..=22 | 27..=36 | 45..=47 | 50..=58))
}

/// Whether a format code shows a date or a time: it has one of their letters outside quotes and brackets.
fn is_date_code(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' => bracket = true,
            ']' => bracket = false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' if !quoted && !bracket => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_days_are_dates() {
        let styles = Styles { dates: vec![false, true], from_1904: false };
        for (raw, want) in [("46357", "2026-12-01"), ("46357.395833333336", "2026-12-01 09:30"), ("0.5", "12:00")] {
            assert_eq!(styles.shown(raw, 1), want);
            assert_eq!(styles.shown(raw, 0), raw);
        }
        assert_eq!(styles.shown("1e300", 1), "1e300");
    }

    #[test]
    fn date_codes_are_known_by_their_letters() {
        assert!(is_date_code("dd/mm/yyyy") && is_date_code("[$-809]d mmmm"));
        assert!(!is_date_code("#,##0.00") && !is_date_code("0 \"days\"") && !is_date_code("[Red]0"));
    }
}

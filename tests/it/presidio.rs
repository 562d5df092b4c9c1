//! Presidio's unit tests of UK numbers, cards and accounts, from the folder of borrowed data. Where it is missing the test
//! says so and passes.
//!
//! Only the kinds that must agree are listed. The others differ on purpose: a bare passport number, an older or a small-letter
//! plate is found only beside a word for it; role mailboxes, public network addresses and foreign telephones are public.

use super::peers::data;
use postlint::{
    engine::{Linter, Options},
    model::document::Meta,
    pack::{self, Request},
};
use std::fs;

/// The label of a row, and the rules that stand for it.
const KINDS: &[(&str, &[&str])] = &[
    ("UK_NHS", &["nhs-number", "nhs-number-stated"]),
    ("UK_NINO", &["national-insurance-number", "national-insurance-stated"]),
    ("UK_POSTCODE", &["full-postcode"]),
    ("UK_DRIVING_LICENCE", &["driver-number"]),
    ("CREDIT_CARD", &["payment-card"]),
    ("IBAN_CODE", &["iban", "iban-stated"]),
    ("MAC_ADDRESS", &["hardware-address"]),
];

#[test]
fn uk_numbers_cards_and_accounts_are_found_as_presidio_expects() {
    let Some(folder) = data("presidio") else { return };
    let (set, _) = pack::load_sound(&[Request::Name("confidential".into())]);
    let linter = Linter::new(&set, Options::default()).unwrap_or_else(|faults| panic!("{faults:?}"));
    let rows = fs::read_to_string(folder.join("unit_tests.jsonl")).unwrap();
    let (mut agreed, mut differ) = (0, Vec::new());
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let (text, label) = (row["text"].as_str().unwrap(), row["label"].as_str().unwrap());
        let kind = label.strip_prefix("not_").unwrap_or(label);
        let Some((_, rules)) = KINDS.iter().find(|(name, _)| *name == kind) else { continue };
        let wanted = if kind == label { row["expected_len"].as_u64().unwrap() } else { 0 };
        let report = linter.lint_text("<row>", text, Meta::default());
        let names = report.findings.iter().map(|f| f.rule.id.split_once('/').map_or("", |(_, name)| name));
        let found = names.filter(|name| rules.contains(name)).count() as u64;
        if found == wanted {
            agreed += 1;
        } else {
            differ.push(format!("{label}: {wanted} wanted, {found} found in {text:?}"));
        }
    }
    println!("{agreed} rows agree");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(agreed >= 380, "{agreed}");
}

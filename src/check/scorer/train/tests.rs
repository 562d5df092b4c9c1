//! Tests of training: reproducible, and able to learn what a composition would say.

use super::*;
use crate::check::scorer::Verdict;

/// Drafts by three authors that differ in what must be learned.
fn drafts() -> Vec<Draft> {
    let bad = [
        (0, "Mr Pell is behind with his rent"),
        (0, "His wife is in hospital"),
        (1, "The contractor is useless"),
        (1, "Those clowns are useless"),
        (2, "I reckon it is daft"),
        (2, "I think it is ugly"),
    ];
    let good = ["Rent is due on Monday", "The hospital is open", "The contractor is here", "Have your say on the plan"];
    let mut drafts = Vec::new();
    for group in 0..3 {
        for (category, text) in bad {
            let quotes = vec![(category, Span::new(0, text.len()))];
            drafts.push(Draft { text: text.to_owned(), quotes, group, labelled: true });
        }
        for text in good {
            drafts.push(Draft { text: text.to_owned(), quotes: Vec::new(), group, labelled: true });
        }
    }
    drafts
}

const SETTINGS: Settings = Settings { budget: 0.1, seed: 7 };

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (first, _) = train(&drafts(), SETTINGS).unwrap();
    let (second, _) = train(&drafts(), SETTINGS).unwrap();
    assert_eq!(first.write(), second.write());
}

#[test]
fn a_model_is_read_as_it_was_written() {
    let (model, figures) = train(&drafts(), SETTINGS).unwrap();
    assert_eq!(Model::read(&model.write()).unwrap(), model);
    assert_eq!((figures.drafts, figures.folds), (30, 3));
}

#[test]
fn what_was_learned_is_found_and_the_rest_is_not() {
    let (model, _) = train(&drafts(), SETTINGS).unwrap();
    let found = |text: &str| {
        let verdicts = all(&model, text, [0.0; 3]);
        verdicts.iter().map(|v| v.category).collect::<Vec<_>>()
    };
    assert_eq!(found("I reckon it is ugly"), [2_usize]);
    assert!(found("Rent is due on Monday").is_empty());
}

#[test]
fn a_damaged_model_is_refused_by_name() {
    use crate::check::scorer::ModelError;
    let bytes = train(&drafts(), SETTINGS).unwrap().0.write();
    assert_eq!(Model::read(b"{}"), Err(ModelError::NotAModel));
    let mut other = bytes.clone();
    other[7] = 9;
    assert_eq!(Model::read(&other), Err(ModelError::Version(9)));
    let (wanted, found) = (bytes.len(), bytes.len() - 3);
    assert_eq!(Model::read(&bytes[..found]), Err(ModelError::Length { wanted, found }));
    let mut flipped = bytes;
    flipped[200] ^= 1;
    assert_eq!(Model::read(&flipped), Err(ModelError::CheckSum));
}

#[test]
fn without_breaches_or_clean_drafts_nothing_is_learned() {
    let only = |keep: &dyn Fn(&Draft) -> bool| drafts().into_iter().filter(|d| keep(d)).collect::<Vec<_>>();
    let clean = only(&|d| d.quotes.is_empty());
    assert_eq!(train(&clean, SETTINGS).unwrap_err(), TrainError::NoBreach("confidential"));
    let bad = only(&|d| !d.quotes.is_empty());
    assert_eq!(train(&bad, SETTINGS).unwrap_err(), TrainError::NoClean);
}

/// The model that comes with the program.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/scorer.bin");

#[test]
fn the_model_that_ships_is_in_step() {
    let bytes = std::fs::read(SHIPPED).unwrap();
    let written = Model::read(&bytes).unwrap().write();
    if std::env::var_os("POSTLINT_WRITE").is_some() {
        std::fs::write(SHIPPED, written).unwrap();
    } else {
        assert!(bytes == written, "run `POSTLINT_WRITE=1 cargo test --lib in_step` to write it as this version does");
    }
}

#[test]
fn the_model_that_ships_is_sound_and_small() {
    let bytes = std::fs::read(SHIPPED).unwrap();
    assert!(bytes.len() <= 2 << 20, "{} bytes", bytes.len());
    let model = Model::read(&bytes).unwrap();
    let verdicts = all(&model, "His wife is still in hospital, bless him.", model.thresholds(0.01));
    assert!(verdicts.iter().any(|v| v.category == 0 && v.words.contains(&"'wife'".to_owned())), "{verdicts:?}");
}

fn all(model: &Model, text: &str, floor: [f32; 3]) -> Vec<Verdict> {
    let reading = Reading::new(text);
    judge(model, &scores(model, &reading), &reading, floor)
}

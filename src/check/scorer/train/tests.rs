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

#[test]
fn a_budget_that_is_not_a_usual_one_has_a_threshold_of_its_own() {
    let budgets = |budget| {
        let model = train(&drafts(), Settings { budget, seed: 7 }).unwrap().0;
        model.levels.iter().map(|l| l.budget).collect::<Vec<_>>()
    };
    assert_eq!(budgets(0.02), BUDGETS);
    let with_another = budgets(0.1);
    assert_eq!(with_another.len(), BUDGETS.len() + 1);
    assert!(with_another.is_sorted() && with_another.contains(&0.1));
}

/// Three authors or more: each in one part. Fewer: ten neighbours at a time.
#[test]
fn authors_stay_whole_and_else_neighbours_stay_together() {
    let by = |groups: &[u64]| {
        let draft = |group: &u64| Draft { text: String::new(), quotes: Vec::new(), group: *group, labelled: true };
        folds(&groups.iter().map(draft).collect::<Vec<_>>(), 7)
    };
    let parts = by(&[5, 6, 7, 5, 6, 7]);
    assert_eq!(parts[..3], parts[3..]);
    let mut each = parts[..3].to_vec();
    each.sort_unstable();
    assert_eq!(each, [0, 1, 2]);
    let parts = by(&[5; 75]);
    let want: Vec<usize> = (0..75).map(|n| n / 10 % FOLDS).collect();
    assert_eq!(parts, want);
}

#[test]
fn labelled_drafts_and_published_posts_are_counted_apart() {
    let published = |text: &str| Draft { text: text.to_owned(), quotes: Vec::new(), group: 9, labelled: false };
    let all: Vec<Draft> = drafts().into_iter().chain(["Bins are late", "Gates are open"].map(published)).collect();
    let (model, figures) = train(&all, SETTINGS).unwrap();
    assert_eq!((figures.drafts, figures.published), (30, 2));
    let figures = measure(&model, &all);
    assert_eq!((figures.drafts, figures.published, figures.folds, figures.lines.len()), (30, 2, 0, model.levels.len()));
}

#[test]
fn a_breach_is_more_likely_the_higher_it_scores() {
    let mut model = train(&drafts(), SETTINGS).unwrap().0;
    (model.heads[1].slope, model.heads[1].offset) = (2.0, -2.0);
    let close = |x: f32, y: f32| (x - y).abs() < 1e-6;
    assert!(close(model.probability(1, 1.0), 0.5));
    assert!(close(model.probability(1, 2.0) + model.probability(1, 0.0), 1.0));
    assert!(close(model.probability(1, 2.0), 1.0 / (1.0 + (-2.0_f32).exp())));
}

#[test]
fn near_misses_and_published_posts_weigh_more_than_drafts_with_a_breach() {
    let [bad, clean] = [0, 6].map(|n| drafts()[n].clone());
    let published = Draft { labelled: false, ..clean.clone() };
    let costs = fit::costs(&[bad, clean, published]);
    assert_eq!(costs, [10.0, 30.0, 250.0]);
}

#[test]
fn a_model_without_thresholds_or_with_a_number_that_is_none_is_refused() {
    let model = train(&drafts(), SETTINGS).unwrap().0;
    assert!(!model.is_empty());
    let refused = |change: &dyn Fn(&mut Model)| {
        let mut model = model.clone();
        change(&mut model);
        Model::read(&model.write()).is_err()
    };
    assert!(!refused(&|_| ()));
    assert!(refused(&|m| m.levels.clear()));
    assert!(refused(&|m| m.levels[0].thresholds[1] = f32::NAN));
    assert!(refused(&|m| m.levels[0].budget = f32::NAN));
    assert!(refused(&|m| m.levels.reverse()));
    assert!(refused(&|m| m.heads[2].offset = f32::INFINITY));
}

/// What breaks the policy at all counts in each category besides what breaks it there.
#[test]
fn a_category_weighs_its_own_and_what_all_have_in_common() {
    let solved = [[1.0, -2.0, 0.5], [0.0, 4.0, -1.0], [3.0, 0.0, 0.0], [1.0, 1.0, 0.25]].map(Vec::from);
    let model = fit::quantised(&[11, 22], &solved, blank(SETTINGS));
    assert_eq!(model.heads.map(|h| h.bias).to_vec(), [0.75, -0.75, 0.25]);
    let scales = model.heads.map(|h| (h.scale * 127.0).round());
    assert_eq!(scales.to_vec(), [2.0, 5.0, 4.0]);
    assert!(model.knows(11) && model.knows(22) && !model.knows(33));
}

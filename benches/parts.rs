//! What the parts of a check cost: `cargo bench`, or `cargo bench -- fold` for some of them. A post is what a check mostly
//! sees; a long text, the same post and others again and again, shows what a byte costs once all is warm.

use divan::{Bencher, counter::BytesCount};
use postlint::{
    check::{
        Checks,
        scorer::{self, scores},
        view::{Around, Asked, View},
    },
    decode,
    engine::{Linter, Options},
    model::{
        document::{Address, Meta, Post, Quoting, Scope, Segment, SourceFile},
        facts::Facts,
        rule::{Pack, RuleSpec},
    },
    pack::{self, Examples, PackSet, Request},
    text::{fold::fold, map::OffsetMap, reading::Reading, token::tokenize},
};
use std::{hint::black_box, path::PathBuf};

const POST: &str = "Our libraries are open late this week, and we think the new hours will help. Bring the children to the \
    Mill Lane branch on Thursday at 6pm and pick up a reading card. Questions? Write to jo.smith@example.gov.uk or call \
    07700 900123. #LibrariesWeek\n";
/// What folding has work with.
const TYPOGRAPHY: &str = "“We’re open” – until 6\u{202f}pm… Café José, naïve\u{200b}ly ｗｉｄｅ 🎉\n";

/// The texts of a bench: a post, and a long one.
const LENGTHS: [usize; 2] = [1, 256];

fn main() {
    divan::main();
}

fn text(times: usize) -> String {
    POST.repeat(times)
}

/// Runs `work` on the post and on the long text, and tells bytes a second.
fn on_texts(bencher: Bencher<'_, '_>, text: &str, work: impl Fn(&str) -> usize + Sync) {
    bencher.counter(BytesCount::new(text.len())).bench(|| black_box(work(black_box(text))));
}

#[divan::bench(args = LENGTHS)]
fn fold_ascii(bencher: Bencher<'_, '_>, times: usize) {
    on_texts(bencher, &text(times), |text| fold(text).text.len());
}

#[divan::bench(args = LENGTHS)]
fn fold_typography(bencher: Bencher<'_, '_>, times: usize) {
    on_texts(bencher, &TYPOGRAPHY.repeat(4 * times), |text| fold(text).text.len());
}

#[divan::bench(args = LENGTHS)]
fn tokens(bencher: Bencher<'_, '_>, times: usize) {
    on_texts(bencher, &text(times), |text| tokenize(text).len());
}

#[divan::bench(args = LENGTHS)]
fn reading(bencher: Bencher<'_, '_>, times: usize) {
    on_texts(bencher, &text(times), |text| Reading::new(text).sentences.len());
}

/// The phrases of the built-in packs, their words looked up.
#[divan::bench(args = LENGTHS)]
fn phrases(bencher: Bencher<'_, '_>, times: usize) {
    checked(bencher, times, |rule| rule.kind == "match" && rule.params.get("patterns").is_none());
}

/// The patterns of the built-in packs.
#[divan::bench(args = LENGTHS)]
fn patterns(bencher: Bencher<'_, '_>, times: usize) {
    checked(bencher, times, |rule| rule.kind == "match" && rule.params.get("phrases").is_none());
}

#[divan::bench(args = LENGTHS)]
fn scorer(bencher: Bencher<'_, '_>, times: usize) {
    let Some(model) = scorer::Options::default().model() else { return };
    let text = text(times);
    let reading = Reading::new(&text);
    bencher.counter(BytesCount::new(text.len())).bench(|| scores(&model, black_box(&reading)));
}

#[divan::bench(args = LENGTHS)]
fn decode_csv(bencher: Bencher<'_, '_>, times: usize) {
    let rows = format!("2026-11-24T09:00,bluesky,\"{}\"\n", POST.trim_end()).repeat(times);
    let bytes = format!("scheduled,channel,text\n{rows}").into_bytes();
    let file = SourceFile { path: PathBuf::from("plan.csv"), bytes };
    let options = decode::Options::default();
    bencher.counter(BytesCount::new(file.bytes.len())).bench(|| decode::read(black_box(&file), &options).is_ok());
}

/// A post from end to end, with the packs that run where nobody names any.
#[divan::bench(args = LENGTHS)]
fn whole(bencher: Bencher<'_, '_>, times: usize) {
    let linter = Linter::new(&builtin(), Options::default()).unwrap_or_else(|faults| panic!("{faults:?}"));
    on_texts(bencher, &text(times), |text| linter.lint_text("post", text, Meta::default()).findings.len());
}

/// Packs as they are loaded for a run, and their rules compiled: what a cold start does.
#[divan::bench]
fn start() -> bool {
    Linter::new(&builtin(), Options::default()).is_ok()
}

fn builtin() -> PackSet {
    let names = ["confidential", "reputation", "opinion", "conduct"];
    let requests: Vec<Request> = names.iter().map(|name| Request::Name((*name).to_owned())).collect();
    pack::load_with(&requests, Examples::LeftOut).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Reads a text and checks it by those built-in rules that are `wanted`.
fn checked(bencher: Bencher<'_, '_>, times: usize, wanted: impl Fn(&RuleSpec) -> bool) {
    let mut set = builtin();
    set.packs.iter_mut().for_each(|pack| pack.rules.retain(&wanted));
    let packs: Vec<&Pack> = set.packs.iter().collect();
    let off = scorer::Options { enabled: false, ..scorer::Options::default() };
    let checks = Checks::compile(&packs, &set.shared, &[], &off).unwrap_or_else(|faults| panic!("{faults:?}"));
    let segment = Segment {
        scope: Scope::Body,
        address: Address::Whole,
        text: text(times),
        map: OffsetMap::identity(),
        quoting: Quoting::default(),
    };
    let length = segment.text.len();
    let post = Post { segments: vec![segment], ..Post::default() };
    let (facts, active) = (Facts::default(), vec![true; checks.rules.len()]);
    let around = Around { facts: &facts, when: None, clash: None };
    let asked = Asked { active: &active, meter: None };
    let read = || View::new(&post, &checks.lexicon, asked, around);
    bencher.counter(BytesCount::new(length)).with_inputs(read).bench_refs(|view| checks.scan(view).len());
}

//! Floor 3, check: posts in, hits out. One file per rule kind, and what all kinds share: phrases, guards, scores.
//!
//! Compilation takes all rules of all packs at once ([`Checks::compile`]): words are numbered over all of them, and a kind
//! compiles all its rules together, so that a thousand phrases cost one pass over the tokens. Scanning a post gives hits;
//! a hit that its rule's guards let stand carries its confidence and the reasons for it.

mod accounts;
mod automaton;
mod calendar;
pub mod class;
mod deobfuscate;
mod digits;
mod disguise;
mod gate;
mod guard;
mod hash;
mod hashtag;
mod hit;
mod index;
mod kind_date;
mod kind_field;
mod kind_form;
mod kind_limit;
mod kind_match;
mod kind_require;
mod kind_scorer;
mod kind_swap;
mod literal;
mod marks;
pub mod matcher;
mod media;
pub mod meter;
mod need;
mod parse;
mod pattern;
pub mod phrase;
mod pieces;
mod placeholder;
mod prefilter;
mod program;
pub mod scorer;
mod search;
mod seen;
mod shape;
mod share;
mod signs;
mod slips;
mod store;
mod targets;
mod unless;
pub mod view;
pub mod vocabulary;
pub mod wording;

use crate::{
    model::{
        rule::{Category, Lists, Pack, RuleMeta, RuleSpec, Severity},
        value::{Fault, Table, Value, nearest},
    },
    pack::RULE_KEYS,
    text::reading::Reading,
};
pub use hit::{Hit, Spot};

use guard::Guard;
use matcher::Words;
use meter::{Stage, added, timed};
use need::Groups;
use phrase::{Compiler, Scope};
use program::Program;
use share::in_shares;
use std::sync::Arc;
use view::View;
use vocabulary::{Readings, Vocabulary};

/// A kind of rule: the keys that it understands, and what it makes of them.
pub trait Kind: Sync {
    /// Its name in packs.
    fn name(&self) -> &'static str;
    /// Keys of a rule block that belong to this kind, besides those that all rules have.
    fn keys(&self) -> &'static [&'static str];

    /// Whether what it finds are words of a text, which guards are about.
    fn finds_words(&self) -> bool {
        true
    }

    /// Placeholders of a message that only hits of this kind can fill in.
    fn says(&self, _params: &Table) -> &'static [&'static str] {
        &[]
    }

    /// Compiles all rules of this kind, of all packs.
    ///
    /// # Errors
    /// Every fault of every rule, each at its place.
    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>>;
}

/// A compiled check of one or many rules.
pub trait Check: Send + Sync {
    /// What it looks for, as `--timings` calls it.
    fn name(&self) -> &'static str;

    /// Adds what it finds in `view` to `hits`; rules that `view` leaves out are not looked for.
    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>);

    /// Looks again when all rules have been heard, and their guards asked.
    fn reconsider(&self, _view: &View<'_>, _heard: &Heard<'_>, _hits: &mut Vec<Hit>) {}

    /// Adds what it finds once all other rules have had their say: `categories` are those of the hits that stand.
    fn conclude(&self, _view: &View<'_>, _categories: &[Category], _hits: &mut Vec<Hit>) {}
}

/// What a check may ask of other rules' hits.
pub struct Heard<'c> {
    rules: &'c [Arc<RuleMeta>],
    guards: &'c [Guard],
}

impl Heard<'_> {
    /// Whether a hit's rule describes a sentence by its words in company, rather than one thing that is sure by itself.
    fn is_composition(&self, hit: &Hit) -> bool {
        self.guards.get(hit.rule).is_some_and(|g| g.covers_sentence) && !hit.obfuscated
    }

    /// Whether a hit is at least a warning.
    fn warns(&self, hit: &Hit) -> bool {
        self.rules.get(hit.rule).is_some_and(|r| r.severity >= Severity::Warning)
    }
}

/// The kinds, in the order of the manual.
pub const KINDS: &[&dyn Kind] = &[
    &kind_match::Match,
    &kind_swap::Swap,
    &kind_require::Require,
    &kind_limit::Limits,
    &kind_field::Fields,
    &kind_date::Dates,
    &kind_form::Forms,
    &kind_scorer::Scorer,
];

/// A rule on its way to be compiled.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'s> {
    /// Its number, an index into [`Checks::rules`].
    pub number: usize,
    /// What its author wrote.
    pub spec: &'s RuleSpec,
    /// The lists in reach.
    pub scope: Scope<'s>,
}

/// From this confidence on a hit says something about the post to rules that look at the others' findings.
const LIKELY: f32 = 0.5;

/// The words and phrases of all rules.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// The words.
    pub words: Vocabulary,
    program: Program,
    groups: Groups,
}

impl Lexicon {
    /// A text's tokens, ready for matching; `ids` is what [`Vocabulary::look_up`] says of them.
    pub fn read<'r, 't>(&'r self, reading: &'r Reading<'t>, ids: &'r [Readings]) -> Words<'r, 't> {
        Words { reading, ids, program: &self.program, groups: &self.groups }
    }
}

/// All rules of a run, compiled.
pub struct Checks {
    /// What is known of each rule, by number.
    pub rules: Vec<Arc<RuleMeta>>,
    /// Their words and phrases.
    pub lexicon: Lexicon,
    guards: Vec<Guard>,
    scanners: Vec<Box<dyn Check>>,
}

impl Checks {
    /// Compiles the rules of `packs`; `shared` are the lists that every pack may name, `allow` phrases that settings
    /// excuse, by rule id; `scorer` what they say of the learned scorer.
    ///
    /// # Errors
    /// Every fault of every rule, each at its place.
    pub fn compile(
        packs: &[&Pack],
        shared: &Lists,
        allow: &[(String, Vec<String>)],
        scorer: &scorer::Options,
    ) -> Result<Self, Vec<Fault>> {
        Self::compile_with(&mut Compiler::new(scorer.clone()), packs, shared, allow)
    }

    fn compile_with(
        compiler: &mut Compiler,
        packs: &[&Pack],
        shared: &Lists,
        allow: &[(String, Vec<String>)],
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut rules = Vec::new();
        for pack in packs {
            for spec in &pack.rules {
                let scope = Scope { pack: &pack.name, own: &pack.lists, shared, builtin: pack.builtin };
                rules.push(Rule { number: rules.len(), spec, scope });
            }
        }
        faults.extend(rules.iter().flat_map(|rule| unknown_keys(rule).into_iter().chain(placeholder::faults(rule))));
        let mut guards = Vec::with_capacity(rules.len());
        for rule in &rules {
            let excused =
                allow.iter().filter(|(id, _)| *id == rule.spec.meta.id).flat_map(|(_, phrases)| phrases.clone());
            match Guard::compile(rule, &excused.collect::<Vec<_>>(), compiler) {
                Ok(guard) => guards.push(guard),
                Err(found) => faults.extend(found),
            }
        }
        let mut scanners: Vec<Box<dyn Check>> = Vec::new();
        for kind in KINDS {
            let own: Vec<Rule<'_>> = rules.iter().copied().filter(|r| r.spec.kind == kind.name()).collect();
            match kind.compile(&own, compiler) {
                Ok(ready) => scanners.extend(ready),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let lexicon = Lexicon {
            words: std::mem::take(&mut compiler.words),
            program: std::mem::take(&mut compiler.program),
            groups: std::mem::take(&mut compiler.groups),
        };
        let rules = rules.iter().map(|r| Arc::clone(&r.spec.meta)).collect();
        Ok(Self { rules, lexicon, guards, scanners })
    }

    /// Finds all hits in `view` that their rules' guards let stand.
    pub fn scan(&self, view: &View<'_>) -> Vec<Hit> {
        let mut hits = self.scan_all(view);
        self.judge(view, &mut hits);
        hit::thin(&mut hits);
        let heard = Heard { rules: &self.rules, guards: &self.guards };
        self.each_timed(view, |scanner| scanner.reconsider(view, &heard, &mut hits));
        let mut late = Vec::new();
        let mut categories: Vec<Category> = hits
            .iter()
            .filter(|h| h.confidence >= LIKELY)
            .filter_map(|h| self.rules.get(h.rule))
            .map(|r| r.category)
            .collect();
        categories.sort_unstable();
        categories.dedup();
        self.each_timed(view, |scanner| scanner.conclude(view, &categories, &mut late));
        self.judge(view, &mut late);
        hits.append(&mut late);
        hit::thin(&mut hits);
        hits
    }

    /// What the checks find, in their order. A long post they read side by side.
    fn scan_all(&self, view: &View<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        if !view.is_long() {
            self.each_timed(view, |scanner| scanner.scan(view, &mut hits));
            return hits;
        }
        in_shares(self.scanners.len(), 1, |share| {
            let mut own = Vec::new();
            for (number, scanner) in share.clone().zip(self.scanners.get(share).unwrap_or_default()) {
                added(view.asked.meter.and_then(|meter| meter.check(number)), || scanner.scan(view, &mut own));
            }
            own
        })
    }

    /// Lets each check do its part of the work.
    fn each_timed(&self, view: &View<'_>, mut work: impl FnMut(&dyn Check)) {
        for (number, scanner) in self.scanners.iter().enumerate() {
            added(view.asked.meter.and_then(|meter| meter.check(number)), || work(scanner.as_ref()));
        }
    }

    /// Keeps the hits that their rules' guards let stand.
    fn judge(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        let stands = |hit: &mut Hit| {
            let (Some(guard), Some(rule)) = (self.guards.get(hit.rule), self.rules.get(hit.rule)) else { return false };
            view.asked.timed(hit.rule, || guard.judge(rule, view, hit))
        };
        timed(view.asked.meter, Stage::Guards, || hits.retain_mut(stands));
    }
}

fn unknown_keys(rule: &Rule<'_>) -> Vec<Fault> {
    let names: Vec<&str> = KINDS.iter().map(|k| k.name()).collect();
    let Some(kind) = KINDS.iter().find(|k| k.name() == rule.spec.kind) else {
        let at = rule.spec.params.get("kind").map_or(rule.spec.at, |v| v.at);
        let fault = Fault::new(at, format!("unknown kind `{}`", rule.spec.kind));
        let help = nearest(&rule.spec.kind, &names)
            .map_or_else(|| format!("kinds are {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        return vec![fault.help(help)];
    };
    let known: Vec<&str> = kind.keys().iter().chain(guard::KEYS).chain(RULE_KEYS).copied().chain(["kind"]).collect();
    let mut faults = rule.spec.params.unknown_keys(&known, &format!("rule `{}`", rule.spec.meta.id));
    faults.extend(idle_guards(rule, *kind));
    faults
}

/// Guards of a rule that does not find words as guards read them: they would do nothing.
fn idle_guards(rule: &Rule<'_>, kind: &dyn Kind) -> Vec<Fault> {
    let raw = rule.spec.params.read("raw", Value::bool).ok().flatten().unwrap_or(false);
    let what = match (kind.finds_words(), raw) {
        (false, _) => format!("of kind `{}`", kind.name()),
        (true, true) => "with `raw = true`".to_owned(),
        (true, false) => return Vec::new(),
    };
    let told = |key: &&str| {
        let fault = Fault::new(rule.spec.params.get(key)?.at, format!("`{key}` does nothing in a rule {what}"));
        Some(fault.help("leave it out: it is about words as they are read"))
    };
    guard::KEYS.iter().filter_map(told).collect()
}

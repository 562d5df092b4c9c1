//! The kind without a name, `match`: phrases and patterns.

use super::{
    Check, Hit, Kind, Rule,
    index::PhraseIndex,
    pattern::Pattern,
    phrase::Compiler,
    program::Node,
    search::{Looks, Patterns, Search},
    targets::Targets,
    view::View,
};
use crate::model::{
    block::keep,
    value::{Fault, Read, Value},
};
use std::sync::Arc;

/// Rules of phrases and patterns.
pub(super) struct Match;

impl Kind for Match {
    fn name(&self) -> &'static str {
        "match"
    }

    fn keys(&self) -> &'static [&'static str] {
        &["phrases", "patterns", "needs", "deobfuscate", "raw"]
    }

    fn compile(&self, rules: &[Rule<'_>], compiler: &mut Compiler) -> Result<Vec<Box<dyn Check>>, Vec<Fault>> {
        let (mut plain, mut disguised, mut patterns) = (PhraseIndex::default(), PhraseIndex::default(), Vec::new());
        let mut faults = Vec::new();
        let sources = rules.iter().filter_map(|rule| rule.spec.params.read("patterns", Value::strings).ok().flatten());
        compiler.store.prepare(&sources.flatten().map(|(source, _)| source).collect::<Vec<_>>());
        for rule in rules {
            match Params::read(rule, compiler) {
                Ok(params) => {
                    for node in params.phrases {
                        if params.view == Deeper::Letters {
                            disguised.add(rule.number, node, compiler);
                        }
                        plain.add(rule.number, node, compiler);
                    }
                    patterns.extend(params.patterns);
                }
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        plain.finish(&compiler.groups);
        disguised.finish(&compiler.groups);
        let mut checks: Vec<Box<dyn Check>> = vec![Box::new(Phrases(plain))];
        if !disguised.is_empty() {
            let targets = Targets::new(compiler.targets(disguised.nodes()));
            checks.push(Box::new(DisguisedPhrases { index: disguised, targets }));
        }
        checks.push(Box::new(Patterns::new(patterns)));
        Ok(checks)
    }
}

/// A view deeper than folding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Deeper {
    #[default]
    No,
    Letters,
    Digits,
}

struct Params {
    phrases: Vec<Node>,
    patterns: Vec<Search>,
    view: Deeper,
}

impl Params {
    fn read(rule: &Rule<'_>, compiler: &mut Compiler) -> Result<Self, Vec<Fault>> {
        let params = &rule.spec.params;
        let mut faults = Vec::new();
        let phrases = kept(params.read("phrases", Value::strings), &mut faults);
        let sources = kept(params.read("patterns", Value::strings), &mut faults);
        let needs = kept(params.read("needs", Value::strings), &mut faults);
        let view = kept(params.read("deobfuscate", deeper), &mut faults);
        let raw = kept(params.read("raw", Value::bool), &mut faults);
        if phrases.is_empty() && sources.is_empty() && faults.is_empty() {
            let fault =
                Fault::new(rule.spec.at, format!("rule `{}` has neither phrases nor patterns", rule.spec.meta.id));
            return Err(vec![fault.help("add phrases = [\"…\"] or patterns = ['…']")]);
        }
        let needs: Arc<[String]> = needs.iter().map(|(need, _)| need.to_lowercase()).collect();
        let looks = match view {
            _ if raw => Looks::Raw,
            Deeper::Digits => Looks::DigitsToo,
            Deeper::No | Deeper::Letters => Looks::Folded,
        };
        let (mut nodes, mut patterns) = (Vec::new(), Vec::new());
        for (text, at) in phrases {
            compiler.phrase(&text, at, rule.scope).map_or_else(|f| faults.push(f), |node| nodes.push(node));
        }
        for (source, at) in sources {
            let (prefilter, kept) = compiler.store.pattern(&source);
            let pattern = Pattern::new(source, kept);
            // Those of the built-in packs are known to compile.
            if !rule.scope.builtin
                && !prefilter.is_sound
                && let Some(error) = pattern.fault()
            {
                faults.push(Fault::new(at, format!("the pattern does not compile: {error}")));
            }
            patterns.push(Search { rule: rule.number, pattern, needs: Arc::clone(&needs), looks, prefilter });
        }
        if faults.is_empty() { Ok(Self { phrases: nodes, patterns, view }) } else { Err(faults) }
    }
}

/// The value of a key, or what stands for none where it is not there or at fault.
fn kept<T: Default>(read: Read<Option<T>>, faults: &mut Vec<Fault>) -> T {
    keep(read, faults).flatten().unwrap_or_default()
}

fn deeper(value: &Value) -> Read<Deeper> {
    match value.str()? {
        "letters" => Ok(Deeper::Letters),
        "digits" => Ok(Deeper::Digits),
        other => {
            Err(Fault::new(value.at, format!("`deobfuscate` cannot be `{other}`"))
                .help("write \"letters\" or \"digits\""))
        }
    }
}

struct Phrases(PhraseIndex);

impl Check for Phrases {
    fn name(&self) -> &'static str {
        "phrases"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for number in 0..view.segments.len() {
            let Some(words) = view.words(number) else { continue };
            self.0.scan(&words, &view.asked, &mut |rule, _, tokens| {
                hits.push(Hit::new(rule, number, words.span(&tokens)));
            });
        }
    }
}

struct DisguisedPhrases {
    index: PhraseIndex,
    targets: Targets,
}

impl Check for DisguisedPhrases {
    fn name(&self) -> &'static str {
        "disguised phrases"
    }

    fn scan(&self, view: &View<'_>, hits: &mut Vec<Hit>) {
        for (number, segment) in view.segments.iter().enumerate() {
            let Some(letters) = segment.letters(self.targets.among(&view.lexicon.words)) else { continue };
            let words = view.lexicon.read(&letters.reading, &letters.ids);
            let is_disguised = |tokens| letters.disguised.get(tokens).is_some_and(|d: &[bool]| d.contains(&true));
            self.index.scan_where(&words, &view.asked, is_disguised, &mut |rule, _, tokens| {
                if is_disguised(tokens.clone()) {
                    let mut hit = Hit::new(rule, number, words.span(&tokens));
                    hit.obfuscated = true;
                    hits.push(hit);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        check::{Checks, scorer},
        model::fault::NamedText,
        pack,
    };

    #[test]
    fn every_fault_of_a_rule_is_told() {
        let text = r#"
            pack = { name = "p", version = "1", summary = "s" }
            [[rule]]
            id = "wrong"
            title = "t"
            category = "style"
            why = "w"
            phrases = ["a (b"]
            patterns = 1
            deobfuscate = "x"
            raw = "yes"
            example = [{ bad = "b" }, { good = "g" }]
        "#;
        let set = pack::load(&[pack::Request::Texts(vec![NamedText::new("p.toml", text)])]).expect("the pack loads");
        let packs: Vec<_> = set.packs.iter().collect();
        let faults = Checks::compile(&packs, &set.shared, &[], &scorer::Options::default()).err().unwrap_or_default();
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}

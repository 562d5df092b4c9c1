//! The kind without a name, `match`: phrases and patterns.

use super::{
    Check, Hit, Kind, Rule,
    index::PhraseIndex,
    pattern::Pattern,
    phrase::Compiler,
    program::Node,
    search::{Looks, Patterns, Search},
    share::beside,
    store,
    targets::Targets,
    view::View,
};
use crate::model::{
    block::keep,
    value::{At, Fault, Read, Texts, Value},
};
use std::{borrow::Cow, sync::Arc};

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
        let mut faults = Vec::new();
        let written: Vec<Written> = rules.iter().map(|rule| Written::read(rule, &mut faults)).collect();
        let new = compiler.store.unknown(written.iter().flat_map(|w| &w.patterns).map(|(source, _)| source));
        let (mut plain, mut disguised) = (PhraseIndex::default(), PhraseIndex::default());
        let mut index = || {
            for (rule, written) in rules.iter().zip(&written) {
                for node in written.nodes(rule, compiler, &mut faults) {
                    if written.view == Deeper::Letters {
                        disguised.add(rule.number, node, compiler);
                    }
                    plain.add(rule.number, node, compiler);
                }
            }
            plain.finish(&compiler.groups);
            disguised.finish(&compiler.groups);
        };
        // Reading many patterns takes as long as compiling all phrases.
        let read = beside(new.len() > store::SHARE, || store::read_off(&new), &mut index);
        compiler.store.new_patterns.extend(read);
        let own = rules.iter().zip(written);
        let patterns: Vec<Search> = own.flat_map(|(rule, own)| own.searches(rule, compiler, &mut faults)).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
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

/// What a rule says, as it is written.
struct Written {
    phrases: Texts,
    patterns: Texts,
    needs: Texts,
    view: Deeper,
    raw: bool,
}

impl Written {
    fn read(rule: &Rule<'_>, faults: &mut Vec<Fault>) -> Self {
        let (params, before) = (&rule.spec.params, faults.len());
        let written = Self {
            phrases: kept(params.read("phrases", Value::strings), faults),
            patterns: kept(params.read("patterns", Value::strings), faults),
            needs: kept(params.read("needs", Value::strings), faults),
            view: kept(params.read("deobfuscate", deeper), faults),
            raw: kept(params.read("raw", Value::bool), faults),
        };
        if written.phrases.is_empty() && written.patterns.is_empty() && faults.len() == before {
            let fault =
                Fault::new(rule.spec.at, format!("rule `{}` has neither phrases nor patterns", rule.spec.meta.id));
            faults.push(fault.help("add phrases = [\"…\"] or patterns = ['…']"));
        }
        written
    }

    /// The phrases, compiled.
    fn nodes(&self, rule: &Rule<'_>, compiler: &mut Compiler, faults: &mut Vec<Fault>) -> Vec<Node> {
        let nodes = self.phrases.iter().map(|(text, at)| compiler.phrase(text, *at, rule.scope));
        nodes.filter_map(|node| node.map_err(|fault| faults.push(fault)).ok()).collect()
    }

    /// The patterns, and where each is looked for.
    fn searches(self, rule: &Rule<'_>, compiler: &mut Compiler, faults: &mut Vec<Fault>) -> Vec<Search> {
        let needs: Arc<[String]> = self.needs.iter().map(|(need, _)| need.to_lowercase()).collect();
        let looks = match self.view {
            _ if self.raw => Looks::Raw,
            Deeper::Digits => Looks::DigitsToo,
            Deeper::No | Deeper::Letters => Looks::Folded,
        };
        let search = |(source, at): (Cow<'static, str>, At)| {
            let (prefilter, kept) = compiler.store.pattern(&source);
            let pattern = Pattern::new(source, kept);
            // Those of the built-in packs are known to compile.
            if !rule.scope.builtin
                && !prefilter.is_sound
                && let Some(error) = pattern.fault()
            {
                faults.push(Fault::new(at, format!("the pattern does not compile: {error}")));
            }
            Search { rule: rule.number, pattern, needs: Arc::clone(&needs), looks, prefilter }
        };
        self.patterns.into_iter().map(search).collect()
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

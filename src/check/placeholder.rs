//! Placeholders of messages and replacements: names in braces, each of which somebody must be able to fill in.
//!
//! A misspelt one would tell nothing when a finding is made: a message would repeat the match, a replacement would lose a
//! word. So they are asked here for what the rule's kind, its patterns and its guards know.

use super::{KINDS, Rule};
use crate::model::value::{At, Fault, Value, nearest};
use regex_syntax::{
    Parser,
    hir::{Hir, HirKind},
};

/// What every replacement may say, besides captures.
const OF_HIT: &[&str] = &["match"];

/// What every message may say.
const OF_RULE: &[&str] = &["match", "title", "fix"];

/// A fault for each placeholder of a rule that nobody can fill in.
pub(super) fn faults(rule: &Rule<'_>) -> Vec<Fault> {
    let (spec, meta) = (rule.spec, &rule.spec.meta);
    let kind = KINDS.iter().find(|kind| kind.name() == spec.kind);
    let mut known: Vec<&str> = OF_RULE.to_vec();
    known.extend(kind.iter().flat_map(|kind| kind.says(&spec.params)));
    known.extend(spec.params.get("near").map(|_| "near"));
    let message = spec.message_at.map(|at| strangers(rule, "message", &meta.message, at, &known));
    let replacements = meta.fix.replace.iter().zip(&spec.replace_at);
    let replacements = replacements.flat_map(|(text, at)| of_replacement(rule, "replace", text, *at));
    message.into_iter().flatten().chain(replacements).collect()
}

/// A fault for each placeholder of a replacement, the value of `key`, that is no part of what matched.
pub(super) fn of_replacement(rule: &Rule<'_>, key: &str, text: &str, at: At) -> Vec<Fault> {
    strangers(rule, key, text, at, OF_HIT)
}

/// A fault for each placeholder of `template` that is neither in `known` nor a capture.
fn strangers(rule: &Rule<'_>, key: &str, template: &str, at: At, known: &[&str]) -> Vec<Fault> {
    let mut strangers: Vec<&str> = names(template).filter(|name| !known.contains(name)).collect();
    if strangers.is_empty() {
        return Vec::new();
    }
    // Patterns are read for those rules only that seem to ask for a capture.
    let captures = captures(rule);
    strangers.retain(|name| !captures.iter().any(|capture| capture == name));
    let known: Vec<&str> = known.iter().copied().chain(captures.iter().map(String::as_str)).collect();
    let told = strangers.into_iter().map(|name| {
        let fault =
            Fault::new(at, format!("`{key}` of rule `{}` has an unknown placeholder `{{{name}}}`", rule.spec.meta.id));
        fault.code("unknown_placeholder").help(match nearest(name, &known) {
            Some(near) => format!("did you mean `{{{near}}}`?"),
            None => format!("it may have {}", known.iter().map(|k| format!("{{{k}}}")).collect::<Vec<_>>().join(", ")),
        })
    });
    told.collect()
}

/// The names in braces, as they are read when a template is filled in.
fn names(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('{')?.1.split_once('}')?;
        rest = after;
        Some(name)
    })
}

/// The captures of a rule's patterns, by name or number.
fn captures(rule: &Rule<'_>) -> Vec<String> {
    let sources = rule.spec.params.read("patterns", Value::strings).ok().flatten().unwrap_or_default();
    let mut names = Vec::new();
    for pattern in sources.iter().filter_map(|(source, _)| Parser::new().parse(source).ok()) {
        collect(&pattern, &mut names);
    }
    names.sort();
    names.dedup();
    names
}

fn collect(hir: &Hir, names: &mut Vec<String>) {
    match hir.kind() {
        HirKind::Capture(capture) => {
            names.push(capture.name.as_ref().map_or_else(|| capture.index.to_string(), ToString::to_string));
            collect(&capture.sub, names);
        }
        HirKind::Repetition(repetition) => collect(&repetition.sub, names),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().for_each(|part| collect(part, names)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::Checks, model::fault::NamedText, pack};

    /// What is wrong with the placeholders of a rule that has `keys`.
    fn told(keys: &str) -> Vec<String> {
        let text = format!(
            "pack = {{ name = \"p\", version = \"1\", summary = \"s\" }}\n[[rule]]\nid = \"r\"\ntitle = \"t\"\n\
             category = \"style\"\nwhy = \"w\"\nexample = [{{ bad = \"b\" }}, {{ good = \"g\" }}]\n{keys}"
        );
        let set = pack::load(&[pack::Request::Texts(vec![NamedText::new("p.toml", text)])]).expect("the pack loads");
        let packs: Vec<_> = set.packs.iter().collect();
        let compiled = Checks::compile(&packs, &set.shared, &[], &super::super::scorer::Options::default());
        let told = |f: Fault| format!("{}: {}", f.message, f.help.unwrap_or_default());
        compiled.err().unwrap_or_default().into_iter().map(told).collect()
    }

    #[test]
    fn captures_and_what_stands_near_may_be_named() {
        let keys = "message = \"{match} {title} {fix} {near} {1} {name}\"\nnear = { any = [\"a\"] }\n\
                    patterns = ['(a)', '(?:b(?P<name>c)?)+']\nfix.replace = [\"{name} {match}\", \"{1}\"]";
        assert_eq!(told(keys), [""; 0]);
        assert_eq!(told("message = \"a { and a } or {\"\npatterns = ['a']").len(), 1, "braces are no words");
    }

    #[test]
    fn a_misspelt_one_is_told_with_what_was_meant() {
        let keys = "message = \"found {macth}\"\nphrases = [\"a\"]\nfix.replace = [\"b\", \"x{1}y\"]";
        let wrong = |key| format!("`{key}` of rule `p/r` has an unknown placeholder");
        let message = format!("{} `{{macth}}`: did you mean `{{match}}`?", wrong("message"));
        let replace = format!("{} `{{1}}`: it may have {{match}}", wrong("replace"));
        assert_eq!(told(keys), [message, replace]);
    }

    #[test]
    fn a_kind_knows_what_its_hits_say() {
        let limit = "kind = \"limit\"\nfield = \"text\"\nmessage = \"{length} of {limit}: {channels}\"\n";
        assert_eq!(told(limit), [""; 0]);
        assert_eq!(told(&format!("{limit}max = 9")).len(), 1, "no channel is asked");
        let field = "kind = \"field\"\nfield = \"author\"\nis = \"not-nominated\"\n";
        assert_eq!(told(&format!("{field}message = \"{{author}} on {{account}}\"")), [""; 0]);
        assert_eq!(told(&format!("{field}message = \"{{channel}}\"")).len(), 1);
    }
}

//! The guards of a rule block, read from its keys.

use super::{CONTEXT_REACH, Context, Near, Side, Within};
use crate::{
    check::{Rule, phrase::Compiler, program::Node},
    model::{
        block::keep,
        value::{Fault, Read, Table, Texts, Value, nearest},
    },
    validate::{self, Validator},
};

pub(super) fn phrases(list: &Texts, rule: &Rule<'_>, compiler: &mut Compiler, faults: &mut Vec<Fault>) -> Option<Node> {
    if list.is_empty() {
        return None;
    }
    compiler.any(list, rule.scope).map_err(|found| faults.extend(found)).ok()
}

/// `near = { … }` or several.
pub(super) fn nears(
    params: &Table,
    key: &str,
    rule: &Rule<'_>,
    compiler: &mut Compiler,
    faults: &mut Vec<Fault>,
) -> Vec<Near> {
    let Some(value) = params.get(key) else { return Vec::new() };
    let tables: Vec<&Value> = value.array().map_or_else(|_| vec![value], |all| all.iter().collect());
    tables.into_iter().filter_map(|v| near(v, rule, compiler, faults)).collect()
}

fn near(value: &Value, rule: &Rule<'_>, compiler: &mut Compiler, faults: &mut Vec<Fault>) -> Option<Near> {
    let table = keep(value.table(), faults)?;
    faults.extend(table.unknown_keys(&["any", "within", "side"], "`near`"));
    let any = keep(table.read("any", Value::strings), faults)?;
    let Some(any) = any.filter(|a| !a.is_empty()) else {
        faults.push(Fault::new(value.at, "`near` without phrases").help("write near = { any = [\"…\"] }"));
        return None;
    };
    let any = phrases(&any, rule, compiler, faults)?;
    let within = keep(table.read("within", within), faults)?.unwrap_or(Within::Sentences(1));
    let side = keep(table.read("side", side), faults)?.unwrap_or(Side::Either);
    Some(Near { any, within, side })
}

pub(super) fn within(value: &Value) -> Read<Within> {
    let text = value.str()?;
    let mut words = text.split_whitespace();
    let parsed = match (words.next(), words.next(), words.next()) {
        (Some("sentence"), None, _) => Some(Within::Sentences(1)),
        (Some("post"), None, _) => Some(Within::Post),
        (Some(n), Some(unit), None) => n.parse().ok().filter(|n| *n > 0).and_then(|n| match unit {
            "sentence" | "sentences" => Some(Within::Sentences(n)),
            "word" | "words" => Some(Within::Words(n)),
            "char" | "chars" => Some(Within::Chars(n)),
            _ => None,
        }),
        _ => None,
    };
    parsed.ok_or_else(|| {
        Fault::new(value.at, format!("`{text}` is no distance"))
            .help("write \"sentence\", \"2 sentences\", \"post\", \"8 words\" or \"40 chars\"")
    })
}

fn side(value: &Value) -> Read<Side> {
    match value.str()? {
        "before" => Ok(Side::Before),
        "after" => Ok(Side::After),
        "either" => Ok(Side::Either),
        other => {
            Err(Fault::new(value.at, format!("`{other}` is no side")).help("write \"before\", \"after\" or \"either\""))
        }
    }
}

/// A number of characters around a hit; `key` is what it is called.
fn reach(value: &Value, key: &str) -> Read<usize> {
    let fault = || Fault::new(value.at, format!("`{key}` is at most {CONTEXT_REACH} characters"));
    value.count().and_then(|reach| (reach <= CONTEXT_REACH).then_some(reach).ok_or_else(fault))
}

pub(super) fn covers(value: &Value) -> Read<bool> {
    match value.str()? {
        "sentence" => Ok(true),
        "match" => Ok(false),
        other => {
            Err(Fault::new(value.at, format!("`covers` cannot be `{other}`")).help("write \"match\" or \"sentence\""))
        }
    }
}

pub(super) fn quoted(value: &Value) -> Read<bool> {
    match value.str()? {
        "skip" => Ok(true),
        "check" => Ok(false),
        other => Err(Fault::new(value.at, format!("`quoted` cannot be `{other}`")).help("write \"skip\" or \"check\"")),
    }
}

pub(super) fn validator(value: &Value) -> Read<&'static dyn Validator> {
    let name = value.str()?;
    validate::find(name).ok_or_else(|| {
        let names: Vec<&str> = validate::VALIDATORS.iter().map(|v| v.name()).collect();
        let fault = Fault::new(value.at, format!("unknown validator `{name}`"));
        match nearest(name, &names) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("validators are {}", names.join(", "))),
        }
    })
}

pub(super) fn context(
    value: &Value,
    rule: &Rule<'_>,
    compiler: &mut Compiler,
    faults: &mut Vec<Fault>,
) -> Option<Context> {
    let table = keep(value.table(), faults)?;
    faults.extend(table.unknown_keys(&["raise", "lower", "before", "after", "required"], "`context`"));
    let raise = keep(table.read("raise", Value::strings), faults)?.unwrap_or_default();
    let lower = keep(table.read("lower", Value::strings), faults)?.unwrap_or_default();
    Some(Context {
        raise: phrases(&raise, rule, compiler, faults),
        lower: phrases(&lower, rule, compiler, faults),
        before: keep(table.read("before", |v| reach(v, "before")), faults)?.unwrap_or(40),
        after: keep(table.read("after", |v| reach(v, "after")), faults)?.unwrap_or(25),
        required: keep(table.read("required", Value::bool), faults)?.unwrap_or(false),
    })
}

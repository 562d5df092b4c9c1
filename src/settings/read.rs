//! From the tables of a settings file to [`Settings`], every fault noted.

use super::{
    Account, ChannelLimit, Check, Column, DEEPEST, FailOn, Globs, Level, Organisation, Override, Packs, Period,
    Reserved, RuleSetting, Scorer, Settings, Sizes, Suppress, Voice,
};
use crate::model::{
    block::{Block, filled, keep},
    rule::Severity,
    value::{Data, Entry, Fault, Read, Table, Value, nearest},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

const KEYS: &[&str] = &[
    "organisation",
    "packs",
    "rules",
    "accounts",
    "channels",
    "period",
    "overrides",
    "check",
    "formats",
    "limits",
    "suppress",
    "scorer",
    "reserved",
];
const ORGANISATION: &[&str] =
    &["name", "domains", "public-numbers", "public-addresses", "public-postcodes", "role-mailboxes", "names"];
const ACCOUNT: &[&str] = &["channels", "officers", "voice", "approval-for", "services", "profile"];
const SIZES: &[&str] =
    &["file-mib", "unpacked-mib", "unpacked-ratio", "rows", "posts", "findings", "nesting", "line-mib"];
const LEVELS: &[&str] = &["error", "warning", "info", "off"];
const FAIL_ON: &[&str] = &["error", "warning", "info", "never"];

/// Kinds of period that rules of the built-in packs refer to.
const PERIODS: &[&str] = &["pre-election", "mourning", "incident", "remembrance", "embargo"];

/// Reads the whole file.
pub(super) fn settings(root: &Table, faults: &mut Vec<Fault>) -> Settings {
    let mut top = Block::new(root, "the settings", KEYS, faults);
    Settings {
        organisation: section(&mut top, "organisation", ORGANISATION).map(organisation).unwrap_or_default(),
        packs: section(&mut top, "packs", &["use", "paths"]).map(packs).unwrap_or_default(),
        rules: top.read("rules", Value::table).map(|t| rules(t, top.faults)).unwrap_or_default(),
        accounts: top.read("accounts", Value::table).map(|t| accounts(t, top.faults)).unwrap_or_default(),
        limits: top.read("channels", Value::table).map(|t| limits(t, top.faults)).unwrap_or_default(),
        periods: blocks(&mut top, "period").filter_map(|t| period(t, top.faults)).collect(),
        overrides: blocks(&mut top, "overrides").map(|t| override_(t, top.faults)).collect(),
        check: section(&mut top, "check", &["fail-on", "exclude", "min-confidence", "skip-status"])
            .map(check)
            .unwrap_or_default(),
        columns: top.read("formats", Value::table).map(|t| columns(t, top.faults)).unwrap_or_default(),
        sizes: section(&mut top, "limits", SIZES).map(sizes).unwrap_or_default(),
        suppress: blocks(&mut top, "suppress").map(|t| suppress(t, top.faults)).collect(),
        scorer: section(&mut top, "scorer", &["enabled", "budget", "model"]).map(scorer).unwrap_or_default(),
        reserved: section(&mut top, "reserved", &["handling"]).map(reserved).unwrap_or_default(),
        ..Settings::default()
    }
}

/// A table of the top level.
fn section<'t, 'a>(top: &'a mut Block<'t, '_>, key: &str, known: &[&str]) -> Option<Block<'t, 'a>> {
    let table = top.read(key, Value::table)?;
    Some(Block::new(table, format!("[{key}]"), known, top.faults))
}

/// The tables of an array of tables.
fn blocks<'t>(top: &mut Block<'t, '_>, key: &str) -> std::vec::IntoIter<&'t Table> {
    let values = top.read(key, Value::array).unwrap_or_default();
    values.iter().filter_map(|v| top.keep(v.table())).collect::<Vec<_>>().into_iter()
}

fn organisation(mut block: Block<'_, '_>) -> Organisation {
    let lower = |words: Vec<String>| words.iter().map(|w| w.trim().to_lowercase()).collect();
    Organisation {
        name: block.string("name"),
        domains: lower(block.words("domains")),
        public_numbers: block.words("public-numbers"),
        public_addresses: block.words("public-addresses"),
        public_postcodes: block.words("public-postcodes"),
        role_mailboxes: lower(block.words("role-mailboxes")),
        names: block.words("names"),
    }
}

fn packs(mut block: Block<'_, '_>) -> Packs {
    let packs = Packs { names: block.strings("use"), paths: block.strings("paths").unwrap_or_default() };
    if packs.names.as_ref().is_some_and(Vec::is_empty) && packs.paths.is_empty() {
        let at = block.table.get("use").map_or(block.table.at, |v| v.at);
        let fault = Fault::new(at, "`use` is empty and there are no `paths`, so that no rule would run").code("empty");
        block.faults.push(fault.help("name packs, or leave `use` out for those that are on by default"));
    }
    packs
}

/// `[rules]`: `"pack/name" = "off"`, or a table of its own.
fn rules(table: &Table, faults: &mut Vec<Fault>) -> Vec<RuleSetting> {
    table.entries.iter().map(|entry| rule(entry, faults)).collect()
}

fn rule(entry: &Entry, faults: &mut Vec<Fault>) -> RuleSetting {
    let mut setting = RuleSetting { id: entry.key.to_string(), at: entry.at, level: None, allow_phrases: Vec::new() };
    match &entry.value.data {
        Data::Table(table) => {
            let what = format!("rule `{}`", entry.key);
            let mut block = Block::new(table, what, &["severity", "allow-phrases"], faults);
            setting.level = block.read("severity", level);
            setting.allow_phrases = block.strings("allow-phrases").unwrap_or_default();
        }
        _ => setting.level = keep(level(&entry.value), faults),
    }
    setting
}

fn level(value: &Value) -> Read<Level> {
    let name = value.one_of(LEVELS, "severity")?;
    Ok(name.parse::<Severity>().map_or(Level::Off, Level::On))
}

fn accounts(table: &Table, faults: &mut Vec<Fault>) -> BTreeMap<String, Account> {
    let mut accounts = BTreeMap::new();
    for entry in &table.entries {
        let Some(inner) = keep(entry.value.table(), faults) else { continue };
        let mut block = Block::new(inner, format!("account `{}`", entry.key), ACCOUNT, faults);
        let (channels, from) = approved(&mut block);
        let account = Account {
            channels,
            from,
            officers: block.words("officers"),
            voice: block.named("voice", &["corporate", "signed"]).map(|v| match v {
                "signed" => Voice::Signed,
                _ => Voice::Corporate,
            }),
            approval_for: block.words("approval-for"),
            services: services(&mut block),
            profile: block.string("profile"),
        };
        accounts.insert(entry.key.to_string(), account);
    }
    accounts
}

/// Channels by name, or with the day from which on they are approved: `{ name = "linkedin", from = 2027-04-01 }`.
fn approved(block: &mut Block<'_, '_>) -> (Vec<super::Named>, Vec<(String, Date)>) {
    let (mut channels, mut from) = (Vec::new(), Vec::new());
    for value in block.read("channels", Value::array).unwrap_or_default() {
        let Data::Table(table) = &value.data else {
            channels.extend(block.keep(filled(value)).map(|name| (name.to_lowercase(), value.at)));
            continue;
        };
        let what = format!("a channel of {}", block.what);
        let mut inner = Block::new(table, what, &["name", "from"], block.faults);
        let name = inner.needed("name").to_lowercase();
        from.extend(inner.read("from", day).map(|day| (name.clone(), day)));
        channels.push((name, table.get("name").map_or(value.at, |v| v.at)));
    }
    (channels, from)
}

/// `[channels.NAME]`: numbers by field.
fn limits(table: &Table, faults: &mut Vec<Fault>) -> Vec<ChannelLimit> {
    let mut limits = Vec::new();
    for channel in &table.entries {
        let Some(fields) = keep(channel.value.table(), faults) else { continue };
        for field in &fields.entries {
            limits.extend(keep(field.value.count(), faults).map(|max| ChannelLimit {
                channel: (channel.key.to_lowercase(), channel.at),
                field: (field.key.to_string(), field.at),
                max,
            }));
        }
    }
    limits
}

/// A list of services, or a table of services with their officers.
fn services(block: &mut Block<'_, '_>) -> BTreeMap<String, Vec<String>> {
    match block.table.get("services").map(|v| &v.data) {
        Some(Data::Table(table)) => {
            let mut inner = Block::open(table, format!("`services` of {}", block.what), block.faults);
            table.entries.iter().map(|e| (e.key.to_string(), inner.words(&e.key))).collect()
        }
        _ => block.words("services").into_iter().map(|name| (name, Vec::new())).collect(),
    }
}

fn period(table: &Table, faults: &mut Vec<Fault>) -> Option<Period> {
    let mut block = Block::new(table, "a [[period]] block", &["name", "kind", "from", "to"], faults);
    block.all_there(&["name", "from", "to"]);
    let name = block.filled("name");
    let kind = match block.read("kind", |v| v.one_of(PERIODS, "kind of period")) {
        Some(kind) => kind.to_owned(),
        None => own_kind(&mut block, &name),
    };
    let (from, to) = (block.read("from", day), block.read("to", day));
    let (from, to) = (from?, to?);
    if to < from {
        let message = format!("the period `{name}` ends before it begins ({from})");
        let at = table.get("to").map_or(table.at, |v| v.at);
        faults.push(Fault::new(at, message).code("bad_date").help("`to` is its last day, inclusive"));
    }
    Some(Period { name, kind, from, to, at: table.at })
}

/// The kind of a period that names none is its own name, unless that looks like a known kind gone wrong: then rules
/// that wait for that kind would be silent.
fn own_kind(block: &mut Block<'_, '_>, name: &str) -> String {
    let free = block.table.get("kind").is_none() && !PERIODS.contains(&name);
    let near = nearest(name, PERIODS).filter(|_| free);
    if let (Some(near), Some(value)) = (near, block.table.get("name")) {
        let fault = Fault::new(value.at, format!("the period `{name}` has no kind that rules know"));
        block.faults.push(fault.code("unknown_name").help(format!("add kind = \"{near}\", or call it so")));
    }
    name.to_owned()
}

/// A day of the calendar.
fn day(value: &Value) -> Read<Date> {
    let text = value.date()?;
    let plain = text.len() == "2027-03-22".len();
    text.parse::<Date>().ok().filter(|_| plain).ok_or_else(|| {
        let fault = Fault::new(value.at, format!("`{text}` is not a day of the calendar")).code("bad_date");
        fault.help("write year, month and day: 2027-03-22")
    })
}

fn override_(table: &Table, faults: &mut Vec<Fault>) -> Override {
    let mut block = Block::new(table, "an [[overrides]] block", &["paths", "rules", "packs"], faults);
    block.all_there(&["paths"]);
    let override_ = Override {
        paths: needed_globs(&mut block, "paths"),
        rules: block.read("rules", Value::table).map(|t| rules(t, block.faults)).unwrap_or_default(),
        packs: block.strings("packs"),
        at: table.at,
    };
    // Rules are compiled once for all paths, and their excuses with them.
    for (phrase, at) in override_.rules.iter().flat_map(|rule| &rule.allow_phrases) {
        let fault = Fault::new(*at, format!("an override cannot allow the phrase “{phrase}” for its paths alone"));
        block
            .faults
            .push(fault.code("unknown_key").help("put `allow-phrases` under [rules], where it holds everywhere"));
    }
    if table.get("rules").is_none() && table.get("packs").is_none() {
        block.fault("missing_key", "the override changes nothing".to_owned(), "add `rules` or `packs`");
    }
    override_
}

fn check(mut block: Block<'_, '_>) -> Check {
    Check {
        fail_on: block.named("fail-on", FAIL_ON).map(|n| n.parse().map_or(FailOn::Never, FailOn::From)),
        exclude: globs(&mut block, "exclude"),
        min_confidence: block.read("min-confidence", Value::unit),
        skip_status: block.words("skip-status").iter().map(|s| s.trim().to_lowercase()).collect(),
    }
}

fn globs(block: &mut Block<'_, '_>, key: &str) -> Globs {
    let patterns = block.strings(key).unwrap_or_default();
    let texts = patterns.iter().map(|(text, _)| text.clone()).collect();
    Globs::new(texts).unwrap_or_else(|broken| {
        for (i, why) in broken {
            let (text, at) = patterns.get(i).cloned().unwrap_or_default();
            let fault = Fault::new(at, format!("`{text}` is not a pattern for paths: {why}")).code("bad_pattern");
            block.faults.push(fault.help("patterns are those of .gitignore: `*.bak`, `sent/`, `archive/**`"));
        }
        Globs::default()
    })
}

/// Patterns of a block that would hold nowhere without any.
fn needed_globs(block: &mut Block<'_, '_>, key: &str) -> Globs {
    let value = block.table.get(key);
    if let Some(value) = value.filter(|v| v.array().is_ok_and(<[Value]>::is_empty)) {
        let fault = Fault::new(value.at, format!("`{key}` is empty, so that {} holds nowhere", block.what));
        block.faults.push(fault.code("empty").help("use [\"**\"] for everywhere"));
    }
    globs(block, key)
}

fn columns(table: &Table, faults: &mut Vec<Fault>) -> Vec<Column> {
    let mut columns = Vec::new();
    for format in &table.entries {
        let Some(roles) = keep(format.value.table(), faults) else { continue };
        for role in &roles.entries {
            // One name, or several columns that hold the same.
            let names = match &role.value.data {
                Data::Array(names) => names.iter().collect(),
                _ => vec![&role.value],
            };
            columns.extend(names.into_iter().filter_map(|v| keep(filled(v), faults)).map(|name| Column {
                format: (format.key.to_string(), format.at),
                role: (role.key.to_string(), role.at),
                name: name.to_owned(),
            }));
        }
    }
    columns
}

fn sizes(mut block: Block<'_, '_>) -> Sizes {
    let mut size = |key: &str| {
        let size = block.read(key, Value::count)?;
        if size == 0 {
            block.fault(
                "bad_number",
                format!("`{key}` is 0, so that nothing could be checked"),
                "leave it out for the default",
            );
        }
        if key == "nesting" && size > DEEPEST {
            let message = format!("`nesting` is {size}, and postlint goes {DEEPEST} levels deep at most");
            block.fault("bad_number", message, "flatten the file");
        }
        Some(size)
    };
    Sizes {
        file_mib: size("file-mib"),
        unpacked_mib: size("unpacked-mib"),
        unpacked_ratio: size("unpacked-ratio"),
        rows: size("rows"),
        posts: size("posts"),
        findings: size("findings"),
        nesting: size("nesting"),
        line_mib: size("line-mib"),
    }
}

fn suppress(table: &Table, faults: &mut Vec<Fault>) -> Suppress {
    let mut block = Block::new(table, "a [[suppress]] block", &["paths", "rules", "reason", "until"], faults);
    block.all_there(&["paths", "rules", "reason"]);
    Suppress {
        paths: needed_globs(&mut block, "paths"),
        rules: block.strings("rules").unwrap_or_default(),
        reason: block.filled("reason"),
        until: block.read("until", day),
        at: table.at,
    }
}

fn scorer(mut block: Block<'_, '_>) -> Scorer {
    Scorer {
        enabled: block.read("enabled", Value::bool),
        budget: block.read("budget", Value::unit),
        model: block.read("model", |v| Ok((filled(v)?.to_owned(), v.at))),
    }
}

fn reserved(mut block: Block<'_, '_>) -> Reserved {
    match block.named("handling", &["report", "note", "ignore"]) {
        Some("note") => Reserved::Note,
        Some("ignore") => Reserved::Ignore,
        _ => Reserved::Report,
    }
}

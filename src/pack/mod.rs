//! Floor 2, adapters: packs of rules, from TOML to data, with a caret at everything that is wrong.
//!
//! Goes in: [`Request`]s, each a built-in pack by name or a path to a pack's file or folder. Comes out: a [`PackSet`],
//! or [`PackErrors`] with all faults of all packs at once. The loader knows the keys that every rule has; the keys of a
//! rule's kind it only carries along, with their places, and whoever compiles them reports through
//! [`PackErrors::from_faults`] in the same form.

mod builtin;
mod file;
mod page;
mod read;
mod rule;
mod source;
mod tables;

use crate::model::{
    block::keep,
    fault::{Faults, NamedText, Shown},
    rule::{Lists, Pack, Policy},
    toml,
    value::{At, Fault, Table, suggestion, unknown},
};
use file::File;
use rayon::prelude::*;
use rule::Cites;
use std::{collections::BTreeSet, path::PathBuf};

pub use builtin::names;
pub use file::Examples;
pub use page::{index, page};
pub use rule::{DEFAULT_KIND, RULE_KEYS};

/// First part of the codes of all faults of packs.
const DOOR: &str = "postlint::pack";

/// Codes of faults of a rule that say nothing against what it matches.
const HARMLESS: &[&str] = &["missing_example", "bad_example", "unknown_clause"];

/// A pack that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A built-in pack.
    Name(String),
    /// A pack's file, or the folder that holds its files.
    Path(PathBuf),
    /// The files of one pack, as texts that may not be saved yet.
    Texts(Vec<NamedText>),
}

impl Request {
    /// What `--pack` means: a word is the name of a built-in pack, anything with a slash, a backslash or a dot a path.
    pub fn from_argument(text: &str) -> Self {
        if text.contains(['/', '\\', '.']) { Self::Path(text.into()) } else { Self::Name(text.to_owned()) }
    }
}

/// Packs that were loaded, and what they refer to.
#[derive(Debug, Clone, Default)]
pub struct PackSet {
    /// The packs, in the order of the requests.
    pub packs: Vec<Pack>,
    /// Lists that every pack may use; a pack's own list of the same name goes before.
    pub shared: Lists,
    /// All policies: the built-in ones, and those in the requested files.
    pub policies: Vec<Policy>,
    /// The files that were read; `At::file` counts in here.
    pub files: Vec<NamedText>,
}

impl PackSet {
    /// The policy whose clauses `pack` cites.
    pub fn policy(&self, pack: &Pack) -> Option<&Policy> {
        self.policies.iter().find(|p| Some(&p.name) == pack.policy.as_ref())
    }
}

/// Everything that is wrong with the packs of a run.
#[derive(Debug, Clone, thiserror::Error, miette::Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub struct PackErrors(pub Faults);

impl PackErrors {
    /// Faults at their places in the files of a [`PackSet`].
    pub fn from_faults(files: &[NamedText], faults: Vec<Fault>) -> Self {
        Self(Faults::from_faults(DOOR, files, faults))
    }
}

/// Loads the packs, all or nothing.
pub fn load(requests: &[Request]) -> Result<PackSet, PackErrors> {
    load_with(requests, Examples::Read)
}

/// The same, with or without examples.
pub fn load_with(requests: &[Request], examples: Examples) -> Result<PackSet, PackErrors> {
    let (set, errors) = Loader::new(examples).load(requests);
    errors.map_or(Ok(set), Err)
}

/// Loads what can be loaded, and tells the faults beside. A rule that misses nothing but examples or a clause is loaded;
/// any other rule with a fault is not, nor is a pack with a file that is not TOML.
pub fn load_sound(requests: &[Request]) -> (PackSet, Option<PackErrors>) {
    Loader::new(Examples::Read).load(requests)
}

/// Packs of a run at most.
const PACKS: usize = 200;

/// Faults of a file's rules after which the rest of its rules is not read.
const ENOUGH: usize = 300;

struct Loader {
    examples: Examples,
    set: PackSet,
    faults: Vec<Fault>,
    placeless: Vec<Shown>,
    /// Files that are not TOML.
    broken: Vec<usize>,
}

impl Loader {
    fn new(examples: Examples) -> Self {
        Self { examples, set: PackSet::default(), faults: Vec::new(), placeless: Vec::new(), broken: Vec::new() }
    }

    fn load(mut self, requests: &[Request]) -> (PackSet, Option<PackErrors>) {
        for row in ["lists", "policies"] {
            let files = builtin::files(row).unwrap_or_default().iter().map(File::Builtin).collect();
            for root in self.parse(files) {
                read::lists(&root, &mut self.set.shared, &mut self.faults);
            }
        }
        let mut seen: Vec<&Request> = Vec::new();
        let mut bundles = Vec::new();
        if requests.len() > PACKS {
            let message = format!("{} packs are asked for, over the limit of {PACKS}", requests.len());
            let help = "put rules that belong together into one pack: a folder may hold many files";
            self.placeless.push(Shown::placeless(format!("{DOOR}::too_many"), message, Some(help.to_owned())));
        }
        for request in requests.iter().take(PACKS) {
            if !seen.contains(&request) {
                seen.push(request);
                let builtin = matches!(request, Request::Name(_));
                bundles.extend(self.fetch(request).map(|files| (self.parse(files), builtin)));
            }
        }
        for (roots, builtin) in bundles {
            self.pack(roots, builtin);
        }
        let Self { set, mut faults, placeless, broken, .. } = self;
        // What else seems wrong in a file that is not TOML may come from the parser's guesses.
        faults.retain(|f| f.code == toml::SYNTAX || !broken.contains(&f.at.file));
        let errors = Faults::new(placeless).and(Faults::from_faults(DOOR, &set.files, faults));
        let errors = (!errors.is_empty()).then_some(PackErrors(errors));
        (set, errors)
    }

    fn fetch(&mut self, request: &Request) -> Option<Vec<File>> {
        let given = |files: Vec<NamedText>| files.into_iter().map(File::Given).collect();
        let found = match request {
            Request::Path(path) => source::files(path).map(given),
            Request::Texts(texts) => Ok(given(texts.clone())),
            Request::Name(name) => match builtin::files(name).filter(|_| names().contains(&name.as_str())) {
                Some(files) => Ok(files.iter().map(File::Builtin).collect()),
                None => Err(vec![Shown::placeless(
                    format!("{DOOR}::unknown_pack"),
                    format!("there is no pack `{name}`"),
                    Some(suggestion(name, &names())),
                )]),
            },
        };
        found.map_err(|faults| self.placeless.extend(faults)).ok()
    }

    /// Parses files and takes the policies out of them.
    fn parse(&mut self, files: Vec<File>) -> Vec<Table> {
        let mut roots = Vec::new();
        for (file, root, faults) in self.read(files) {
            self.set.files.push(file);
            if faults.iter().any(|f| f.code == toml::SYNTAX) {
                self.broken.push(root.at.file);
            }
            self.faults.extend(faults);
            self.faults.extend(read::top_level(&root));
            if let Some(policy) = read::policy(&root, &mut self.faults) {
                if self.set.policies.iter().any(|p| p.name == policy.name) {
                    let message = format!("two policies are called `{}`", policy.name);
                    let fault = Fault::new(place(&root, "policy"), message).code("duplicate");
                    self.faults.push(fault.help("rename one of them"));
                }
                self.set.policies.push(policy);
            }
            roots.push(root);
        }
        roots
    }

    /// The texts and tables of files, with what is wrong in them.
    fn read(&self, files: Vec<File>) -> Vec<(NamedText, Table, Vec<Fault>)> {
        let first = self.set.files.len();
        let read = |(i, file): (usize, File)| file.read(first + i, self.examples);
        if self.examples == Examples::LeftOut && files.iter().all(|f| matches!(f, File::Builtin(_))) {
            return files.into_iter().enumerate().map(read).collect();
        }
        // Reading TOML takes its time, and the files of a pack do not depend on each other.
        files.into_par_iter().enumerate().map(read).collect()
    }

    /// Makes one pack of the files of a request; `builtin` says that it comes with the program.
    fn pack(&mut self, roots: Vec<Table>, builtin: bool) {
        let broken = roots.iter().any(|r| self.broken.contains(&r.at.file));
        let Some(header) = self.header(&roots, broken) else { return };
        let cites = match &header.policy {
            None => Cites::Nothing,
            Some((name, at)) => self.set.policies.iter().find(|p| p.name == *name).map_or_else(
                || {
                    let names: Vec<&str> = self.set.policies.iter().map(|p| p.name.as_str()).collect();
                    self.faults.push(unknown(*at, name, &names, "policy"));
                    Cites::Stranger
                },
                Cites::Policy,
            ),
        };
        let mut pack = Pack {
            name: header.name.clone().unwrap_or_default(),
            version: header.version,
            summary: header.summary,
            policy: header.policy.map(|(name, _)| name),
            enabled: header.enabled,
            example_settings: header.example_settings,
            builtin,
            lists: Lists::new(),
            rules: Vec::new(),
        };
        for root in &roots {
            read::lists(root, &mut pack.lists, &mut self.faults);
        }
        let examples = !builtin || self.examples == Examples::Read;
        let mut ids = BTreeSet::new();
        for root in roots {
            rules(root, (cites, examples), &mut pack, &mut ids, &mut self.faults);
        }
        if self.set.packs.iter().any(|p| p.name == pack.name) {
            let fault = Fault::new(header.name_at, format!("two packs are called `{}`", pack.name));
            self.faults.push(fault.code("duplicate").help("rename one of them, or load only one"));
        } else if !broken && header.name.is_some() {
            self.set.packs.push(pack);
        }
    }

    /// The one `[pack]` table of the files.
    fn header(&mut self, roots: &[Table], broken: bool) -> Option<read::Header> {
        let mut with = roots.iter().filter(|r| r.get("pack").is_some());
        let first = with.next();
        for root in with {
            let fault = Fault::new(place(root, "pack"), "a second [pack] table in the folder").code("duplicate");
            self.faults.push(fault.help("the files of a folder are one pack; give each pack a folder of its own"));
        }
        let only_policies = roots.iter().all(|r| r.get("policy").is_some());
        if first.is_none() && !broken && !only_policies {
            let at = roots.first().map_or_else(At::default, |r| r.at);
            let fault = Fault::new(at, "no [pack] table").code("missing_key");
            self.faults.push(fault.help("add [pack] with name, version, summary and policy at the top of the file"));
        }
        read::header(first?, &mut self.faults)
    }
}

/// Adds the rules of a file to `pack`; `ids` are the names that are taken, by rules with faults too.
fn rules(
    mut root: Table,
    (cites, examples): (Cites<'_>, bool),
    pack: &mut Pack,
    ids: &mut BTreeSet<String>,
    faults: &mut Vec<Fault>,
) {
    let Some(value) = root.take("rule") else { return };
    let (mut blocks, first) = (keep(value.into_array(), faults).unwrap_or_default().into_iter(), faults.len());
    while let Some(block) = blocks.next() {
        let before = faults.len();
        let around = rule::Around { pack: &pack.name, cites, examples };
        let at = block.table().map_or(block.at, |t| place(t, "id"));
        if before - first > ENOUGH {
            let message = format!("{} more rules of the file were not read", blocks.len() + 1);
            faults.push(Fault::new(at, message).code("too_many").help("mend the faults before them first"));
            return;
        }
        let spec = rule::rule(block, &around, faults);
        let sound = faults.iter().skip(before).all(|f| HARMLESS.contains(&f.code));
        let Some(spec) = spec else { continue };
        if !ids.insert(spec.meta.id.clone()) {
            let fault = Fault::new(at, format!("two rules are called `{}`", spec.meta.id)).code("duplicate");
            faults.push(fault.help("give each rule of a pack its own id"));
        } else if sound {
            pack.rules.push(spec);
        }
    }
}

/// Where the value of `key` stands, or the table itself.
fn place(table: &Table, key: &str) -> At {
    table.get(key).map_or(table.at, |v| v.at)
}

#[cfg(test)]
mod tests;

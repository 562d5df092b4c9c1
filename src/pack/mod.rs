//! Floor 2, adapters: packs of rules, from TOML to data, with a caret at everything that is wrong.
//!
//! Goes in: [`Request`]s, each a built-in pack by name or a path to a pack's file or folder. Comes out: a [`PackSet`],
//! or [`PackErrors`] with all faults of all packs at once. The loader knows the keys that every rule has; the keys of a
//! rule's kind it only carries along, with their places, and whoever compiles them reports through
//! [`PackErrors::from_faults`] in the same form.

mod builtin;
mod read;
mod rule;
mod source;

use crate::model::{
    fault::{Faults, NamedText, Shown},
    rule::{Lists, Pack, Policy},
    toml,
    value::{At, Fault, Read, Table, Value, suggestion, unknown},
};
use std::path::PathBuf;

pub use builtin::{BUILTIN, names};
pub use rule::{DEFAULT_KIND, RULE_KEYS};

/// First part of the codes of all faults of packs.
const DOOR: &str = "postlint::pack";

/// A pack that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A built-in pack.
    Name(String),
    /// A pack's file, or the folder that holds its files.
    Path(PathBuf),
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
    let (set, errors) = load_sound(requests);
    errors.map_or(Ok(set), Err)
}

/// Loads what can be loaded: rules and packs with a fault are left out, and the faults are told beside.
pub fn load_sound(requests: &[Request]) -> (PackSet, Option<PackErrors>) {
    let mut loader = Loader::default();
    for row in ["lists", "policies"] {
        let files = builtin::files(row).unwrap_or_default();
        for root in loader.parse(files) {
            read::lists(&root, &mut loader.set.shared, &mut loader.faults);
        }
    }
    let mut seen: Vec<&Request> = Vec::new();
    let mut bundles = Vec::new();
    for request in requests {
        if !seen.contains(&request) {
            seen.push(request);
            bundles.extend(loader.fetch(request).map(|files| loader.parse(files)));
        }
    }
    for bundle in &bundles {
        loader.pack(bundle);
    }
    let Loader { set, faults, placeless } = loader;
    let errors = Faults::new(placeless).and(Faults::from_faults(DOOR, &set.files, faults));
    let errors = (!errors.is_empty()).then_some(PackErrors(errors));
    (set, errors)
}

#[derive(Default)]
struct Loader {
    set: PackSet,
    faults: Vec<Fault>,
    placeless: Vec<Shown>,
}

impl Loader {
    fn fetch(&mut self, request: &Request) -> Option<Vec<NamedText>> {
        let found = match request {
            Request::Path(path) => source::files(path),
            Request::Name(name) => builtin::files(name).filter(|_| names().contains(&name.as_str())).ok_or_else(|| {
                let help = suggestion(name, &names());
                vec![Shown::placeless(
                    format!("{DOOR}::unknown_pack"),
                    format!("there is no pack `{name}`"),
                    Some(help),
                )]
            }),
        };
        found.map_err(|faults| self.placeless.extend(faults)).ok()
    }

    /// Parses files and takes the policies out of them.
    fn parse(&mut self, files: Vec<NamedText>) -> Vec<Table> {
        let mut roots = Vec::new();
        for file in files {
            let (root, faults) = toml::parse(self.set.files.len(), &file.text);
            self.set.files.push(file);
            self.faults.extend(faults);
            self.faults.extend(read::top_level(&root));
            if let Some(policy) = read::policy(&root, &mut self.faults) {
                if self.set.policies.iter().any(|p| p.name == policy.name) {
                    let message = format!("two policies are called `{}`", policy.name);
                    self.faults.push(Fault::new(place(&root, "policy"), message).code("duplicate"));
                }
                self.set.policies.push(policy);
            }
            roots.push(root);
        }
        roots
    }

    /// Makes one pack of the files of a request.
    fn pack(&mut self, roots: &[Table]) {
        let mut headers: Vec<_> = roots.iter().filter_map(|r| read::header(r, &mut self.faults)).collect();
        let tables: Vec<At> = roots.iter().filter(|r| r.get("pack").is_some()).map(|r| place(r, "pack")).collect();
        if let Some(second) = tables.get(1) {
            let fault = Fault::new(*second, "a second [pack] table in the folder").code("duplicate");
            self.faults.push(fault.help("the files of a folder are one pack; give each pack a folder of its own"));
        } else if tables.is_empty() && !roots.iter().all(|r| r.get("policy").is_some()) {
            let at = roots.first().map_or_else(At::default, |r| r.at);
            let fault = Fault::new(at, "no [pack] table").code("missing_key");
            self.faults.push(fault.help("add [pack] with name, version, summary and policy at the top of the file"));
        }
        if headers.is_empty() {
            return;
        }
        let header = headers.swap_remove(0);
        if self.set.packs.iter().any(|p| p.name == header.name) {
            let fault = Fault::new(header.name_at, format!("two packs are called `{}`", header.name));
            self.faults.push(fault.code("duplicate").help("rename one of them, or load only one"));
            return;
        }
        let policy = header.policy.as_ref().and_then(|(name, at)| {
            let found = self.set.policies.iter().position(|p| p.name == *name);
            if found.is_none() {
                let names: Vec<&str> = self.set.policies.iter().map(|p| p.name.as_str()).collect();
                self.faults.push(unknown(*at, name, &names, "policy"));
            }
            found
        });
        let mut pack = Pack {
            name: header.name,
            version: header.version,
            summary: header.summary,
            policy: header.policy.map(|(name, _)| name),
            enabled: header.enabled,
            lists: Lists::new(),
            rules: Vec::new(),
        };
        for root in roots {
            read::lists(root, &mut pack.lists, &mut self.faults);
        }
        for root in roots {
            self.rules(root, policy, &mut pack);
        }
        self.set.packs.push(pack);
    }

    fn rules(&mut self, root: &Table, policy: Option<usize>, pack: &mut Pack) {
        let Some(blocks) = root.get("rule").and_then(|v| keep(v.array(), &mut self.faults)) else { return };
        let policy = policy.and_then(|i| self.set.policies.get(i));
        for block in blocks {
            let mut faults = Vec::new();
            let around = rule::Around { pack: &pack.name, policy };
            let spec = rule::rule(block, &around, &mut faults);
            let sound = faults.is_empty();
            self.faults.extend(faults);
            let Some(spec) = spec else { continue };
            if pack.rules.iter().any(|r| r.meta.id == spec.meta.id) {
                let at = block.table().map_or(block.at, |t| place(t, "id"));
                let fault = Fault::new(at, format!("two rules are called `{}`", spec.meta.id)).code("duplicate");
                self.faults.push(fault.help("give each rule of a pack its own id"));
            } else if sound {
                pack.rules.push(spec);
            }
        }
    }
}

/// Where the value of `key` stands, or the table itself.
fn place(table: &Table, key: &str) -> At {
    table.get(key).map_or(table.at, |v| v.at)
}

/// The value, or nothing and its fault noted.
fn keep<T>(read: Read<T>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

/// The value of a key that must be there; `what` says in what.
fn required<'t>(table: &'t Table, key: &str, what: &str) -> Read<&'t Value> {
    table.get(key).ok_or_else(|| missing(table.at, key, what))
}

fn missing(at: At, key: &str, what: &str) -> Fault {
    Fault::new(at, format!("{what} has no `{key}`")).code("missing_key").help(format!("add {key} = …"))
}

/// Whether a name is lower-case words and digits joined by single hyphens.
fn is_kebab(name: &str) -> bool {
    name.split('-').all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn not_kebab(at: At, name: &str) -> Fault {
    let fault = Fault::new(at, format!("`{name}` is no name")).code("bad_name");
    fault.help("use lower-case letters and digits, with hyphens between words: `insult-official`")
}

#[cfg(test)]
mod tests;

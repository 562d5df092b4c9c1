//! What `postlint init` writes, and where.
//!
//! Settings, pack and sample belong to the folder of the drafts. Hooks and CI files do not: programs look for them in the
//! root of the repository, and start there, so that each must be told which folder it is about.

use crate::{
    cli::{
        Failure,
        args::{CiArg, HookArg},
        schema,
    },
    engine::walk,
};
use std::{
    borrow::Cow,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A file that is to be written.
pub(super) struct Planned {
    pub(super) path: PathBuf,
    pub(super) what: &'static str,
    pub(super) text: Cow<'static, str>,
    pub(super) executable: bool,
}

impl Planned {
    fn new(path: impl Into<PathBuf>, what: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), what, text: text.into(), executable: false }
    }
}

/// Where the files go.
pub(super) struct Place {
    /// The folder of the drafts, as it was given.
    folder: PathBuf,
    /// The root of the repository around it, from the working folder, if there is one.
    root: Option<PathBuf>,
    /// The folder from that root, with slashes; empty where it is the root.
    inside: String,
}

impl Place {
    /// The place of `folder`, which need not be there yet.
    pub(super) fn of(folder: &Path) -> Self {
        let full = real(&std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
        let Some(root) = full.ancestors().find(|path| path.join(".git").exists()) else {
            return Self { folder: folder.to_owned(), root: None, inside: String::new() };
        };
        let inside = full.strip_prefix(root).unwrap_or(Path::new("")).components();
        let inside: Vec<_> = inside.map(|part| part.as_os_str().to_string_lossy()).collect();
        let seen = if inside.is_empty() { folder.to_owned() } else { from_here(root) };
        Self { folder: folder.to_owned(), root: Some(seen), inside: inside.join("/") }
    }

    /// The file `name` in the folder.
    pub(super) fn below(&self, name: impl AsRef<Path>) -> PathBuf {
        below(&self.folder, name)
    }

    /// The file `name` where programs look for their settings: in the root, if there is one.
    fn at_root(&self, name: impl AsRef<Path>) -> PathBuf {
        below(self.root.as_ref().unwrap_or(&self.folder), name)
    }

    /// GitLab where a remote of the repository says so.
    pub(super) fn proposed_ci(&self) -> CiArg {
        let remotes = self.root.as_ref().and_then(|root| git(root, &["remote", "-v"])).unwrap_or_default();
        if remotes.contains("gitlab") { CiArg::Gitlab } else { CiArg::Github }
    }

    /// Where Git looks for the hook; settings of Git may have moved it.
    fn git_hook(&self) -> Result<PathBuf, Failure> {
        let told = self.root.as_ref().and_then(|root| {
            let path = git(root, &["rev-parse", "--git-path", "hooks/pre-commit"])?;
            Some(below(root, path.trim_end()))
        });
        told.ok_or_else(|| {
            let folder = self.folder.display();
            let message = format!("{folder} is in no Git repository, so there is no place for a hook");
            Failure::usage(message, "run `git init` first, or take --hook pre-commit or --hook none")
        })
    }

    /// A template with what a program needs to be told of the folder: `{config}` names its settings, `{folder}` itself,
    /// `{files}` is a pattern for its drafts, from the root.
    fn fill(&self, template: &str) -> String {
        let inside = self.inside.as_str();
        let (config, folder, under) = if inside.is_empty() {
            (String::new(), ".".to_owned(), String::new())
        } else {
            let config = format!(" --config {}", word(&format!("{inside}/postlint.toml")));
            (config, word(inside), format!("^{}/.*", regex::escape(inside)))
        };
        let files = format!("{under}\\.({})$", walk::endings().collect::<Vec<_>>().join("|"));
        let text = template.replace("{files}", &files.replace('\'', "''")).replace("{config}", &config);
        text.replace("{folder}", &folder)
    }
}

/// `name` in `folder`, without a `./` before it.
fn below(folder: &Path, name: impl AsRef<Path>) -> PathBuf {
    if folder == Path::new(".") { name.as_ref().to_owned() } else { folder.join(name) }
}

/// `path` without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|above| Some((fs::canonicalize(above).ok()?, above)));
    let Some((real, above)) = there else { return path.to_owned() };
    path.strip_prefix(above).map_or_else(|_| path.to_owned(), |rest| real.join(rest))
}

/// A folder as it is called in the working folder, where that is in it; elsewhere its full name.
fn from_here(folder: &Path) -> PathBuf {
    let here = env::current_dir().map(|here| real(&here)).unwrap_or_default();
    let Ok(down) = here.strip_prefix(folder) else { return folder.to_owned() };
    let up: PathBuf = down.components().map(|_| "..").collect();
    if up.as_os_str().is_empty() { PathBuf::from(".") } else { up }
}

/// A word of a command, in quotation marks where a shell wants them.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let told = Command::new("git").arg("-C").arg(folder).args(args).output().ok()?;
    told.status.success().then(|| String::from_utf8_lossy(&told.stdout).into_owned())
}

/// All files, in the order in which they are told.
pub(super) fn plan(place: &Place, hook: HookArg, ci: CiArg) -> Result<Vec<Planned>, Failure> {
    let own = |name: &str, what, text: &'static str| Planned::new(place.below(name), what, text);
    let filled = |path, what, template| Planned::new(path, what, place.fill(template));
    let mut planned = vec![
        own("postlint.toml", "settings", include_str!("postlint.toml")),
        own("policy/house.toml", "a pack of your own, to change", include_str!("house.toml")),
        own("policy/schema/pack.schema.json", "for editors: what a pack may say", schema::PACK),
        own("policy/schema/settings.schema.json", "for editors: what settings may say", schema::SETTINGS),
        own("drafts/sample.md", "a draft with something wrong", include_str!("draft.md")),
    ];
    planned.extend(match hook {
        HookArg::PreCommit => {
            Some(filled(place.at_root(".pre-commit-config.yaml"), "the hook", include_str!("pre-commit.yaml")))
        }
        HookArg::Git => {
            let script = filled(place.git_hook()?, "the hook", include_str!("pre-commit.sh"));
            Some(Planned { executable: true, ..script })
        }
        HookArg::None => None,
    });
    planned.extend(match ci {
        CiArg::Github => {
            let path = place.at_root(".github/workflows/postlint.yml");
            Some(filled(path, "CI: say how to install postlint", include_str!("github.yml")))
        }
        CiArg::Gitlab => {
            let path = place.at_root(".gitlab-ci.yml");
            Some(filled(path, "CI: say which image has postlint", include_str!("gitlab.yml")))
        }
        CiArg::None => None,
    });
    Ok(planned)
}

/// How `postlint` is called from the working folder, so that the settings of the folder hold.
pub(super) fn call(folder: &Path, command: &str, path: &Path) -> String {
    let path = word(&path.display().to_string());
    if folder == Path::new(".") {
        return format!("postlint {command} {path}");
    }
    format!("postlint {command} --config {} {path}", word(&below(folder, "postlint.toml").display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_an_odd_name_stays_one_word() {
        let place = Place { folder: "a".into(), root: Some(".".into()), inside: "our (new) Bob's".to_owned() };
        let told = place.fill("{config} {folder} '{files}'");
        assert!(told.starts_with(r" --config 'our (new) Bob'\''s/postlint.toml' 'our (new) Bob'\''s' "), "{told}");
        assert!(told.contains(r"'^our \(new\) Bob''s/.*\.(md|"), "{told}");
    }

    #[test]
    fn the_root_needs_no_names() {
        let place = Place { folder: ".".into(), root: Some(".".into()), inside: String::new() };
        assert_eq!(place.fill("postlint check{config} {folder}"), "postlint check .");
    }
}

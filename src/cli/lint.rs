//! `postlint rules lint`: what could be better in a pack.

use super::{
    FOUND, Failure,
    args::{DraftArgs, LintArgs},
    print,
    rules::{at_line, counted},
    session::Session,
};
use crate::{
    engine::{message, walk},
    model::fault::clean,
    pack::Examples,
};
use serde::Deserialize;
use std::{fs, io::Write, path::Path};

/// Good posts: those that a pack is tried on where its author names none. Written for this.
const CLEAN: &str = include_str!("lint/clean.jsonl");

/// A post of the clean sample; other keys are passed over.
#[derive(Deserialize)]
struct Post {
    text: String,
}

pub(super) fn run(args: &LintArgs) -> Result<u8, Failure> {
    let mut rules = args.rules.clone();
    rules.pack.extend(args.packs.iter().cloned());
    let session = Session::open_with(&rules, true, Examples::Read)?;
    let linter = session.linter(&rules, &DraftArgs::default())?;
    let posts = args.clean.as_deref().map_or_else(
        || posts(CLEAN, Path::new("the sample")),
        |path| {
            let text = fs::read_to_string(path).map_err(|e| told(path, &walk::reason(&e)))?;
            posts(&text, path)
        },
    )?;
    let advice = linter.audit(&session.set, &posts);
    let mut out = Vec::new();
    for advice in &advice {
        writeln!(out, "{} {}: {}", at_line(&session.set.files, advice.at), advice.rule, clean(&advice.what))?;
        writeln!(out, "  {}", advice.help)?;
    }
    let told = if advice.is_empty() { "nothing".to_owned() } else { counted(advice.len(), "thing") };
    let (rules, posts) = (counted(linter.rules().len(), "rule"), counted(posts.len(), "good post"));
    writeln!(out, "{rules}, {posts}: {told} to better")?;
    print(&out)?;
    Ok(if advice.is_empty() { 0 } else { FOUND })
}

fn told(path: &Path, what: &str) -> Failure {
    Failure::usage(format!("{}: {what}", path.display()), "a good post is a line {\"text\": …}")
}

fn posts(text: &str, path: &Path) -> Result<Vec<String>, Failure> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let post = |(number, line): (usize, &str)| match serde_json::from_str::<Post>(line) {
        Ok(post) => Ok(post.text),
        Err(error) => Err(told(path, &format!("line {}: {}", number + 1, message::told(&error)))),
    };
    let posts: Vec<String> = lines.map(post).collect::<Result<_, _>>()?;
    if posts.is_empty() { Err(told(path, "there is no post in it")) } else { Ok(posts) }
}

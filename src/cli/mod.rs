//! x
pub mod learn;
mod stream;
use crate::{
    engine::{Linter, Options},
    pack,
};
use std::process::ExitCode;

/// temporary
pub fn run() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|a| a == "learn") {
        return learn_command(&args);
    }
    let mut requests = Vec::new();
    let mut config = None;
    let mut options = Options::default();
    let mut it = args.iter().skip(2);
    let mut rest = Vec::new();
    while let Some(a) = it.next() {
        match a.as_str() {
            "--config" => config = it.next().cloned(),
            "--pack" => requests.extend(it.next().map(|p| pack::Request::from_argument(p))),
            other => rest.push(other.to_owned()),
        }
    }
    if let Some(path) = config {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let table: toml::Table = text.parse().unwrap_or_default();
        if let Some(scorer) = table.get("scorer").and_then(|s| s.as_table()) {
            options.scorer.enabled = scorer.get("enabled").and_then(|v| v.as_bool()).unwrap_or(true);
            options.scorer.budget = scorer.get("budget").and_then(|v| v.as_float()).map(|b| b as f32);
            if let Some(path) = scorer.get("model").and_then(|m| m.as_str()) {
                options.scorer.model = Some(std::sync::Arc::new(learn::model(std::path::Path::new(path)).unwrap()));
            }
        }
        if let Some(packs) = table.get("packs").and_then(|p| p.as_table()) {
            for n in packs.get("use").and_then(|u| u.as_array()).into_iter().flatten() {
                requests.extend(n.as_str().map(|s| pack::Request::Name(s.into())));
            }
            for n in packs.get("paths").and_then(|u| u.as_array()).into_iter().flatten() {
                requests.extend(n.as_str().map(|s| pack::Request::Path(s.into())));
            }
        }
    }
    if args.get(1).is_some_and(|a| a == "rules") {
        requests.extend(rest.iter().filter(|r| *r != "test").map(|r| pack::Request::from_argument(r)));
    }
    if requests.is_empty() {
        requests = ["confidential", "reputation", "opinion"].iter().map(|n| pack::Request::Name((*n).into())).collect();
    }
    let (set, errors) = pack::load_sound(&requests);
    if let Some(errors) = errors {
        for f in errors.0.all() {
            eprintln!("{} {}", f.line(), f.advice().unwrap_or(""));
        }
    }
    // compile, dropping faulty rules
    let mut set = set;
    let linter = loop {
        match Linter::new(&set, options.clone()) {
            Ok(l) => break l,
            Err(faults) => {
                let e = pack::PackErrors::from_faults(&set.files, faults.clone());
                for f in e.0.all() {
                    eprintln!("{} {}", f.line(), f.advice().unwrap_or(""));
                }
                let before: usize = set.packs.iter().map(|p| p.rules.len()).sum();
                for p in &mut set.packs {
                    let rules = p.rules.clone();
                    p.rules = rules
                        .iter()
                        .enumerate()
                        .filter(|(i, r)| {
                            let end =
                                rules.get(i + 1).filter(|n| n.at.file == r.at.file).map_or(usize::MAX, |n| n.at.start);
                            !faults
                                .iter()
                                .any(|f| f.at.file == r.at.file && f.at.start >= r.at.start && f.at.start < end)
                        })
                        .map(|(_, r)| r.clone())
                        .collect();
                }
                let after: usize = set.packs.iter().map(|p| p.rules.len()).sum();
                if before == after {
                    eprintln!("cannot go on");
                    return ExitCode::from(2);
                }
            }
        }
    };
    if args.get(1).is_some_and(|a| a == "rules") {
        return test(&set, &linter);
    }
    stream::run(&linter)
}

/// temporary
fn learn_command(args: &[String]) -> ExitCode {
    #[derive(clap::Parser)]
    struct Face {
        #[command(flatten)]
        learn: learn::Learn,
    }
    let face = <Face as clap::Parser>::parse_from(args.iter().skip(1));
    match learn::run(&face.learn) {
        Ok(told) => {
            print!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn test(set: &pack::PackSet, linter: &Linter) -> ExitCode {
    let mut bad = 0;
    let mut n = 0;
    for p in &set.packs {
        for r in &p.rules {
            for e in &r.meta.examples {
                n += 1;
                let found: Vec<String> = stream::lint(linter, &e.text)
                    .into_iter()
                    .filter(|f| f.rule.id == r.meta.id || f.also.contains(&r.meta.id))
                    .map(|f| f.matched)
                    .collect();
                let ok = if e.bad {
                    if e.finds.is_empty() { !found.is_empty() } else { e.finds.iter().all(|w| found.contains(w)) }
                } else {
                    found.is_empty()
                };
                if !ok {
                    bad += 1;
                    println!(
                        "{}: {} {:?}\n    finds {:?}, found {:?}",
                        r.meta.id,
                        if e.bad { "bad" } else { "good" },
                        e.text,
                        e.finds,
                        found
                    );
                }
            }
        }
    }
    println!("{n} examples, {bad} fail");
    if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! Builds all mutants that `cargo mutants --list --json` names into one program, each behind a switch.
//!
//! `postlint-mutants TREE LIST LEFT_OUT PLACES` rewrites the files under TREE in place: where mutant 7 of LIST would write
//! `a || b` for `a && b`, it writes `(if crate::switched::on(7) { a || b } else { a && b })`. LEFT_OUT has numbers of
//! mutants, one a line, that are not to be built in, since they do not compile. To PLACES it writes where each mutant stands:
//! file, first and last byte of the whole expression, number, first and last byte of what replaces it.

mod place;
mod write;

use serde_json::Value;
use std::{collections::BTreeMap, collections::BTreeSet, env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [tree, list, left_out, places] = arguments.as_slice() else {
        return Err("postlint-mutants TREE LIST LEFT_OUT PLACES".into());
    };
    let mutants: Vec<Value> = serde_json::from_str(&fs::read_to_string(list)?)?;
    let left_out: BTreeSet<usize> = fs::read_to_string(left_out)?.lines().map(str::parse).collect::<Result<_, _>>()?;
    let mut of_file: BTreeMap<&str, Vec<(usize, &Value)>> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate().filter(|(number, _)| !left_out.contains(number)) {
        of_file.entry(mutant["file"].as_str().ok_or("a mutant without a file")?).or_default().push((number, mutant));
    }
    let mut report = String::new();
    for (file, mutants) in of_file {
        let path = Path::new(tree).join(file);
        let text = fs::read_to_string(&path)?;
        let switches = place::switches(&text, &mutants)?;
        let (text, places) = write::rewritten(&text, switches);
        fs::write(&path, text)?;
        for place in places {
            writeln!(report, "{file} {place}")?;
        }
    }
    fs::write(places, report)?;
    Ok(())
}

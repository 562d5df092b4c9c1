//! `postlint stream`: one JSON post a line in, exactly one JSON result a line out, in the same order.
//!
//! A batch of lines is read, checked in parallel, written and flushed; a batch ends when it is full or when no more input
//! waits, so that a program that writes one line gets its answer at once.

use super::{
    Failure,
    args::{DraftArgs, StreamArgs},
    session::{Session, may_show, some_rule_runs, strange_reads, text_path, use_threads},
};
use crate::{
    engine::{
        Linter,
        message::{self, Incoming},
    },
    model::fault::clean,
    report::Style,
};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::io::{self, BufRead, Write};

/// Lines of a batch at most.
const BATCH: usize = 512;
/// Bytes of a line at most, unless the settings say otherwise.
const LONGEST: usize = 16 << 20;

pub(super) fn run(args: &StreamArgs) -> Result<u8, Failure> {
    use_threads(args.threads);
    may_show(args.show_values)?;
    let session = Session::open(&args.rules, false)?;
    let linter = session.linter(&args.rules, &DraftArgs::default())?;
    some_rule_runs(&linter, std::iter::once(text_path()))?;
    let style = Style { show_values: args.show_values.is_some(), ..Style::default() };
    for note in strange_reads(&session.settings) {
        writeln!(io::stderr().lock(), "note: {}", clean(&note))?;
    }
    let mut input = io::BufReader::with_capacity(1 << 20, io::stdin().lock());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let longest = session.settings.sizes.line_mib.map_or(LONGEST, |mib| mib.saturating_mul(1 << 20));
    let mut number = 0;
    loop {
        let batch = read_batch(&mut input, longest, &mut number)?;
        if batch.is_empty() {
            return Ok(0);
        }
        let answers: Vec<String> = batch
            .par_iter()
            .map(|line| match &line.bytes {
                Some(bytes) => answer(&linter, &style, line.number, bytes),
                None => too_long(line.number, longest),
            })
            .collect();
        for answer in answers {
            writeln!(out, "{answer}")?;
        }
        out.flush()?;
    }
}

/// A line of the input.
struct Line {
    /// Which it is, from 1.
    number: usize,
    /// What stands in it; nothing where that is too much.
    bytes: Option<Vec<u8>>,
}

/// Reads lines of at most `longest` bytes until a batch is full or the input has nothing more at hand. Blank lines are no
/// posts.
fn read_batch(input: &mut io::BufReader<impl io::Read>, longest: usize, number: &mut usize) -> io::Result<Vec<Line>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        let mut line = Vec::new();
        let most = (longest as u64).saturating_add(1);
        if io::Read::take(&mut *input, most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        *number += 1;
        if line.len() > longest && !line.ends_with(b"\n") {
            input.skip_until(b'\n')?;
            batch.push(Line { number: *number, bytes: None });
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            batch.push(Line { number: *number, bytes: Some(line) });
        }
        if input.buffer().is_empty() && !batch.is_empty() {
            break;
        }
    }
    Ok(batch)
}

/// The answer to a line that is not read to its end.
fn too_long(line: usize, longest: usize) -> String {
    let error = format!(
        "the line is over the limit of {longest} bytes; if it is what it should be, raise `line-mib` in [limits] of the \
         settings that --config names"
    );
    json!({ "id": null, "error": error, "line": line }).to_string()
}

fn answer(linter: &Linter, style: &Style, line: usize, text: &[u8]) -> String {
    let post: Incoming = match serde_json::from_slice(text) {
        Ok(post) => post,
        Err(error) => {
            let id = serde_json::from_slice::<Value>(text).ok().and_then(|v| v.get("id").cloned()).unwrap_or_default();
            return json!({ "id": id, "error": message::told(&error), "line": line }).to_string();
        }
    };
    message::answer(linter, style, &post)
}

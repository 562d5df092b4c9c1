//! `postlint check --fix` and `--diff`.

use super::{Failure, args::CheckArgs};
use crate::{
    engine::{Linter, fix, walk, whole},
    model::{
        fault::clean,
        finding::{Applicability, Report, Skipped},
    },
    report::{Shown, Style},
};
use diffy::{DiffOptions, PatchFormatter};
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Mends `files`, or shows how it would, and gives the report of what is left.
pub(super) fn run(args: &CheckArgs, linter: &Linter, files: &[PathBuf]) -> Result<Report, Failure> {
    let least = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    let mut report = linter.report();
    let mut made = 0;
    if !args.diff {
        whole::tidy(files.iter().map(PathBuf::as_path));
    }
    for path in files {
        let skip = |reason: String| Skipped { path: path.clone(), reason, help: None };
        let mended = walk::read(path, linter.options().decode.limits.bytes)
            .and_then(|file| linter.mend(file, least).map_err(|error| error.skipped(path)));
        let mended = match mended {
            Ok(mended) => mended,
            Err(skipped) => {
                report.skipped.push(skipped);
                continue;
            }
        };
        let style = Style { show_values: args.show_values.is_some(), ..Style::default() };
        let shown = Shown::new(&mended.old, &style).beside(&mended.new, &style);
        let refused = mended.refused.iter().map(|why| shown.scrub(why));
        report.notes.extend(refused.map(|why| format!("Not mended in {}: {why}", path.display())));
        if args.diff {
            diff(&mended, args)?;
            linter.collect(mended.old, &mut report);
            continue;
        }
        if mended.changed()
            && let Err(reason) = fix::replace(&mended.before, &mended.bytes)
        {
            report.skipped.push(skip(format!("it could not be mended: {reason}")));
            linter.collect(mended.old, &mut report);
            continue;
        }
        made += mended.made;
        linter.collect(mended.new, &mut report);
    }
    if made > 0 {
        report.notes.push(format!("Mended {made} {}.", if made == 1 { "finding" } else { "findings" }));
    }
    Ok(report)
}

/// A unified diff of the text, with sensitive values masked on both sides.
fn diff(mended: &fix::Mended, args: &CheckArgs) -> Result<(), Failure> {
    let style = Style { show_values: args.show_values.is_some(), ..Style::default() };
    let text = |report, other| {
        let shown = Shown::new(report, &style).beside(other, &style);
        lines(&shown.text(crate::text::span::Span::new(0, shown.source().len())))
    };
    let (old, new) = (text(&mended.old, &mended.new), text(&mended.new, &mended.old));
    if old == new {
        return Ok(());
    }
    let path = clean(&mended.before.path.to_string_lossy());
    let mut options = DiffOptions::new();
    options.set_context_len(2).set_original_filename(path.clone()).set_modified_filename(format!("{path} (mended)"));
    let difference = options.create_patch(&old, &new);
    let shown = PatchFormatter::new().suppress_blank_empty(false).fmt_patch(&difference).to_string();
    io::stdout().lock().write_all(shown.as_bytes())?;
    Ok(())
}

/// `text` cleaned line by line: the line ends of Windows are no control characters that somebody hid there.
fn lines(text: &str) -> String {
    let line = |line: &str| match line.strip_suffix("\r\n") {
        Some(words) => clean(words) + "\n",
        None => clean(line),
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_ends_of_windows_are_not_shown() {
        assert_eq!(lines("one\r\ntwo\r\n\nthree\r"), "one\ntwo\n\nthree\u{FFFD}");
    }
}

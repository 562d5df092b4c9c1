//! Questions and answers: a finding is shown, the user says what becomes of it.

use super::sitting::{Check, Sitting};
use crate::{
    decode,
    engine::{Linter, edit},
    model::{
        fault::clean,
        finding::{Applicability, Edit, Finding},
    },
    report::{Shown, Style, human},
    settings::Settings,
    text::{
        lines::{ceil_boundary, floor_boundary},
        span::{Source, Span},
    },
};
use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
};

/// Bytes that are shown before what was mended; twice as many behind.
const AROUND: usize = 80;

/// How a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Everything in it is decided.
    Through,
    /// The user stopped.
    Stopped,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// The draft was changed.
    Mended,
    /// A suppression lets it through.
    Excused,
    /// It stays.
    Skipped,
}

/// A conversation with the user.
pub(super) struct Dialogue<'d> {
    linter: &'d Linter,
    check: &'d Check<'d>,
    style: Style,
    /// Findings in all files.
    total: usize,
    /// Findings that were decided in the files before.
    done: usize,
    input: Box<dyn BufRead + 'd>,
    out: Box<dyn Write + 'd>,
    /// Where suppressions go that the draft has no place for, if anywhere.
    pub(super) settings: Option<PathBuf>,
}

/// What can be done about a finding.
#[derive(Default)]
struct Menu {
    fixes: Vec<Vec<Edit>>,
    /// Where the user's own words would go.
    own: Option<Span<Source>>,
    /// Deletes what was found, where no fix does.
    delete: Option<Vec<Edit>>,
    /// A key, and what it does; `-` is none.
    lines: Vec<(String, String)>,
}

impl Menu {
    /// What the key of a change stands for.
    fn edits(&self, key: &str) -> Option<&[Edit]> {
        let edits =
            if key == "d" { self.delete.as_ref() } else { self.fixes.get(key.parse::<usize>().ok()?.checked_sub(1)?) };
        edits.map(Vec::as_slice)
    }

    fn line(&mut self, key: &str, what: impl Into<String>) {
        self.lines.push((key.to_owned(), what.into()));
    }
}

impl<'d> Dialogue<'d> {
    pub(super) fn new(
        linter: &'d Linter,
        check: &'d Check<'d>,
        style: Style,
        total: usize,
        input: Box<dyn BufRead + 'd>,
        out: Box<dyn Write + 'd>,
    ) -> Self {
        Self { linter, check, style, total, done: 0, input, out, settings: None }
    }

    /// Goes through the findings of a file. Gives the file as it was decided.
    pub(super) fn file(&mut self, start: &Sitting, settings: &Settings) -> io::Result<(Sitting, Ended)> {
        let mut past: Vec<Sitting> = Vec::new();
        let mut now = start.clone();
        for note in &start.report.document.notes {
            let note = Shown::new(&start.report, &self.style).scrub(note).into_owned();
            self.say(&format!("Note on {}: {note}", start.file.path.display()))?;
        }
        while let Some(finding) = now.next() {
            let number = self.done + start.left().saturating_sub(now.left()) + 1;
            self.total = self.total.max(number);
            writeln!(self.out, "\nFinding {number} of {}\n", self.total)?;
            let shown = Shown::new(&now.report, &self.style);
            writeln!(self.out, "{}", human::block(&shown, &finding, &self.style))?;
            let menu = self.menu(&now, &finding, !past.is_empty());
            let before = now.clone();
            let moved = loop {
                self.offer(&menu)?;
                let Some(answer) = self.ask("Your choice: ")? else { return Ok((now, Ended::Stopped)) };
                match answer.to_lowercase().as_str() {
                    "q" => return Ok((now, Ended::Stopped)),
                    "b" if !past.is_empty() => break false,
                    "" | "s" => {
                        now.skip(&finding);
                        break true;
                    }
                    "a" if now.alike(&finding) > 1 => {
                        now.skip_rule(&finding);
                        break true;
                    }
                    "w" => self.why(&now, &finding)?,
                    "o" if menu.own.is_some() && self.own(&mut now, &finding, &menu)? => break true,
                    "l" if finding.locked.is_none() && self.let_through(&mut now, &finding, settings)? => break true,
                    "o" if menu.own.is_some() => {}
                    "l" if finding.locked.is_none() => {}
                    other => match menu.edits(other) {
                        Some(edits) if self.mend(&mut now, edits)? => break true,
                        Some(_) => {}
                        None => self.say("That is none of the choices; type the letter in front and press Enter.")?,
                    },
                }
            };
            if moved {
                past.push(before);
            } else if let Some(last) = past.pop() {
                now = last;
            }
        }
        self.done += start.left();
        Ok((now, Ended::Through))
    }

    fn menu(&self, now: &Sitting, finding: &Finding, back: bool) -> Menu {
        let mut menu = Menu::default();
        self.ways_to_mend(&mut menu, now, finding);
        if finding.locked.is_some() {
            menu.line("-", "this rule lets nothing through");
        } else {
            menu.line("l", "let it through, with a reason");
        }
        menu.line("s", "skip it for now (or just press Enter)");
        let alike = now.alike(finding);
        if alike > 1 {
            menu.line("a", format!("skip all {alike} that this rule finds in this file"));
        }
        menu.line("w", "why: the rule and the clause behind it");
        if back {
            menu.line("b", "back to the one before");
        }
        menu.line("q", "stop here; what you decided is kept");
        menu
    }

    /// The fixes of a finding and the user's own words; what cannot be written where it stands is listed with the reason.
    fn ways_to_mend(&self, menu: &mut Menu, now: &Sitting, finding: &Finding) {
        let (document, options) = (&now.report.document, &self.linter.options().decode);
        let shown = Shown::new(&now.report, &self.style);
        let refusal = |edits: &[Edit]| decode::write(&now.file, document, edits, options).err().map(|e| e.to_string());
        let mut told = false;
        for fix in finding.fixes.iter().filter(|f| f.refused.is_none() && f.applicability > Applicability::Display) {
            let title = shown.fix_title(finding, fix);
            if let Some(reason) = refusal(&fix.edits) {
                told = true;
                menu.line("-", format!("{title}: cannot be written here, {}", shown.scrub(&reason)));
                continue;
            }
            menu.fixes.push(fix.edits.clone());
            let care = if fix.applicability == Applicability::Safe { "" } else { " (read the result)" };
            menu.line(&menu.fixes.len().to_string(), format!("{title}{care}"));
        }
        let own = Edit { span: finding.core, content: "x".to_owned() };
        match refusal(std::slice::from_ref(&own)) {
            _ if own.span.is_empty() => {}
            None => {
                menu.own = Some(own.span);
                menu.line("o", "write your own words");
                let post = document.posts.get(finding.place.post);
                let delete = post.and_then(|post| edit::delete(post, finding.core)).map(|edit| vec![edit]);
                menu.delete = delete.filter(|edits| !menu.fixes.contains(edits) && refusal(edits).is_none());
                if menu.delete.is_some() {
                    menu.line("d", "delete the words");
                }
            }
            Some(reason) if !told => menu.line("-", format!("cannot be changed here: {}", shown.scrub(&reason))),
            Some(_) => {}
        }
    }

    fn offer(&mut self, menu: &Menu) -> io::Result<()> {
        writeln!(self.out)?;
        for (key, text) in &menu.lines {
            let text = wrapped(&clean(text).replace('\n', " "), self.style.width.saturating_sub(6));
            writeln!(self.out, "  {key}  {}", text.replace('\n', "\n     "))?;
        }
        Ok(())
    }

    /// Makes a fix; whether it could be made.
    fn mend(&mut self, now: &mut Sitting, edits: &[Edit]) -> io::Result<bool> {
        let at = edits.first().map_or(0, |e| e.span.start);
        if let Err(reason) = now.edit(self.linter, self.check, edits) {
            self.say(&format!("It cannot be written here: {reason}."))?;
            return Ok(false);
        }
        let shown = Shown::new(&now.report, &self.style);
        let (from, to) = shown.lines().line(shown.range(Span::new(at, at)).start.line).unwrap_or((at, at));
        // A queue may be one line of a megabyte.
        let from = from.max(floor_boundary(shown.source(), at.saturating_sub(AROUND)));
        let to = to.min(ceil_boundary(shown.source(), at + 2 * AROUND));
        let text = clean(&shown.text(Span::new(from, to)));
        self.say(&format!("It now reads: {}", text.trim()))?;
        Ok(true)
    }

    /// Asks for words and puts them in the place of those that were found; whether that was done.
    fn own(&mut self, now: &mut Sitting, finding: &Finding, menu: &Menu) -> io::Result<bool> {
        let Some(span) = menu.own else { return Ok(false) };
        let old = clean(&Shown::new(&now.report, &self.style).words(finding, span)).replace('\n', " ");
        self.say(&format!("Instead of “{}” (Enter alone changes nothing):", old.trim()))?;
        match self.ask("> ")?.filter(|content| !content.is_empty()) {
            Some(content) => self.mend(now, &[Edit { span, content }]),
            None => Ok(false),
        }
    }

    /// Asks for a reason and writes a suppression; whether that was done.
    fn let_through(&mut self, now: &mut Sitting, finding: &Finding, settings: &Settings) -> io::Result<bool> {
        self.say("Why may it go out? Whoever comes after you reads this (Enter alone: go back).")?;
        let Some(reason) = self.ask("> ")?.filter(|reason| !reason.is_empty()) else { return Ok(false) };
        if now.excuse(self.linter, self.check, finding, &reason) {
            self.say("Noted in the draft, where it is not published.")?;
            return Ok(true);
        }
        let block = settings.suppression(&now.file.path, &finding.rule.id, &reason);
        let (Some(block), Some(path)) = (block, self.settings.clone()) else {
            self.say("The draft has no place for it, and there are no settings that could hold it.")?;
            return Ok(false);
        };
        let rule = &finding.rule.id;
        self.say(&format!(
            "The draft has no place for it. {} can let through everything that {rule} finds in this file.",
            path.display()
        ))?;
        let yes = self.ask("Do that? y or n: ")?.is_some_and(|answer| answer.to_lowercase().starts_with('y'));
        if yes {
            now.excuse_in_settings(finding, block);
        }
        Ok(yes)
    }

    /// The rule, its clauses in full, and how sure it is.
    fn why(&mut self, now: &Sitting, finding: &Finding) -> io::Result<()> {
        let rule = &finding.rule;
        let mut lines = vec![format!("{}: {}", rule.id, rule.title), rule.why.trim_end().to_owned()];
        let clauses = self.linter.policies().iter().flat_map(|p| p.clauses.iter().map(move |c| (p, c)));
        let cited = clauses.filter(|(_, clause)| rule.clauses.contains(&clause.id));
        lines
            .extend(cited.map(|(policy, clause)| format!("{}, {}: “{}”", policy.title, clause.id, clause.text.trim())));
        if !finding.reasons.is_empty() {
            let reasons = finding.reasons.join("; ");
            let shown = Shown::new(&now.report, &self.style);
            lines.push(format!("Sure to {:.0} %: {}", finding.confidence * 100.0, shown.scrub(&reasons)));
        }
        for line in lines {
            self.say(&line)?;
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", wrapped(&clean(text), self.style.width))
    }

    /// A line of the user's; nothing at the end of input. Keys that are no text, such as arrows, are asked for again.
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        loop {
            write!(self.out, "{prompt}")?;
            self.out.flush()?;
            let mut bytes = Vec::new();
            if self.input.read_until(b'\n', &mut bytes)? == 0 {
                writeln!(self.out)?;
                return Ok(None);
            }
            let text = String::from_utf8_lossy(&bytes);
            if !text.trim_end().contains(|c: char| c.is_control() || c == '\u{fffd}') {
                return Ok(Some(text.trim().to_owned()));
            }
            self.say("That has a key in it that is no text; please type it again.")?;
        }
    }
}

/// `text` in lines of at most `width` columns, cut between words.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let len = word.chars().count();
        let gap = match column {
            0 => "",
            n if n + 1 + len > width => "\n",
            _ => " ",
        };
        column = if gap == "\n" { len } else { column + gap.len() + len };
        out.push_str(gap);
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_between_words() {
        assert_eq!(wrapped("one two  three", 8), "one two\nthree");
        assert_eq!(wrapped("averylongword b", 5), "averylongword\nb");
        assert_eq!(wrapped("", 5), "");
    }
}

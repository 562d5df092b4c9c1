//! Text as a place in a file writes it.

use super::WriteError;
use crate::{
    model::{
        document::{Document, Quoting, Segment},
        finding::Edit,
    },
    text::span::{Plain, Source, Span},
};
use std::fmt::Write;

/// How an edit is laid over text that has markup or folded lines in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// It takes the place of everything from its first byte to its last.
    Cover,
    /// It takes the place of the first stretch of text; the others are emptied, what is between them stays.
    First,
    /// The same with the last stretch.
    Last,
}

/// What a writer keeps to in the whole file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    /// How the file ends its lines.
    line_end: &'static str,
    /// Whether it has only ASCII characters.
    ascii: bool,
}

impl Habits {
    /// The habits of `source`.
    pub(super) fn of(source: &str) -> Self {
        Self { line_end: if source.contains("\r\n") { "\r\n" } else { "\n" }, ascii: source.is_ascii() }
    }
}

/// A segment in its file.
pub(super) struct Place<'d> {
    source: &'d str,
    segment: &'d Segment,
    habits: Habits,
}

impl<'d> Place<'d> {
    /// The place of `segment` in `document`.
    pub(super) fn new(document: &'d Document, segment: &'d Segment, habits: Habits) -> Self {
        Self { source: &document.source, segment, habits }
    }

    /// Edits of the source for edits of the segment's text: its span, the new text, the span of the source.
    pub(super) fn edits(
        &self,
        edits: &[(Span<Plain>, &str, Span<Source>)],
        spread: Spread,
    ) -> Result<Vec<Edit>, WriteError> {
        let first = edits.first().map_or(Span::new(0, 0), |e| e.2);
        if let Quoting::ReadOnly(why) = self.segment.quoting {
            return Err(WriteError::refused(first, why));
        }
        let mut text = self.segment.text.clone();
        for (plain, content, _) in edits.iter().rev() {
            text.replace_range(plain.range(), content);
        }
        if let Some(edit) = self.whole(&text) {
            return Ok(vec![edit]);
        }
        let mut all = Vec::new();
        for (plain, content, span) in edits {
            let content = self.escape(content).map_err(|why| WriteError::refused(*span, why))?;
            all.extend(self.spread(*plain, *span, content, spread));
        }
        Ok(all)
    }

    fn spread(&self, plain: Span<Plain>, span: Span<Source>, content: String, spread: Spread) -> Vec<Edit> {
        let parts = self.segment.map.parts(plain);
        if spread == Spread::Cover || parts.len() < 2 {
            return vec![Edit { span, content }];
        }
        let filled = if spread == Spread::First { 0 } else { parts.len() - 1 };
        let mut content = Some(content);
        let part = |(i, span)| Edit {
            span,
            content: if i == filled { content.take().unwrap_or_default() } else { String::new() },
        };
        parts.into_iter().enumerate().map(part).collect()
    }

    /// The whole place anew, where its way of quoting cannot hold `text` but another one of the format can.
    fn whole(&self, text: &str) -> Option<Edit> {
        let all = self.segment.map.map(Span::new(0, self.segment.text.len()));
        match self.segment.quoting {
            Quoting::Csv { cell, delimiter } => {
                let quoted = cell.of(self.source).starts_with('"');
                let needs = text.contains([delimiter, '"', '\n', '\r']) || text.starts_with(' ') && !quoted;
                let content = format!("\"{}\"", text.replace('"', "\"\"").replace('\n', self.habits.line_end));
                (needs && !quoted).then_some(Edit { span: cell, content })
            }
            Quoting::YamlPlain if !all.of(self.source).contains('\n') && !is_plain(text) => {
                let content = if text.contains('\n') { double_quoted(text) } else { single_quoted(text) };
                Some(Edit { span: all, content })
            }
            Quoting::TomlLiteral { multiline: false } if text.contains(['\'', '\n', '\t']) => {
                let span = Span::new(all.start.saturating_sub(1), all.end + 1);
                Some(Edit { span, content: format!("\"{}\"", basic(text, false)) })
            }
            _ => None,
        }
    }

    /// `content` as it is written inside the place.
    fn escape(&self, content: &str) -> Result<String, &'static str> {
        let lines = || content.replace('\n', self.habits.line_end);
        Ok(match self.segment.quoting {
            Quoting::Markdown => markdown(content),
            Quoting::Csv { cell, .. } if cell.of(self.source).starts_with('"') => lines().replace('"', "\"\""),
            Quoting::Json => json(content, self.habits.ascii),
            Quoting::YamlSingle if content.contains('\n') => return Err("a line end does not fit into single quotes"),
            Quoting::YamlPlain if content.contains('\n') => return Err("a line end does not fit without quotes"),
            Quoting::YamlSingle => content.replace('\'', "''"),
            Quoting::YamlDouble => basic(content, false),
            Quoting::YamlBlock { indent, folded } => {
                let ends = if folded { self.habits.line_end.repeat(2) } else { self.habits.line_end.to_owned() };
                content.replace('\n', &format!("{ends}{}", " ".repeat(indent)))
            }
            Quoting::TomlBasic { multiline } => basic(content, multiline).replace('\n', self.habits.line_end),
            Quoting::TomlLiteral { .. } if content.contains("''") => {
                return Err("two apostrophes do not fit into this kind of TOML string");
            }
            Quoting::Verbatim | Quoting::TomlLiteral { .. } => lines(),
            Quoting::HtmlText => html(content, None),
            Quoting::HtmlAttribute(None) if content.contains(|c: char| c.is_whitespace() || "\"'=<>`".contains(c)) => {
                return Err("an attribute without quotes cannot hold it");
            }
            Quoting::HtmlAttribute(quote) => html(content, quote),
            Quoting::YamlPlain | Quoting::Csv { .. } | Quoting::Office | Quoting::ReadOnly(_) => content.to_owned(),
        })
    }
}

/// Backslashes before what would be markup. A `_` inside a word and a `#` before a letter are none.
fn markdown(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut before = ' ';
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let mark = match c {
            '\\' | '*' | '[' | ']' | '`' | '|' | '\n' => true,
            '<' => !next.is_whitespace(),
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '&' => next.is_alphanumeric() || next == '#',
            '~' => next == '~' || before == '~',
            '#' => !next.is_alphanumeric(),
            _ => false,
        };
        if mark {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

fn json(content: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(content.len());
    for c in content.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' || (ascii && !c.is_ascii()) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// A string in double quotes of YAML or TOML, without the quotes.
fn basic(content: &str, multiline: bool) -> String {
    let mut out = String::with_capacity(content.len());
    for c in content.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if multiline => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' || c == '\u{7F}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", basic(text, false))
}

/// Whether YAML reads `text` without quotes as the same string: no mark that means something there, and no word that is
/// a number or a truth value.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    !first.is_whitespace()
        && !"-?:,[]{}#&*!|>'\"%@`".contains(first)
        && !text.ends_with([' ', ':'])
        && !text.contains([',', '[', ']', '{', '}', '\n', '\t'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.parse::<f64>().is_err()
        && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "~" | "yes" | "no")
}

fn html(content: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(content.len());
    for c in content.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == Some('"') => out.push_str("&quot;"),
            '\'' if quote == Some('\'') => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_are_escaped_only_where_they_are_marks() {
        assert_eq!(markdown("a_b *c* #Bins & [d] <e> 5 < 6"), "a_b \\*c\\* #Bins & \\[d\\] \\<e> 5 < 6");
    }

    #[test]
    fn json_stays_ascii_where_the_file_is() {
        assert_eq!(json("\u{1F600} \"\u{e9}\"\n", true), "\\ud83d\\ude00 \\\"\\u00e9\\\"\\n");
        assert_eq!(json("\u{e9}", false), "\u{e9}");
    }

    #[test]
    fn yaml_knows_what_needs_quotes() {
        for text in ["Bins are late", "it's 5pm: no", "a#b"] {
            assert_eq!(is_plain(text), !text.contains(": "), "{text}");
        }
        for text in ["- a", "a: b", "a #b", "true", "12", "", "@tmbc", "a, b"] {
            assert!(!is_plain(text), "{text}");
        }
    }
}

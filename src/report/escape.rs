//! Escaping for the places that a draft's words are put into: XML, GitHub's workflow commands, tables of Markdown.

use crate::model::fault::clean;
use std::{fmt::Write, io};

/// Text for an XML element or attribute. Characters that XML 1.0 forbids become the replacement character.
/// *Source:* XML 1.0, productions `Char`, `AttValue`.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The message of a workflow command. *Source:* `@actions/core`, `escapeData`.
pub(super) fn command_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command. *Source:* `@actions/core`, `escapeProperty`.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A cell of a Markdown table, in which nothing is markup or HTML.
pub(super) fn markdown_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if "\\`*_{}[]()#+-.!|~@:".contains(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A path as outputs name it: forward slashes, no `./` in front. A backslash is a part of a name but on Windows.
pub(super) fn path(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// A path as it begins a line: a CI server would take one that begins with `::` or `##` for a command.
pub(super) fn line_start(path: &std::path::Path) -> String {
    let text = clean(&path.to_string_lossy()).replace('\n', " ");
    if text.starts_with(['#', ':']) { format!("./{text}") } else { text }
}

/// A writer of JSON that also escapes what JSON allows but a terminal obeys: control characters beyond ASCII, and those that
/// turn the reading direction. What is written at once must be whole characters.
pub(super) struct Tame<'w>(pub(super) &'w mut dyn io::Write);

impl io::Write for Tame<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let wild = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii() || text.contains('\u{7f}')) {
            Some(text) => {
                for piece in text.split_inclusive(wild) {
                    let last = piece.chars().next_back().filter(|c| wild(*c));
                    let plain = piece.strip_suffix(wild).unwrap_or(piece);
                    self.0.write_all(plain.as_bytes())?;
                    if let Some(c) = last {
                        write!(self.0, "\\u{:04x}", u32::from(c))?;
                    }
                }
            }
            None => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A path as a URI reference: percent-encoded but for unreserved characters and slashes (RFC 3986).
pub(super) fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_draft_cannot_leave_its_place() {
        assert_eq!(xml("a<b>&\"'\u{1b}"), "a&lt;b&gt;&amp;&quot;&apos;\u{fffd}");
        assert_eq!(command_data("50%\n::error::x"), "50%25%0A::error::x");
        assert_eq!(command_property("a:b,c"), "a%3Ab%2Cc");
        assert_eq!(markdown_cell("a|b\n<i>"), "a\\|b &lt;i&gt;");
        assert_eq!(uri("a b/ü.md"), "a%20b/%C3%BC.md");
        assert_eq!(line_start(Path::new("::error::x.md")), "./::error::x.md");
        assert_eq!(line_start(Path::new("a\n::b.md")), "a ::b.md");
    }

    #[test]
    fn json_holds_nothing_that_a_terminal_obeys() {
        let said = "é \u{7f}\u{9b}31m\u{202e} 👩\u{200d}🚒";
        let mut out = Vec::new();
        serde_json::to_writer(Tame(&mut out), said).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"é \\u007f\\u009b31m\\u202e 👩\u{200d}🚒\"");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), said);
    }

    #[test]
    #[cfg(unix)]
    fn a_backslash_is_a_part_of_a_name() {
        assert_eq!(path(Path::new("./in/a\\b.md")), "in/a\\b.md");
    }
}

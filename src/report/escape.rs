//! Escaping for the places that a draft's words are put into: XML, GitHub's workflow commands, tables of Markdown.

use std::fmt::Write;

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

/// A path as outputs name it: forward slashes, no `./` in front.
pub(super) fn path(path: &std::path::Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
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

    #[test]
    fn a_draft_cannot_leave_its_place() {
        assert_eq!(xml("a<b>&\"'\u{1b}"), "a&lt;b&gt;&amp;&quot;&apos;\u{fffd}");
        assert_eq!(command_data("50%\n::error::x"), "50%25%0A::error::x");
        assert_eq!(command_property("a:b,c"), "a%3Ab%2Cc");
        assert_eq!(markdown_cell("a|b\n<i>"), "a\\|b &lt;i&gt;");
        assert_eq!(uri("a b/ü.md"), "a%20b/%C3%BC.md");
    }
}

//! The page: markup, style and script put into one file, and the policy that lets exactly these run.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const MARKUP: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/style.css");
/// Parts of the script, in the order in which they need each other.
const SCRIPT: &[&str] = &[
    include_str!("page/text.js"),
    include_str!("page/server.js"),
    include_str!("page/editor.js"),
    include_str!("page/cards.js"),
    include_str!("page/channels.js"),
    include_str!("page/files.js"),
    include_str!("page/book.js"),
    include_str!("page/main.js"),
];

/// The page and the `Content-Security-Policy` it is sent with.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) policy: String,
}

/// The page as it is served; the same for every request.
pub(super) static PAGE: LazyLock<Page> = LazyLock::new(|| {
    // One scope for the whole script, and no global names.
    let script = format!("'use strict';\n(() => {{\n{}\n}})();\n", SCRIPT.join("\n"));
    let html = MARKUP.replace("/*style*/", STYLE).replace("/*script*/", &script);
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
        base64(&Sha256::digest(script.as_bytes())),
        base64(&Sha256::digest(STYLE.as_bytes())),
    );
    Page { html, policy }
});

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |all, b| all << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_what_is_not_a_multiple_of_three() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|t| base64(t.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }

    #[test]
    fn the_page_refers_to_nothing_outside() {
        for word in ["src=", "@import", "url(", "href=\"http", "href=\"//", "/*style*/", "/*script*/"] {
            assert!(!PAGE.html.contains(word), "{word}");
        }
    }

    #[test]
    fn the_script_never_writes_markup() {
        let script = SCRIPT.join("\n");
        for word in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "localStorage", "cookie"]
        {
            assert!(!script.contains(word), "{word}");
        }
    }
}

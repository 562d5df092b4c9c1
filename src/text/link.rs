//! Web addresses as platforms see them in a post: what becomes a link, and what is counted as one.
//!
//! This is not what [`token`](super::token) calls a URL. A rule must know that `collected.It` lacks a space; a platform
//! makes a link of it, since `.it` is a country. The grammar is the one that twitter-text documents in its conformance
//! suite, on which the tests run: a host with a known top-level domain, with or without a scheme, not behind `@`, `#` or
//! `$`, then a port, a path and a query. One pass over the text; no construct reads a stretch twice.

use super::span::{Plain, Span};
use regex::Regex;
use rustc_hash::FxHashSet;
use std::{ops::Range, sync::LazyLock};

/// Longest web address that becomes a link, in bytes. *Source:* twitter-text.
const LONGEST: usize = 4096;
/// Longest label of a host in ASCII form. *Source:* RFC 1035.
const LABEL: usize = 63;
/// Longest code behind `t.co/`. *Source:* twitter-text.
const SHORT_CODE: usize = 40;

/// Top-level domains. *Source:* the names of the IANA root zone that twitter-text knows (2021-10).
static TOP_LEVEL: LazyLock<FxHashSet<&str>> =
    LazyLock::new(|| include_str!("top_level.txt").split_whitespace().collect());

const GENERAL: &str = r"a-z\x{0400}-\x{04FF}0-9!*';:=+,.$/%#\[\]\-\x{2013}_~@|&\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25b}\x{263}\x{268}\x{26f}\x{272}\x{289}\x{2bb}\x{300}-\x{36f}\x{1e00}-\x{1eff}";
const ENDING: &str = r"a-z\x{0400}-\x{04FF}0-9=_#/+\-\x{c0}-\x{d6}\x{d8}-\x{f6}\x{f8}-\x{24f}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25b}\x{263}\x{268}\x{26f}\x{272}\x{289}\x{2bb}\x{300}-\x{36f}\x{1e00}-\x{1eff}";

/// What may follow a host: port, path, query. Matches at the start of any text; groups: 1 path.
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parens = format!(r"\((?:[{GENERAL}]+|(?:[{GENERAL}]*\([{GENERAL}]+\)[{GENERAL}]*))\)");
    let path = format!(r"(?:(?:[{GENERAL}]*(?:{parens}[{GENERAL}]*)*(?:[{ENDING}]|{parens}))|(?:@[{GENERAL}]+/))");
    let query = r"[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]";
    Regex::new(&format!(r"^(?i)(?::[0-9]+)?(/{path}*)?(?:\?{query})?")).ok()
});

/// The short links of X, which end where their code ends.
static SHORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?i)https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?").ok()
});

/// The web addresses in `text`, in order.
///
/// # Example
/// ```
/// use postlint::text::link::urls;
/// let text = "Bins: tmbc.gov.uk/bins. Collected.It was late";
/// let found: Vec<&str> = urls(text).iter().map(|s| s.of(text)).collect();
/// assert_eq!(found, ["tmbc.gov.uk/bins", "Collected.It"]);
/// ```
pub fn urls(text: &str) -> Vec<Span<Plain>> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut at = 0;
    while let Some(run) = host_run(text, at) {
        at = Host::new(text, run).scan(at, &mut found);
    }
    found
}

/// Whether `span` of `text` names its scheme.
pub fn has_scheme(text: &str, span: Span<Plain>) -> bool {
    let url = span.of(text).as_bytes();
    [&b"http://"[..], b"https://"].iter().any(|s| url.get(..s.len()).is_some_and(|u| u.eq_ignore_ascii_case(s)))
}

/// The next stretch of characters that hosts are made of, from byte `at` on.
fn host_run(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let start = at + rest.find(is_host)?;
    let tail = text.get(start..)?;
    Some(start..start + tail.find(|c| !is_host(c)).unwrap_or(tail.len()))
}

fn is_host(c: char) -> bool {
    "-_.".contains(c) || is_label(c)
}

/// Characters that labels are made of, besides hyphen and underscore.
fn is_label(c: char) -> bool {
    !(matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200A}' | '\u{2028}'
        | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
        || is_directional(c)
        || "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$".contains(c))
}

fn is_directional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}')
}

/// Latin letters, digits and hyphen: what a host without a scheme is made of.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || is_latin_accent(c)
}

pub(super) fn is_latin_accent(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{253}' | '\u{254}' | '\u{256}'
        | '\u{257}' | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}' | '\u{26F}' | '\u{272}' | '\u{289}' | '\u{2BB}'
        | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Whether an address may begin behind `before`.
fn may_precede(before: Option<char>) -> bool {
    before.is_none_or(|c| {
        !(c.is_ascii_alphanumeric() || "@＠$#＃".contains(c) || matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}'))
    })
}

/// Length of the top-level domain that `label` begins with: the longest that no letter, digit, `@`, `+` or `-` follows.
fn top_level(label: &str) -> Option<usize> {
    if label.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("xn--")) {
        let tail = label.get(4..)?;
        let len = tail.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(tail.len());
        return (len > 0).then_some(4 + len);
    }
    let ends = label.char_indices().map(|(i, c)| i + c.len_utf8()).take(24);
    let known = ends.filter(|end| {
        let next = label.get(*end..).and_then(|t| t.chars().next());
        let free = next.is_none_or(|c| !(c.is_ascii_alphanumeric() || c == '-'));
        free && label.get(..*end).is_some_and(|name| TOP_LEVEL.contains(name.to_lowercase().as_str()))
    });
    known.last()
}

struct Host<'t> {
    text: &'t str,
    run: Range<usize>,
    labels: Vec<Range<usize>>,
    /// For each label: the end of the top-level domain that it begins with.
    tops: Vec<Option<usize>>,
    /// For each label: its last underscore, which a host may have in front of its last two labels only.
    underscores: Vec<Option<usize>>,
    /// For each label, taken whole: the furthest label that can be the top-level domain of a host which it begins.
    chain: Vec<Option<usize>>,
}

impl<'t> Host<'t> {
    fn new(text: &'t str, run: Range<usize>) -> Self {
        let body = text.get(run.clone()).unwrap_or_default();
        let mut labels = Vec::new();
        let mut at = run.start;
        for label in body.split('.') {
            labels.push(at..at + label.len());
            at += label.len() + 1;
        }
        let label = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        // What follows the run must not be `@` or `+`: then this is part of an e-mail address.
        let follows = text.get(run.end..).is_some_and(|t| t.starts_with(['@', '+']));
        let tops: Vec<Option<usize>> = labels
            .iter()
            .map(|r| top_level(label(r)).map(|len| r.start + len).filter(|end| !(follows && *end == run.end)))
            .collect();
        let underscores = labels.iter().map(|r| label(r).rfind('_').map(|i| r.start + i)).collect();
        let mut chain: Vec<Option<usize>> = vec![None; labels.len()];
        for i in (0..labels.len()).rev() {
            let whole = labels.get(i).map(label).unwrap_or_default();
            if !whole.starts_with(is_label) || !whole.ends_with(is_label) {
                continue;
            }
            let next = tops.get(i + 1).copied().flatten().filter(|_| !whole.contains('_')).map(|_| i + 1);
            let best = chain.get(i + 1).copied().flatten().or(next);
            if let Some(slot) = chain.get_mut(i) {
                *slot = best;
            }
        }
        Self { text, run, labels, tops, underscores, chain }
    }

    /// Adds the addresses of the run that begin at byte `from` or later; gives the byte to go on from.
    fn scan(&self, from: usize, found: &mut Vec<Span<Plain>>) -> usize {
        let body = self.text.get(self.run.clone()).unwrap_or_default();
        let mut skip_to = from.max(self.run.start);
        let mut label = 0;
        for (i, c) in body.char_indices() {
            let at = self.run.start + i;
            if at < skip_to || !is_label(c) {
                continue;
            }
            while self.labels.get(label).is_some_and(|l| l.end <= at) {
                label += 1;
            }
            let scheme = if at == self.run.start { self.scheme() } else { 0 };
            let before = self.text.get(..at).and_then(|t| t.chars().next_back());
            if scheme == 0 && !may_precede(before) {
                continue;
            }
            let Some(end) = self.host_end(label, at) else { continue };
            let end = self.address(at - scheme..end, scheme, found);
            // The character behind an address is what stands before the next one.
            skip_to = end + self.text.get(end..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
            if skip_to >= self.run.end {
                return skip_to;
            }
        }
        self.run.end
    }

    /// Length of the scheme in front of the run, if an address may begin there.
    fn scheme(&self) -> usize {
        let before = self.text.get(..self.run.start).unwrap_or_default();
        let scheme = ["https://", "http://"].iter().find(|s| {
            let cut = before.len().checked_sub(s.len());
            cut.and_then(|c| before.get(c..)).is_some_and(|t| t.eq_ignore_ascii_case(s))
        });
        let Some(scheme) = scheme else { return 0 };
        let ahead = self.text.get(..self.run.start - scheme.len()).and_then(|t| t.chars().next_back());
        if may_precede(ahead) { scheme.len() } else { 0 }
    }

    /// Where the host that begins at byte `at` of label `label` ends.
    fn host_end(&self, label: usize, at: usize) -> Option<usize> {
        let range = self.labels.get(label)?;
        let own = self.text.get(at..range.end)?;
        if !own.ends_with(is_label) {
            return None;
        }
        let underscore = self.underscores.get(label).copied().flatten().is_some_and(|i| i >= at);
        let next = self.tops.get(label + 1).copied().flatten().filter(|_| !underscore).map(|_| label + 1);
        let top = self.chain.get(label + 1).copied().flatten().or(next)?;
        self.tops.get(top).copied().flatten()
    }

    /// Adds the address whose scheme and host stand at `span`; gives its end, also where it is none after all.
    fn address(&self, span: Range<usize>, scheme: usize, found: &mut Vec<Span<Plain>>) -> usize {
        let host = span.start + scheme..span.end;
        let rest = self.text.get(host.end..).unwrap_or_default();
        let tail = TAIL.as_ref().and_then(|r| r.captures(rest));
        let end = host.end + tail.as_ref().and_then(|c| c.get(0)).map_or(0, |m| m.len());
        let name = self.text.get(host.clone()).unwrap_or_default();
        let mut hosts = Vec::new();
        plain_hosts(self.text, host.clone(), &mut hosts);
        // An encoded name holds no other letters, unless a host of Latin letters stands in it.
        let encoded = name.starts_with("xn--") && hosts.is_empty();
        if encoded || !has_short_labels(name) || end - span.start > LONGEST {
            return end;
        }
        if scheme > 0 {
            return self.with_scheme(span.start..end, found);
        }
        let before = self.text.get(..host.start).and_then(|t| t.chars().next_back());
        if before.is_some_and(|c| "-_./".contains(c)) {
            return end;
        }
        let has_path = tail.is_some_and(|c| c.get(1).is_some());
        if let Some(last) = hosts.last_mut().filter(|_| has_path) {
            *last = Span::new(last.start, end);
        }
        found.append(&mut hosts);
        end
    }

    fn with_scheme(&self, span: Range<usize>, found: &mut Vec<Span<Plain>>) -> usize {
        let url = self.text.get(span.clone()).unwrap_or_default();
        let short = SHORT.as_ref().and_then(|r| r.captures(url));
        let Some(short) = short else {
            found.push(Span::new(span.start, span.end));
            return span.end;
        };
        if short.get(1).is_none_or(|code| code.len() <= SHORT_CODE) {
            found.push(Span::new(span.start, span.start + short.get(0).map_or(0, |m| m.len())));
        }
        span.end
    }
}

/// Adds the hosts of Latin letters in `range`: without a scheme, `日本語example.com` is a link from `example` on.
fn plain_hosts(text: &str, range: Range<usize>, found: &mut Vec<Span<Plain>>) {
    let mut at = range.start;
    while at < range.end {
        let Some(body) = text.get(at..range.end) else { return };
        let Some(skip) = body.find(is_plain) else { return };
        let start = at + skip;
        let (mut label, mut best) = (start, None);
        loop {
            let tail = text.get(label..range.end).unwrap_or_default();
            let len = tail.find(|c| !is_plain(c)).unwrap_or(tail.len());
            if label > start {
                best = top_level(tail.split('.').next().unwrap_or_default()).map(|top| label + top).or(best);
            }
            if len == 0 || !tail.get(len..).is_some_and(|t| t.starts_with('.')) {
                at = best.unwrap_or(label + len).max(start + 1);
                break;
            }
            label += len + 1;
        }
        found.extend(best.map(|end| Span::new(start, end)));
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// Whether no label of a host is empty, or too long in ASCII form.
fn has_short_labels(host: &str) -> bool {
    host.split('.').all(|label| {
        let ascii =
            if label.is_ascii() { Some(label.len()) } else { punycode_len(&label.to_lowercase()).map(|n| n + 4) };
        ascii.is_some_and(|len| len > 0 && len <= LABEL)
    })
}

/// Length of a label in Punycode, without the prefix; nothing for one that is hopelessly long. *Source:* RFC 3492.
fn punycode_len(label: &str) -> Option<usize> {
    let input: Vec<u32> = label.chars().map(u32::from).collect();
    if input.len() > LABEL {
        return None;
    }
    let basic = u32::try_from(input.iter().filter(|c| **c < 0x80).count()).ok()?;
    let (mut n, mut delta, mut bias, mut handled) = (0x80_u32, 0_u32, 72_u32, basic);
    let mut len = usize::try_from(basic).ok()? + usize::from(basic > 0);
    while usize::try_from(handled).ok()? < input.len() {
        let next = input.iter().copied().filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for &c in &input {
            delta += u32::from(c < n);
            if c == n {
                let (mut q, mut k) = (delta, 36);
                loop {
                    let t = if k <= bias { 1 } else { (k - bias).min(26) };
                    len += 1;
                    if q < t {
                        break;
                    }
                    q = (q - t) / (36 - t);
                    k += 36;
                }
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta += 1;
        n += 1;
    }
    Some(len)
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        urls(text).iter().map(|s| s.of(text)).collect()
    }

    #[test]
    fn the_patterns_compile() {
        assert!(TAIL.is_some() && SHORT.is_some());
        assert!(TOP_LEVEL.len() > 1500 && TOP_LEVEL.contains("uk") && TOP_LEVEL.contains("no"));
    }

    #[test]
    fn a_link_ends_before_the_full_stop() {
        assert_eq!(
            found("See https://westmarsh.gov.uk/bins?day=1. Or (westmarsh.gov.uk)."),
            ["https://westmarsh.gov.uk/bins?day=1", "westmarsh.gov.uk"]
        );
        assert_eq!(found("Write to bins@westmarsh.gov.uk or @westmarsh.gov.uk or #a.com"), Vec::<&str>::new());
    }

    #[test]
    fn other_scripts_end_a_host_without_a_scheme() {
        assert_eq!(found("日本語it.so中国語foo.jp/a"), ["it.so", "foo.jp/a"]);
        assert_eq!(found("http://例え.com"), ["http://例え.com"]);
    }

    #[test]
    fn punycode_has_the_length_of_the_standard() {
        // RFC 3492, section 7.1, examples (A), (B), (D), (I) and (L); then what another program writes.
        for (label, ascii) in [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("pročprostěnemluvíčesky", "proprostnemluvesky-uyb24dma41a"),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
            ("бéб", "9ca39nba"),
            ("bücher", "bcher-kva"),
            ("日本語日本語日本語日本語日本語日本語abc", "abc-s08faaaaa973ababbbb8826lcacccc"),
            (&"aé".repeat(20), "aaaaaaaaaaaaaaaaaaaa-b2bbbbbbbbbbbbbbbbbbbb"),
        ] {
            assert_eq!(punycode_len(label), Some(ascii.len()), "{label}");
        }
    }
}

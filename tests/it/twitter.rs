//! twitter-text's conformance suite: weighted lengths, web addresses, mentions, hashtags. It is not part of this
//! repository; where it is missing the tests say so and pass.

use granit_parser::{Event, Parser, options};
use postlint::{
    channel::count::{Unit, is_refused_by_x},
    text::{
        link::urls,
        span::{Plain, Span},
        tag::{hashtags, mentions},
    },
};
use std::{collections::BTreeMap, fs, path::Path};

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
enum Yaml {
    Text(String),
    List(Vec<Yaml>),
    Map(BTreeMap<String, Yaml>),
}

impl Yaml {
    fn text(&self) -> &str {
        match self {
            Yaml::Text(text) => text,
            other => panic!("a text was expected, not {other:?}"),
        }
    }

    fn list(&self) -> &[Yaml] {
        match self {
            Yaml::List(items) => items,
            other => panic!("a list was expected, not {other:?}"),
        }
    }

    fn get(&self, key: &str) -> &Yaml {
        match self {
            Yaml::Map(map) => &map[key],
            other => panic!("a map was expected, not {other:?}"),
        }
    }

    fn number(&self, key: &str) -> usize {
        self.get(key).text().parse().unwrap()
    }
}

fn parse(text: &str) -> Yaml {
    let mut open: Vec<(bool, Vec<Yaml>)> = vec![(false, Vec::new())];
    for event in Parser::new_from_str_with_options(text, options! { emit_comments: false }) {
        let value = match event.unwrap().0 {
            Event::Scalar(value, ..) => Yaml::Text(value.to_string()),
            Event::SequenceStart(..) => {
                open.push((false, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((true, Vec::new()));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (is_map, items) = open.pop().unwrap();
                if is_map {
                    Yaml::Map(items.chunks(2).map(|p| (p[0].text().to_owned(), p[1].clone())).collect())
                } else {
                    Yaml::List(items)
                }
            }
            _ => continue,
        };
        open.last_mut().unwrap().1.push(value);
    }
    open.pop().unwrap().1.pop().unwrap()
}

/// The cases of one section of a file.
fn cases(file: &str, section: &str) -> Vec<Yaml> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/peer_suites/twitter-text/conformance");
    let Ok(text) = fs::read_to_string(folder.join(file)) else {
        println!("skipped: ../shared/data/peer_suites/twitter-text not found");
        return Vec::new();
    };
    parse(&text).get("tests").get(section).list().to_vec()
}

/// Runs the cases of a section; those in `differ` may fail, each for the reason beside it.
fn run(file: &str, section: &str, differ: &[(&str, &str)], judge: impl Fn(&Yaml, &str) -> Result<(), String>) {
    let cases = cases(file, section);
    let mut failed = Vec::new();
    for case in &cases {
        let (name, text) = (case.get("description").text(), case.get("text").text());
        match judge(case, text) {
            Err(what) if !differ.iter().any(|(n, _)| *n == name) => failed.push(format!("{name}: {what}")),
            _ => {}
        }
    }
    println!("{file} {section}: {} of {}", cases.len() - failed.len() - differ.len(), cases.len());
    assert!(failed.is_empty(), "{section}: {} of {} fail\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn same<T: PartialEq + std::fmt::Debug>(got: &T, want: &T) -> Result<(), String> {
    if got == want { Ok(()) } else { Err(format!("got {got:?}, not {want:?}")) }
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// All that the suite says of a weighted length: length, validity, and the last UTF-16 unit that fits.
fn weigh(case: &Yaml, text: &str, unit: Unit) -> Result<(), String> {
    let want = case.get("expected");
    let length = unit.count(text);
    same(&length, &want.number("weightedLength"))?;
    let valid = length > 0 && length <= 280 && !text.contains(is_refused_by_x);
    same(&valid.to_string(), &want.get("valid").text().to_owned())?;
    same(&(length * 1000 / 280), &want.number("permillage"))?;
    let fits = unit.over(text, 280).map_or(text, |over| &text[..over.start]);
    let fits = fits.split(['\u{FFFE}', '\u{FEFF}', '\u{FFFF}']).next().unwrap();
    same(&utf16(fits).saturating_sub(1), &want.number("validRangeEnd"))?;
    same(&utf16(text).saturating_sub(1), &want.number("displayRangeEnd"))
}

#[test]
fn weighted_lengths_are_those_of_the_suite() {
    run("validate.yml", "WeightedTweetsCounterTest", &[], |c, t| weigh(c, t, Unit::XWeightedV2));
    run("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest", &[], |c, t| weigh(c, t, Unit::XWeighted));
    run("validate.yml", "UnicodeDirectionalMarkerCounterTest", &[], |c, t| weigh(c, t, Unit::XWeighted));
}

fn texts<'t>(spans: &[Span<Plain>], text: &'t str, skip: usize) -> Vec<&'t str> {
    spans.iter().map(|s| s.of(text)).map(|t| &t[t.char_indices().nth(skip).map_or(t.len(), |(i, _)| i)..]).collect()
}

fn expected(case: &Yaml) -> Vec<&str> {
    case.get("expected").list().iter().map(Yaml::text).collect()
}

/// Places in code points, and the words at them.
fn places(case: &Yaml, key: &str) -> Vec<(String, usize, usize)> {
    let number = |y: &Yaml| y.text().parse::<usize>().unwrap();
    let all = case.get("expected").list().iter();
    all.map(|e| {
        (e.get(key).text().to_owned(), number(&e.get("indices").list()[0]), number(&e.get("indices").list()[1]))
    })
    .collect()
}

fn found(spans: &[Span<Plain>], text: &str, skip: usize) -> Vec<(String, usize, usize)> {
    let chars = |byte: usize| text[..byte].chars().count();
    let all = spans.iter().zip(texts(spans, text, skip));
    all.map(|(s, t)| (t.to_owned(), chars(s.start), chars(s.end))).collect()
}

#[test]
fn web_addresses_are_those_of_the_suite() {
    run("extract.yml", "urls", &[], |c, t| same(&texts(&urls(t), t, 0), &expected(c)));
    run("extract.yml", "tco_urls_with_params", &[], |c, t| same(&texts(&urls(t), t, 0), &expected(c)));
    run("extract.yml", "urls_with_indices", &[], |c, t| same(&found(&urls(t), t, 0), &places(c, "url")));
    run("extract.yml", "urls_with_directional_markers", &[], |c, t| same(&found(&urls(t), t, 0), &places(c, "url")));
}

#[test]
fn mentions_are_those_of_the_suite() {
    run("extract.yml", "mentions", &[], |c, t| same(&texts(&mentions(t), t, 1), &expected(c)));
    run("extract.yml", "mentions_with_indices", &[], |c, t| {
        same(&found(&mentions(t), t, 1), &places(c, "screen_name"))
    });
}

#[test]
fn hashtags_are_those_of_the_suite() {
    run("extract.yml", "hashtags", &[], |c, t| same(&texts(&hashtags(t), t, 1), &expected(c)));
    run("extract.yml", "hashtags_from_astral", &[], |c, t| same(&texts(&hashtags(t), t, 1), &expected(c)));
    run("extract.yml", "hashtags_with_indices", &[], |c, t| same(&found(&hashtags(t), t, 1), &places(c, "hashtag")));
}

/// Whether the whole of a text is one thing.
fn is_whole(spans: &[Span<Plain>], text: &str) -> String {
    (spans.len() == 1 && spans[0].range() == (0..text.len())).to_string()
}

#[test]
fn names_tags_and_addresses_that_are_valid_are_found_whole() {
    let want = |c: &Yaml| c.get("expected").text().to_owned();
    run("validate.yml", "usernames", &[], |c, t| same(&is_whole(&mentions(t), t), &want(c)));
    run("validate.yml", "hashtags", &[], |c, t| same(&is_whole(&hashtags(t), t), &want(c)));
    run("validate.yml", "urls_without_protocol", &[], |c, t| same(&is_whole(&urls(t), t), &want(c)));
    // twitter-text judges these by RFC 3986 when asked for one address; it makes no link of them in a text either.
    let differ = [
        ("Valid url: port and userinfo", "a name in front of the host makes no link"),
        ("Valid url: ipv4", "numbers have no top-level domain"),
        ("Valid url: ipv6", "numbers have no top-level domain"),
        ("Valid url: sub delims and question marks", "a link ends before closing marks"),
    ];
    run("validate.yml", "urls", &differ, |c, t| same(&is_whole(&urls(t), t), &want(c)));
}

/// Unicode's own `GraphemeBreakTest`, which `unicode-segmentation` ships with its sources: pairs of a text and its
/// clusters.
#[test]
fn clusters_are_those_of_unicode() {
    let home = std::env::var("CARGO_HOME")
        .map_or_else(|_| Path::new(&std::env::var("HOME").unwrap()).join(".cargo"), Into::into);
    let sources = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    let file = sources
        .flat_map(|s| fs::read_dir(s.path()).into_iter().flatten().flatten())
        .filter(|c| c.file_name().to_string_lossy().starts_with("unicode-segmentation-"))
        .map(|c| c.path().join("tests/testdata/mod.rs"))
        .find_map(|p| fs::read_to_string(p).ok());
    let Some(text) = file else {
        println!("skipped: the sources of unicode-segmentation were not found");
        return;
    };
    let table = text.split("pub const TEST_SAME").nth(1).unwrap().split("];").next().unwrap();
    let literal = regex::Regex::new(r#""((?:[^"\\]|\\.)*)"|(&\[)|(\])"#).unwrap();
    let escape = regex::Regex::new(r"\\u\{([0-9a-f]+)\}").unwrap();
    let plain = |s: &str| {
        let text = escape.replace_all(s, |c: &regex::Captures<'_>| {
            char::from_u32(u32::from_str_radix(&c[1], 16).unwrap()).unwrap().to_string()
        });
        text.replace("\\\"", "\"").replace("\\\\", "\\")
    };
    let (mut whole, mut clusters, mut inside, mut lines) = (String::new(), 0, false, 0);
    for part in literal.captures_iter(table.split_once("= &[").unwrap().1) {
        if let Some(text) = part.get(1) {
            if inside { clusters += 1 } else { whole = plain(text.as_str()) }
        } else if part.get(2).is_some() {
            (inside, clusters) = (true, 0);
        } else if inside {
            inside = false;
            lines += 1;
            assert_eq!(Unit::Graphemes.count(&whole), clusters, "{whole:?}");
            assert_eq!(Unit::Mastodon.count(&whole), clusters, "{whole:?}");
        }
    }
    println!("{lines} lines of GraphemeBreakTest");
    assert!(lines > 500);
}

/// Lengths of our own, for a checkout without the suite: text, and what it weighs on X.
#[test]
fn lengths_of_our_own_hold() {
    for (text, length) in [
        ("", 0),
        ("The tip opens at 8am.", 21),
        ("Tip: westmarsh.gov.uk", 5 + 23),
        ("Tip: https://www.westmarsh.gov.uk/waste/tips/opening-hours?day=monday#top", 5 + 23),
        ("(westmarsh.gov.uk)", 1 + 23 + 1),
        ("bins@westmarsh.gov.uk", 21),
        ("Not collected.It was icy", 4 + 23 + 8),
        ("£5 – ½ price – “free” for some…", 30 + 2),
        ("• bins\n• tips", 2 + 5 + 1 + 2 + 5),
        ("Café", 4),
        ("Cafe\u{301}", 4),
        ("👍🏽 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 #️⃣ ❤️ ☎", 6 * 2 + 5),
        ("𝗕𝗶𝗻 𝗱𝗮𝘆", 6 * 2 + 1),
        ("漢字かな", 8),
        ("© ® ™", 1 + 1 + 1 + 1 + 2),
        ("Croeso i Gymru: ŵyr", 19),
    ] {
        assert_eq!(Unit::XWeighted.count(text), length, "{text:?}");
    }
}

/// Links, mentions and hashtags of our own.
#[test]
fn links_and_tags_of_our_own_are_found() {
    let text =
        "Thanks @westmarsh_bc (see westmarsh.gov.uk/bins.) #BinDay and #été, not #1 or a@b.org; RT @csp: www.gov.uk";
    assert_eq!(texts(&urls(text), text, 0), ["westmarsh.gov.uk/bins", "www.gov.uk"]);
    assert_eq!(texts(&mentions(text), text, 1), ["westmarsh_bc", "csp"]);
    assert_eq!(texts(&hashtags(text), text, 1), ["BinDay", "été"]);
}

//! What is told of a pack's wording.

use super::*;
use crate::{
    check::class::Class,
    model::fault::NamedText,
    pack::{self, PackSet, Request},
    text::token::TokenKind,
};
use std::fmt::Write;

fn packs(rules: &[(&str, &[&str])]) -> PackSet {
    let mut text =
        "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"s\"\n[lists]\nfruit = [\"apple\", \"ripe pear\"]\n"
            .to_owned();
    for (id, phrases) in rules {
        let _ = write!(
            text,
            "[[rule]]\nid = \"{id}\"\ntitle = \"t\"\ncategory = \"style\"\nwhy = \"w\"\nphrases = {phrases:?}\n"
        );
    }
    pack::load_sound(&[Request::Texts(vec![NamedText::new("p.toml", text)])]).0
}

fn needless(phrases: &[&str]) -> Vec<(String, Option<String>)> {
    let set = packs(&[("a", phrases)]);
    let wording = Wording::of(&set.packs.iter().collect::<Vec<_>>(), &set.shared);
    let all = wording.needless(&wording.rules[0]);
    let told = |why| match why {
        Why::Dead => None,
        Why::Twice => Some("itself".to_owned()),
        Why::Covered(by) => Some(by),
    };
    all.into_iter().map(|n| (n.text, told(n.why))).collect()
}

fn covered(phrase: &str, by: &str) -> bool {
    needless(&[by, phrase]).contains(&(phrase.to_owned(), Some(by.to_owned())))
}

#[test]
fn a_phrase_that_another_matches_from_end_to_end_is_covered() {
    for (phrase, by) in [
        ("we promise", "we (really) promise"),
        ("we promised", "we promise+"),
        ("eat apple", "eat {fruit}"),
        ("eat ripe pear", "eat {fruit}"),
        ("eat {fruit} now", "eat {fruit} (now|later)"),
        ("a thing b", "a * b"),
        ("a ..2 b", "a ..4 b"),
        ("a one two b", "a ..2 b"),
        ("a one, two b", "a ..2 b"),
        ("promised", "prom*"),
        ("^ never again", "never again"),
        ("^ never again", "^ never (ever) again"),
        ("never again $", "never (ever) again $"),
        ("we {NAME} met", "we {NAME} (had) met"),
    ] {
        assert!(covered(phrase, by), "{by} covers {phrase}");
    }
}

#[test]
fn a_phrase_with_something_of_its_own_is_not() {
    for (phrase, by) in [
        ("we promise that", "we promise"),
        ("eat apple now", "eat {fruit}"),
        ("a ..4 b", "a ..2 b"),
        ("a one two three b", "a ..2 b"),
        ("never again", "^ never again"),
        ("never again", "never again $"),
        ("pro*", "prom*"),
        ("a * b", "a thing b"),
        ("no, thanks", "no thanks"),
        ("we {FIRSTNAME} met", "we {NAME} met"),
    ] {
        assert!(!covered(phrase, by), "{by} does not cover {phrase}");
    }
}

#[test]
fn of_two_equal_phrases_one_stays() {
    assert_eq!(needless(&["we promise", "we promise"]), [("we promise".to_owned(), Some("we promise".to_owned()))]);
}

#[test]
fn an_alternative_is_judged_by_itself() {
    let by = |text: &str, by: &str| (text.to_owned(), Some(by.to_owned()));
    assert_eq!(needless(&["we (swear|promise|promise+)"]), [by("promise", "itself")]);
    assert_eq!(needless(&["we promise", "we (swear|promise)"]), [by("we promise", "we (swear|promise)")]);
    assert_eq!(
        needless(&["we (swear|promise) it", "(we|I) (promise|vow) it"]),
        [by("promise", "(we|I) (promise|vow) it"),]
    );
    assert_eq!(needless(&["we promise it", "we (swear|promise) it now", "we (swear|vow) it"]), []);
}

#[test]
fn a_phrase_that_no_text_can_match_is_dead() {
    assert_eq!(needless(&["yes. no"]), [("yes. no".to_owned(), None)]);
    assert_eq!(needless(&["stop $ there"]), [("stop $ there".to_owned(), None)]);
    assert_eq!(needless(&["well (done|. no)"]), [(". no".to_owned(), None)]);
    let alive =
        ["no, thanks", "really?", "wait: what", "a - b", "co-op", "don't", "£5", "7.30pm", "24/7", "b&b", "so..."];
    for phrase in alive {
        assert_eq!(needless(&[phrase]), [], "{phrase}");
    }
}

#[test]
fn every_class_has_a_text_that_it_matches() {
    for (name, _) in Class::NAMES {
        assert_eq!(needless(&[&format!("see {{{name}}}")]), [], "{name}");
    }
}

#[test]
fn a_rule_is_hidden_by_one_that_matches_all_it_matches() {
    let set = packs(&[
        ("small", &["we promise", "you have our word"]),
        ("big", &["we (really) promise", "(you|they) have our word"]),
    ]);
    let wording = Wording::of(&set.packs.iter().collect::<Vec<_>>(), &set.shared);
    let [small, big] = &wording.rules[..] else { panic!() };
    assert!(wording.hides(big, small) && !wording.hides(small, big));
}

#[test]
fn each_piece_says_whether_it_meets_a_text() {
    let set = packs(&[("a", &["we promise", "{fruit}"])]);
    let wording = Wording::of(&set.packs.iter().collect::<Vec<_>>(), &set.shared);
    let rule = &wording.rules[0];
    assert_eq!(wording.met(rule, "We promise pears."), [true, false]);
    assert_eq!(wording.met(rule, "One ripe pear."), [false, true]);
    assert_eq!(wording.words(rule).into_iter().collect::<Vec<_>>(), ["apple", "pear", "promise", "ripe", "we"]);
}

/// What is said to be covered is: the texts of a covered phrase, matched by the other one from the same first word to
/// the same last one or further.
#[test]
fn what_is_called_covered_is_matched_in_a_built_in_pack() {
    let set = pack::load(&[Request::Name("conduct".to_owned())]).unwrap();
    let wording = Wording::of(&set.packs.iter().collect::<Vec<_>>(), &set.shared);
    let compiler = &wording.compiler;
    let (mut pairs, mut texts) = (0, 0);
    for rule in &wording.rules {
        let phrases = rule.pieces.iter().filter_map(|piece| match &piece.form {
            Form::Phrase { tree, node, parts } => Some((tree, *node, parts)),
            Form::Pattern { .. } => None,
        });
        let phrases: Vec<_> = phrases.collect();
        let small = phrases.iter().flat_map(|(tree, node, parts)| {
            std::iter::once((*tree, *node)).chain(parts.iter().map(|part| (&part.only.0, part.only.1)))
        });
        for (tree, node) in small {
            for (_, by, _) in phrases.iter().filter(|(big, by, _)| *by != node && wording.covers(&[big], tree)) {
                pairs += 1;
                for text in cover::some(tree, 8).iter().flat_map(|symbols| wording.texts(symbols)) {
                    let reading = Reading::new(&text);
                    let ids = compiler.words.look_up(&reading);
                    let words =
                        Words { reading: &reading, ids: &ids, program: &compiler.program, groups: &compiler.groups };
                    for at in 0..reading.tokens.len() {
                        let Some(own) = words.match_at(node, at) else { continue };
                        let other =
                            words.match_at(*by, at).unwrap_or_else(|| panic!("{text:?} in {}", rule.spec.meta.id));
                        // A gap at the end of a phrase leaves marks behind it alone.
                        let more = reading.tokens.get(other.end..own.end).unwrap_or_default();
                        let marks = more.iter().all(|token| matches!(token.kind, TokenKind::Mark(_)));
                        assert!(marks, "{text:?} in {}", rule.spec.meta.id);
                        texts += 1;
                    }
                }
            }
        }
    }
    assert!(pairs > 10 && texts > 100, "{pairs} pairs, {texts} texts");
}

#[test]
fn a_pattern_meets_a_text_as_it_was_typed_or_as_it_reads() {
    let mut text =
        "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"s\"\n[[rule]]\nid = \"a\"\ntitle = \"t\"\n".to_owned();
    text.push_str("category = \"style\"\nwhy = \"w\"\npatterns = ['caf\u{e9}!', 'ＦＲＥＥ']\n");
    let set = pack::load_sound(&[Request::Texts(vec![NamedText::new("p.toml", text)])]).0;
    let wording = Wording::of(&set.packs.iter().collect::<Vec<_>>(), &set.shared);
    let met = |text| wording.met(&wording.rules[0], text);
    assert_eq!(met("cafe\u{301}!"), [true, false], "only as it reads");
    assert_eq!(met("ＦＲＥＥ"), [false, true], "only as it was typed");
    assert_eq!(met("coffee"), [false, false]);
}

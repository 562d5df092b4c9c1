//! What each kind of rule finds, and what it lets pass, by rules that have nothing else in them.

use super::program::{folder, postlint};
use postlint::{
    engine::{Linter, Options},
    model::{
        document::{Located, Meta},
        fault::NamedText,
        finding::Finding,
    },
    pack::{self, Request},
};

/// What a rule with these lines finds in a text of `format`.
fn finds_in(format: &str, rule: &str, meta: Meta, text: &str) -> Vec<String> {
    weighed(format, rule, meta, text).into_iter().map(|(found, _)| found).collect()
}

/// The same, with how sure it is in hundredths.
fn weighed(format: &str, rule: &str, meta: Meta, text: &str) -> Vec<(String, u32)> {
    let pack = format!(
        "[pack]\nname = \"own\"\nversion = \"1.0.0\"\nsummary = \"One rule\"\n[[rule]]\nid = \"one\"\ntitle = \"One\"\n\
         category = \"style\"\nseverity = \"error\"\nconfidence = 0.9\nwhy = \"A test looks for it.\"\n{rule}\n"
    );
    let set = pack::load_sound(&[Request::Texts(vec![NamedText::new("own.toml", pack)])]).0;
    let linter = Linter::new(&set, Options::default()).unwrap_or_else(|faults| panic!("{faults:?}"));
    let rule = set.packs.iter().flat_map(|p| &p.rules).find(|r| r.meta.id.as_str() == "own/one").unwrap();
    let report = linter.lint_rule(&rule.meta, text, Some(format), meta);
    let sure = |f: &Finding| (1..=100).find(|n| f64::from(f.confidence) < f64::from(*n) / 100.0 + 0.005).unwrap();
    report.findings.iter().map(|f| (f.core.of(&report.document.source).to_owned(), sure(f))).collect()
}

fn finds(rule: &str, text: &str) -> Vec<String> {
    finds_in("text", rule, Meta::default(), text)
}

/// A post that goes out then.
fn posted(when: &str) -> Meta {
    Meta { scheduled: Some(Located { value: when.to_owned(), span: None }), ..Meta::default() }
}

#[test]
fn a_weekday_is_wrong_if_the_year_says_so_or_the_posting_time_does() {
    let rule = "kind = \"date\"\nis = \"wrong-weekday\"";
    assert_eq!(finds(rule, "We open on Monday 12 May 2026."), ["Monday"]);
    assert_eq!(finds(rule, "It opened on Monday 1 May 1998."), ["Monday"]);
    assert_eq!(finds(rule, "It opened on Mon 12/05/2026, or on Tue, May 12, 2026."), ["Mon"]);
    assert_eq!(finds(rule, "We open on Monday 12 May. Or not."), [""; 0], "nobody says which year");
    let meta = || posted("2026-05-01T09:00:00+01:00");
    assert_eq!(finds_in("text", rule, meta(), "We open on Monday 12 May."), ["Monday"]);
    assert_eq!(finds_in("text", rule, meta(), "We open on Tuesday 12 May, the 40 of May."), [""; 0]);
}

#[test]
fn capitals_run_on_over_numbers_and_end_at_other_words() {
    let rule = "kind = \"limit\"\nfield = \"capitals\"\nmax = 2";
    assert_eq!(finds(rule, "CLICK HERE NOW for more."), ["CLICK HERE NOW"]);
    assert_eq!(finds(rule, "VISIT 20 SHOPS & CAFES today"), ["VISIT 20 SHOPS & CAFES"]);
    assert_eq!(finds(rule, "CLICK HERE now. PARKING is FREE, and OPEN all day."), [""; 0]);
    assert_eq!(finds(rule, "The BBC ITV and SKY, the NHS GP A and E"), [""; 0], "short words alone are abbreviations");
}

#[test]
fn a_limit_is_exceeded_by_one_more() {
    let rule = |field, max| format!("kind = \"limit\"\nfield = \"{field}\"\nmax = {max}");
    assert_eq!(finds(&rule("sentence", 4), "We open at ten. We open at ten today."), ["We open at ten today."]);
    assert_eq!(finds(&rule("emoji", 2), "🎉 bins 🎉 out"), [""; 0]);
    assert_eq!(finds(&rule("emoji", 2), "🎉 bins 🎉 out 🎊 and 🎈"), ["🎊 and 🎈"], "from the third on");
    assert_eq!(finds(&rule("emoji-run", 2), "🎉 🎉 bins 🎉🎉🎉 out 🎉🎉"), ["🎉🎉🎉"]);
    assert_eq!(finds(&rule("emoji-run", 2), "🎉🎉, 🎉🎉"), [""; 0], "a comma ends a run");
}

#[test]
fn a_form_is_looked_for_where_readers_see_text() {
    let rule = "kind = \"form\"\nof = \"fancy-letters\"";
    let text = "# 𝗙𝘂𝗻\n\nCome 𝗡𝗼𝘄.\n\n![𝗗𝗮𝘆](day.png)\n";
    assert_eq!(finds_in("markdown", rule, Meta::default(), text), ["𝗙𝘂𝗻", "𝗡𝗼𝘄"]);
    let rule = "kind = \"form\"\nof = \"fancy-letters\"\nscopes = [\"alt\"]";
    assert_eq!(finds_in("markdown", rule, Meta::default(), text), ["𝗗𝗮𝘆"]);
}

#[test]
fn a_class_stands_for_dates_as_people_write_them() {
    let rule = "phrases = [\"{DATE}\"]";
    for text in ["12 May", "12th of May", "12 May 2026", "12th of May 2026", "May 12", "May 12 2026", "12/05/2026"] {
        assert_eq!(finds(rule, &format!("We met on {text} at noon.")), [text]);
    }
    for text in ["12 of us", "we may 12", "12345 May", "the twelfth", "May we", "of May"] {
        assert_eq!(finds(rule, &format!("so {text} then")), [""; 0], "{text}");
    }
    assert_eq!(finds(rule, "On 12 May 20 people came."), ["12 May"]);
}

#[test]
fn a_class_stands_for_postcodes_years_and_codes() {
    let code = "phrases = [\"{REF}\"]";
    assert_eq!(finds(code, "See AB12, 12AB and A1 B2."), ["AB12", "12AB"]);
    assert_eq!(finds(code, "See Ab12, ab12, 1234, AB1 and ABCD."), [""; 0]);
    let postcode = "phrases = [\"{POSTCODE}\"]";
    assert_eq!(finds(postcode, "In ME19 4LZ, M1 1AE and SW1A 1AA."), ["ME19 4LZ", "M1 1AE", "SW1A 1AA"]);
    assert_eq!(finds(postcode, "In no 1AB, ME19 LZ, 12 3AB, ABCDE1 1AA or ME19 44Z."), [""; 0]);
    let year = "phrases = [\"since {YEAR}\"]";
    assert_eq!(finds(year, "Open since 1998, since 2004, since 1850, since 20045."), ["since 1998", "since 2004"]);
}

#[test]
fn context_makes_a_finding_more_sure_or_less() {
    let context = "raise = [\"bank\"], lower = [\"barcode\"], before = 20, after = 20";
    let rule = format!("phrases = [\"number\"]\ncontext = {{ {context} }}");
    let sure =
        |text| weighed("text", &rule, Meta::default(), text).into_iter().map(|(_, sure)| sure).collect::<Vec<_>>();
    assert_eq!(sure("Send your number."), [90]);
    assert_eq!(sure("Send your bank number."), [100]);
    assert_eq!(sure("Send your barcode number."), [60]);
    assert_eq!(sure("Send your bank barcode number."), [90]);
    let rule = format!("phrases = [\"number\"]\ncontext = {{ {context}, required = true }}");
    assert_eq!(finds(&rule, "Send your number."), [""; 0]);
    assert_eq!(finds(&rule, "Send your bank number."), ["number"]);
}

#[test]
fn a_video_has_captions_if_the_draft_says_so() {
    let rule = "kind = \"field\"\nfield = \"video\"\nis = \"without-captions\"";
    let found = |lines: &str| {
        let text = format!("---\nvideo: tour.mp4\n{lines}---\nA tour of the lido.");
        finds_in("markdown", rule, Meta::default(), &text).len()
    };
    assert_eq!([found(""), found("captions: false\n"), found("photo-credit: Dot\n")], [1, 1, 1]);
    assert_eq!([found("captions: true\n"), found("subtitles: tour.srt\n")], [0, 0]);
}

#[test]
fn timings_tell_every_kind_of_check_by_its_name() {
    let office = folder(&[("a.md", "Bins are out.\n")]);
    let mut args = vec!["check", "--no-config", "--timings"];
    args.extend(
        ["conduct", "confidential", "accessibility", "plain-english"].into_iter().flat_map(|pack| ["--pack", pack]),
    );
    args.push("a.md");
    let (text, _) = postlint(office.path(), &args);
    for name in [
        "phrases",
        "disguised phrases",
        "patterns",
        "dates",
        "fields",
        "forms",
        "limits",
        "required words",
        "scorer",
        "swaps",
    ] {
        let row = format!("  {name}  ");
        assert!(text.contains(&row), "{name}:\n{text}");
    }
}

#[test]
fn a_phrase_must_have_a_word_of_its_own() {
    let lists = "[lists]\nthing = [\"bin\", \"tip\"]\n";
    let told = |phrase: &str| {
        let rule = format!(
            "[[rule]]\nid = \"one\"\ntitle = \"One\"\ncategory = \"style\"\nwhy = \"W.\"\nphrases = [\"{phrase}\"]\n"
        );
        let pack = format!("[pack]\nname = \"own\"\nversion = \"1.0.0\"\nsummary = \"One rule\"\n{lists}{rule}");
        let set = pack::load_sound(&[Request::Texts(vec![NamedText::new("own.toml", pack)])]).0;
        Linter::new(&set, Options::default()).err().map(|faults| format!("{faults:?}")).unwrap_or_default()
    };
    for phrase in ["*", "* *", "..3", "^", "* $", "(bins)", "(bins|*) ..2"] {
        assert!(told(phrase).contains("can match without a word of its own"), "{phrase}: {}", told(phrase));
    }
    for phrase in ["bins *", "^ bins", "(the) bins", "(bins|tips)", "{thing}", "* {thing}"] {
        assert_eq!(told(phrase), "", "{phrase}");
    }
}

#[test]
fn officers_of_a_service_post_for_it_and_those_of_the_account_for_all() {
    let settings = "[packs]\nuse = [\"conduct\"]\n[accounts.council]\nchannels = [\"x\"]\nofficers = [\"a.okafor\"]\n\
                    services = { housing = [\"m.hale\"], parks = [\"t.reed\"], bins = [] }\n";
    let may_post = |service: &str, author: &str| {
        let draft =
            format!("---\naccount: council\nservice: {service}\nauthor: {author}\n---\nThe desk is open until 5pm.\n");
        let office = folder(&[("postlint.toml", settings), ("a.md", &draft)]);
        !postlint(office.path(), &["check", "--format", "concise", "a.md"]).0.contains("author-not-nominated")
    };
    assert!(may_post("housing", "m.hale") && may_post("housing", "a.okafor") && may_post("Housing", "@M.Hale"));
    assert!(!may_post("housing", "t.reed") && !may_post("parks", "m.hale"));
    assert!(
        may_post("bins", "t.reed") && may_post("bins", "a.okafor"),
        "a service without officers: any of the account"
    );
    assert!(!may_post("bins", "r.passer-by"));
}

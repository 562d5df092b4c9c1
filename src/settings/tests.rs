//! Tests of settings in memory.

use super::*;

const FULL: &str = r#"
[organisation]
name = "Westmarsh Borough Council"
domains = ["Westmarsh.gov.uk"]
public-numbers = ["01632 960000"]
[packs]
use = ["confidential", "opinion"]
paths = ["policy/*.toml"]
[rules]
"opinion/taste" = "info"
[rules."opinion/first-person-view"]
severity = "off"
allow-phrases = ["we think"]
[accounts.council]
channels = ["X", "facebook"]
officers = ["j.bloggs"]
voice = "corporate"
services = { housing = ["a.okafor"] }
[[period]]
name = "pre-election"
from = 2027-03-22
to = "2027-05-06"
[[overrides]]
paths = ["archive/**"]
packs = ["confidential"]
rules = { "opinion/taste" = "error" }
[check]
fail-on = "never"
exclude = ["**/sent/**"]
min-confidence = 0.6
skip-status = ["Sent"]
[formats.csv]
text = ["Message", "Text"]
[[suppress]]
paths = ["queue/mayor.md"]
rules = ["opinion/taste"]
reason = "the mayor's own words, quoted"
until = 2027-06-01
[scorer]
enabled = false
budget = 0.01
[reserved]
handling = "note"
"#;

fn codes(text: &str) -> Vec<String> {
    let errors = parse("postlint.toml", text).map(|_| ()).unwrap_err();
    errors.0.all().iter().map(|s| miette::Diagnostic::code(s).unwrap().to_string()).collect()
}

#[test]
fn every_setting_is_read() {
    let s = parse("team/postlint.toml", FULL).unwrap();
    assert_eq!(s.organisation.domains, ["westmarsh.gov.uk"]);
    assert_eq!(s.packs.names.as_ref().unwrap()[1].0, "opinion");
    assert_eq!(s.rules[1].allow_phrases[0].0, "we think");
    assert_eq!(s.accounts["council"].channels[0].0, "x");
    assert_eq!(s.accounts["council"].services["housing"], ["a.okafor"]);
    assert_eq!((s.periods[0].kind.as_str(), s.periods[0].to.day()), ("pre-election", 6));
    assert_eq!(s.check.fail_on, Some(FailOn::Never));
    assert_eq!(s.check.skip_status, ["sent"]);
    assert_eq!(s.columns.len(), 2);
    assert_eq!(s.suppress[0].until.unwrap().to_string(), "2027-06-01");
    assert_eq!((s.scorer.enabled, s.reserved), (Some(false), Reserved::Note));
    assert!(s.excludes(Path::new("team/queue/sent/a.md")) && !s.excludes(Path::new("team/queue/a.md")));
}

#[test]
fn the_last_override_that_holds_goes_before() {
    let s = parse("postlint.toml", FULL).unwrap();
    let (level, at) = s.level(Path::new("archive/a.md"), "opinion/taste").unwrap();
    assert_eq!((level, s.origin(at).as_str()), (Level::On(Severity::Error), "postlint.toml:26"));
    assert_eq!(s.level(Path::new("a.md"), "opinion/taste").unwrap().0, Level::On(Severity::Info));
    assert_eq!(s.level(Path::new("a.md"), "opinion/first-person-view").unwrap().0, Level::Off);
    assert_eq!(s.level(Path::new("a.md"), "opinion/other"), None);
    assert_eq!(s.packs_in(Path::new("archive/a.md")).unwrap()[0].0, "confidential");
    assert_eq!(s.packs_in(Path::new("a.md")), None);
}

#[test]
fn no_settings_are_the_default() {
    let s = parse("postlint.toml", "").unwrap();
    assert!(s.packs.names.is_none() && s.rules.is_empty() && s.check.fail_on.is_none());
}

#[test]
fn what_is_wrong_is_told() {
    let one = |text: &str| codes(text).join(" ").replace("postlint::settings::", "");
    assert_eq!(one("[organization]\nname = 'x'"), "unknown_key");
    assert_eq!(one("[check]\nfail_on = 'error'"), "unknown_key");
    assert_eq!(one("[check]\nfail-on = 'errors'"), "unknown_name");
    assert_eq!(one("[check]\nmin-confidence = 60"), "wrong_type");
    assert_eq!(one("[check]\nexclude = 'sent'"), "wrong_type");
    assert_eq!(one("[check]\nexclude = ['[sent']"), "bad_pattern");
    assert_eq!(one("[check]\n[check]"), "syntax");
    assert_eq!(one("[rules]\n'a/b' = 'on'"), "unknown_name");
    assert_eq!(one("[rules.'a/b']\nseverty = 'off'"), "unknown_key");
    assert_eq!(one("[[period]]\nname = 'pre-election'\nfrom = 2027-05-06\nto = 2027-03-22"), "bad_date");
    assert_eq!(one("[[period]]\nname = 'pre-elction'\nfrom = 2027-03-22\nto = 2027-05-06"), "unknown_name");
    assert_eq!(
        one("[[period]]\nname = 'mourning'\nfrom = '2027-02-30'\nto = 2027-05-06T10:00:00"),
        "bad_date bad_date"
    );
    assert_eq!(one("[[overrides]]\npaths = ['a/**']"), "missing_key");
    assert_eq!(one("[[overrides]]\npaths = []\npacks = ['opinion']"), "empty");
    let inside = "[[overrides]]\npaths = ['a']\n[overrides.rules.'a/b']\nallow-phrases = ['we think']";
    assert_eq!(one(inside), "unknown_key");
    assert_eq!(one("[[suppress]]\npaths = ['a']\nrules = ['a/b']\nreason = ' '"), "empty");
}

#[test]
fn names_of_others_are_checked_when_they_are_known() {
    let s = parse("postlint.toml", FULL).unwrap();
    let known = ["opinion/taste", "opinion/first-person-view"];
    assert!(s.check_rule_ids(&known).is_ok());
    let errors = s.check_rule_ids(&known[..1]).unwrap_err();
    assert_eq!(errors.0.all().len(), 1);
    assert!(s.check_packs(&["confidential"], &["confidential"]).is_err());
    assert!(s.check_channels(&["x"], &["text"]).is_err() && s.check_channels(&["x", "facebook"], &["text"]).is_ok());
    assert!(s.check_columns(&["csv"], &["text"]).is_ok() && s.check_columns(&["csv"], &["txt"]).is_err());
}

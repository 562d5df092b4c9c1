//! E-mail addresses: whose mailbox they are.

use super::{Judge, Verdict, reserved, valid};
use crate::text::names;

/// Any e-mail address.
pub(super) static EMAIL: Judge = Judge::new("email", |value| by_class(value, |_| true));
/// A person's address: on a webmail domain, or with a person's name in it.
pub(super) static EMAIL_PERSONAL: Judge = Judge::new("email-personal", |value| by_class(value, Class::is_personal));
/// An address at a consumer mail provider that names neither a person nor a team.
pub(super) static EMAIL_WEBMAIL: Judge = Judge::new("email-webmail", |value| by_class(value, |c| c == Class::Webmail));
/// An address with a person's name in it.
pub(super) static EMAIL_NAMED: Judge = Judge::new("email-named", |value| by_class(value, |c| c == Class::Named));
/// A team's or service's mailbox.
pub(super) static EMAIL_ROLE: Judge = Judge::new("email-role", |value| by_class(value, |c| c == Class::Role));
/// A person's address spelled out: `name [at] domain [dot] tld`.
pub(super) static EMAIL_OBFUSCATED: Judge = Judge::new("email-obfuscated", obfuscated);

/// Consumer mail providers: the first label of the domain.
const WEBMAIL: &str = "aol blueyonder btinternet btopenworld fastmail gmail gmx googlemail hey hotmail icloud live mac \
                       mail me msn ntlworld outlook plusnet proton protonmail rocketmail sky talktalk tiscali tutanota \
                       virginmedia yahoo ymail zoho";

/// Words that make a local part a team's mailbox, as whole tokens or, from five letters, at either end of one.
const ROLES: &str = "abuse access accounts admin admissions advice airport allotment allotments appeals archive archives arena arts \
    asb assets association awards band benefits bereavement bins blue book bookings books bowls box building \
    bursar bus business cafe campaign care careers carers carnival casework cemeteries centre chair charity choir \
    church cinema claims clerk climate club coaches comments committee committees comms communications community \
    complaints conduct consultation consultations contact control council counciltax courses craft crafts \
    crematorium crew cricket cubs culture customer customers cycling dance data dataprotection democracy \
    democratic desk digital dpo drama early education elections electoral energy enforcement engagement enquiries \
    enquiry environment events fair families family fayre feedback ferry festival fete film finance foi food \
    foodbank football forum foster fostering fraud friends fund funding gala gallery garden gardens governance \
    grants green group guides hall halls harbour health hello help helpdesk heritage highways hire history hockey \
    homes housing hr hub inclusion info information jobs kids land landcharges legal leisure lettings libraries \
    library licensing lifeguards litter localplan lost mail mailbox market marketing markets mayor media \
    membership mobility museum music mutual netball news newsletter noise noreply nursery office officer open \
    pantry parade parish parking parks partnerships payables payments payroll permits pest plan planning play \
    players playgroup poetry policy pool post postmaster preschool press privacy procurement project property race \
    radio rangers rates reception records recruitment recycling refuse regeneration registrar registrars \
    registration rent rents repairs reply report residents revenues roads rotary rugby run safeguarding safety \
    sales school schools scouts scrutiny secretary service services shop show skills society speakup sport sports \
    stadium stall stalls standards store streetnaming streets studio support swim swimming switchboard talk tax \
    team tenancy tenants tennis theatre tickets tourism tourist town trading trail training transport travel trees \
    trust twinning unit venues visit visits voice volunteer volunteering volunteers walks warden waste water web \
    webmaster webteam welcome wellbeing yoga youth";

/// Endings under which no address exists. Source: RFC 2606, RFC 6761.
const RESERVED_DOMAINS: &str = "example.com example.org example.net example invalid test localhost";

/// Endings in use in Britain, and those reserved for examples.
const KNOWN_ENDINGS: &str =
    "uk com org net eu ie info biz co io me scot wales cymru london email mail online test example invalid";

fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_ascii_whitespace()
}

/// Whose mailbox an address is.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Class {
    Role,
    Webmail,
    Named,
    /// One word that is neither: `liftproject`, a team's more often than a person's.
    Unclear,
}

impl Class {
    fn is_personal(self) -> bool {
        matches!(self, Self::Webmail | Self::Named)
    }
}

fn by_class(value: &str, wanted: impl Fn(Class) -> bool) -> Verdict {
    let typed = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let address = typed.to_ascii_lowercase();
    let Some((local, domain)) = address.split_once('@') else { return Verdict::Invalid };
    let class = match class(local, domain) {
        Class::Unclear if is_camel_case(typed) => Class::Named,
        class => class,
    };
    if local.is_empty() || !is_domain(domain) || !wanted(class) {
        return Verdict::Invalid;
    }
    let bonus = if is_webmail(domain) { 0.2 } else { 0.0 };
    let under = |ending| domain.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if words(RESERVED_DOMAINS).any(under) { reserved(bonus) } else { valid(bonus) }
}

fn is_domain(domain: &str) -> bool {
    let label = |l: &str| !l.is_empty() && !l.starts_with('-') && !l.ends_with('-');
    let tld = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && domain.split('.').all(label)
        && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        && tld.len() >= 2
        && tld.bytes().all(|b| b.is_ascii_alphabetic())
}

/// A person's name wins (`jane.green`), then a role word, on a webmail domain too: clubs have no other.
fn class(local: &str, domain: &str) -> Class {
    let tokens: Vec<&str> = local.split(|c: char| !c.is_ascii_alphabetic()).filter(|token| !token.is_empty()).collect();
    let (exact, part) = (
        |token: &str| words(ROLES).any(|role| role == token),
        |token: &str| words(ROLES).any(|role| role.len() > 4 && (token.ends_with(role) || token.starts_with(role))),
    );
    let named = match tokens.as_slice() {
        [first, rest @ ..] if names::is_first_name(first) => !rest.iter().any(|t| *t == "services" || *t == "team"),
        [initial, surname, ..] => initial.len() == 1 && surname.len() > 2 && !words(ROLES).any(|role| role == *surname),
        _ => false,
    };
    if named {
        Class::Named
    } else if tokens.iter().any(|token| exact(token) || part(token)) {
        Class::Role
    } else if is_webmail(domain) {
        Class::Webmail
    } else if local.contains(['.', '_']) && tokens.len() > 1 {
        Class::Named
    } else {
        Class::Unclear
    }
}

/// `JaneDoe@…`: two words with capitals, as people write their names.
fn is_camel_case(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let capitals = local.chars().filter(char::is_ascii_uppercase).count();
    local.starts_with(|c: char| c.is_ascii_uppercase())
        && (2..=3).contains(&capitals)
        && local.chars().any(|c| c.is_ascii_lowercase())
}

fn is_webmail(domain: &str) -> bool {
    domain.split('.').next().is_some_and(|label| words(WEBMAIL).any(|name| name == label))
}

/// The address that was spelled out, judged as a personal one. Brackets around "at" and "dot" are enough, and so is a
/// space between all letters; bare words need a "dot". Either way the ending must exist.
fn obfuscated(value: &str) -> Verdict {
    let plain: String =
        value.chars().map(|c| if "[](){}<>".contains(c) { ' ' } else { c.to_ascii_lowercase() }).collect();
    let bracketed = value.contains(['[', '(', '{', '<']);
    let mut dotted = false;
    let mut address = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        match word {
            "at" | "@" => address.push('@'),
            "dot" => {
                dotted = true;
                address.push('.');
            }
            "underscore" => address.push('_'),
            "dash" | "hyphen" => address.push('-'),
            _ => address.push_str(word),
        }
    }
    let tld = address.rsplit('.').next().unwrap_or_default();
    let said: Vec<&str> = plain.split_whitespace().collect();
    let before_at =
        said.iter().position(|word| matches!(*word, "at" | "@")).and_then(|at| said.get(at.checked_sub(1)?));
    if before_at.is_some_and(|word| words(ROLES).any(|role| role == *word)) {
        return Verdict::Invalid;
    }
    let spaced = value.split_whitespace().all(|word| word.len() == 1);
    if !(bracketed || dotted || spaced) || !words(KNOWN_ENDINGS).any(|ending| ending == tld) {
        return Verdict::Invalid;
    }
    by_class(&address, |class| class != Class::Role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_mailboxes_are_told_from_people() {
        let is = |value, wanted: Verdict| assert_eq!(by_class(value, Class::is_personal), wanted, "{value}");
        for role in ["planning@westmarsh.gov.uk", "customer.services@westmarsh.gov.uk", "westmarshlibrary@gmail.com"] {
            is(role, Verdict::Invalid);
        }
        for role in ["summer.show@example.org", "a.team@example.org", "westmarshtwinning@btinternet.com"] {
            is(role, Verdict::Invalid);
        }
        is("liftproject@westmarsh.gov.uk", Verdict::Invalid);
        // Two words that are nobody's known name may be one; a word and a number say nothing.
        is("quill_marsh@westmarsh.gov.uk", valid(0.0));
        is("quill_12@westmarsh.gov.uk", Verdict::Invalid);
        is("jane.green@gmail.com", valid(0.2));
        is("j.park@westmarsh.gov.uk", valid(0.0));
        is("jane.doe@example.com", reserved(0.0));
        is("jane1971@example.invalid", reserved(0.0));
        is("j.doe@westmarsh.gov.uk", valid(0.0));
        is("OkaforTarn@westmarsh.gov.uk", valid(0.0));
        is("dawn1971@hotmail.co.uk", valid(0.2));
        is("not an address", Verdict::Invalid);
    }

    #[test]
    fn spelled_out_addresses_need_brackets_or_a_dot_word_and_an_ending() {
        assert_eq!(obfuscated("jane [at] example [dot] invalid"), reserved(0.0));
        assert_eq!(obfuscated("jane.doe at gmail dot com"), valid(0.2));
        assert_eq!(obfuscated("j o @ e x a m p l e . o r g"), reserved(0.0));
        assert_eq!(obfuscated("l0rna . h3mmings 91 (at) m4rshmail dot example dot net"), reserved(0.0));
        for value in ["open at 9.30am", "meet at the castle", "jane@example.com", "to info [at] example [dot] com"] {
            assert_eq!(obfuscated(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn a_domain_has_labels_of_letters_digits_and_hyphens() {
        for domain in ["example.org", "a-b.co.uk", "4.example", "a.uk"] {
            assert!(is_domain(domain), "{domain}");
        }
        for domain in ["localhost", "a..uk", ".uk", "-a.uk", "a-.uk", "a_b.uk", "é.uk", "a.u", "a.u1", "a."] {
            assert!(!is_domain(domain), "{domain}");
        }
    }
}

//! E-mail addresses: whose mailbox they are.

use super::{Judge, Verdict, reserved, valid};

/// Any e-mail address.
pub(super) static EMAIL: Judge = Judge::new("email", |value| by_class(value, |_| true));
/// A person's address: on a webmail domain, or without any word for a team in it.
pub(super) static EMAIL_PERSONAL: Judge = Judge::new("email-personal", |value| by_class(value, |c| c != Class::Role));
/// An address at a consumer mail provider.
pub(super) static EMAIL_WEBMAIL: Judge = Judge::new("email-webmail", |value| by_class(value, |c| c == Class::Webmail));
/// A person's address at an organisation.
pub(super) static EMAIL_NAMED: Judge = Judge::new("email-named", |value| by_class(value, |c| c == Class::Named));
/// A team's or service's mailbox.
pub(super) static EMAIL_ROLE: Judge = Judge::new("email-role", |value| by_class(value, |c| c == Class::Role));
/// A person's address spelled out: `name [at] domain [dot] tld`.
pub(super) static EMAIL_OBFUSCATED: Judge = Judge::new("email-obfuscated", obfuscated);

/// Consumer mail providers: the first label of the domain.
const WEBMAIL: &str = "aol blueyonder btinternet btopenworld fastmail gmail gmx googlemail hey hotmail icloud live mac \
                       mail me msn ntlworld outlook plusnet proton protonmail rocketmail sky talktalk tiscali tutanota \
                       virginmedia yahoo ymail zoho";

/// Words that make a local part a team's mailbox, as whole tokens or, from four letters, at either end of one.
const ROLES: &str = "abuse access accounts admin admissions advice allotments appeals archives arts asb assets benefits \
    bereavement bins blue bookings box building bursar bus business cafe care careers carers casework cemeteries centre \
    chair clerk climate club comments committee committees comms communications community complaints conduct consultation \
    consultations contact control council counciltax courses crematorium crew culture customer customers data \
    dataprotection democracy democratic desk dpo early education elections electoral energy enforcement enquiries enquiry \
    environment events families family feedback festival finance foi foster fostering fraud gallery gardens governance \
    grants green health hello help helpdesk heritage highways hire homes housing hr hub inclusion info information jobs \
    kids land landcharges legal leisure lettings libraries library licensing litter localplan lost mail mailbox market \
    marketing markets media membership mobility museum music news newsletter noise noreply office officer open parking \
    parks partnerships payroll permits pest plan planning play policy post postmaster press privacy procurement project \
    property rates reception records recruitment recycling refuse regeneration registrar registrars registration rent \
    rents repairs reply report residents revenues roads safeguarding safety sales school schools scrutiny secretary \
    services service skills sport sports standards streetnaming streets support switchboard talk tax team tenancy tenants \
    theatre tickets tourism tourist town trading training transport travel trees unit venues voice volunteer volunteering \
    volunteers walks warden waste water web webmaster webteam welcome wellbeing youth";

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
}

fn by_class(value: &str, wanted: impl Fn(Class) -> bool) -> Verdict {
    let address = value.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    let Some((local, domain)) = address.split_once('@') else { return Verdict::Invalid };
    let class = class(local, domain);
    if local.is_empty() || !is_domain(domain) || !wanted(class) {
        return Verdict::Invalid;
    }
    let bonus = if class == Class::Webmail { 0.2 } else { 0.0 };
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

/// A role word anywhere in the local part wins, on a webmail domain too: clubs have no other.
fn class(local: &str, domain: &str) -> Class {
    let mut tokens = local.split(|c: char| !c.is_ascii_alphabetic()).filter(|token| !token.is_empty());
    let is_role = |token: &str| {
        words(ROLES).any(|role| token == role || (role.len() > 3 && (token.ends_with(role) || token.starts_with(role))))
    };
    if tokens.any(is_role) {
        Class::Role
    } else if domain.split('.').next().is_some_and(|label| words(WEBMAIL).any(|name| name == label)) {
        Class::Webmail
    } else {
        Class::Named
    }
}

/// The address that was spelled out, judged as a personal one. Brackets around "at" and "dot" are enough; bare words need
/// a "dot", and either way the ending must exist.
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
    if !(bracketed || dotted) || !words(KNOWN_ENDINGS).any(|ending| ending == tld) {
        return Verdict::Invalid;
    }
    by_class(&address, |class| class != Class::Role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_mailboxes_are_told_from_people() {
        let is = |value, wanted: Verdict| assert_eq!(by_class(value, |c| c != Class::Role), wanted, "{value}");
        for role in ["planning@westmarsh.gov.uk", "customer.services@westmarsh.gov.uk", "westmarshlibrary@gmail.com"] {
            is(role, Verdict::Invalid);
        }
        is("jane.doe@example.com", reserved(0.0));
        is("x@example.invalid", reserved(0.0));
        is("j.doe@westmarsh.gov.uk", valid(0.0));
        is("dawn1971@hotmail.co.uk", valid(0.2));
        is("not an address", Verdict::Invalid);
    }

    #[test]
    fn spelled_out_addresses_need_brackets_or_a_dot_word_and_an_ending() {
        assert_eq!(obfuscated("jane [at] example [dot] invalid"), reserved(0.0));
        assert_eq!(obfuscated("jane.doe at gmail dot com"), valid(0.2));
        assert_eq!(obfuscated("l0rna . h3mmings 91 (at) m4rshmail dot example dot net"), reserved(0.0));
        for value in ["open at 9.30am", "meet at the castle", "jane@example.com", "info [at] example [dot] com"] {
            assert_eq!(obfuscated(value), Verdict::Invalid, "{value}");
        }
    }
}

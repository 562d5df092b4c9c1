//! Conditions on who posts where: is the channel approved, the officer nominated, the post approved? They hold only for
//! accounts that settings describe.

use super::kind_field::{Condition, Found, Seen};
use crate::{
    channel,
    model::{
        document::{Mode, Scope},
        facts::Account,
    },
    text::span::Span,
};
use std::collections::BTreeSet;

pub(super) const CONDITIONS: &[Condition] = &[
    ("channel", "not-approved", &["channel", "account", "approved"], channel_not_approved),
    ("channel", "unknown", &["channel"], channel_unknown),
    ("account", "missing", &["accounts"], account_missing),
    ("account", "unknown", &["account", "accounts"], account_unknown),
    ("author", "missing", &["account"], author_missing),
    ("author", "not-nominated", &["author", "account"], author_not_nominated),
    ("approved-by", "missing", &["subject"], approval_missing),
    ("approved-by", "the-author", &["author"], approved_by_author),
    ("reply", "unsigned", &[], reply_unsigned),
];

/// The name of a channel in the table, or as it is.
fn known(name: &str) -> String {
    channel::find(name).map_or_else(|| name.trim().to_lowercase(), |c| c.name.clone())
}

/// A name of a person as it is compared.
fn person(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
}

fn account<'v>(seen: &'v Seen<'_, '_>) -> Option<(&'v String, &'v Account)> {
    let meta = &seen.view.post.meta;
    seen.view.around.facts.account(meta.account.as_ref().map(|a| a.value.as_str()))
}

fn channel_not_approved(seen: &Seen<'_, '_>) -> Vec<Found> {
    let facts = seen.view.around.facts;
    let own = account(seen);
    // Without an account, a channel on which no account is approved is still none.
    let approved: BTreeSet<&str> = match own {
        Some((_, account)) => account.channels.iter().map(String::as_str).collect(),
        None => facts.accounts.values().flat_map(|a| &a.channels).map(String::as_str).collect(),
    };
    let named = seen.view.post.meta.account.is_some();
    if approved.is_empty() || (named && own.is_none()) {
        return Vec::new();
    }
    let title = |c: &str| channel::find(c).map_or_else(|| c.to_owned(), |c| c.title.clone());
    let from = |c: &str| own.and_then(|(_, a)| a.from.iter().find(|(name, _)| name == c)).map(|(_, day)| *day);
    let list: Vec<String> = approved
        .iter()
        .map(|c| from(c).map_or_else(|| title(c), |day| format!("{} from {}", title(c), day.strftime("%-d %B %Y"))))
        .collect();
    let list = list.join(", ");
    let day = seen.view.around.when.map(|w| w.date);
    let waits = |name: &str| {
        let from = own.and_then(|(_, account)| account.from.iter().find(|(c, _)| c == name));
        from.zip(day).is_some_and(|((_, from), day)| day < *from)
    };
    let refused = |name: String| !approved.contains(name.as_str()) || waits(&name);
    let strangers = seen.view.post.meta.channels.iter().filter(|c| refused(known(&c.value)));
    strangers
        .map(|c| {
            let title = channel::find(&c.value).map_or(c.value.clone(), |c| c.title.clone());
            let name = own.map_or_else(|| "any account".to_owned(), |(name, _)| format!("the account {name}"));
            Found::at(Some(c), vec![("channel", title), ("account", name), ("approved", list.clone())])
        })
        .collect()
}

fn channel_unknown(seen: &Seen<'_, '_>) -> Vec<Found> {
    let facts = seen.view.around.facts;
    let own = |name: &str| facts.accounts.values().any(|a| a.channels.iter().any(|c| *c == known(name)));
    let strangers = seen.view.post.meta.channels.iter().filter(|c| channel::find(&c.value).is_none() && !own(&c.value));
    strangers.map(|c| Found::at(Some(c), vec![("channel", c.value.clone())])).collect()
}

fn account_missing(seen: &Seen<'_, '_>) -> Vec<Found> {
    let facts = seen.view.around.facts;
    if facts.accounts.len() < 2 || seen.view.post.meta.account.is_some() {
        return Vec::new();
    }
    let names: Vec<&str> = facts.accounts.keys().map(String::as_str).collect();
    vec![Found::at(None, vec![("accounts", names.join(", "))])]
}

fn account_unknown(seen: &Seen<'_, '_>) -> Vec<Found> {
    let facts = seen.view.around.facts;
    let Some(said) = seen.view.post.meta.account.as_ref() else { return Vec::new() };
    if facts.accounts.is_empty() || account(seen).is_some() {
        return Vec::new();
    }
    let names: Vec<&str> = facts.accounts.keys().map(String::as_str).collect();
    vec![Found::at(Some(said), vec![("account", said.value.clone()), ("accounts", names.join(", "))])]
}

/// Who may post here: the officers of the service that the post names, else all of the account.
fn nominated(seen: &Seen<'_, '_>) -> Option<BTreeSet<String>> {
    let (_, account) = account(seen)?;
    let service = seen.view.post.meta.service.as_ref().map(|s| s.value.trim().to_lowercase());
    let own = account.services.iter().find(|(name, _)| service.as_ref() == Some(&name.to_lowercase()));
    let officers: BTreeSet<String> = match own {
        Some((_, officers)) if !officers.is_empty() => {
            officers.iter().chain(&account.officers).map(|o| person(o)).collect()
        }
        _ => account.officers.iter().chain(account.services.values().flatten()).map(|o| person(o)).collect(),
    };
    Some(officers).filter(|o| !o.is_empty())
}

fn author_missing(seen: &Seen<'_, '_>) -> Vec<Found> {
    let missing = seen.view.post.meta.author.is_none() && nominated(seen).is_some();
    let (Some((name, _)), true) = (account(seen), missing) else { return Vec::new() };
    vec![Found::at(None, vec![("account", name.clone())])]
}

fn author_not_nominated(seen: &Seen<'_, '_>) -> Vec<Found> {
    let (Some(author), Some(officers), Some((name, _))) =
        (seen.view.post.meta.author.as_ref(), nominated(seen), account(seen))
    else {
        return Vec::new();
    };
    if officers.contains(&person(&author.value)) {
        return Vec::new();
    }
    let service = seen.view.post.meta.service.as_ref().map_or_else(String::new, |s| format!(" for {}", s.value));
    vec![Found::at(Some(author), vec![("author", author.value.clone()), ("account", format!("{name}{service}"))])]
}

/// Named values that say what a post is about.
const TAGS: &[&str] = &["tags", "tag", "category", "categories", "labels", "topic", "topics", "theme", "sensitivity"];

/// What a post is about: its tags, its service, and the categories of what rules found in it.
fn subjects(seen: &Seen<'_, '_>) -> BTreeSet<String> {
    let meta = &seen.view.post.meta;
    let tags = meta.other.iter().filter(|(name, _)| TAGS.contains(&name.as_str())).map(|(_, v)| v.value.as_str());
    let apart = seen.view.post.segments.iter().filter(|s| s.scope == Scope::Hashtag).map(|s| s.text.as_str());
    let service = meta.service.iter().map(|s| s.value.as_str());
    let words = tags.chain(apart).chain(service).flat_map(|v| v.split([',', ';', '|']));
    let words = words.map(|w| w.trim().trim_start_matches('#').to_lowercase()).filter(|w| !w.is_empty());
    words.chain(seen.categories.iter().map(|c| c.name().to_owned())).collect()
}

fn approval_missing(seen: &Seen<'_, '_>) -> Vec<Found> {
    let Some((_, account)) = account(seen) else { return Vec::new() };
    if seen.view.post.meta.approved_by.is_some() || account.approval_for.is_empty() {
        return Vec::new();
    }
    let subjects = subjects(seen);
    let needs = account.approval_for.iter().find(|tag| *tag == "*" || subjects.contains(&tag.to_lowercase()));
    let what = needs.map(|tag| if tag == "*" { "every post".to_owned() } else { format!("a post about {tag}") });
    what.map(|what| Found::at(None, vec![("subject", what)])).into_iter().collect()
}

fn approved_by_author(seen: &Seen<'_, '_>) -> Vec<Found> {
    let meta = &seen.view.post.meta;
    let (Some(author), Some(approver)) = (&meta.author, &meta.approved_by) else { return Vec::new() };
    if person(&author.value) != person(&approver.value) || account(seen).is_none() {
        return Vec::new();
    }
    vec![Found::at(Some(approver), vec![("author", author.value.clone())])]
}

/// A reply on an account whose officers sign must end with `^` and initials.
fn reply_unsigned(seen: &Seen<'_, '_>) -> Vec<Found> {
    let meta = &seen.view.post.meta;
    let reply = meta.mode == Some(Mode::Reply) || (meta.mode.is_none() && meta.in_reply_to.is_some());
    if !reply || account(seen).is_none_or(|(_, account)| !account.signed) {
        return Vec::new();
    }
    let mut bodies = seen.view.post.segments.iter().enumerate().rev().filter(|(_, s)| s.scope == Scope::Body);
    let Some((number, last)) = bodies.next() else { return Vec::new() };
    let text = last.text.trim_end();
    let signed = text
        .rsplit_once('^')
        .is_some_and(|(_, by)| (2..=3).contains(&by.chars().count()) && by.chars().all(char::is_alphabetic));
    if signed {
        return Vec::new();
    }
    vec![Found::in_text(number, Span::new(text.len(), text.len()), Vec::new())]
}

//! What the rules are told besides the post: the facts of settings, when it goes out, what else goes out then; and
//! whether a rule holds for it.

use crate::{
    channel,
    model::{
        document::{Document, Mode, Post},
        facts::{Account, Facts, Period},
        rule::RuleMeta,
    },
    settings::{Settings, Voice},
    text::moment::{self, Moment},
};

/// The facts that settings say.
pub(super) fn facts(settings: &Settings) -> Facts {
    let channel = |name: &String| channel::find(name).map_or_else(|| name.clone(), |c| c.name.clone());
    let accounts = settings.accounts.iter().map(|(name, account)| {
        let own = Account {
            channels: account.channels.iter().map(|(name, _)| channel(name)).collect(),
            from: account.from.iter().map(|(name, day)| (channel(name), *day)).collect(),
            officers: account.officers.clone(),
            services: account.services.clone(),
            approval_for: account.approval_for.clone(),
            signed: account.voice == Some(Voice::Signed),
            profile: account.profile.clone(),
        };
        (name.clone(), own)
    });
    let periods =
        settings.periods.iter().map(|p| Period { name: p.name.clone(), kind: p.kind.clone(), from: p.from, to: p.to });
    let limits = settings.limits.iter().map(|l| (channel(&l.channel.0), l.field.0.clone(), l.max));
    Facts { accounts: accounts.collect(), periods: periods.collect(), limits: limits.collect() }
}

/// When a post goes out, if it says so in a way that can be read.
pub(super) fn when(post: &Post) -> Option<Moment> {
    moment::parse(&post.meta.scheduled.as_ref()?.value)
}

/// For each post of a document the first other one that goes out on the same account, on a channel of both, at the same
/// minute. Parts of a thread go out together and do not clash.
pub(super) fn clashes(document: &Document) -> Vec<Option<String>> {
    use crate::model::document::Address;
    let thread = document.posts.iter().any(|p| matches!(p.address, Address::Part(_)));
    let times: Vec<Option<Moment>> = document.posts.iter().map(when).collect();
    let mut seen: std::collections::HashMap<_, Vec<usize>> = std::collections::HashMap::new();
    let mut clashes = Vec::with_capacity(document.posts.len());
    for (i, post) in document.posts.iter().enumerate() {
        let Some((date, time)) = times.get(i).copied().flatten().and_then(|w| Some((w.date, w.time?))) else {
            clashes.push(None);
            continue;
        };
        let account = post.meta.account.as_ref().map(|a| a.value.to_lowercase());
        let others = seen.entry((account, date, time.hour(), time.minute())).or_default();
        let both = |other: &Post| {
            let names = |p: &Post| p.meta.channels.iter().map(|c| channel_name(&c.value)).collect::<Vec<_>>();
            let (own, theirs) = (names(post), names(other));
            own.is_empty() && theirs.is_empty() || own.iter().any(|c| theirs.contains(c))
        };
        let other = others.iter().filter_map(|o| document.posts.get(*o)).find(|o| both(o) && !thread);
        clashes.push(other.map(|o| o.address.to_string()));
        others.push(i);
    }
    clashes
}

fn channel_name(name: &str) -> String {
    channel::find(name).map_or_else(|| name.to_lowercase(), |c| c.name.clone())
}

/// Whether a rule holds for a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It would in a period, and the post does not say when it goes out.
    Perhaps,
}

/// Whether `rule` holds for `post`: its channels, accounts, mode and period. A post that does not say where it goes, or
/// on which account, is checked by all rules but those that name one.
pub(super) fn applies(rule: &RuleMeta, post: &Post, facts: &Facts, when: Option<Moment>) -> Holds {
    let any = |names: &[String]| names.is_empty() || names.iter().any(|n| n == "*");
    let channels = any(&rule.applies.channels)
        || post.meta.channels.iter().any(|c| {
            let name = channel_name(&c.value);
            rule.applies.channels.iter().any(|own| *own == c.value.to_lowercase() || channel_name(own) == name)
        });
    let accounts = any(&rule.applies.accounts) || {
        let named = post.meta.account.as_ref().map(|a| a.value.as_str());
        let account = facts.account(named);
        let profile = account.and_then(|(_, a)| a.profile.as_deref());
        rule.applies.accounts.iter().any(|own| {
            named == Some(own.as_str()) || account.is_some_and(|(n, _)| n == own) || profile == Some(own.as_str())
        })
    };
    let mode = match rule.applies.mode.as_deref() {
        Some("reply") => mode_of(post) == Mode::Reply,
        Some("post") => mode_of(post) == Mode::Post,
        _ => true,
    };
    if !(channels && accounts && mode) {
        return Holds::No;
    }
    let Some(period) = &rule.applies.period else { return Holds::Yes };
    let mut own = facts.periods.iter().filter(|p| period.split('|').any(|name| p.is(name))).peekable();
    match (own.peek().is_some(), when) {
        (false, _) => Holds::No,
        (true, None) => Holds::Perhaps,
        (true, Some(when)) => {
            if own.any(|p| p.holds(when.date)) {
                Holds::Yes
            } else {
                Holds::No
            }
        }
    }
}

fn mode_of(post: &Post) -> Mode {
    let reply = if post.meta.in_reply_to.is_some() { Mode::Reply } else { Mode::Post };
    post.meta.mode.unwrap_or(reply)
}

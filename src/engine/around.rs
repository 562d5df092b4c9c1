//! What the rules are told besides the post: the facts of settings, when it goes out, what else goes out then; and
//! whether a rule holds for it.

use crate::{
    channel,
    model::{
        document::{Address, Document, Mode, Post},
        facts::{Account, Facts, Period},
        rule::RuleMeta,
    },
    settings::{Settings, Voice},
    text::moment::{self, Moment},
};
use jiff::civil::Date;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
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

/// For each post of each document the first other one that goes out on the same account, on a channel of both, at the
/// same minute, as people call it. The parts of a thread go out together, as one; a time that was given for all
/// drafts of a run says nothing about one.
pub(super) fn clashes(documents: &[(&Path, &Document)]) -> Vec<Vec<Option<String>>> {
    let mut taken = Taken::default();
    let mut placed: Vec<(usize, &Post)> = Vec::new();
    let mut all = Vec::with_capacity(documents.len());
    for (file, (_, document)) in documents.iter().enumerate() {
        let mut own = Vec::with_capacity(document.posts.len());
        for post in &document.posts {
            let Some(slot) = slot(post) else {
                own.push(None);
                continue;
            };
            let other = taken.join(slot, channels(post), placed.len()).and_then(|number| placed.get(number));
            own.push(other.map(|(of, other)| {
                let path = documents.get(*of).filter(|_| *of != file).map(|(path, _)| path.display().to_string());
                let address = other.address.to_string();
                let parts: Vec<String> = path.into_iter().chain((!address.is_empty()).then_some(address)).collect();
                parts.join(", ")
            }));
            placed.push((file, post));
        }
        all.push(own);
    }
    all
}

/// An account, a day and a minute of it.
type Slot = (Option<String>, Date, (i8, i8));

fn slot(post: &Post) -> Option<Slot> {
    let when = when(post).filter(|_| post.meta.scheduled.as_ref().is_some_and(|s| s.span.is_some()))?;
    let time = when.time?;
    if matches!(post.address, Address::Part(part) if part > 1) {
        return None;
    }
    let account = post.meta.account.as_ref().map(|a| a.value.trim_start_matches('@').to_lowercase());
    Some((account, when.date, (time.hour(), time.minute())))
}

/// The channels that a post goes out on; one without a name where it does not say.
fn channels(post: &Post) -> BTreeSet<Option<String>> {
    let named: BTreeSet<_> = post.meta.channels.iter().map(|c| Some(channel_name(&c.value))).collect();
    if named.is_empty() { [None].into() } else { named }
}

/// The number of the first post on each channel of each slot.
#[derive(Default)]
struct Taken(BTreeMap<Slot, BTreeMap<Option<String>, usize>>);

impl Taken {
    /// The first post that goes out in `slot` on one of `channels`, which post `number`, behind all others, then joins.
    fn join(&mut self, slot: Slot, channels: BTreeSet<Option<String>>, number: usize) -> Option<usize> {
        let firsts = self.0.entry(slot).or_default();
        let first = channels.iter().filter_map(|channel| firsts.get(channel).copied()).min();
        for channel in channels {
            firsts.entry(channel).or_insert(number);
        }
        first
    }
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

/// Whether there are posts that `rule` does not hold for.
pub(super) fn is_choosy(rule: &RuleMeta) -> bool {
    let applies = &rule.applies;
    let some = !applies.channels.is_empty() || !applies.accounts.is_empty();
    some || applies.mode.is_some() || applies.period.is_some()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Located;
    use proptest::prelude::*;

    proptest! {
        /// Channels by their names and aliases, one of them unknown, twice or not at all.
        #[test]
        fn posts_clash_as_a_look_at_each_pair_says(
            posts in proptest::collection::vec(
                (0..2_i8, proptest::collection::vec(proptest::sample::select(&["x", "Twitter", "facebook", "fb", "kiosk"][..]), 0..3)),
                0..12,
            ),
        ) {
            let (mut taken, mut others) = (Taken::default(), Vec::<(i8, Vec<String>)>::new());
            for (minute, names) in posts {
                let own: Vec<String> = names.iter().map(|name| channel_name(name)).collect();
                let meets = |theirs: &Vec<String>| {
                    own.is_empty() && theirs.is_empty() || own.iter().any(|channel| theirs.contains(channel))
                };
                let naive = others.iter().position(|(at, theirs)| *at == minute && meets(theirs));
                let mut post = Post::default();
                post.meta.channels = names.into_iter().map(Located::given).collect();
                let slot = (None, Date::constant(2026, 5, 12), (9, minute));
                prop_assert_eq!(taken.join(slot, channels(&post), others.len()), naive);
                others.push((minute, own));
            }
        }
    }
}

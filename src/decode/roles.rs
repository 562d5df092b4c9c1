//! Which key or column is the text of a post, its channel, its author, …
//!
//! One table serves front matter, JSON, YAML, TOML and spreadsheets. Keys are compared in lower case without spaces,
//! hyphens, underscores and hints in brackets, so `altText`, `alt_text` and `Alt text (required)` are one.

use super::{Column, Options};

/// What a named value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    Channel,
    Account,
    Author,
    ApprovedBy,
    Service,
    Scheduled,
    Date,
    Time,
    Status,
    InReplyTo,
    Mode,
    Media,
    File,
    Alt,
    Title,
    Hashtag,
    Link,
    Description,
    Mentions,
    Ignore,
}

/// Roles with the name that settings use and the keys that have them, best first. *Source:* the import templates of
/// Hootsuite, Sprout Social, Buffer, Publer, Oktopost and others, twitter-together and galaxy-social front matter
/// (read 2026-11-22).
pub(super) const ROLES: &[(Role, &str, &[&str])] = &[
    (
        Role::Text,
        "text",
        &[
            "text",
            "messagetext",
            "message",
            "posttext",
            "postcontent",
            "post",
            "tweet",
            "content",
            "fullcaption",
            "fullcontent",
            "caption",
            "copy",
            "postcopy",
            "body",
            "statustext",
        ],
    ),
    (Role::Channel, "channel", &["channel", "channels", "platform", "platforms", "network", "networks"]),
    (Role::Account, "account", &["account", "accounts", "accountid", "profile", "profiles", "page", "handle"]),
    (Role::Author, "author", &["author", "by", "writtenby", "draftedby", "createdby", "creator", "owner"]),
    (Role::ApprovedBy, "approved-by", &["approvedby", "approver", "signedoffby", "authorisedby", "authorizedby"]),
    (Role::Service, "service", &["service", "team", "department", "directorate"]),
    (
        Role::Scheduled,
        "scheduled",
        &[
            "scheduled",
            "schedule",
            "scheduledat",
            "scheduleat",
            "scheduledfor",
            "when",
            "datetime",
            "dateandtime",
            "postingtime",
            "postatspecifictime",
            "publishat",
            "publishedat",
            "publishon",
            "sendat",
        ],
    ),
    (Role::Date, "date", &["scheduleddate", "scheduledate", "postdate", "publishdate", "date"]),
    (Role::Time, "time", &["scheduledtime", "scheduletime", "posttime", "publishtime", "time24hr", "time"]),
    (Role::Status, "status", &["status", "state", "stage"]),
    (Role::InReplyTo, "in-reply-to", &["inreplyto", "replyto", "reply"]),
    (Role::Mode, "mode", &["mode"]),
    (Role::Media, "media", &["media"]),
    (
        Role::File,
        "image",
        &[
            "image",
            "images",
            "imageurl",
            "imageurls",
            "photo",
            "photos",
            "picture",
            "video",
            "videos",
            "videourl",
            "videourls",
            "gifurl",
            "gifurls",
            "mediaurl",
            "mediaurls",
            "mediafile",
            "attachment",
            "attachments",
        ],
    ),
    (
        Role::Alt,
        "alt",
        &[
            "alt",
            "alttext",
            "alttexts",
            "imagealt",
            "imagealttext",
            "imagedescription",
            "mediaalt",
            "coveralt",
            "alternativetext",
            "photoalt",
        ],
    ),
    (
        Role::Title,
        "title",
        &[
            "title",
            "headline",
            "subject",
            "hook/title",
            "videotitle",
            "linktitle",
            "subtitle",
            "subheading",
            "subheadline",
            "strapline",
            "tagline",
            "standfirst",
            "kicker",
            "seotitle",
            "metatitle",
            "ogtitle",
            "twittertitle",
        ],
    ),
    (Role::Hashtag, "hashtags", &["hashtags", "hashtag", "tags", "labels"]),
    (Role::Link, "link", &["link", "links", "url", "linkurl", "ogmetaurl"]),
    (
        Role::Description,
        "description",
        &[
            "description",
            "summary",
            "excerpt",
            "firstcomment",
            "comment",
            "comments",
            "cta",
            "calltoaction",
            "button",
            "buttontext",
            "poll",
            "question",
            "linkdescription",
            "metadescription",
            "seodescription",
            "ogdescription",
            "twitterdescription",
            "intro",
            "teaser",
            "preheader",
            "pullquote",
            "contentwarning",
            "spoilertext",
            "cw",
            "videodescription",
            "transcript",
        ],
    ),
    (Role::Mentions, "mentions", &["mentions"]),
    (Role::Ignore, "postlint-ignore", &["postlintignore"]),
];

/// Keys that hold a text for one channel only.
const CHANNELS: &[&str] = &[
    "x",
    "twitter",
    "facebook",
    "instagram",
    "linkedin",
    "threads",
    "bluesky",
    "mastodon",
    "tiktok",
    "youtube",
    "nextdoor",
    "whatsapp",
    "pinterest",
    "snapchat",
    "telegram",
];

/// Keys of words that the people who make a post say to each other.
const NOTES: &[&str] = &[
    "note",
    "notes",
    "internalnote",
    "internalnotes",
    "editornote",
    "editorialnote",
    "remark",
    "remarks",
    "brief",
    "instruction",
    "instructions",
    "todo",
    "reason",
    "rationale",
    "why",
    "feedback",
    "history",
    "changelog",
];

/// Whether what stands under `key` is for those who make the post, not for its readers.
pub(super) fn is_note(key: &str) -> bool {
    NOTES.contains(&squash(key).as_str())
}

/// `key` as the table has it.
pub(super) fn squash(key: &str) -> String {
    let key = key.trim().trim_start_matches('\u{FEFF}');
    let open = key.find(['(', '[']).filter(|i| *i > 0).unwrap_or(key.len());
    let plain = key.get(..open).unwrap_or(key);
    plain.chars().filter(|c| !c.is_whitespace() && !"-_".contains(*c)).flat_map(char::to_lowercase).collect()
}

/// The role of `key` in files of `format`, and how good a sign the key is (0 is best).
pub(super) fn role_of(key: &str, format: &str, options: &Options) -> Option<(Role, usize)> {
    let named = |c: &&Column| c.format == format && c.name.trim().to_lowercase() == key.trim().to_lowercase();
    if let Some(column) = options.columns.iter().find(named) {
        return ROLES.iter().find(|r| r.1 == column.role).map(|r| (r.0, 0));
    }
    let overridden = |role: &str| options.columns.iter().any(|c| c.format == format && c.role == role);
    let key = squash(key);
    ROLES
        .iter()
        .filter(|r| !overridden(r.1))
        .find_map(|r| r.2.iter().position(|k| *k == key).map(|rank| (r.0, rank + 1)))
}

/// The channel that `key` names, if it names one.
pub(super) fn channel_named(key: &str) -> Option<String> {
    let key = squash(key);
    CHANNELS.contains(&key.as_str()).then_some(key)
}

/// A channel whose text the key holds, if `value` reads as a text.
pub(super) fn channel_key(key: &str, value: &str) -> Option<String> {
    channel_named(key).filter(|_| value.trim().contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(key: &str, options: &Options) -> Option<Role> {
        role_of(key, "csv", options).map(|r| r.0)
    }

    #[test]
    fn keys_of_known_tools_have_roles() {
        let options = Options::default();
        for (key, want) in [
            ("message_text", Role::Text),
            ("\u{FEFF}Full Caption", Role::Text),
            ("postAtSpecificTime (YYYY-MM-DD HH:mm:ss)", Role::Scheduled),
            ("Alt text (required)", Role::Alt),
            ("Scheduled Date", Role::Date),
            ("imageUrls", Role::File),
            ("Approved-By", Role::ApprovedBy),
            ("postlint-ignore", Role::Ignore),
        ] {
            assert_eq!(role(key, &options), Some(want), "{key}");
        }
        assert_eq!(role("Ward", &options), None);
    }

    #[test]
    fn settings_come_before_the_table() {
        let column = |role: &str, name: &str| Column { format: "csv".into(), role: role.into(), name: name.into() };
        let options = Options { columns: vec![column("text", "Final wording")], ..Options::default() };
        assert_eq!(role("final wording", &options), Some(Role::Text));
        assert_eq!(role("text", &options), None);
    }

    #[test]
    fn a_channel_key_holds_a_text() {
        assert_eq!(channel_key("X", "Short and sweet"), Some("x".into()));
        assert_eq!(channel_key("twitter", "@tmbc"), None);
    }
}

//! Floor 2, adapters: what the channels allow. Limits are data (`rules/channels.toml`), each with its source and the day
//! when it was read; this file makes values of them, [`count`] counts, [`measure`] counts a post.

pub mod count;
pub mod measure;

use crate::model::{
    block::{Block, keep},
    toml,
    value::{Fault, Value},
};
use count::Unit;
use std::sync::LazyLock;

/// The table as it is written.
const TABLE: &str = include_str!("../../rules/channels.toml");

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name in drafts, settings and rules.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Other names by which drafts call it, in lower case.
    pub aliases: Vec<String>,
    /// What it allows.
    pub limits: Vec<Limit>,
}

impl Channel {
    /// Its limits with those of an organisation's own in their place: rows of channel, field and number. A limit of a
    /// field that the table does not know counts as people do.
    pub fn limits_with(&self, own: &[(String, String, usize)]) -> Vec<Limit> {
        let mut limits = self.limits.clone();
        for (_, name, max) in own.iter().filter(|(channel, _, _)| *channel == self.name) {
            let Some(field) = Field::find(name) else { continue };
            let known = limits.iter_mut().find(|l| l.field == field);
            if let Some(limit) = known {
                limit.max = *max;
                "postlint.toml".clone_into(&mut limit.source);
            } else {
                let unit = if field.is_listed() { Unit::Items } else { Unit::Graphemes };
                let (source, as_of, note) = ("postlint.toml".to_owned(), String::new(), String::new());
                limits.push(Limit { field, max: *max, unit, source, as_of, sure: true, note });
            }
        }
        limits
    }
}

/// The most that a channel takes of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Of what.
    pub field: Field,
    /// How much at most.
    pub max: usize,
    /// In which unit.
    pub unit: Unit,
    /// Where the number comes from.
    pub source: String,
    /// The day when it was read there, as `YYYY-MM-DD`.
    pub as_of: String,
    /// Whether a source of the platform's own, or a test, says it.
    pub sure: bool,
    /// What else there is to say.
    pub note: String,
}

/// What of a post is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The text of the post.
    Text,
    /// The title.
    Title,
    /// The description beside a text.
    Description,
    /// The alternative text of each picture.
    Alt,
    /// Hashtags in the text.
    Hashtags,
    /// Each hashtag.
    Hashtag,
    /// Tags kept apart from the text.
    Tags,
    /// Mentions in the text.
    Mentions,
    /// Different web addresses in the text.
    Links,
    /// Pictures and videos.
    Media,
}

impl Field {
    /// All fields, in the order of the manual.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Title,
        Self::Description,
        Self::Alt,
        Self::Hashtags,
        Self::Hashtag,
        Self::Tags,
        Self::Mentions,
        Self::Links,
        Self::Media,
    ];

    /// The name that `channels.toml`, packs and outputs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Title => "title",
            Self::Description => "description",
            Self::Alt => "alt",
            Self::Hashtags => "hashtags",
            Self::Hashtag => "hashtag",
            Self::Tags => "tags",
            Self::Mentions => "mentions",
            Self::Links => "links",
            Self::Media => "media",
        }
    }

    /// The field called `name`.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name)
    }

    /// Whether it is a number of things rather than a length.
    pub fn is_listed(self) -> bool {
        !matches!(self, Self::Text | Self::Title | Self::Description | Self::Alt | Self::Hashtag)
    }
}

static CHANNELS: LazyLock<Vec<Channel>> = LazyLock::new(|| read(TABLE).0);

/// All channels, in the order of the table.
pub fn all() -> &'static [Channel] {
    &CHANNELS
}

/// Names of all channels, and every other name that they go by.
pub fn names() -> Vec<&'static str> {
    all().iter().flat_map(|c| std::iter::once(&c.name).chain(&c.aliases)).map(String::as_str).collect()
}

/// Names of all fields.
pub fn field_names() -> Vec<&'static str> {
    Field::ALL.iter().map(|f| f.name()).collect()
}

/// The channel that a draft calls `name`: by its name or another of its names, or with an account behind it, as
/// `mastodon-parks` or `X: @westmarsh`.
///
/// # Example
/// ```
/// use postlint::channel;
/// let title = |name| channel::find(name).map(|c| c.title.as_str());
/// assert_eq!((title("Twitter"), title("linkedin-libraries"), title("pigeon-post")), (Some("X"), Some("LinkedIn"), None));
/// ```
pub fn find(name: &str) -> Option<&'static Channel> {
    let name = name.trim().to_lowercase();
    let whole = squashed(&name);
    let first = name.split(['-', '_', ':', '@', '/', '(']).next().unwrap_or_default().trim();
    let known = SQUASHED.iter().find(|(squashed, _)| *squashed == whole).map(|(_, channel)| *channel);
    known.or_else(|| all().iter().find(|c| c.name == first || c.aliases.iter().any(|a| a == first)))
}

/// A name without what people write differently in it.
fn squashed(name: &str) -> String {
    name.replace([' ', '-', '_'], "")
}

/// All names of all channels, squashed.
static SQUASHED: LazyLock<Vec<(String, &'static Channel)>> = LazyLock::new(|| {
    let names = |c: &'static Channel| std::iter::once(&c.name).chain(&c.aliases).map(move |n| (squashed(n), c));
    all().iter().flat_map(names).collect()
});

/// Reads a table; what cannot be read is left out and told.
fn read(text: &str) -> (Vec<Channel>, Vec<Fault>) {
    let (root, mut faults) = toml::parse(0, text);
    let mut top = Block::new(&root, "channels.toml", &["channel"], &mut faults);
    let blocks = top.read("channel", Value::array).unwrap_or_default();
    let channels = blocks.iter().filter_map(|block| channel(block, top.faults)).collect();
    (channels, faults)
}

fn channel(block: &Value, faults: &mut Vec<Fault>) -> Option<Channel> {
    let table = keep(block.table(), faults)?;
    let mut block = Block::new(table, "a [[channel]] block", &["name", "title", "aliases", "limit"], faults);
    let (name, title, aliases) = (block.needed("name"), block.needed("title"), block.words("aliases"));
    let limits = block.read("limit", Value::array).unwrap_or_default();
    let limits = limits.iter().filter_map(|l| limit(l, &name, block.faults)).collect();
    Some(Channel { name, title, aliases, limits })
}

fn limit(value: &Value, channel: &str, faults: &mut Vec<Fault>) -> Option<Limit> {
    const KEYS: &[&str] = &["field", "max", "unit", "source", "as-of", "sure", "note"];
    let table = keep(value.table(), faults)?;
    let mut block = Block::new(table, format!("a limit of {channel}"), KEYS, faults);
    block.all_there(&["field", "max", "unit", "source", "as-of"]);
    let fields: Vec<&str> = Field::ALL.iter().map(|f| f.name()).collect();
    let units: Vec<&str> = Unit::ALL.iter().map(|u| u.name()).collect();
    Some(Limit {
        field: block.read("field", |v| v.one_of(&fields, "field")).and_then(Field::find)?,
        max: block.read("max", Value::count)?,
        unit: block.read("unit", |v| v.one_of(&units, "unit")).and_then(Unit::find)?,
        source: block.filled("source"),
        as_of: block.read("as-of", |v| v.date().map(str::to_owned)).unwrap_or_default(),
        sure: block.read("sure", Value::bool).unwrap_or(true),
        note: block.string("note").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_has_no_fault() {
        let (channels, faults) = read(TABLE);
        assert_eq!(faults, Vec::new());
        assert_eq!(channels.len(), 12);
    }

    #[test]
    fn every_limit_says_where_and_when_it_was_read() {
        for limit in all().iter().flat_map(|c| &c.limits) {
            assert!(!limit.source.is_empty() && limit.max > 0, "{limit:?}");
            assert!(limit.as_of.parse::<jiff::civil::Date>().is_ok(), "{limit:?}");
        }
    }

    #[test]
    fn names_and_aliases_are_unique() {
        let names = names();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        assert_eq!(find("You-Tube").map(|c| c.name.as_str()), Some("youtube"));
        assert_eq!(find("pigeon post"), None);
    }
}

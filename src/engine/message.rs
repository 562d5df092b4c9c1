//! A post and its answer as JSON: the shape that `postlint stream` and the desk share, and other engines rely on.

use super::Linter;
use crate::{
    model::document::{Located, Meta, Mode},
    report::{Shown, Style, json},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, error::Category};

/// The path that stands for a text that is no file.
pub const TEXT: &str = "<text>";

/// A post as other programs send it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Incoming {
    /// Given back with the answer.
    #[serde(default)]
    pub id: Value,
    /// The words of the post.
    pub text: String,
    /// A channel it goes to.
    pub channel: Option<String>,
    /// More channels.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The account it goes out on.
    pub account: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The service it comes from.
    pub service: Option<String>,
    /// Who approved it.
    #[serde(alias = "approved_by", rename = "approved-by")]
    pub approved_by: Option<String>,
    /// When it goes out.
    pub scheduled: Option<String>,
    /// `post` or `reply`.
    pub mode: Option<String>,
}

impl Incoming {
    /// What is known about the post besides its text.
    pub fn meta(&self) -> Meta {
        let given = |value: &Option<String>| value.clone().map(Located::given);
        Meta {
            channels: self.channel.iter().chain(&self.channels).map(|c| Located::given(c.to_lowercase())).collect(),
            account: given(&self.account),
            author: given(&self.author),
            service: given(&self.service),
            approved_by: given(&self.approved_by),
            scheduled: given(&self.scheduled),
            mode: self.mode.as_deref().and_then(|mode| match mode {
                "reply" => Some(Mode::Reply),
                "post" => Some(Mode::Post),
                _ => None,
            }),
            ..Meta::default()
        }
    }
}

/// Checks `post`: the JSON text of `{"id", "findings"}`.
pub fn answer(linter: &Linter, style: &Style, post: &Incoming) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        id: &'a Value,
        findings: Vec<json::Told<'a>>,
    }
    let file = linter.lint_text(TEXT, &post.text, post.meta());
    let mut visible = json::visible(&file.findings, style).peekable();
    // Most posts are good: for them no line need be counted.
    let shown = visible.peek().is_some().then(|| Shown::new(&file, style));
    let findings = visible.filter_map(|f| Some(json::finding(shown.as_ref()?, f))).collect();
    json::text(&Answer { id: &post.id, findings })
}

/// What is wrong with the JSON of a post, without a word of it: the parser quotes values, which may be a draft's.
pub fn told(error: &serde_json::Error) -> String {
    let (place, told) = (error.column(), error.to_string());
    if let Some((missing, _)) = told.split_once(" at line ").filter(|(told, _)| told.starts_with("missing field `")) {
        return format!("{missing} (column {place})");
    }
    match error.classify() {
        Category::Data if told.starts_with("duplicate field `") => {
            format!("a field stands in it twice (column {place})")
        }
        Category::Data => {
            format!(
                "a value is of the wrong kind: a post is an object, `channels` a list, the others strings (column {place})"
            )
        }
        Category::Eof => format!("the JSON object is not closed (column {place})"),
        _ => format!("this is no JSON object (column {place})"),
    }
}

//! What the desk can be asked: the page, the rule book, a check, a count, a file.

use super::{
    Office,
    http::{Answer, Head},
    open, page,
};
use crate::{
    channel::{self, Field, count::Unit, measure},
    engine::message::{self, Incoming},
    model::document::{Post, Segment},
    report::Style,
    settings::Settings,
};
use serde_json::{Value, json};
use std::net::TcpStream;

/// Bytes of a draft at most; the longest post of any channel is below 100 kB.
const DRAFT: usize = 1 << 20;
/// Bytes of a dropped file at most.
const FILE: usize = 20 << 20;

/// Answers a request whose head has arrived.
pub(super) fn answer(office: &Office, head: &Head, stream: &mut TcpStream) -> Result<Answer, Answer> {
    office.guard.admit(head)?;
    let bad = |error: serde_json::Error| {
        Answer::refuse(400, &format!("The request is not a post: {}.", message::told(&error)))
    };
    match (head.method.as_str(), head.path.as_str()) {
        ("GET", "/") => Ok(Answer::page(&page::PAGE.html)),
        ("POST", "/book") => Ok(Answer::json(office.book.to_string())),
        ("POST", "/check") => {
            let post: Incoming = serde_json::from_slice(&head.body(stream, DRAFT)?).map_err(bad)?;
            Ok(Answer::json(message::answer(&office.linter, &Style::default(), &post)))
        }
        ("POST", "/count") => {
            let post: Incoming = serde_json::from_slice(&head.body(stream, DRAFT)?).map_err(bad)?;
            Ok(Answer::json(count(&post.text, &office.linter.options().settings).to_string()))
        }
        ("POST", "/open") => {
            let name = head.parameter("name").unwrap_or("draft.txt").to_owned();
            let bytes = head.body(stream, FILE)?;
            let document = open::open(&office.linter, &name, bytes);
            document.map(|d| Answer::json(d.to_string())).map_err(|error| Answer::refuse(422, &error.to_string()))
        }
        (_, "/" | "/book" | "/check" | "/count" | "/open") => Err(Answer::refuse(405, "That cannot be done here.")),
        _ => Err(Answer::refuse(404, "There is nothing here.")),
    }
}

/// Length of `text` for every channel: `{"channels": [{"channel", "title", "lengths": [...]}]}`. `over` is what is too
/// much, in code points of the text.
fn count(text: &str, settings: &Settings) -> Value {
    let post = Post { segments: vec![Segment::body(text)], ..Post::default() };
    let name = |n: &str| channel::find(n).map_or_else(|| n.to_owned(), |c| c.name.clone());
    let own: Vec<_> = settings.limits.iter().map(|l| (name(&l.channel.0), l.field.0.clone(), l.max)).collect();
    let chars = |byte| text.get(..byte).map_or(0, |before: &str| before.chars().count());
    let channels = channel::all().iter().map(|channel| {
        let limits = channel.limits_with(&own);
        let mut lengths: Vec<Value> = measure::lengths(&post, &limits)
            .into_iter()
            .map(|(limit, length)| {
                let over = length.over.map(|(_, span)| json!({ "start": chars(span.start), "end": chars(span.end) }));
                json!({ "field": limit.field.name(), "length": length.length, "limit": limit.max,
                    "unit": limit.unit.name(), "over": over, "note": limit.note })
            })
            .collect();
        if !limits.iter().any(|l| l.field == Field::Text) {
            let unit = Unit::Graphemes;
            let length = json!({ "field": "text", "length": unit.count(text), "limit": null, "unit": unit.name(),
                "over": null, "note": "" });
            lengths.insert(0, length);
        }
        json!({ "channel": channel.name, "title": channel.title, "lengths": lengths })
    });
    json!({ "channels": channels.collect::<Vec<_>>() })
}

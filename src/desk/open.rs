//! A dropped file: its posts, each with its text, what is known about it, and what was found.
//!
//! The file is checked as the command line checks it. What stands in a post's text the page finds again while the officer
//! works on it; what stands elsewhere (a title, an alternative text, a missing approval) is sent along.

use crate::{
    decode::{self, DecodeError},
    engine::Linter,
    model::{
        document::{Document, Located, Mode, Post, Scope, SourceFile},
        finding::{FileReport, Finding},
        rule::Severity,
    },
    report::{Shown, Style, json},
    text::span::{Source, Span},
};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Posts of a file that the page lists at most; the rest is told.
const POSTS: usize = 2000;

/// Reads `bytes` as the file called `name`, and checks it.
pub(super) fn open(linter: &Linter, name: &str, bytes: Vec<u8>) -> Result<Value, DecodeError> {
    // Only the end of the name says something; folders of somebody's computer do not matter.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = SourceFile { path: PathBuf::from(name), bytes };
    let document = decode::read(&file, &linter.options().decode)?;
    let report = linter.lint_document(&file.path, document);
    let shown = Shown::new(&report, &Style::default());
    let document = &report.document;
    let numbers: Vec<usize> = (0..document.posts.len().min(POSTS)).collect();
    let posts: Vec<Value> = numbers.par_iter().filter_map(|n| post(linter, &report, &shown, *n)).collect();
    let faults: Vec<String> =
        document.faults.iter().map(|f| format!("{}: {}", shown.scrub(&f.address.to_string()), f.message)).collect();
    Ok(json!({ "name": name, "format": document.format, "total": document.posts.len(), "posts": posts,
        "notes": document.notes, "faults": faults }))
}

fn post(linter: &Linter, report: &FileReport, shown: &Shown<'_>, number: usize) -> Option<Value> {
    let post = report.document.posts.get(number)?;
    let (text, spans) = body(post, &report.document);
    let live = linter.lint_text(crate::engine::message::TEXT, &text, post.meta.clone());
    let live: Vec<&Finding> = json::visible(&live.findings, &Style::default()).collect();
    let inside = |f: &Finding| {
        let span = f.place.span;
        if span.is_empty() {
            live.iter().any(|l| l.rule.id == f.rule.id)
        } else {
            spans.iter().any(|s| s.overlaps(span))
        }
    };
    let here = report.findings.iter().filter(|f| f.place.post == number && f.suppressed.is_none());
    let elsewhere: Vec<&Finding> = here.filter(|f| !inside(f)).collect();
    let all = || live.iter().chain(&elsewhere);
    let count = |severity: Severity| all().filter(|f| f.severity == severity).count();
    let value = |located: &Option<Located>| located.as_ref().map(|l| l.value.clone());
    Some(json!({
        "number": number, "address": shown.scrub(&post.address.to_string()), "text": text,
        "channels": post.meta.channels.iter().map(|c| &c.value).collect::<Vec<_>>(),
        "account": value(&post.meta.account), "author": value(&post.meta.author), "service": value(&post.meta.service),
        "approved-by": value(&post.meta.approved_by), "scheduled": value(&post.meta.scheduled),
        "mode": post.meta.mode.or(post.meta.in_reply_to.as_ref().map(|_| Mode::Reply))
            .map(|m| if m == Mode::Reply { "reply" } else { "post" }),
        "elsewhere": elsewhere.iter().map(|f| json::finding(shown, f)).collect::<Vec<_>>(),
        "errors": count(Severity::Error), "warnings": count(Severity::Warning), "infos": count(Severity::Info),
    }))
}

/// The text that the page edits, and where it stands in the file: the blocks that are published as the text; of a post
/// that has none, everything that is read.
fn body(post: &Post, document: &Document) -> (String, Vec<Span<Source>>) {
    let published = |s: &Scope| matches!(s, Scope::Body | Scope::Heading);
    let any = post.segments.iter().any(|s| published(&s.scope));
    let parts: Vec<_> =
        post.segments.iter().filter(|s| if any { published(&s.scope) } else { s.scope.is_read() }).collect();
    let texts: Vec<&str> = parts.iter().map(|s| s.text.trim_end()).filter(|t| !t.is_empty()).collect();
    // Lines of a plain text are one block each in some formats; blocks are set apart as they are when published.
    let between = if document.format == "text" { "\n" } else { "\n\n" };
    let spans = parts.iter().map(|s| s.map.map(Span::new(0, s.text.len())));
    (texts.join(between), spans.collect())
}

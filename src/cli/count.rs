//! `postlint count` and `postlint channels`: how long a draft is for each channel, and what the channels allow.

use super::{
    FAILED, Failure, Terminal,
    args::{ChannelsArgs, CountArgs},
    asked, print, session,
};
use crate::{
    channel::{self, Channel, Field, Limit, count::Unit, measure},
    decode,
    engine::walk,
    model::{
        document::{Address, Document, Post, SourceFile},
        fault::clean,
    },
    settings::Settings,
};
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Width of a bar, in characters.
const BAR: usize = 20;

/// A length of a post for a channel.
struct Row {
    channel: &'static Channel,
    field: Field,
    length: usize,
    /// Nothing where the channel publishes none.
    limit: Option<usize>,
    unit: Unit,
}

/// A post that was counted.
struct Counted {
    /// The file, if it is one.
    path: Option<PathBuf>,
    address: Address,
    rows: Vec<Row>,
}

pub(super) fn run(args: &CountArgs) -> Result<u8, Failure> {
    let asked = asked::channels(&args.channel)?;
    asked::stdin_filename(args.stdin_filename.as_deref(), &args.paths)?;
    let settings = session::settings_of(args.config.as_ref(), args.no_config)?;
    session::check_channels(&settings)?;
    let own = own_limits(&settings);
    let mut counted = Vec::new();
    let mut whole = true;
    if let Some(text) = &args.text {
        let file = SourceFile { path: PathBuf::from("<text>.txt"), bytes: text.as_bytes().into() };
        let document = decode::read(&file, &decode::Options::default());
        let document = document.map_err(|e| Failure::usage(e.to_string(), "give a text with --text"))?;
        counted.extend(count(&document, None, &asked, &own));
    } else if args.paths.is_empty() {
        return Err(Failure::usage(
            "nothing to count",
            "name a file or a folder, `-` for standard input, or a text with --text",
        ));
    } else {
        let mut take = |document: &Document, path: &Path| counted.extend(count(document, Some(path), &asked, &own));
        whole = read_all(args, &settings, &mut take)?;
    }
    let stdout = io::stdout();
    let terminal = Terminal::of(&stdout);
    let mut out = io::BufWriter::new(stdout.lock());
    if args.format == "json" {
        let rows: Vec<Value> = counted.iter().flat_map(|c| c.rows.iter().map(|r| r.json(c))).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&rows).map_err(io::Error::other)?)?;
    } else {
        human(&counted, terminal, &mut out)?;
    }
    out.flush()?;
    Ok(if whole { 0 } else { FAILED })
}

/// A limit of the organisation's own: channel, field, number.
type Own = (String, String, usize);

fn own_limits(settings: &Settings) -> Vec<Own> {
    let name = |n: &str| channel::find(n).map_or_else(|| n.to_owned(), |c| c.name.clone());
    settings.limits.iter().map(|l| (name(&l.channel.0), l.field.0.clone(), l.max)).collect()
}

/// Counts the files and standard input; whether all of them could be read.
fn read_all(args: &CountArgs, settings: &Settings, take: &mut dyn FnMut(&Document, &Path)) -> Result<bool, Failure> {
    let options = session::decode_options(settings)?;
    let (stdin, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = args.paths.iter().partition(|p| p.as_os_str() == "-");
    let found = walk::walk(&paths.into_iter().cloned().collect::<Vec<_>>(), settings);
    let mut whole = true;
    let mut skip = |path: &Path, reason: &str| {
        whole = false;
        writeln!(io::stderr().lock(), "{}: {}", clean(&path.display().to_string()), clean(reason))
    };
    for skipped in &found.skipped {
        skip(&skipped.path, &skipped.reason)?;
    }
    let mut files: Vec<SourceFile> = Vec::new();
    for path in &found.files {
        match walk::read(path, options.limits.bytes) {
            Ok(file) => files.push(file),
            Err(skipped) => skip(&skipped.path, &skipped.reason)?,
        }
    }
    if !stdin.is_empty() {
        let mut bytes = Vec::new();
        io::stdin().lock().take(options.limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
        let path = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
        files.push(SourceFile { path, bytes });
    }
    for file in files {
        match decode::read(&file, &options) {
            Ok(document) => {
                for fault in &document.faults {
                    skip(&file.path, &format!("{}: {}", fault.address, fault.message))?;
                }
                take(&document, &file.path);
            }
            Err(error) => skip(&file.path, &error.to_string())?,
        }
    }
    Ok(whole)
}

/// Counts the posts of a document: for the channels that were asked for, else for its own, else for all.
fn count(document: &Document, path: Option<&Path>, asked: &[&'static Channel], own: &[Own]) -> Vec<Counted> {
    let each = |post: &Post| {
        let named: Vec<&Channel> = post.meta.channels.iter().filter_map(|c| channel::find(&c.value)).collect();
        let channels = match (asked.is_empty(), named.is_empty()) {
            (false, _) => asked.to_vec(),
            (true, false) => named,
            (true, true) => channel::all().iter().collect(),
        };
        let rows = channels.into_iter().flat_map(|channel| rows(post, channel, own)).collect();
        Counted { path: path.map(Path::to_owned), address: post.address.clone(), rows }
    };
    document.posts.iter().map(each).collect()
}

fn rows(post: &Post, channel: &'static Channel, own: &[Own]) -> Vec<Row> {
    let limits = channel.limits_with(own);
    let lengths = measure::lengths(post, &limits).into_iter();
    let mut rows: Vec<Row> = lengths
        .map(|(limit, l)| Row {
            channel,
            field: limit.field,
            length: l.length,
            limit: Some(limit.max),
            unit: limit.unit,
        })
        .collect();
    if !rows.iter().any(|r| r.field == Field::Text) {
        let free = measure::length(post, Field::Text, usize::MAX, Unit::Graphemes);
        let row = free.map(|l| Row { channel, field: Field::Text, length: l.length, limit: None, unit: l.unit });
        rows.splice(0..0, row);
    }
    rows
}

impl Row {
    fn over(&self) -> usize {
        self.limit.map_or(0, |limit| self.length.saturating_sub(limit))
    }

    fn json(&self, counted: &Counted) -> Value {
        let mut row = json!({
            "channel": self.channel.name,
            "field": self.field.name(),
            "length": self.length,
            "limit": self.limit,
            "unit": self.unit.name(),
            "over": self.over() > 0,
        });
        if let (Some(path), Some(map)) = (&counted.path, row.as_object_mut()) {
            map.insert("path".into(), json!(path.to_string_lossy()));
            map.insert("address".into(), json!(counted.address.to_string()));
        }
        row
    }

    /// `X  ████████░░░░░░░░░░░░  112 of 280`.
    fn line(&self, width: usize, terminal: Terminal) -> String {
        let name = match self.field {
            Field::Text => self.channel.title.clone(),
            field => format!("{}, {}", self.channel.title, field.name()),
        };
        let unit = if self.unit == Unit::Bytes { " bytes" } else { "" };
        let Some(limit) = self.limit else {
            return format!("{name:<width$}  {}  {} (no limit published)", " ".repeat(BAR), self.length);
        };
        let full = (self.length.min(limit) * BAR).div_ceil(limit.max(1));
        let bar = format!("{}{}", "█".repeat(full), "░".repeat(BAR - full));
        let (colour, end) = match (terminal.color, self.over() > 0, self.length * 10 > limit * 9) {
            (true, true, _) => ("\u{1b}[31m", "\u{1b}[0m"),
            (true, false, true) => ("\u{1b}[33m", "\u{1b}[0m"),
            (true, false, false) => ("\u{1b}[32m", "\u{1b}[0m"),
            _ => ("", ""),
        };
        let over = if self.over() > 0 { format!(", {} too many", self.over()) } else { String::new() };
        format!("{name:<width$}  {colour}{bar}{end}  {} of {limit}{unit}{over}", self.length)
    }
}

fn human(counted: &[Counted], terminal: Terminal, out: &mut dyn Write) -> io::Result<()> {
    for (i, counted) in counted.iter().enumerate() {
        if let Some(path) = &counted.path {
            let gap = if i > 0 { "\n" } else { "" };
            let address = counted.address.to_string();
            let address = if address.is_empty() { address } else { format!(", {address}") };
            writeln!(out, "{gap}{}{}", clean(&path.display().to_string()), clean(&address))?;
        }
        let names = counted.rows.iter().map(|r| match r.field {
            Field::Text => r.channel.title.chars().count(),
            field => r.channel.title.chars().count() + 2 + field.name().len(),
        });
        let width = names.max().unwrap_or(0);
        for row in &counted.rows {
            writeln!(out, "{}", row.line(width, terminal))?;
        }
    }
    Ok(())
}

/// `postlint channels`: every limit with its source and its day.
pub(super) fn list(args: &ChannelsArgs) -> Result<u8, Failure> {
    let asked = asked::channels(&args.channel)?;
    let asked = if asked.is_empty() { channel::all().iter().collect() } else { asked };
    let mut out = Vec::new();
    if args.format == "json" {
        let all: Vec<Value> = asked.iter().map(|c| channel_json(c)).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all).map_err(io::Error::other)?)?;
        print(&out)?;
        return Ok(0);
    }
    for (i, channel) in asked.iter().enumerate() {
        let gap = if i > 0 { "\n" } else { "" };
        writeln!(out, "{gap}{} ({})", channel.title, channel.name)?;
        if channel.limits.is_empty() {
            writeln!(out, "  no limit is published; set your own in postlint.toml")?;
        }
        for limit in &channel.limits {
            writeln!(out, "{}", limit_lines(limit))?;
        }
    }
    print(&out)?;
    Ok(0)
}

fn limit_lines(limit: &Limit) -> String {
    let note = if limit.note.is_empty() { String::new() } else { format!("; {}", limit.note) };
    let unsure = if limit.sure { "" } else { "  (not confirmed by the platform)" };
    let unit = if limit.unit == Unit::Items { String::new() } else { format!(" {}", limit.unit.name()) };
    format!(
        "  {:<12} {:>6}{unit}{note}{unsure}\n               as of {}: {}",
        limit.field.name(),
        limit.max,
        limit.as_of,
        limit.source
    )
}

fn channel_json(channel: &Channel) -> Value {
    let limits: Vec<Value> = channel
        .limits
        .iter()
        .map(|l| {
            json!({ "field": l.field.name(), "limit": l.max, "unit": l.unit.name(), "source": l.source,
                "as-of": l.as_of, "sure": l.sure, "note": l.note })
        })
        .collect();
    json!({ "channel": channel.name, "title": channel.title, "aliases": channel.aliases, "limits": limits })
}

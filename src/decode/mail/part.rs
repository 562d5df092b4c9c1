//! Headers and parts of a message (RFC 5322, RFC 2046).

use crate::{
    decode::{DecodeError, front::Lines},
    text::span::{Source, Span},
};

/// A header.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// In lower case.
    pub(super) name: String,
    /// Its value, without white space at its ends; may run over several lines.
    pub(super) value: Span<Source>,
}

/// A part of a message, or the message.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) headers: Vec<Header>,
    /// Type in lower case, without parameters; `text/plain` where nothing is said.
    pub(super) kind: String,
    /// Parameters of the type, names in lower case.
    pub(super) parameters: Vec<(String, String)>,
    /// Transfer encoding in lower case.
    pub(super) encoding: String,
    disposition: (String, Vec<(String, String)>),
    pub(super) body: Span<Source>,
    /// It only holds other parts.
    pub(super) is_container: bool,
}

impl Part {
    /// Whether it is sent as a file beside the text.
    pub(super) fn is_attachment(&self) -> bool {
        self.disposition.0 == "attachment"
    }

    /// The name of the file.
    pub(super) fn file_name(&self) -> Option<String> {
        let named = |list: &[(String, String)], key: &str| list.iter().find(|p| p.0 == key).map(|p| p.1.clone());
        named(&self.disposition.1, "filename").or_else(|| named(&self.parameters, "name"))
    }
}

/// Parts inside parts that are followed.
const DEPTH: usize = 16;
/// Parts that a message may have.
const MOST: usize = 1000;

/// The message and all its parts, in order.
pub(super) fn parts(source: &str) -> Result<Vec<Part>, DecodeError> {
    let mut all = Vec::new();
    add(source, Span::new(0, source.len()), 0, &mut all)?;
    Ok(all)
}

fn add(source: &str, span: Span<Source>, depth: usize, all: &mut Vec<Part>) -> Result<(), DecodeError> {
    if depth > DEPTH {
        return Err(DecodeError::limit("the nesting of the e-mail's parts", DEPTH, "levels"));
    }
    if all.len() >= MOST {
        return Err(DecodeError::limit("the number of the e-mail's parts", MOST, "parts"));
    }
    let (headers, body) = headers(source, span);
    let value = |name: &str| headers.iter().find(|h| h.name == name).map_or("", |h| h.value.of(source));
    let (kind, parameters) = parameters(value("content-type"));
    let kind = if kind.is_empty() { "text/plain".to_owned() } else { kind };
    let boundary = parameters.iter().find(|p| p.0 == "boundary").map(|p| p.1.clone());
    let part = Part {
        encoding: value("content-transfer-encoding").trim().to_lowercase(),
        disposition: self::parameters(value("content-disposition")),
        is_container: kind.starts_with("multipart/"),
        headers,
        kind,
        parameters,
        body,
    };
    let is_container = part.is_container;
    all.push(part);
    match (is_container, boundary) {
        (false, _) => Ok(()),
        (true, None) => Err(DecodeError::broken("a multipart e-mail names no boundary", span.start)),
        (true, Some(boundary)) => {
            cut(source, body, &boundary)?.into_iter().try_for_each(|inner| add(source, inner, depth + 1, all))
        }
    }
}

fn lines(source: &str, span: Span<Source>) -> Lines<'_> {
    Lines { rest: span.of(source), at: span.start }
}

/// The headers at the start of `span`, and the body after the empty line.
fn headers(source: &str, span: Span<Source>) -> (Vec<Header>, Span<Source>) {
    let mut all: Vec<Header> = Vec::new();
    for (line, at) in lines(source, span) {
        let end = at + line.trim_end().len();
        if line.trim_end_matches(['\r', '\n']).is_empty() {
            return (all, Span::new(at + line.len(), span.end));
        }
        if line.starts_with([' ', '\t']) {
            if let Some(last) = all.last_mut() {
                last.value.end = end.max(last.value.end);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            let start = at + name.len() + 1 + (value.len() - value.trim_start().len());
            all.push(Header { name: name.trim().to_lowercase(), value: Span::new(start.min(end), end) });
        } else {
            return (all, Span::new(at, span.end));
        }
    }
    (all, Span::new(span.end, span.end))
}

/// A value and its parameters: `text/plain; charset="utf-8"`.
fn parameters(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces: Vec<String> = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                pieces.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = pieces.last_mut().filter(|_| c != '"' && !escaped) {
            last.push(c);
        }
    }
    let mut pieces = pieces.into_iter();
    let kind = pieces.next().unwrap_or_default().trim().to_lowercase();
    let pair = |piece: String| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().to_lowercase(), value.trim().to_owned()))
    };
    (kind, pieces.filter_map(pair).collect())
}

/// The parts between the lines `--boundary`.
fn cut(source: &str, body: Span<Source>, boundary: &str) -> Result<Vec<Span<Source>>, DecodeError> {
    let (open, close) = (format!("--{boundary}"), format!("--{boundary}--"));
    let (mut parts, mut start) = (Vec::new(), None);
    for (line, at) in lines(source, body) {
        let mark = line.trim_end();
        if mark != open && mark != close {
            continue;
        }
        if let Some(start) = start.replace(at + line.len()) {
            let before = Span::<Source>::new(start, at).of(source);
            let end = before.strip_suffix("\r\n").or_else(|| before.strip_suffix('\n')).unwrap_or(before).len();
            parts.push(Span::new(start, start + end));
        }
        if mark == close {
            return Ok(parts);
        }
    }
    Err(DecodeError::broken("a part of the e-mail is not closed", start.unwrap_or(body.start)))
}

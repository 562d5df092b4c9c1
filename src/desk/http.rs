//! One request a connection, read with a deadline and limits, and one response. `httparse` reads the head.
//!
//! The head is judged before a byte of the body is read, so that a stranger cannot make the desk read anything. There is
//! no keep-alive and no chunked body, and so nothing that two readers could understand differently.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

/// Bytes of a request's head at most.
const HEAD: usize = 16 << 10;
/// Header lines of a request at most.
const HEADERS: usize = 64;
/// Time for a head to arrive.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// Time for a body to arrive, and for an answer to be taken.
const BODY_TIME: Duration = Duration::from_secs(20);
/// Time and bytes for which a refused body is read and thrown away, so that the refusal reaches its sender.
const DRAIN: (Duration, usize) = (Duration::from_secs(2), 64 << 20);

/// The head of a request.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) path: String,
    /// Names and values behind the question mark, decoded.
    pub(super) query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// What came of the body together with the head.
    rest: Vec<u8>,
}

/// What the desk answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A JSON text.
    pub(super) fn json(text: String) -> Self {
        Self { status: 200, kind: "application/json", body: text.into_bytes() }
    }

    pub(super) fn page(html: &str) -> Self {
        Self { status: 200, kind: "text/html; charset=utf-8", body: html.as_bytes().to_vec() }
    }

    /// A refusal, with a sentence for people.
    pub(super) fn refuse(status: u16, why: &str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: format!("{why}\n").into_bytes() }
    }
}

impl Head {
    /// The values of a header; a request that has two hosts is nobody's friend.
    pub(super) fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Reads a head.
    pub(super) fn read(stream: &mut TcpStream) -> Result<Self, Answer> {
        let deadline = Instant::now() + HEAD_TIME;
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let got = read_until(stream, &mut chunk, deadline)?;
            if got == 0 {
                return Err(Answer::refuse(400, "The request is not complete."));
            }
            bytes.extend_from_slice(chunk.get(..got).unwrap_or_default());
            if let Some(head) = Self::parse(&bytes)? {
                return Ok(head);
            }
            if bytes.len() > HEAD {
                return Err(Answer::refuse(431, "The head of the request is too large."));
            }
        }
    }

    /// The head that `bytes` begin with, if all of it is there.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, Answer> {
        let bad = || Answer::refuse(400, "The request is not HTTP/1.1.");
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let length = match request.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(bad()),
        };
        let (path, query) = request.path.map(|p| p.split_once('?').unwrap_or((p, ""))).ok_or_else(bad)?;
        let headers = request.headers.iter().map(|h| {
            let value = std::str::from_utf8(h.value).map_err(|_| bad())?;
            Ok((h.name.to_owned(), value.trim().to_owned()))
        });
        Ok(Some(Self {
            method: request.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: query
                .split('&')
                .filter_map(|p| p.split_once('='))
                .map(|(n, v)| (n.to_owned(), decoded(v)))
                .collect(),
            headers: headers.collect::<Result<_, Answer>>()?,
            rest: bytes.get(length..).unwrap_or_default().to_vec(),
        }))
    }

    /// Length that the body says it has.
    fn length(&self) -> Result<usize, Answer> {
        if self.all("transfer-encoding").next().is_some() {
            return Err(Answer::refuse(411, "The body needs a Content-Length."));
        }
        let mut lengths = self.all("content-length");
        match (lengths.next(), lengths.next()) {
            (None, _) => Ok(0),
            (Some(one), None) if !one.is_empty() && one.bytes().all(|b| b.is_ascii_digit()) => {
                one.parse().map_err(|_| Answer::refuse(413, "The body is too large."))
            }
            _ => Err(Answer::refuse(400, "The Content-Length is not a number.")),
        }
    }

    /// Reads the body, of `limit` bytes at most.
    pub(super) fn body(&self, stream: &mut TcpStream, limit: usize) -> Result<Vec<u8>, Answer> {
        let length = self.length()?;
        if length > limit {
            let why = format!("That is too large: {} is the limit here.", size(limit));
            return Err(Answer::refuse(413, &why));
        }
        if self.all("expect").any(|e| e.eq_ignore_ascii_case("100-continue")) {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| late())?;
        }
        let deadline = Instant::now() + BODY_TIME;
        let mut body = self.rest.clone();
        let mut chunk = vec![0; 64 << 10];
        while body.len() < length {
            match read_until(stream, &mut chunk, deadline)? {
                0 => return Err(Answer::refuse(400, "The request is not complete.")),
                got => body.extend_from_slice(chunk.get(..got).unwrap_or_default()),
            }
        }
        body.truncate(length);
        Ok(body)
    }
}

/// Writes `answer` with `headers`, says goodbye and listens a little for what is still under way.
pub(super) fn respond(stream: &mut TcpStream, answer: &Answer, headers: &[(&str, &str)]) -> io::Result<()> {
    stream.set_write_timeout(Some(BODY_TIME))?;
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    let length = answer.body.len().to_string();
    let own = [("Content-Type", answer.kind), ("Content-Length", &length), ("Connection", "close")];
    for (name, value) in own.iter().chain(headers) {
        head.extend([*name, ": ", *value, "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(&answer.body)?;
    stream.shutdown(Shutdown::Write)?;
    let deadline = Instant::now() + DRAIN.0;
    let (mut chunk, mut drained) = (vec![0; 64 << 10], 0);
    while drained < DRAIN.1 {
        match read_until(stream, &mut chunk, deadline) {
            Ok(0) | Err(_) => break,
            Ok(got) => drained += got,
        }
    }
    Ok(())
}

fn late() -> Answer {
    Answer::refuse(408, "The request took too long.")
}

fn read_until(stream: &mut TcpStream, chunk: &mut [u8], deadline: Instant) -> Result<usize, Answer> {
    let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or_else(late)?;
    stream.set_read_timeout(Some(left)).map_err(|_| late())?;
    loop {
        match stream.read(chunk) {
            Ok(got) => return Ok(got),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(late()),
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        431 => "Request Header Fields Too Large",
        _ => "Error",
    }
}

fn size(bytes: usize) -> String {
    format!("{} MB", bytes >> 20)
}

/// Undoes percent signs of a query; what is no UTF-8 becomes a replacement character.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.get(..2).filter(|p| *first == b'%' && p.iter().all(u8::is_ascii_hexdigit));
        let byte = pair.and_then(|p| u8::from_str_radix(std::str::from_utf8(p).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        Head::parse(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn a_head_gives_its_path_and_query() {
        let head = head("GET /open?name=week%2012.csv&token=ab HTTP/1.1\r\nHost: a\r\n\r\nrest");
        assert_eq!((head.path.as_str(), head.parameter("name")), ("/open", Some("week 12.csv")));
        assert_eq!(head.rest, b"rest");
    }

    #[test]
    fn half_a_head_is_waited_for() {
        assert!(Head::parse(b"GET / HTTP/1.1\r\nHost: a").unwrap().is_none());
        assert!(Head::parse(b"\x16\x03\x01").is_err());
    }

    #[test]
    fn two_lengths_and_chunks_are_refused() {
        let two = head("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
        assert_eq!(two.length().unwrap_err().status, 400);
        assert_eq!(head("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n").length().unwrap_err().status, 400);
        assert_eq!(head("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").length().unwrap_err().status, 411);
        let huge = head("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n");
        assert_eq!(huge.length().unwrap_err().status, 413);
    }

    #[test]
    fn percent_signs_are_undone_and_broken_ones_kept() {
        assert_eq!(decoded("a%20b%C3%A9%"), "a bé%");
        assert_eq!(decoded("%zz%2"), "%zz%2");
        assert_eq!(decoded("%+f% 1"), "%+f% 1");
    }
}

//! Messages as they come over standard input and output: headers, an empty line, JSON. A message of an editor holds a
//! whole draft, so no error here repeats a word of one.

use lsp_server::{Connection, Message};
use serde::de::IgnoredAny;
use std::{
    io::{self, BufRead, Read, Write},
    thread::{self, JoinHandle},
};

/// Bytes of a message at most: the largest draft, each character of it written as an escape.
pub const LONGEST: usize = 512 << 20;

/// Bytes of a header line at most.
const HEADER: u64 = 4096;

/// Messages that wait to be handled or sent, at most; who sends more has to wait.
const WAITING: usize = 64;

/// Why a message could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// A header line is none, or says no length.
    #[error("what comes in is no message: its header has no `Content-Length: BYTES`")]
    Header,
    /// The message would fill the memory.
    #[error("a message of {0} bytes is over the limit of {LONGEST} bytes")]
    TooLong(usize),
    /// What comes after the header is not what it should be.
    #[error("a message of {0} bytes is not JSON")]
    NotJson(usize),
    /// The pipe broke.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads the next message; nothing where the input ends before it. JSON that is none is passed over: an error of the client
/// has `null` for its id where it does not know what it answers.
///
/// # Errors
/// What is wrong with the message. What follows it cannot be read.
pub fn read(input: &mut impl BufRead) -> Result<Option<Message>, WireError> {
    while let Some(length) = read_header(input)? {
        if length > LONGEST {
            return Err(WireError::TooLong(length));
        }
        // Room is made for what comes, not for what was announced.
        let mut body = Vec::new();
        input.by_ref().take(length as u64).read_to_end(&mut body)?;
        if body.len() < length {
            return Ok(None);
        }
        if let Ok(message) = serde_json::from_slice(&body) {
            return Ok(Some(message));
        }
        serde_json::from_slice::<IgnoredAny>(&body).map_err(|_| WireError::NotJson(length))?;
    }
    Ok(None)
}

/// The bytes of the message that follows.
fn read_header(input: &mut impl BufRead) -> Result<Option<usize>, WireError> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = line.strip_suffix(b"\r\n").ok_or(WireError::Header)?;
        if line.is_empty() {
            return length.map(Some).ok_or(WireError::Header);
        }
        let line = std::str::from_utf8(line).map_err(|_| WireError::Header)?;
        let (name, value) = line.split_once(':').ok_or(WireError::Header)?;
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.trim().parse().map_err(|_| WireError::Header)?);
        }
    }
}

/// A thread that reads or writes messages until there are no more.
pub(super) type Pump = JoinHandle<Result<(), WireError>>;

/// A connection over standard input and output, and the threads that read and write.
pub(super) fn stdio() -> (Connection, Pump, Pump) {
    let (into, receiver) = crossbeam_channel::bounded::<Message>(WAITING);
    let (sender, out) = crossbeam_channel::bounded::<Message>(WAITING);
    let reader = thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let last = matches!(&message, Message::Notification(n) if n.method == "exit");
            // Fails only where nobody listens any more.
            if into.send(message).is_err() || last {
                break;
            }
        }
        Ok(())
    });
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        for message in out {
            message.write(&mut output)?;
            output.flush()?;
        }
        Ok(())
    });
    (Connection { sender, receiver }, reader, writer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(wire: &[u8]) -> String {
        match read(&mut &*wire) {
            Ok(message) => format!("{message:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_message_is_read_and_the_next_one_after_it() {
        let body = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let wire = format!("content-length:{}\r\nContent-Type: x\r\n\r\n{body}", body.len()).repeat(2);
        let mut input = wire.as_bytes();
        for _ in 0..2 {
            assert!(matches!(read(&mut input), Ok(Some(Message::Notification(n))) if n.method == "exit"));
        }
        assert!(matches!(read(&mut input), Ok(None)));
    }

    #[test]
    fn what_is_no_message_is_told_without_a_word_of_it() {
        assert!(told(b"Content-Length: 99999999999\r\n\r\n{}").contains("over the limit of 536870912 bytes"));
        assert!(told(b"Content-Length: 99999999999999999999999\r\n\r\n{}").contains("no message"));
        assert!(told(b"Content-Length: 12\r\n\r\n\"QQ123456C\"}").contains("12 bytes is not JSON"));
        for wire in ["QQ 12 34 56 C\n", "QQ123456C\r\n\r\n", "\r\n{}", "Content-Length: QQ123456C\r\n\r\n"] {
            let told = told(wire.as_bytes());
            assert!(told.contains("no message") && !told.contains("QQ"), "{wire:?}: {told}");
        }
        assert!(told("x".repeat(1 << 20).as_bytes()).contains("no message"), "a header that never ends");
    }

    #[test]
    fn json_that_is_no_message_is_passed_over() {
        let odd = [r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"x"}}"#, "[]", "{}", "1", r#""x""#];
        let wire = odd.map(|body| format!("Content-Length: {}\r\n\r\n{body}", body.len())).concat();
        let exit = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";
        assert!(told(format!("{wire}{exit}").as_bytes()).contains("exit"));
        assert_eq!(told(wire.as_bytes()), "None");
    }

    #[test]
    fn a_length_that_is_only_announced_takes_no_room() {
        assert_eq!(told(format!("Content-Length: {LONGEST}\r\n\r\n{{}}").as_bytes()), "None");
    }
}

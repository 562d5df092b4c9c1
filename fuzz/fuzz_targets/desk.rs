//! Any bytes as a request to the desk: one whole answer, and none but a refusal for who does not know the token.
//!
//! `{TOKEN}` and `{PORT}` in an input are those of the desk.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    desk::Desk,
    engine::{Linter, Options},
    pack::{self, Request},
};
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    sync::LazyLock,
    thread,
    time::Duration,
};

/// The port and the token of a desk that serves until the process ends.
static DESK: LazyLock<(u16, String)> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/packs/promise.toml");
    let set = pack::load(&[Request::Path(path.into())]).expect("the pack loads");
    let linter = Linter::new(&set, Options::default()).unwrap_or_else(|_| panic!("the pack compiles"));
    let desk = Desk::bind(0, linter, &set).expect("a port is free");
    let address = desk.address();
    thread::spawn(move || desk.serve(None));
    let (front, token) = address.split_once("/?token=").expect("the address has a token");
    let port = front.rsplit(':').next().and_then(|p| p.parse().ok()).expect("the address has a port");
    (port, token.to_owned())
});

fn replaced(data: &[u8], name: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(name.len()).position(|w| w == name) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(with);
        rest = &rest[at + name.len()..];
    }
    out.extend_from_slice(rest);
    out
}

fuzz_target!(|data: &[u8]| {
    let (port, token) = &*DESK;
    let knows = data.windows(7).any(|w| w == b"{TOKEN}");
    let request = replaced(&replaced(data, b"{TOKEN}", token.as_bytes()), b"{PORT}", port.to_string().as_bytes());
    let mut stream = TcpStream::connect(("127.0.0.1", *port)).expect("the desk listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it can be set");
    // The desk may have refused before all was sent.
    let _ = stream.write_all(&request);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert!(error.kind() == std::io::ErrorKind::ConnectionReset, "no answer: {error}");
        return;
    }
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("the answer has a head");
    let head = std::str::from_utf8(&answer[..at]).expect("the head is text");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|l| l.strip_prefix("HTTP/1.1 ")?.get(..3)).expect("the answer is HTTP");
    let header =
        |name: &str| head.split("\r\n").filter_map(|l| l.split_once(": ")).find(|(n, _)| *n == name).map(|h| h.1);
    assert_eq!(header("Content-Length"), Some((answer.len() - at - 4).to_string().as_str()));
    assert!(header("Content-Security-Policy").is_some() && header("X-Frame-Options") == Some("DENY"));
    assert!(knows || ["400", "403", "408", "431"].contains(&status), "{status} for a stranger");
    if status == "200" && header("Content-Type") == Some("application/json") {
        serde_json::from_slice::<serde_json::Value>(&answer[at + 4..]).expect("the body is JSON");
    }
});

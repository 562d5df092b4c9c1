//! The desk over HTTP: who is let in, what is refused, and that it stays up whatever is sent. What a browser makes of the
//! page is tested in `tests/desk`.

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A desk that is closed when the test ends.
pub(crate) struct Desk {
    child: Child,
    port: u16,
    token: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Answer {
    status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Desk {
    pub(crate) fn open(arguments: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("postlint"))
            .args(["desk", "--no-open", "--no-config"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let rest = first.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, token) = rest.split_once("/?token=").unwrap();
        Self { child, port: port.parse().unwrap(), token: token.to_owned() }
    }

    /// Sends bytes and reads what comes back; a connection that was cut gives what came before.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn request(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = format!("{line} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: 127.0.0.1:{}\r\n", self.port));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !headers.iter().any(|(name, _)| *name == "Content-Length") && !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        self.raw(&[request.as_bytes(), body].concat())
    }

    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Answer {
        let origin = format!("http://127.0.0.1:{}", self.port);
        let headers = [("X-Postlint-Token", self.token.as_str()), ("Origin", &origin)];
        self.request(&format!("POST {path}"), &headers, body)
    }

    fn check(&self, text: &str) -> Answer {
        self.post("/check", json!({ "id": 7, "text": text }).to_string().as_bytes())
    }

    fn page(&self) -> Answer {
        self.request(&format!("GET /?token={}", self.token), &[], b"")
    }
}

#[test]
fn the_page_comes_with_every_guarding_header() {
    let desk = Desk::open(&[]);
    let page = desk.page();
    assert_eq!(page.status, 200);
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "content-security-policy: default-src 'none'; script-src 'sha256-",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(page.head.contains(header), "{header} is missing in\n{}", page.head);
    }
    assert!(!page.head.contains("set-cookie") && !page.head.contains("unsafe-inline"));
    assert!(!page.head.contains("access-control"));
    assert!(page.body.ends_with("</html>\n"));
}

#[test]
fn strangers_are_refused() {
    let desk = Desk::open(&[]);
    let port = desk.port;
    let page = format!("GET /?token={}", desk.token);
    let own = format!("127.0.0.1:{port}");
    let name = format!("localhost:{port}");
    assert_eq!(desk.request(&page, &[("Host", &name)], b"").status, 200);
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example", ""] {
        assert_eq!(desk.request(&page, &[("Host", host)], b"").status, 403, "Host: {host}");
    }
    assert_eq!(desk.request(&page, &[("Host", &own), ("Host", "evil.example")], b"").status, 403);
    let plain = format!("https://127.0.0.1:{port}");
    for origin in ["http://evil.example", "null", "http://127.0.0.1", plain.as_str(), "file://"] {
        assert_eq!(desk.request(&page, &[("Origin", origin)], b"").status, 403, "Origin: {origin}");
    }
    for token in ["", "?token=", "?token=0", "?token=00000000000000000000000000000000"] {
        assert_eq!(desk.request(&format!("GET /{token}"), &[], b"").status, 403, "{token}");
    }
    let body = br#"{"text":"x"}"#;
    assert_eq!(desk.request("POST /check", &[], body).status, 403);
    // The address opens the page; it is no key to the rest, since a form elsewhere could send it.
    assert_eq!(desk.request(&format!("POST /check?token={}", desk.token), &[], body).status, 403);
}

#[test]
fn the_answer_has_the_shape_of_the_stream() {
    let desk = Desk::open(&[]);
    let line = json!({ "id": 7, "text": "The councillors haven’t a clue 👍", "channel": "x" }).to_string();
    let ours = desk.post("/check", line.as_bytes()).json();
    let stream = assert_cmd::Command::cargo_bin("postlint").unwrap().arg("stream").write_stdin(line).output().unwrap();
    let theirs: Value = serde_json::from_slice(&stream.stdout).unwrap();
    assert_eq!(ours, theirs);
    assert!(!ours["findings"].as_array().unwrap().is_empty());
}

#[test]
fn counts_say_where_too_much_begins_in_characters() {
    let desk = Desk::open(&[]);
    let text = format!("{}👍x", "a".repeat(280));
    let counted = desk.post("/count", json!({ "text": text }).to_string().as_bytes()).json();
    let x = counted["channels"].as_array().unwrap().iter().find(|c| c["channel"] == "x").unwrap().clone();
    assert_eq!(x["lengths"][0]["length"], 283);
    assert_eq!(x["lengths"][0]["over"], json!({ "start": 280, "end": 282 }));
}

#[test]
fn a_dropped_table_gives_its_posts_with_their_state() {
    let desk = Desk::open(&[]);
    let csv = "Date,Channel,Text\n2027-03-01 09:00,x,\"The library opens, as usual, at 9am.\"\n\
               2027-03-02 09:00,facebook,\"Mrs Okafor of 14 Curlew Close has had a stroke.\"\n";
    let opened = desk.post("/open?name=C%3A%5Cpeople%5Cweek%2012.csv", csv.as_bytes()).json();
    assert_eq!((opened["name"].as_str(), opened["total"].as_u64()), (Some("week 12.csv"), Some(2)));
    let posts = opened["posts"].as_array().unwrap();
    assert_eq!(posts[0]["text"], "The library opens, as usual, at 9am.");
    assert_eq!(posts[1]["channels"], json!(["facebook"]));
    assert_eq!(posts[0]["errors"], 0);
    assert!(posts[1]["errors"].as_u64().unwrap() > 0);
}

#[test]
fn broken_files_are_told_in_words() {
    let desk = Desk::open(&[]);
    let answer = desk.post("/open?name=a.docx", b"PK\x03\x04 no zip at all");
    assert_eq!(answer.status, 422);
    assert!(answer.body.len() > 10, "{}", answer.body);
    assert_eq!(desk.page().status, 200);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::open(&[]);
    let big = vec![b'a'; 50 << 20];
    for path in ["/check", "/count", "/open?name=a.txt"] {
        let answer = desk.post(path, &big);
        assert_eq!(answer.status, 413, "{path}");
        assert!(answer.body.contains("too large"), "{}", answer.body);
    }
    let long = format!("GET /?token={} HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", desk.token, "a".repeat(100_000));
    assert_eq!(desk.raw(long.as_bytes()).status, 431);
    assert_eq!(desk.page().status, 200);
}

#[test]
fn what_is_no_request_is_refused() {
    let desk = Desk::open(&[]);
    let token = [("X-Postlint-Token", desk.token.as_str())];
    assert_eq!(desk.raw(b"\x16\x03\x01\x02\x00\x01\x00").status, 400);
    assert_eq!(desk.raw(b"nonsense\r\n\r\n").status, 400);
    assert_eq!(desk.post("/check", b"{\"text\": 3}").status, 400);
    assert_eq!(desk.post("/check", &[0xff, 0xfe]).status, 400);
    assert_eq!(desk.post("/nowhere", b"{}").status, 404);
    assert_eq!(desk.request("DELETE /check", &token, b"").status, 405);
    assert_eq!(desk.request("GET /../../etc/passwd", &token, b"").status, 404);
    let chunked = [token[0], ("Transfer-Encoding", "chunked")];
    assert_eq!(desk.request("POST /check", &chunked, b"").status, 411);
    assert_eq!(desk.page().status, 200);
}

#[test]
fn hostile_text_comes_back_as_data() {
    let desk = Desk::open(&[]);
    for text in [
        "<script>alert(1)</script><img src=x onerror=alert(1)> honestly",
        "\u{202e}drowssap\u{202c} \u{2066}x\u{2069} \u{0} \u{feff}",
        "</textarea></script>{{7*7}}${7*7}",
        &"🏴󠁧󠁢󠁥󠁮󠁧󠁿 ZWJ 👩‍👩‍👧‍👦 ".repeat(500),
    ] {
        let answer = desk.check(text);
        assert_eq!(answer.status, 200, "{text:?}");
        assert!(answer.head.contains("content-type: application/json"));
        assert_eq!(answer.json()["id"], 7);
    }
}

#[test]
fn a_thousand_requests_at_once_are_all_answered() {
    let desk = Desk::open(&[]);
    let answered = thread::scope(|scope| {
        let threads: Vec<_> = (0..1000)
            .map(|_| thread::Builder::new().stack_size(256 << 10).spawn_scoped(scope, || desk.check("Hello").status))
            .collect();
        threads.into_iter().map(|t| t.unwrap().join().unwrap()).filter(|s| *s == 200).count()
    });
    assert_eq!(answered, 1000);
    assert_eq!(desk.page().status, 200);
}

#[test]
fn a_request_that_dawdles_is_sent_away_and_stops_nobody() {
    let desk = Desk::open(&[]);
    let mut slow: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(("127.0.0.1", desk.port)).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    }
    let begun = Instant::now();
    assert_eq!(desk.page().status, 200);
    assert!(begun.elapsed() < Duration::from_secs(4));
    let mut answer = String::new();
    slow[0].set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    slow[0].read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn an_idle_desk_closes_itself_when_asked() {
    let mut desk = Desk::open(&["--idle", "0.01"]);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = desk.child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "still open");
        thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_told() {
    let desk = Desk::open(&[]);
    let mut second = assert_cmd::Command::cargo_bin("postlint").unwrap();
    let second = second.timeout(Duration::from_secs(30));
    let output = second.args(["desk", "--no-open", "--no-config", "--port", &desk.port.to_string()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--port"));
}

#[test]
fn the_desk_listens_on_this_computer_only() {
    let desk = Desk::open(&[]);
    let outward = std::net::UdpSocket::bind("0.0.0.0:0").and_then(|s| s.connect("192.0.2.1:9").map(|()| s));
    let Some(own) = outward.ok().and_then(|s| s.local_addr().ok()).map(|a| a.ip()).filter(|ip| !ip.is_loopback())
    else {
        return;
    };
    assert!(TcpStream::connect_timeout(&(own, desk.port).into(), Duration::from_secs(2)).is_err());
}

//! Floor 5, faces: the officer's desk. A page on this machine that checks while an officer types.
//!
//! [`Desk::bind`] listens on the loopback address, [`Desk::address`] says where with the token, [`Desk::serve`] answers
//! until it is stopped. A request goes through `http` (limits, deadlines), `guard` (host, origin, token) and `route`. The
//! desk keeps nothing: no draft is stored, logged or written, and each request is checked by the same [`Linter`].

mod book;
mod guard;
mod http;
mod open;
mod page;
mod route;

use crate::{engine::Linter, pack::PackSet};
use guard::Guard;
use http::Head;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Requests that are answered at one time; others wait in the queue of the system.
const AT_ONCE: usize = 64;

/// Headers of every answer, besides the `Content-Security-Policy`.
const HEADERS: &[(&str, &str)] = &[
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Why there is no desk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The port cannot be listened on.
    #[error("the desk cannot listen on port {port}: {source}")]
    Port {
        /// The port that was asked for; 0 is any.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The system gives no random bits for a token.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// The system gives no thread.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A desk that listens.
pub struct Desk {
    listener: TcpListener,
    port: u16,
    office: Arc<Office>,
}

/// What all requests share.
struct Office {
    guard: Guard,
    linter: Linter,
    /// The rule book, as it is sent.
    book: serde_json::Value,
    busy: Mutex<Busy>,
    /// A request was answered.
    free: Condvar,
    closing: AtomicBool,
}

/// Who is being answered, and since when nobody is.
struct Busy {
    requests: usize,
    last: Instant,
}

impl Desk {
    /// Listens on `port` of the loopback address; 0 takes any that is free. `set` are the packs of `linter`.
    ///
    /// # Errors
    /// The port is taken, or there are no random numbers.
    pub fn bind(port: u16, linter: Linter, set: &PackSet) -> Result<Self, DeskError> {
        let fail = |source| DeskError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(fail)?;
        let port = listener.local_addr().map_err(fail)?.port();
        let guard = Guard::new(port).map_err(DeskError::Random)?;
        let book = book::book(&linter, set);
        let busy = Mutex::new(Busy { requests: 0, last: Instant::now() });
        let office = Office { guard, linter, book, busy, free: Condvar::new(), closing: AtomicBool::new(false) };
        Ok(Self { listener, port, office: Arc::new(office) })
    }

    /// Where the page is, with the token that opens it.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.office.guard.token())
    }

    /// Answers until nothing was asked for `idle`; without it, for ever.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn serve(&self, idle: Option<Duration>) -> Result<(), DeskError> {
        if let Some(idle) = idle {
            let (office, port) = (Arc::clone(&self.office), self.port);
            thread::Builder::new().name("idle".to_owned()).spawn(move || office.close_when_idle(idle, port))?;
        }
        loop {
            let connection = self.listener.accept();
            if self.office.closing.load(Ordering::Acquire) {
                return Ok(());
            }
            // A connection that broke before it was taken is of no interest; one that finds no thread is dropped.
            let Ok((stream, from)) = connection else {
                thread::sleep(Duration::from_millis(10));
                continue;
            };
            self.office.enter();
            let office = Arc::clone(&self.office);
            let answer = move || {
                let _leave = Leave(&office);
                office.answer(stream, from);
            };
            if thread::Builder::new().name("answer".to_owned()).spawn(answer).is_err() {
                drop(Leave(&self.office));
            }
        }
    }
}

impl Office {
    fn busy(&self) -> MutexGuard<'_, Busy> {
        // A counter is whole whatever panicked beside it.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a free seat and takes it.
    fn enter(&self) {
        let mut busy = self.busy();
        while busy.requests >= AT_ONCE {
            busy = self.free.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.requests += 1;
        busy.last = Instant::now();
    }

    /// Sleeps until nothing was asked for `idle`, then wakes the listener to close.
    fn close_when_idle(&self, idle: Duration, port: u16) {
        loop {
            let left = {
                let busy = self.busy();
                let waited = if busy.requests == 0 { busy.last.elapsed() } else { Duration::ZERO };
                idle.saturating_sub(waited)
            };
            if left.is_zero() {
                break;
            }
            thread::sleep(left);
        }
        self.closing.store(true, Ordering::Release);
        // If it fails, nobody listens any more.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
    }

    fn answer(&self, mut stream: TcpStream, from: SocketAddr) {
        if !from.ip().is_loopback() {
            return;
        }
        // Small answers should not wait for more to send.
        let _ = stream.set_nodelay(true);
        let answer = Head::read(&mut stream).and_then(|head| route::answer(self, &head, &mut stream));
        let answer = answer.unwrap_or_else(|refusal| refusal);
        let mut headers = vec![("Content-Security-Policy", page::PAGE.policy.as_str())];
        headers.extend(HEADERS);
        // Who has gone before the answer came does not want it.
        let _ = http::respond(&mut stream, &answer, &headers);
    }
}

/// Gives the seat back, also when answering panicked.
struct Leave<'o>(&'o Office);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        let mut busy = self.0.busy();
        busy.requests = busy.requests.saturating_sub(1);
        busy.last = Instant::now();
        self.0.free.notify_one();
    }
}

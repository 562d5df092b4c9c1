//! Who may talk to the desk: a page that this desk served, on this machine, that knows the token.
//!
//! A web page elsewhere can make a browser send requests to 127.0.0.1, and can point a name of its own at it. The checks
//! of `Host` and `Origin` refuse both; the token refuses other users of the same machine.

use super::http::{Answer, Head};

/// Header in which the page sends the token. A header of its own cannot be sent across sites without being asked for.
pub(super) const HEADER: &str = "x-postlint-token";

/// What a request must have.
#[derive(Debug)]
pub(super) struct Guard {
    port: u16,
    token: String,
}

impl Guard {
    /// A guard with a new random token of 128 bits.
    pub(super) fn new(port: u16) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self { port, token: format!("{:032x}", u128::from_be_bytes(bytes)) })
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Whether the request may go on.
    pub(super) fn admit(&self, head: &Head) -> Result<(), Answer> {
        let mut hosts = head.all("host");
        let host = hosts.next().is_some_and(|h| self.is_own(h)) && hosts.next().is_none();
        if !host {
            return Err(Answer::refuse(403, "This desk answers only to its own address on this computer."));
        }
        if !head.all("origin").all(|o| o.strip_prefix("http://").is_some_and(|o| self.is_own(o))) {
            return Err(Answer::refuse(403, "This desk answers only to its own page."));
        }
        let given = if head.method == "GET" { head.parameter("token") } else { None };
        if !given.or_else(|| head.all(HEADER).next()).is_some_and(|token| self.is_token(token)) {
            let why = "The token is missing or old. Open the address that `postlint desk` printed.";
            return Err(Answer::refuse(403, why));
        }
        Ok(())
    }

    fn is_own(&self, host: &str) -> bool {
        host.rsplit_once(':').is_some_and(|(name, port)| {
            port.parse() == Ok(self.port) && ["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own))
        })
    }

    /// Compares without saying, by the time it takes, how much was right.
    fn is_token(&self, given: &str) -> bool {
        let pairs = self.token.bytes().zip(given.bytes());
        self.token.len() == given.len() && pairs.fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }
}

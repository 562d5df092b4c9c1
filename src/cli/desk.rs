//! `postlint desk`: the page for officers.

use super::{
    Failure,
    args::{DeskArgs, DraftArgs},
    session::{Session, some_rule_runs, text_path},
};
use crate::{
    desk::{Desk, DeskError},
    pack::Examples,
};
use std::{
    io::{self, Write},
    process::{Command, Stdio},
    time::Duration,
};

pub(super) fn run(args: &DeskArgs) -> Result<u8, Failure> {
    let session = Session::open_with(&args.rules, true, Examples::Read)?;
    let linter = session.linter(&args.rules, &DraftArgs::default())?;
    some_rule_runs(&linter, std::iter::once(text_path()))?;
    let desk = Desk::bind(args.port, linter, &session.set).map_err(failure)?;
    let address = desk.address();
    let mut out = io::stdout().lock();
    writeln!(out, "{address}")?;
    out.flush()?;
    // Who wanted the address alone has closed the pipe by now.
    let _ =
        writeln!(out, "The desk is open on this computer only. Nothing you type leaves it. Press Ctrl-C to close it.");
    drop(out);
    if !args.no_open && !open(&address) {
        writeln!(io::stderr().lock(), "No browser could be opened: open the address above yourself.")?;
    }
    desk.serve(args.idle.map(|minutes| Duration::from_secs_f64(minutes * 60.0))).map_err(failure)?;
    Ok(0)
}

fn failure(error: DeskError) -> Failure {
    match error {
        DeskError::Io(error) => Failure::Io(error),
        other => Failure::usage(other.to_string(), "choose another port with --port, or leave it out"),
    }
}

/// Asks the system to show `address`; whether there was something to ask.
fn open(address: &str) -> bool {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "windows") {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}

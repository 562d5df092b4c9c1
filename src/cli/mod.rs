//! Floor 5, faces: the command line. Parses, chooses, prints; knows no policy.

mod args;
mod asked;
mod changed;
mod check;
mod config;
mod count;
#[cfg(feature = "desk")]
mod desk;
mod explain;
mod fix;
mod git;
mod init;
mod interactive;
mod learn;
mod lint;
#[cfg(feature = "lsp")]
mod lsp;
mod progress;
mod rules;
mod schema;
mod session;
mod shell;
mod stream;
mod timings;
mod watch;

use crate::{model::fault::clean, pack::PackErrors, settings::SettingsErrors};
use args::{Cli, Command};
use clap::Parser;
use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

/// Something found; see the exit codes in the README.
const FOUND: u8 = 1;
/// Something could not be checked, or was asked wrongly.
const FAILED: u8 = 2;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    match shell::complete() {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => {}
        Err(error) => {
            // A shell shows nothing of what goes wrong while it completes.
            let _ = error.print();
            return ExitCode::from(FAILED);
        }
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a broken pipe while printing them is of no interest.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS };
        }
    };
    let result = match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Stream(args) => stream::run(&args),
        #[cfg(feature = "desk")]
        Command::Desk(args) => desk::run(&args),
        Command::Count(args) => count::run(&args),
        Command::Channels(args) => count::list(&args),
        Command::Rules(args) => rules::run(&args.command),
        Command::Explain(args) => explain::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { folder } => shell::man(folder.as_deref()),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(&args),
        Command::Learn(args) => learn::run(&args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // There is no better place to tell that telling failed.
            let _ = io::stderr().lock().write_all(failure.render().as_bytes());
            ExitCode::from(FAILED)
        }
    }
}

/// Prints what a command has to say. The words of packs and settings are others' work: what is no text in them does not
/// reach the terminal.
fn print(said: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(clean(&String::from_utf8_lossy(said)).as_bytes())?;
    out.flush()
}

/// Why a command gave up.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Packs with faults.
    #[error(transparent)]
    Packs(#[from] PackErrors),
    /// Settings with faults.
    #[error(transparent)]
    Settings(#[from] SettingsErrors),
    /// Nothing could be learned.
    #[error(transparent)]
    Learn(#[from] learn::LearnError),
    /// Asked wrongly.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Failure {
    fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    fn render(&self) -> String {
        let terminal = Terminal::of(&io::stderr());
        let theme = || {
            if terminal.color { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() }
        };
        match self {
            Self::Packs(errors) => errors.0.render(theme(), terminal.width),
            Self::Settings(errors) => errors.0.render(theme(), terminal.width),
            Self::Usage { message, help } => format!("error: {}\n  {}\n", clean(message), clean(help)),
            Self::Learn(error) => format!("error: {}\n", clean(&error.to_string())),
            Self::Io(error) => format!("error: {}\n", clean(&error.to_string())),
        }
    }
}

/// What an output stream can show.
#[derive(Debug, Clone, Copy)]
struct Terminal {
    color: bool,
    width: usize,
}

impl Terminal {
    /// Honours `NO_COLOR` and `CLICOLOR_FORCE`; a stream that is no terminal has no colour and 80 columns.
    fn of(stream: &impl IsTerminal) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
        let terminal = stream.is_terminal();
        let color = !set("NO_COLOR")
            && (set("CLICOLOR_FORCE") || terminal && std::env::var_os("TERM").is_none_or(|t| t != "dumb"));
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let width = columns.unwrap_or_else(|| if terminal { terminal_width() } else { 80 });
        Self { color, width }
    }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

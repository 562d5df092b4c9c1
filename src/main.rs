//! The `postlint` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    postlint::cli::run()
}

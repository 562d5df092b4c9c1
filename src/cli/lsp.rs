//! `postlint lsp`: the language server, with the rules and settings of the command line.

use super::{
    FOUND, Failure,
    args::{DraftArgs, RuleArgs},
    session::Session,
};
use crate::{
    lsp::{self, Loaded, Loader},
    model::fault::Shown,
    pack::PackSet,
    settings::Settings,
};
use std::path::Path;

/// Gets rules as `postlint check` does.
struct FromArgs(RuleArgs);

impl Loader for FromArgs {
    fn load(&self, settings: Option<&Path>) -> Loaded {
        let mut args = self.0.clone();
        if args.config.is_none() && !args.no_config {
            args.config = settings.map(Path::to_owned);
        }
        let none = |faults| Loaded { linter: None, settings: Settings::default(), set: PackSet::default(), faults };
        let session = match Session::open(&args, false) {
            Ok(session) => session,
            Err(failure) => return none(faults(&failure)),
        };
        match session.linter(&args, &DraftArgs::default()) {
            Ok(linter) => {
                let Session { settings, set, .. } = session;
                Loaded { linter: Some(linter), settings, set, faults: Vec::new() }
            }
            Err(failure) => none(faults(&failure)),
        }
    }
}

fn faults(failure: &Failure) -> Vec<Shown> {
    match failure {
        Failure::Packs(errors) => errors.0.all().to_vec(),
        Failure::Settings(errors) => errors.0.all().to_vec(),
        other => vec![Shown::placeless("postlint::lsp::load", other.to_string(), None)],
    }
}

pub(super) fn run(args: &RuleArgs) -> Result<u8, Failure> {
    match lsp::run(&FromArgs(args.clone())) {
        // As the protocol wants: 1 where `exit` came without `shutdown`.
        Ok(orderly) => Ok(if orderly { 0 } else { FOUND }),
        Err(error) => {
            Err(Failure::usage(error.to_string(), "`postlint lsp` is started by an editor: see docs/editors.md"))
        }
    }
}

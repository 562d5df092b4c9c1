//! Any text as settings: read, or refused with a place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::settings;

fuzz_target!(|data: &str| {
    match settings::parse("postlint.toml", data) {
        Ok(settings) => {
            let _ = settings.excludes(std::path::Path::new("drafts/a.md"));
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
});

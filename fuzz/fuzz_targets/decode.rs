//! Any bytes under any name: no panic, and every span lies in the text on character boundaries, maps in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::decode::{self, Options};

fuzz_target!(|data: &[u8]| {
    let Some(file) = postlint_fuzz::file(data) else { return };
    match decode::read(&file, &Options::default()) {
        Ok(document) => postlint_fuzz::document_is_sound(&document, file.bytes.len()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

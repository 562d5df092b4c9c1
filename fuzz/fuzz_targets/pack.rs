//! Any text as a pack: loaded and compiled, or refused with a place, and then run; phrases and patterns included.
#![no_main]

use libfuzzer_sys::fuzz_target;
use postlint::{
    engine::{Linter, Options},
    model::document::Meta,
    pack::{self, PackErrors, Request},
};

fuzz_target!(|data: &[u8]| {
    // A first byte below 128 wraps the rest as the phrase of a rule that is otherwise sound.
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let text = if *first < 128 {
        let key = if *first < 64 { "phrases" } else { "patterns" };
        let words = text.replace("'''", "");
        format!(
            "[pack]\nname='p'\nversion='1'\nsummary='s'\n[[rule]]\nid='r'\ntitle='t'\ncategory='style'\nseverity='error'\n\
             confidence=0.9\nwhy='w'\nmessage='m'\n{key}=['''{words}''']\n[rule.fix]\nadvice='a'\n\
             [[rule.example]]\nbad='b'\n[[rule.example]]\ngood='g'\n"
        )
    } else {
        text.into_owned()
    };
    let path = std::env::temp_dir().join(format!("postlint-fuzz-{}.toml", std::process::id()));
    std::fs::write(&path, &text).expect("the temporary folder can be written to");
    let (set, _) = pack::load_sound(&[Request::Path(path)]);
    match Linter::new(&set, Options::default()) {
        Ok(linter) => {
            linter.lint_text("draft", &text, Meta::default());
        }
        Err(faults) => {
            let _ = PackErrors::from_faults(&set.files, faults).to_string();
        }
    }
});

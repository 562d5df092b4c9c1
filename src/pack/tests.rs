//! Tests of the loader on packs in memory.

use super::*;

#[test]
fn the_builtin_packs_load() {
    let requests: Vec<Request> = names().into_iter().map(|n| Request::Name(n.to_owned())).collect();
    match load(&requests) {
        Ok(set) => assert!(set.packs.iter().all(|p| !p.rules.is_empty())),
        Err(errors) => panic!("{}", errors.0.render(miette::GraphicalTheme::unicode_nocolor(), 100)),
    }
}

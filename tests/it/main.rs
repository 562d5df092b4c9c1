//! The integration tests, one binary.

mod docs;
mod laws;
mod packs;
mod peers;
mod suites;

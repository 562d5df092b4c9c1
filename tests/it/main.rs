//! The integration tests, one binary.

mod docs;
mod packs;
mod peers;
mod twitter;

//! The integration tests, one binary.

mod cli;
mod council;
mod count;
mod docs;
mod laws;
mod layers;
mod office;
mod packs;
mod peers;
mod suites;
mod twitter;

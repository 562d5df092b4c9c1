//! The integration tests, one binary.

mod accuracy;
mod cli;
#[cfg(feature = "desk")]
mod desk;
mod docs;
mod laws;
mod layers;
mod office;
mod packs;
mod peers;
mod presidio;
mod suites;
mod twitter;

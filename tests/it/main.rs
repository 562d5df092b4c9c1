//! The integration tests, one binary.

mod accuracy;
mod bad_input;
mod cli;
mod docs;
mod fixtures;
mod laws;
mod layers;
mod office;
mod packs;
mod peers;
mod presidio;
mod suites;

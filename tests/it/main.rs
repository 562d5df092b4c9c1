//! The integration tests, one binary.

mod bad_input;
mod fixtures;
mod laws;
mod office;
mod peers;
mod suites;

//! The integration tests, one binary.

mod laws;
mod office;
mod peers;
mod suites;

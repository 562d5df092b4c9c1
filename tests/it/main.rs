//! The integration tests, one binary.

mod laws;
mod peers;
mod suites;

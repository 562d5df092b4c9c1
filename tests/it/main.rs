//! The integration tests, one binary.

mod peers;

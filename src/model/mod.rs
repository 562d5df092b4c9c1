//! Floor 1, nouns: what is checked, what checks it, what comes out. Data without I/O, but for
//! `file`, which reads the files that packs and settings are made of.

pub mod block;
pub mod document;
pub mod facts;
pub mod fault;
pub mod file;
pub mod finding;
pub mod rule;
pub mod rule_id;
pub mod toml;
pub mod value;

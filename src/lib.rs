//! postlint checks a draft social-media post against an organisation's staff policy before it goes out.

pub mod channel;
pub mod check;
pub mod cli;
pub mod decode;
#[cfg(feature = "desk")]
pub mod desk;
pub mod engine;
#[cfg(feature = "lsp")]
pub mod lsp;
pub mod model;
pub mod pack;
pub mod report;
pub mod settings;
pub mod text;
pub mod validate;

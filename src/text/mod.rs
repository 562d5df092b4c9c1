//! Floor 0, geometry: spans, maps, folding, tokens and sentences. Works on `&str` alone and knows nothing of posts,
//! rules or files.

pub mod emoji;
pub mod fold;
pub mod lines;
pub mod link;
pub mod map;
pub mod moment;
pub mod names;
pub mod quote;
pub mod reading;
pub mod sentence;
mod shape;
pub mod span;
pub mod spelling;
pub mod tag;
pub mod token;

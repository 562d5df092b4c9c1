//! The one integration-test binary.

mod packs;

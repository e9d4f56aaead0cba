//! What handlers take: each extractor refuses before the handler runs.

mod json;
mod peer;
mod query;

pub use json::Json;
pub use peer::Peer;
pub use query::{PathId, Query};

//! Tables of this slice. `conversation` is the one place that joins other slices' rows, to read them.

pub mod channel;
pub mod conversation;
pub mod deletion;
pub mod found;
pub mod header;
pub mod hot;
pub mod merge;
pub mod message;
pub mod old;
pub mod outgoing;
pub mod search;

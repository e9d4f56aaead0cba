//! Tables of this slice. `conversation` is the one place that joins other slices' rows, to read them.

pub mod conversation;
pub mod hot;
pub mod message;

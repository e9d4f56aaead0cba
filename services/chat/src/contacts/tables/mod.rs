//! Tables of this slice.

pub mod contact;
pub mod merge;
pub mod ticket;

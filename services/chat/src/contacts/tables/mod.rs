//! Tables of this slice.

pub mod contact;
pub mod ticket;

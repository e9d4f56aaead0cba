//! Tables of this slice.

pub mod claim;
pub mod gate;
pub mod history;
pub mod neighbours;

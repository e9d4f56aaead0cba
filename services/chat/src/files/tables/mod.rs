//! Tables of this slice.

pub mod file;
pub mod hold;
pub mod policy;
pub mod quota;
pub mod usage;

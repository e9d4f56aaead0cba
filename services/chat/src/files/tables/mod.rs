//! Tables of this slice.

pub mod file;
pub mod hold;
pub mod life;
pub mod policy;
pub mod quota;
pub mod retention;
pub mod room;
pub mod usage;
pub mod waiting;

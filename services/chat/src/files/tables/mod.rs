//! Tables of this slice.

pub mod file;

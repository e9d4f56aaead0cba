//! Tables of this slice.

pub mod sighting;
pub mod widget;

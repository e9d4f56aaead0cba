//! Tables of this slice.

pub mod account;
pub mod agent;
pub mod identity_key;
pub mod invitation;
pub mod session;
pub mod tenant;

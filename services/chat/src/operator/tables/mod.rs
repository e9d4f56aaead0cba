//! Tables of this slice, and counts in those of others.

pub mod audit;
pub mod operator;
pub mod purge;
pub mod restored;
pub mod session;
pub mod system;
pub mod tenants;

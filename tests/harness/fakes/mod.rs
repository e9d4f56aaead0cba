//! The strangers of the outside world, as real servers on loopback: a name server and web sites.

pub mod site;
pub mod zone;

pub use site::{Asked, Authority, Papers, Reply, Site};
pub use zone::{Behaviour, Zone};

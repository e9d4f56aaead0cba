//! The strangers of the outside world, as real servers on loopback: a name server, web sites and a virus
//! scanner.

pub mod clamd;
pub mod site;
pub mod zone;

pub use clamd::{Clamd, Mood};
pub use site::{Asked, Authority, Papers, Reply, Site};
pub use zone::{Behaviour, Zone};

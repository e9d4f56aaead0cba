//! The strangers of the outside world, as real servers on loopback: a name server, web sites, a virus
//! scanner and an S3 store.

pub mod clamd;
pub mod collector;
pub mod s3;
pub mod site;
pub mod zone;

pub use clamd::{Clamd, Mood};
pub use collector::Collector;
pub use s3::S3;
pub use site::{Asked, Authority, Papers, Reply, Site};
pub use zone::{Behaviour, Zone};

//! Who is connected and who may hear what.
//!
//! Promises:
//! - a connection hears every event its bearer may hear, in order, once, from the position it stood at; or is told that
//!   it must load its state again;
//! - every delivery asks again who may hear it; what is revoked ends at once ([`Hub`] acts on control events);
//! - nothing here waits for a socket: each connection has a bounded queue, and who does not read is let go;
//! - who is there is told of all processes that hear each other, and is forgotten of those that fall silent;
//! - one tenant's flood keeps another's event waiting for a few slices at most;
//! - a socket never carries a write that must not be lost.
//!
//! Knows no HTTP framework and no tables; tested without sockets.

mod act;
mod arrivals;
mod audience;
mod config;
mod connection;
mod ending;
mod frames;
mod hub;
mod knock;
mod lanes;
mod live;
mod meters;
mod nodes;
mod poll;
mod presence;
mod product;
mod protocol;
mod resume;
mod room;
mod sharing;
mod ticker;

#[cfg(test)]
mod tests;

pub use config::HubConfig;
pub use connection::{Kind, Pass};
pub use ending::Ending;
pub use hub::Hub;
pub use knock::Knock;
pub use live::{Live, Out};
pub use poll::Polled;
pub use protocol::{Active, Bad, ClientFrame};

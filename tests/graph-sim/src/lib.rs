//! A look-alike of Meta's WhatsApp Cloud API with people behind the phones, for tests and the demo.
//!
//! Two planes on one port. The **data plane** answers as `graph.facebook.com` does (`/{version}/…`) and as the media
//! host (`/_media/…`). The **control plane** (`/_sim/…`) plays everything a test cannot reach: the users, the clock,
//! the business app on a phone, Meta's reviewers, and what goes wrong. Promised: nothing is shared with the product;
//! the same seed and the same calls give the same ids and bytes; time moves only as the virtual clock says; every
//! disputed reading of the documentation is a switch, and all switches are printed when the program starts.

pub mod actor;
mod agenda;
mod clock;
pub mod control;
mod core;
pub mod data;
mod dice;
mod drive;
mod face;
pub mod fault;
pub mod http;
mod journal;
mod phone;
pub mod send;
pub mod switch;
pub mod webhook;
pub mod world;

pub use agenda::{Agenda, Deed};
pub use clock::Clock;
pub use core::Core;
pub use dice::Dice;
pub use face::{Number, Sim, User};
pub use journal::{Entry, Journal};
pub use world::{Setup, World};

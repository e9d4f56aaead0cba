//! People who write to a tenant; seen through a widget, visitors.
//!
//! Promises: no row exists before the person acts; a visitor sees only themselves; what a site claims about a person
//! without the tenant's signature is kept but never marked verified and never merges two people.

mod arrive;
mod change;
mod channel;
mod find;
mod merge;
mod profile;
mod session;
mod tables;
mod ticket;
mod visitor;

use store::Handler;

use crate::Ctx;

pub use arrive::{Arrival, arrive};
pub use change::{ContactChange, update};
pub use channel::{Told, noted, told};
pub use find::{list, show};
pub use merge::{Moved, Pair, Stand, Undoing, join, merges, pair, part, record, stand};
pub use profile::{Profile, clean_context, clean_page};
pub use session::{Session, begin, renew};
pub use tables::contact::{COLUMNS, of_row};
pub use ticket::FORGET as FORGET_TICKETS;
pub use visitor::{Known, change_profile, ensure, handle, identify, recognise, visitor};

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![(ticket::FORGET, ticket::forget)]
}

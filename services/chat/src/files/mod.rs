//! Attachments: sent up, looked at, kept, handed out, forgotten.
//!
//! Invariants:
//! - nobody gets a byte of a file that is not `ready`, and only through a link minted for somebody who may see it;
//! - a file belongs to whoever sent it up until a message takes it, and to that message forever after;
//! - what a tenant uses equals the sum of what its rows count; no two uploads share the last free byte;
//! - a row that is gone has no object, and an object without a row is swept;
//! - names are shown and never used: keys are random.

mod attach;
mod erase;
mod gallery;
mod hold;
mod name;
mod objects;
mod retention;
mod tables;
mod wait;

pub use attach::{attach, load};
pub use erase::{erase, erase_conversation};
pub use gallery::gallery;
pub use hold::{Hold, held, keep, refuse_if_held, release};
pub use retention::{set_retention, show_retention};
pub use tables::file::Place;

//! Attachments: sent up, looked at, kept, handed out, forgotten.
//!
//! Invariants:
//! - nobody gets a byte of a file that is not `ready`, and only through a link minted for somebody who may see it;
//! - a file belongs to whoever sent it up until a message takes it, and to that message forever after;
//! - what a tenant uses equals the sum of what its rows count; no two uploads share the last free byte;
//! - a row that is gone has no object, and an object without a row is swept;
//! - names are shown and never used: keys are random.

mod attach;
mod check;
mod compare;
mod erase;
mod find;
mod gallery;
mod hold;
mod link;
mod measure;
mod name;
mod objects;
mod parts;
mod policy;
mod receive;
mod retention;
mod room;
mod scratch;
mod serve;
mod sweep;
mod tables;
mod upload;
mod verdict;
mod wait;
mod waiting;

pub use attach::{attach, load};
pub use compare::{COMPARE, Compared, compare};
pub use erase::{erase, erase_conversation, erase_message};
pub use find::state;
pub use gallery::gallery;
pub use hold::{Hold, held, keep, refuse_if_held, release};
pub use link::{Link, Variant, link, links};
pub use objects::{erase_ended, remove_objects_of};
pub use parts::{Ceilings, Files};
pub use policy::{Allowed, admit, change_policy, rules, rules_of_widget, show_policy};
pub use receive::{Brought, Received, named, receive};
pub use retention::{EXPIRE, expire, set_retention, show_retention};
pub use room::{Room, give_room, platform_max_bytes, room, usage};
pub use serve::{Opened, Served, bytes, follow, open, shown};
pub use sweep::{SWEEP, Swept, sweep};
pub use tables::file::Place;
pub use upload::{Arriving, upload};
pub use waiting::checking;

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![
        (check::KIND, check::run),
        (objects::ERASE, objects::run),
        (EXPIRE, retention::run),
        (SWEEP, sweep::run),
        (COMPARE, compare::run),
    ]
}

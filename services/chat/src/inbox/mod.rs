//! Conversations and messages.
//!
//! Invariants:
//! - `seq` is dense within a conversation, and order is `seq`, never time;
//! - the same author's `client_id` is the same message; with other words it is refused;
//! - receipts only grow; `unread` is what the team has not read, and equals what counting would give;
//! - notes never reach visitors; a visitor sees only conversations of their own;
//! - an answer leaves after the commit that holds it.
//!
//! Messages and receipts go through [`HotPath`], which commits many at once; the rest are ordinary units.

mod amend;
mod assign;
mod attachable;
mod audience;
mod bring;
mod conversation;
mod delete;
mod gallery;
mod hold;
mod hot;
mod leaving;
mod list;
mod look;
mod mark;
mod merge;
mod message;
mod open;
mod past;
mod post;
mod receive;
mod repeat;
mod search;
mod show;
mod status;
mod tables;
mod thread;
mod visitor;
mod window;

pub use amend::amend;
pub use assign::{RELEASE, assign};
pub use attachable::attachable;
pub use bring::{awaits, bring, settle};
pub use conversation::{Filter, Order, View};
pub use delete::delete;
pub use gallery::{Hanging, gallery};
pub use hold::{end_hold, hold, show_hold};
pub use hot::HotPath;
pub use leaving::{READ, SEND};
pub use list::{Listed, list, of_contact, open_per_agent, unread};
pub use look::{held, number_of, said, talk};
pub use mark::mark;
pub use merge::{merge, unmerge};
pub use message::{Body, ClientId, NewMessage, Via};
pub use open::{NewConversation, Opened, open};
pub use past::{Past, add_past, begin_past, end_past};
pub use post::{Posted, post};
pub use receive::{Channel, converse, conversing, hold_of, message_at, post_within, put_channel, vouched};
pub use repeat::repeated;
pub use search::{Found, Question, catch_up, follow, search};
pub use show::{may_hear, show, snapshot};
pub use status::set_status;
pub use thread::{Part, Thread, thread};
pub use visitor::{VisitorConversation, change_context, is_talking, mine, of_visitor, show_mine};
pub use window::{change_window, is_open, window_of};

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, store::Handler<crate::Ctx>)> {
    vec![(assign::RELEASE, assign::release), (delete::SCRUB, delete::scrub), (search::FILL, search::fill)]
}

//! The way of messages and states into the inbox.
//!
//! **It is not built yet.** Whatever is to become part of a conversation is kept as an item in state `waiting`: its
//! delivery is not removed while it waits, and taking the delivery apart again will bring it here again. Nobody sees
//! such a message in the inbox until then. What can be decided already is decided here: what cannot be read at all has
//! failed, what nobody will ever know a use for is ignored.

use serde_json::Value;

use crate::payload::{self, Look};

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// Its effect is there.
    Done,
    /// Kept until there is a place for it.
    Waiting,
    /// Nothing follows from it, and why.
    Ignored(&'static str),
    /// It could not be worked on, and why.
    Failed(&'static str),
}

/// A message a customer sent, or that the business wrote on its phone.
pub fn message(item: &Value) -> Became {
    match payload::message(item) {
        Some(_) => Became::Waiting,
        None => Became::Failed("no_message_id"),
    }
}

/// What became of a message we sent.
pub fn status(item: &Value) -> Became {
    match payload::status(item) {
        Some(_) => Became::Waiting,
        None if item.text("id").is_some() && item.text("status").is_some() => Became::Ignored("unknown_status"),
        None => Became::Failed("no_status"),
    }
}

/// A problem of the number that belongs to no message.
pub fn problem(item: &Value) -> Became {
    match payload::problem(item) {
        Some(_) => Became::Waiting,
        None => Became::Failed("no_problem"),
    }
}

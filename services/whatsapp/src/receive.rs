//! The way of messages and states into the inbox.
//!
//! **It is not built yet.** Whatever is to become part of a conversation is kept as an item in state `waiting`: its
//! delivery is not removed while it waits, and taking the delivery apart again will bring it here again. Nobody sees
//! such a message in the inbox until then. What can be decided already is decided here: what cannot be read at all has
//! failed, what nobody will ever know a use for is ignored.

use chat::Ctx;
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload::{self, Change};
use crate::tables::number;

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

/// A message a customer sent.
pub async fn message(
    _ctx: &Ctx,
    _unit: &mut Unit,
    _number: &number::Model,
    _change: &Change,
    item: &Value,
) -> Result<Became> {
    Ok(match payload::message(item) {
        Some(_) => Became::Waiting,
        None => Became::Failed("no_message_id"),
    })
}

/// A problem of the number that belongs to no message.
pub fn problem(item: &Value) -> Became {
    match payload::problem(item) {
        Some(_) => Became::Waiting,
        None => Became::Failed("no_problem"),
    }
}

//! What became of a message we sent.

use kernel::Timestamp;
use serde_json::Value;

use super::look::Look;
use super::message::{moment, names};
use super::problem::{Problem, problems};
use crate::alias::Alias;

/// How far it came. In this order it only ever moves forward; `Failed` stands apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Left Meta.
    Sent,
    /// On a phone.
    Delivered,
    /// Seen.
    Read,
    /// A voice note was listened to.
    Played,
    /// Will not arrive.
    Failed,
}

/// One status.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Meta's id of the message; one we do not know is nothing strange.
    pub id: String,
    /// How far.
    pub reached: Reached,
    /// When, by Meta's clock.
    pub at: Option<Timestamp>,
    /// Names of who it went to, where given.
    pub recipient: Vec<Alias>,
    /// Which member of a group.
    pub participant: Option<String>,
    /// What we wrote on the message when we sent it: finds it when the answer to the sending was lost.
    pub ours: Option<String>,
    /// What it costs: type and category.
    pub price: Option<(Option<String>, Option<String>)>,
    /// Why it failed.
    pub problems: Vec<Problem>,
}

/// Reads one status; `None` for words nobody knows, which change nothing.
pub fn status(item: &Value) -> Option<Status> {
    let reached = match item.text("status")? {
        "sent" => Reached::Sent,
        "delivered" => Reached::Delivered,
        "read" => Reached::Read,
        "played" => Reached::Played,
        "failed" => Reached::Failed,
        _ => return None,
    };
    let pricing =
        [item.at("pricing"), item.at("conversation").at("pricing")].into_iter().find(|price| price.is_object());
    Some(Status {
        id: item.text("id")?.to_owned(),
        reached,
        at: moment(item),
        recipient: names(item, ["recipient_user_id", "recipient_parent_user_id", "recipient_id"]),
        participant: item.word("recipient_participant_id").or_else(|| item.word("participant_recipient_id")),
        ours: item.word("biz_opaque_callback_data"),
        price: pricing.map(|price| (price.word("type"), price.word("category"))),
        problems: problems(item.at("errors")),
    })
}

//! A number that is used by the phone app as well: what was written there, what was written before, who is known there.

use serde_json::Value;

use super::look::Look;
use super::message::{Inbound, message, names};
use super::problem::{Problem, problems};
use crate::alias::Alias;

/// Messages the business wrote on its phone.
pub fn echoes(value: &Value) -> Vec<Inbound> {
    value.list("message_echoes").iter().filter_map(message).collect()
}

/// A piece of what was written before the number was connected. Pieces come in no order.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// How much of it all has come, of 100.
    pub progress: Option<i64>,
    /// Threads with a person each.
    pub threads: Vec<Thread>,
    /// Media that were only announced in an earlier piece.
    pub media: Vec<Inbound>,
    /// Why there is none: the business did not want to share it.
    pub problems: Vec<Problem>,
}

/// What was written with one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Thread {
    /// Names of the person.
    pub with: Vec<Alias>,
    /// Messages of both sides, as the phone had them.
    pub messages: Vec<Past>,
}

/// One message of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The message.
    pub message: Inbound,
    /// How far it had come, in the phone's words.
    pub reached: Option<String>,
}

/// Reads the `history` field.
pub fn history(value: &Value) -> Vec<History> {
    let late = [value.list("messages"), value.list("message_echoes")].concat();
    let mut pieces: Vec<_> = value.list("history").iter().map(piece).collect();
    if !late.is_empty() {
        let media = late.iter().filter_map(message).collect();
        pieces.push(History { progress: None, threads: Vec::new(), media, problems: Vec::new() });
    }
    pieces
}

fn piece(item: &Value) -> History {
    History {
        progress: item.at("metadata").number("progress"),
        threads: item.list("threads").iter().map(thread).collect(),
        media: Vec::new(),
        problems: problems(item.at("errors")),
    }
}

/// Names of the person a thread of the past is with.
pub fn thread_names(item: &Value) -> Vec<Alias> {
    let mut with = names(item.at("context"), ["user_id", "parent_user_id", "wa_id"]);
    if let Some(alias) = item.word("id").as_deref().and_then(Alias::of).filter(|alias| !with.contains(alias)) {
        with.push(alias);
    }
    with
}

fn thread(item: &Value) -> Thread {
    let with = thread_names(item);
    let past = |item: &Value| {
        let reached = item.at("history_context").word("status");
        message(item).map(|message| Past { message, reached })
    };
    Thread { with, messages: item.list("messages").iter().filter_map(past).collect() }
}

/// Somebody in the phone's address book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Their names.
    pub aliases: Vec<Alias>,
    /// What they are called there.
    pub name: Option<String>,
    /// Whether they were taken out.
    pub removed: bool,
}

/// Reads the `smb_app_state_sync` field. `add` also means that something changed.
pub fn known(value: &Value) -> Vec<Known> {
    let one = |item: &Value| {
        let contact = item.at("contact");
        let aliases = names(contact, ["user_id", "wa_id", "phone_number"]);
        let name = contact.word("full_name").or_else(|| contact.word("first_name"));
        (item.text("type") == Some("contact") && !aliases.is_empty()).then(|| Known {
            aliases,
            name,
            removed: item.text("action") == Some("remove"),
        })
    };
    value.list("state_sync").iter().filter_map(one).collect()
}

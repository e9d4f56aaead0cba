//! A status as it is pushed.

use serde_json::{Value, json};

use super::{Recipient, Sent, Step, price};
use crate::data::pushed;
use crate::world::World;

/// The card beside it, and the status itself.
pub fn status(world: &mut World, sent: &Sent, step: &Step) -> (Option<Value>, Value) {
    let mut status = json!({"id": sent.id, "status": step.state, "timestamp": world.stamp()});
    let failed = step.state == "failed";
    let contact = recipient(world, sent, failed, &mut status);
    if let Some(opaque) = &sent.opaque {
        status["biz_opaque_callback_data"] = json!(opaque);
    }
    if let Some((code, details)) = &step.error {
        status["errors"] = json!([pushed(*code, details)]);
    }
    if !failed {
        price::put(world, sent, &step.state, &mut status);
    }
    (contact, status)
}

/// A failed status to a phone names neither the card nor the business-scoped id.
fn recipient(world: &mut World, sent: &Sent, failed: bool, status: &mut Value) -> Option<Value> {
    let user = match &sent.to {
        Recipient::User(user) => user.clone(),
        Recipient::Group(group) => {
            (status["recipient_id"], status["recipient_type"]) = (json!(group), json!("group"));
            return None;
        }
        Recipient::Nobody(name) => {
            status[if sent.by_id { "recipient_user_id" } else { "recipient_id" }] = json!(name);
            return None;
        }
        Recipient::Void => return None,
    };
    let card = world.card(&user, &sent.number);
    if let Some(phone) = card["wa_id"].as_str() {
        status["recipient_id"] = json!(phone);
    }
    if !failed || sent.by_id {
        status["recipient_user_id"] = card["user_id"].clone();
    }
    let with_card = !failed || world.switches.failed_contacts == "present";
    with_card.then_some(card)
}

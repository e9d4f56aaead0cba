//! What a message costs, and the conversation that older payloads still carry.

use serde_json::{Value, json};

use super::{Recipient, Sent};
use crate::world::World;

/// 1 October 2026: from then on service messages are billed.
const SERVICE_BILLED: i64 = 1_790_812_800_000;

/// Puts `pricing` on sent and on the first receipt, and `conversation` everywhere; old apps keep the latter.
pub(super) fn put(world: &mut World, sent: &Sent, state: &str, status: &mut Value) {
    let turn = u8::from(state != "sent") + 1;
    let told = sent.priced;
    if told & turn != 0 || state == "played" {
        return;
    }
    if let Some(sent) = world.sent.get_mut(&sent.id) {
        sent.priced |= turn;
    }
    let free_entry = is_free_entry(world, sent);
    let category = if free_entry { "referral_conversion" } else { sent.category.as_str() };
    let billed = !free_entry && (category != "service" || world.now() >= SERVICE_BILLED);
    let kind = match (free_entry, billed) {
        (true, _) => "free_entry_point",
        (_, true) => "regular",
        _ => "free_customer_service",
    };
    status["pricing"] = json!({"billable": billed, "pricing_model": "PMP", "category": category, "type": kind});
    let mut conversation = json!({"id": sent.conversation, "origin": {"type": category}});
    if state == "sent" {
        conversation["expiration_timestamp"] = json!((world.now() / 1000 + 86_400).to_string());
    }
    status["conversation"] = conversation;
}

fn is_free_entry(world: &World, sent: &Sent) -> bool {
    let Recipient::User(user) = &sent.to else { return false };
    world.users.get(user).and_then(|user| user.entry.get(&sent.number)).is_some_and(|until| world.now() < *until)
}

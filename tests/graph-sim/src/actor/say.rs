//! Saying something.

use serde_json::{Value, json};

use super::frame::{extras, frame};
use super::letters::referral;
use super::{Done, kinds};
use crate::agenda::Deed;
use crate::webhook::{Part, Update};
use crate::world::{Bubble, DAY, Direction, World, wamid};

/// `send`, `album`, `ctwa`, `raw`.
pub(super) fn act(world: &mut World, user: &str, number: &str, act: &str, args: &Value) -> Done {
    let kind = args["kind"].as_str().unwrap_or("text");
    match act {
        "album" => {
            let count = args["n"].as_u64().unwrap_or(10);
            let sent: Result<Vec<_>, _> = (0..count).map(|_| say(world, user, number, "image", args)).collect();
            Ok(json!({"ids": sent?}))
        }
        "ctwa" => {
            let mut args = args.clone();
            args["referral"] = if args["referral"].is_object() { args["referral"].clone() } else { referral(true) };
            let until = world.now() + DAY;
            if let Some(user) = world.users.get_mut(user) {
                user.entry.insert(number.to_owned(), until);
            }
            Ok(json!({"id": say(world, user, number, kind, &args)?}))
        }
        "raw" => {
            let mut message = frame(world, user, number, "raw");
            if let (Some(message), Some(given)) = (message.as_object_mut(), args["message"].as_object()) {
                message.extend(given.clone());
                message.retain(|_, value| !value.is_null());
            }
            Ok(json!({"id": hear(world, user, number, message)}))
        }
        _ => Ok(json!({"id": say(world, user, number, kind, args)?})),
    }
}

/// A message of a kind; gives its id.
pub fn say(world: &mut World, user: &str, number: &str, kind: &str, args: &Value) -> Result<String, String> {
    let shape = kinds::shape(world, number, kind, args)?;
    let mut message = frame(world, user, number, kind);
    if let (Some(message), Some(shape)) = (message.as_object_mut(), shape.as_object()) {
        message.extend(shape.clone());
    }
    let mut args = args.clone();
    if message["type"] == "interactive" && args["reply_to"].is_null() {
        // one can only tap what was sent: the last of the business's, or one nobody remembers
        args["reply_to"] = Value::String(last_sent(world, user, number));
    }
    extras(world, user, number, &args, &mut message);
    Ok(hear(world, user, number, message))
}

fn last_sent(world: &mut World, user: &str, number: &str) -> String {
    let made = wamid(&mut world.dice, user, Direction::Out);
    let thread = world.threads.get(&(number.to_owned(), user.to_owned()));
    let last = thread.and_then(|thread| thread.bubbles.iter().rev().find(|bubble| !bubble.mine));
    last.map_or(made, |bubble| bubble.id.clone())
}

/// A finished message reaches the business, unless it blocked them; gives its id.
pub fn hear(world: &mut World, user: &str, number: &str, message: Value) -> String {
    let id = message["id"].as_str().unwrap_or_default().to_owned();
    let kind = message["type"].as_str().unwrap_or_default().to_owned();
    remember(world, user, number, &kind, &message);
    let words = crate::world::preview(&kind, &message[kind.as_str()]);
    world.note("actor", json!({"act": "says", "user": user, "number": number, "id": id, "kind": kind, "words": words}));
    let known = world.numbers.get(number).cloned().unwrap_or_default();
    if known.blocked.contains(user) {
        world.note("dropped", json!({"why": "blocked_by_business", "id": id}));
        return id;
    }
    let now = world.now();
    world.limits.tick(number, now, known.mps());
    let contact = (kind != "system").then(|| world.card(user, number));
    let update = Update::of(&known.waba, number, "messages", Part::Message { contact, message });
    world.agenda.at(now, Deed::Emit(Box::new(update)));
    id
}

/// The phone shows it, and the 24 hours begin anew if it is of a kind that counts.
fn remember(world: &mut World, user: &str, number: &str, kind: &str, message: &Value) {
    let at = world.now();
    let counts = match kind {
        "reaction" => world.switches.reaction_opens_window,
        "system" | "unsupported" | "unknown" | "edit" | "revoke" => false,
        _ => message["group_id"].is_null(),
    };
    if let Some(user) = world.users.get_mut(user) {
        user.contact.insert(number.to_owned(), at);
        counts.then(|| user.wrote.insert(number.to_owned(), at));
    }
    if matches!(kind, "reaction" | "edit" | "revoke" | "system") {
        return;
    }
    let quotes = message["context"]["id"].as_str().map(str::to_owned);
    let (id, body) = (message["id"].as_str().unwrap_or_default().to_owned(), message[kind].clone());
    let (kind, state, reactions) = (kind.to_owned(), "delivered".to_owned(), Vec::new());
    let bubble = Bubble { id, mine: true, at, kind, body, quotes, state, reactions, edited: false, revoked: false };
    world.thread(number, user).add(bubble);
}

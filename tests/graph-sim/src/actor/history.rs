//! The history of the business app: chunks out of order, placeholders for media, the media afterwards.

use serde_json::{Value, json};

use super::business::push;
use super::kinds;
use crate::webhook::Part;
use crate::world::{DAY, Direction, SECOND, World, wamid};

/// Messages in one chunk.
const CHUNK: usize = 500;

/// Sends `{messages, chunk, media}` old messages of all users, in chunks of chance order.
pub fn history(world: &mut World, number: &str, args: &Value) {
    let total = args["messages"].as_u64().unwrap_or(100) as usize;
    let size = args["chunk"].as_u64().map_or(CHUNK, |chunk| chunk.max(1) as usize);
    let users: Vec<_> = world.users.keys().cloned().collect();
    if users.is_empty() {
        return;
    }
    let mut placeholders = Vec::new();
    let count = total.div_ceil(size).max(1);
    let mut chunks: Vec<Value> = Vec::new();
    for at in 0..count {
        let here = size.min(total - at * size);
        let threads = threads(world, number, &users, here, &mut placeholders);
        let progress = (at + 1) * 100 / count;
        let metadata = json!({"phase": (at * 3 / count), "chunk_order": at + 1, "progress": progress});
        chunks.push(json!({"history": [{"metadata": metadata, "threads": threads}]}));
    }
    world.dice.shuffle(&mut chunks);
    chunks.into_iter().for_each(|chunk| push(world, number, "history", Part::Keys(chunk)));
    if args["media"] != false {
        media(world, number, placeholders);
    }
}

/// The business does not share its history.
pub(super) fn declined(world: &mut World, number: &str) {
    let error = json!({"code": 2_593_109, "title": "History sharing is turned off by the business from the WhatsApp Business App",
        "message": "History sharing is turned off by the business from the WhatsApp Business App",
        "error_data": {"details": "History sharing is turned off by the business from the WhatsApp Business App"}});
    push(world, number, "history", Part::Keys(json!({"history": [{"errors": [error]}]})));
}

type Placeholders = Vec<(Value, String)>;

fn threads(world: &mut World, number: &str, users: &[String], count: usize, later: &mut Placeholders) -> Value {
    let mut threads: Vec<Value> = Vec::new();
    for (turn, user) in users.iter().enumerate() {
        let share = count / users.len() + usize::from(turn < count % users.len());
        let messages: Vec<_> = (0..share).map(|at| old(world, number, user, at, later)).collect();
        let wa_id = world.users[user].wa_id.clone();
        let card = world.card(user, number);
        if !messages.is_empty() {
            threads.push(
                json!({"id": wa_id, "context": {"wa_id": wa_id, "user_id": card["user_id"]}, "messages": messages}),
            );
        }
    }
    Value::Array(threads)
}

fn old(world: &mut World, number: &str, user: &str, at: usize, later: &mut Placeholders) -> Value {
    let mine = world.dice.chance(0.5);
    let business = world.numbers.get(number).map(|number| number.digits.clone()).unwrap_or_default();
    let wa_id = world.users[user].wa_id.clone();
    let age = world.dice.below(180 * 24 * 60) as i64 * 60 * SECOND;
    let seconds = ((world.now() - age) / 1000).to_string();
    let id = wamid(&mut world.dice, &wa_id, if mine { Direction::In } else { Direction::Out });
    let state = ["READ", "DELIVERED", "SENT", "PLAYED", "ERROR", "PENDING"][world.dice.below(6)];
    let (from, to) = if mine { (wa_id, business) } else { (business, wa_id) };
    let mut message =
        json!({"from": from, "to": to, "id": id, "timestamp": seconds, "history_context": {"status": state}});
    if at % 25 == 24 {
        message["type"] = json!("media_placeholder");
        if age < 14 * DAY {
            later.push((message.clone(), user.to_owned()));
        }
    } else {
        (message["type"], message["text"]) = (json!("text"), json!({"body": format!("Old message {at}")}));
    }
    message
}

/// The media of the last fourteen days come in pushes of their own.
fn media(world: &mut World, number: &str, placeholders: Placeholders) {
    for (mut message, user) in placeholders {
        let (mime, bytes) = crate::world::sample("image");
        message["type"] = json!("image");
        message["image"] = kinds::received(world, number, bytes, mime, None);
        let mine = message["from"].as_str().is_some_and(|from| world.users[&user].wa_id == from);
        let key = if mine { "messages" } else { "message_echoes" };
        push(world, number, "history", Part::Keys(json!({key: [message]})));
    }
}

//! What one phone shows, for the page that plays it.

use std::time::Duration;

use serde_json::{Value, json};

use super::told;
use crate::core::Core;
use crate::http::{Answer, Call};
use crate::world::World;

/// `?number=&revision=&wait_ms=`: with `wait_ms` it answers when the chat is no longer at that revision.
pub(super) async fn chat(core: &Core, call: &Call, user: &str) -> Answer {
    let revision = call.get("revision").and_then(|revision| revision.parse::<u64>().ok());
    let patience = call.get("wait_ms").and_then(|ms| ms.parse().ok()).unwrap_or(0u64).min(60_000);
    let look = |world: &mut World| {
        let (number, user) = whose(world, call, user)?;
        let known = world.threads.get(&(number, user)).map_or(0, |thread| thread.revision);
        (revision != Some(known)).then_some(())
    };
    let _ = core.until(Duration::from_millis(patience), look).await;
    told(core.peek(|world| {
        let (number, user) = whose(world, call, user).ok_or("there is no such user or number")?;
        Ok(shown(world, &number, &user))
    }))
}

fn whose(world: &World, call: &Call, user: &str) -> Option<(String, String)> {
    let number = call.get("number").filter(|number| world.numbers.contains_key(number));
    let number = number.or_else(|| world.first_number().map(|number| number.id.clone()))?;
    Some((number, world.user(user)?.key.clone()))
}

fn shown(world: &mut World, number: &str, user: &str) -> Value {
    let now = world.now();
    let thread = world.thread(number, user).clone();
    let person = &world.users[user];
    let window = person.window_until(number);
    json!({"revision": thread.revision, "bubbles": thread.bubbles, "typing": thread.typing_until > now, "now": now,
        "typing_until": thread.typing_until, "number": world.numbers.get(number), "user": person, "window_until": window})
}

/// The bytes of a file, for whoever holds the phone.
pub(super) fn media(core: &Core, id: &str) -> Answer {
    let found = core.peek(|world| world.media.get(id).map(|media| (media.mime.clone(), media.bytes.clone())));
    match found {
        Some((mime, bytes)) => Answer::bytes(200, &mime, bytes),
        None => told(Err(format!("there is no file {id}"))),
    }
}

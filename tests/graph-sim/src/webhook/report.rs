//! What came back, and what follows from it.

use serde_json::json;

use super::deliver::noted;
use super::retry;
use crate::world::World;

/// Status and beginning of the body, or why there was no answer.
pub(super) type Outcome = Result<(u16, String), String>;

/// Writes an attempt down; anything but exactly 200 comes again.
pub(super) fn report(world: &mut World, id: u64, headers: &[(String, Vec<u8>)], took: u64, outcome: Outcome) {
    world.outbox.flying = world.outbox.flying.saturating_sub(1);
    let Some(delivery) = world.outbox.deliveries.get(&id).cloned() else { return };
    let mut what = noted(&delivery, headers);
    what["took_ms"] = json!(took);
    let fine = matches!(outcome, Ok((200, _)));
    match outcome {
        Ok((status, body)) => (what["status"], what["answer"]) = (json!(status), json!(body)),
        Err(why) => what["error"] = json!(why),
    }
    world.note("webhook", what);
    if fine || delivery.once {
        world.outbox.deliveries.remove(&id);
    } else {
        retry::again(world, &delivery);
    }
}

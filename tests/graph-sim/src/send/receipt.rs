//! Marking as read, and typing: the same call.

use serde_json::{Value, json};

use crate::data::GraphError;
use crate::world::{DAY, SECOND, World};

/// `{"status":"read","message_id":…}`, with `typing_indicator` for the three dots.
pub fn receipt(world: &mut World, number: &str, body: &Value) -> Result<Value, GraphError> {
    if body["status"] != "read" {
        return Err(GraphError::new(100, "status must be one of {read}."));
    }
    let id = body["message_id"].as_str().ok_or_else(|| GraphError::new(131_008, "message_id is required."))?;
    let now = world.now();
    let found = world.threads.iter_mut().find_map(|((of, user), thread)| {
        let known = of == number
            && thread.bubbles.iter().any(|bubble| bubble.mine && bubble.id == id && now - bubble.at < 30 * DAY);
        known.then_some((user, thread))
    });
    let Some((user, thread)) = found else {
        return Err(GraphError::new(131_009, "message_id is not a message you received."));
    };
    let until = thread.bubbles.iter().position(|bubble| bubble.id == id).unwrap_or_default();
    // earlier ones are read with it
    thread.bubbles[..=until]
        .iter_mut()
        .filter(|bubble| bubble.mine)
        .for_each(|bubble| bubble.state = "read".to_owned());
    thread.revision += 1;
    let types = body["typing_indicator"]["type"] == "text";
    if types {
        thread.typing_until = now + 25 * SECOND;
    }
    let what = json!({"act": if types { "sees_typing" } else { "sees_read" }, "user": user, "id": id});
    world.note("actor", what);
    Ok(json!({"success": true}))
}

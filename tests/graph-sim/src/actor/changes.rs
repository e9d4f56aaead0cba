//! Reacting, editing, taking back.

use serde_json::{Value, json};

use super::frame::frame;
use super::{Done, hear};
use crate::world::World;

pub(super) fn act(world: &mut World, user: &str, number: &str, act: &str, args: &Value) -> Done {
    let target = args["message"].as_str().ok_or("message is the wamid it is about")?.to_owned();
    let message = match act {
        "react" | "unreact" => reaction(world, user, number, act, &target, args),
        "edit" => edit(world, user, number, &target, args),
        _ => {
            let mut message = frame(world, user, number, "revoke");
            message["revoke"] = json!({"original_message_id": target});
            world.thread(number, user).bubble(&target).into_iter().for_each(|bubble| bubble.revoked = true);
            message
        }
    };
    Ok(json!({"id": hear(world, user, number, message)}))
}

/// Taking one back leaves the emoji out, or empty: a switch, unless the call says.
fn reaction(world: &mut World, user: &str, number: &str, act: &str, target: &str, args: &Value) -> Value {
    let emoji = if act == "react" { args["emoji"].as_str().unwrap_or("👍") } else { "" };
    let mut message = frame(world, user, number, "reaction");
    message["reaction"] = json!({"message_id": target});
    let form = args["form"].as_str().unwrap_or(&world.switches.reaction_removal);
    if !emoji.is_empty() || form == "empty" {
        message["reaction"]["emoji"] = json!(emoji);
    }
    world.thread(number, user).react(target, "user", emoji);
    message
}

fn edit(world: &mut World, user: &str, number: &str, target: &str, args: &Value) -> Value {
    let known = world.thread(number, user).bubble(target).map(|bubble| (bubble.kind.clone(), bubble.body.clone()));
    let (kind, mut body) = known.unwrap_or_else(|| ("text".to_owned(), json!({})));
    let text = args["text"].as_str().unwrap_or("Edited");
    body[if kind == "text" { "body" } else { "caption" }] = json!(text);
    if let Some(bubble) = world.thread(number, user).bubble(target) {
        (bubble.body, bubble.edited) = (body.clone(), true);
    }
    let mut message = frame(world, user, number, "edit");
    message["edit"] =
        json!({"original_message_id": target, "message": {"context": {"id": "M0"}, "type": kind, kind: body}});
    message
}

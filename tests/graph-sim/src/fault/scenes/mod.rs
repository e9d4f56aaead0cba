//! Scenes: faults that are a story and are played at once.

mod batches;
mod stories;

use serde_json::{Value, json};

use super::kind;
use crate::world::World;

/// Plays a scene.
pub fn play(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    kind(name).ok_or_else(|| format!("there is no fault {name}"))?;
    world.note("fault", json!({"kind": name, "args": args}));
    match name.split('.').next().unwrap_or_default() {
        "F7" => stories::credentials(world, name, args),
        "F10" | "F11" => batches::batches(world, name, args),
        "F12" => batches::numbers(world, name, args),
        "F13" => batches::oddities(world, name, args),
        "F14" => stories::number_change(world, args),
        "F16" => stories::template(world, name, args),
        "F17" => stories::echo(world),
        "F18" => stories::flood(world, args),
        "F19" => stories::down(world, name, args),
        "F20" => stories::account(world, name, args),
        _ => Err(format!("{name} is no scene: it is planted, not played")),
    }
}

fn text(args: &Value, key: &str) -> Option<String> {
    args[key].as_str().map(str::to_owned)
}

fn number_of(world: &World, args: &Value) -> Result<String, String> {
    let named = text(args, "number").filter(|number| world.numbers.contains_key(number));
    named
        .or_else(|| world.first_number().map(|number| number.id.clone()))
        .ok_or_else(|| "there is no number".to_owned())
}

fn user_of(world: &World, args: &Value) -> Result<String, String> {
    let named = text(args, "user").and_then(|user| world.user(&user).map(|user| user.key.clone()));
    named.or_else(|| world.users.keys().next().cloned()).ok_or_else(|| "there is no user".to_owned())
}

/// A text message that is not yet told.
fn message(world: &mut World, user: &str, number: &str, words: &str) -> (String, Value) {
    let card = world.card(user, number);
    let from = card["wa_id"].as_str().unwrap_or_default().to_owned();
    let id = crate::world::wamid(&mut world.dice, &from, crate::world::Direction::In);
    let message = json!({"from": from, "from_user_id": card["user_id"], "id": id, "timestamp": world.stamp(), "type": "text",
        "text": {"body": words}});
    (id, message)
}

//! What all inbound messages have in common.

use serde_json::{Value, json};

use crate::world::{Direction, World, wamid};

/// `from`, `from_user_id`, `id`, `timestamp`, `type`.
pub(super) fn frame(world: &mut World, user: &str, number: &str, kind: &str) -> Value {
    let card = world.card(user, number);
    let phone = world.users.get(user).map(|user| user.wa_id.clone()).unwrap_or_default();
    let id = wamid(&mut world.dice, &phone, Direction::In);
    let mut message = json!({"from_user_id": card["user_id"], "id": id, "timestamp": world.stamp(), "type": kind});
    if let Some(phone) = card["wa_id"].as_str() {
        message["from"] = json!(phone);
    }
    message
}

/// `context`, `referral`, `group_id`, `errors` as the arguments ask.
pub(super) fn extras(world: &World, user: &str, number: &str, args: &Value, message: &mut Value) {
    let mut context = json!({});
    if let Some(quoted) = args["reply_to"].as_str() {
        context["id"] = json!(quoted);
        context["from"] = json!(author(world, user, number, quoted));
    }
    match args["forwarded"].as_str() {
        Some("frequently") => context["frequently_forwarded"] = json!(true),
        Some(_) => context["forwarded"] = json!(true),
        None if args["forwarded"] == true => context["forwarded"] = json!(true),
        None => {}
    }
    if args["product"].is_object() {
        context["referred_product"] = args["product"].clone();
        context["from"] = json!(author(world, user, number, ""));
    }
    if context != json!({}) {
        message["context"] = context;
    }
    for key in ["referral", "group_id", "errors", "identity"] {
        if !args[key].is_null() {
            message[key] = args[key].clone();
        }
    }
}

/// Who wrote what is quoted; what nobody remembers counts as the business's.
pub(super) fn author(world: &World, user: &str, number: &str, quoted: &str) -> String {
    let thread = world.threads.get(&(number.to_owned(), user.to_owned()));
    let mine =
        thread.and_then(|thread| thread.bubbles.iter().find(|bubble| bubble.id == quoted)).is_some_and(|b| b.mine);
    if mine {
        return world.users.get(user).map(|user| user.wa_id.clone()).unwrap_or_default();
    }
    let number = world.numbers.get(number);
    let display = number.map(|number| number.digits.clone()).unwrap_or_default();
    if world.switches.context_from == "display" { display } else { number.map(|n| n.id.clone()).unwrap_or_default() }
}

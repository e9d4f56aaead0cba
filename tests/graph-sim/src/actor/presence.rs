//! Being there: online, looking at the chat, blocking, stopping marketing.

use serde_json::{Value, json};

use super::Done;
use crate::Deed;
use crate::send::deliver_waiting;
use crate::webhook::{Part, Update};
use crate::world::{DAY, User, World};

pub(super) fn act(world: &mut World, user: &str, number: &str, act: &str, args: &Value) -> Done {
    let now = world.now();
    let days = args["days"].as_f64().unwrap_or(1.0);
    let on = args["on"].as_bool().unwrap_or(true);
    let Some(person) = world.users.get_mut(user) else { return Err(format!("there is no user {user}")) };
    change(person, number, act, now + (days * DAY as f64) as i64, on)?;
    match act {
        "online" => deliver_waiting(world, user, "delivered", None),
        "open" => look(world, user, number),
        "play" => play(world, user, number, args)?,
        "stop_marketing" | "resume_marketing" => preference(world, user, number, act == "stop_marketing"),
        "call" => drop(world.users.get_mut(user).and_then(|person| person.wrote.insert(number.to_owned(), now))),
        _ => {}
    }
    world.note("actor", json!({"act": act, "user": user, "number": number, "args": args}));
    Ok(json!({"ok": true}))
}

fn change(person: &mut User, number: &str, act: &str, until: i64, on: bool) -> Result<(), String> {
    let own = || number.to_owned();
    match act {
        "block" => drop(person.blocked.insert(own())),
        "unblock" => drop(person.blocked.remove(number)),
        "offline" => person.offline_until = until,
        "online" => person.offline_until = 0,
        "open" => drop(person.open.insert(own())),
        "close" => drop(person.open.remove(number)),
        "receipts" => person.receipts = on,
        "leave_whatsapp" => person.on_whatsapp = false,
        "join_whatsapp" => person.on_whatsapp = true,
        "outdated" => person.outdated = on,
        "stop_marketing" => drop(person.stopped.insert(own())),
        "resume_marketing" => drop(person.stopped.remove(number)),
        "play" | "call" => {}
        other => return Err(format!("a user cannot {other}")),
    }
    Ok(())
}

/// The chat is on the screen: what was delivered is read, if receipts are on.
fn look(world: &mut World, user: &str, number: &str) {
    if world.users.get(user).is_some_and(|person| person.receipts && person.offline_until <= world.now()) {
        deliver_waiting(world, user, "read", Some(number));
    }
}

/// Our voice note is played for the first time.
fn play(world: &mut World, user: &str, number: &str, args: &Value) -> Result<(), String> {
    let id = args["message"].as_str().ok_or("message is the voice note's wamid")?;
    let voice = world.sent.get(id).is_some_and(|sent| sent.kind == "audio" && sent.number == number);
    let now = world.now();
    let mut step = crate::send::Step::new(id, "played");
    step.forced = !world.sent.get(id).is_some_and(|sent| sent.reached.contains("played"));
    if !voice || !world.users.contains_key(user) {
        return Err(format!("{id} is no voice note of this business"));
    }
    world.agenda.at(now, Deed::Status(Box::new(step)));
    Ok(())
}

fn preference(world: &mut World, user: &str, number: &str, stop: bool) {
    let card = world.card(user, number);
    let waba = world.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
    let (value, detail) =
        if stop { ("stop", "User requested to stop") } else { ("resume", "User requested to resume") };
    let mut item = json!({"detail": format!("{detail} marketing messages"), "category": "marketing_messages", "value": value,
        "timestamp": world.now() / 1000, "user_id": card["user_id"]});
    if let Some(phone) = card["wa_id"].as_str() {
        item["wa_id"] = json!(phone);
    }
    let keys = json!({"contacts": [card], "user_preferences": [item]});
    let now = world.now();
    world.agenda.at(now, Deed::Emit(Box::new(Update::of(&waba, number, "user_preferences", Part::Keys(keys)))));
}

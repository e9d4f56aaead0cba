//! The business app on a phone, beside the API: what is typed there is echoed.

use serde_json::{Value, json};

use super::{Done, history, kinds, review};
use crate::Deed;
use crate::send::Recipient;
use crate::webhook::{Part, Update};
use crate::world::{Bubble, Direction, World, wamid};

/// Everything that can be done to a number.
pub fn act(world: &mut World, number: &str, act: &str, args: &Value) -> Done {
    match act {
        "echo" => return echo(world, number, args),
        "echo_edit" | "echo_revoke" => return changed(world, number, act, args),
        "echo_of" => echo_of(world, args["message"].as_str().unwrap_or_default()),
        "history" => history(world, number, args),
        "history_declined" => history::declined(world, number),
        "contacts_sync" => contacts_sync(world, number, args),
        "push" => push(world, number, args["field"].as_str().unwrap_or("messages"), Part::Keys(args["keys"].clone())),
        _ => return review::number(world, number, act, args),
    }
    Ok(json!({"ok": true}))
}

pub(super) fn push(world: &mut World, number: &str, field: &str, part: Part) {
    let waba = world.numbers.get(number).map(|number| number.waba.clone()).unwrap_or_default();
    let now = world.now();
    world.agenda.at(now, Deed::Emit(Box::new(Update::of(&waba, number, field, part))));
}

fn frame(world: &mut World, number: &str, user: &str, kind: &str) -> Value {
    let card = world.card(user, number);
    let phone = world.users.get(user).map(|user| user.wa_id.clone()).unwrap_or_default();
    let id = wamid(&mut world.dice, &phone, Direction::Out);
    let from = world.numbers.get(number).map(|number| number.digits.clone()).unwrap_or_default();
    let mut message =
        json!({"from": from, "id": id, "timestamp": world.stamp(), "type": kind, "to_user_id": card["user_id"]});
    if let Some(to) = card["wa_id"].as_str() {
        message["to"] = json!(to);
    }
    message
}

fn echoed(world: &mut World, number: &str, user: &str, message: Value) {
    let card = world.card(user, number);
    push(world, number, "smb_message_echoes", Part::Keys(json!({"contacts": [card], "message_echoes": [message]})));
}

/// Typed on the phone to a user.
fn echo(world: &mut World, number: &str, args: &Value) -> Done {
    let user = args["user"]
        .as_str()
        .and_then(|user| world.user(user))
        .map(|user| user.key.clone())
        .ok_or("user is who it is for")?;
    let shape = kinds::shape(world, number, args["kind"].as_str().unwrap_or("text"), args)?;
    let kind = shape["type"].as_str().unwrap_or_default().to_owned();
    let mut message = frame(world, number, &user, &kind);
    message[kind.as_str()] = shape[kind.as_str()].clone();
    let id = message["id"].as_str().unwrap_or_default().to_owned();
    let (at, body, state) = (world.now(), shape[kind.as_str()].clone(), "delivered".to_owned());
    let (id2, quotes, reactions) = (id.clone(), None, Vec::new());
    let bubble =
        Bubble { id: id2, mine: false, at, kind, body, quotes, state, reactions, edited: false, revoked: false };
    world.thread(number, &user).add(bubble);
    echoed(world, number, &user, message);
    Ok(json!({"id": id}))
}

fn changed(world: &mut World, number: &str, act: &str, args: &Value) -> Done {
    let target = args["message"].as_str().ok_or("message is the wamid it is about")?.to_owned();
    let user = args["user"]
        .as_str()
        .and_then(|user| world.user(user))
        .map(|user| user.key.clone())
        .ok_or("user is who it is for")?;
    let mut message = frame(world, number, &user, act.trim_start_matches("echo_"));
    match act {
        "echo_edit" => {
            let text = json!({"body": args["text"].as_str().unwrap_or("Edited")});
            message["edit"] = json!({"original_message_id": target, "message": {"type": "text", "text": text}});
        }
        _ => message["revoke"] = json!({"original_message_id": target}),
    }
    let id = message["id"].clone();
    echoed(world, number, &user, message);
    Ok(json!({"id": id}))
}

/// An echo of something that went through the API: the ghost that must not be shown twice.
pub fn echo_of(world: &mut World, id: &str) {
    let Some(sent) = world.sent.get(id).cloned() else { return };
    let Recipient::User(user) = &sent.to else { return };
    let mut message = frame(world, &sent.number, user, &sent.kind);
    message["id"] = json!(sent.id);
    message[sent.kind.as_str()] = sent.content.clone();
    echoed(world, &sent.number, user, message);
}

/// The contact book of the phone.
pub fn contacts_sync(world: &mut World, number: &str, args: &Value) {
    let action = args["action"].as_str().unwrap_or("add");
    let stamp = world.stamp();
    let people: Vec<_> = world.users.values().map(|user| (user.name.clone(), user.phone.clone())).collect();
    let entry = |(name, phone): &(String, String)| {
        let first = name.split(' ').next().unwrap_or_default();
        let mut contact = json!({"phone_number": phone});
        if action == "add" {
            (contact["full_name"], contact["first_name"]) = (json!(name), json!(first));
        }
        json!({"type": "contact", "contact": contact, "action": action, "metadata": {"timestamp": stamp}})
    };
    let list: Vec<_> = people.iter().map(entry).collect();
    push(world, number, "smb_app_state_sync", Part::Keys(json!({"state_sync": list})));
}

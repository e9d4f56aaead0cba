//! Becoming somebody else: new number, username, name.

use serde_json::{Value, json};

use super::frame::frame;
use super::{Done, hear};
use crate::Deed;
use crate::webhook::{Part, Update};
use crate::world::{DAY, World, canonical};

pub(super) fn act(world: &mut World, user: &str, number: &str, act: &str, args: &Value) -> Done {
    let text = |key: &str| args[key].as_str().map(str::to_owned);
    let Some(person) = world.users.get_mut(user) else { return Err(format!("there is no user {user}")) };
    match act {
        "adopt_username" => {
            person.username = Some(text("username").unwrap_or_else(|| format!("user{}", &user[user.len().min(7)..])))
        }
        "drop_username" => person.username = None,
        "rename" => person.name = text("name").ok_or("name is what they are called now")?,
        // as if the last contact was long ago: from now on a username hides the phone
        "forget_phone" => person.contact.values_mut().for_each(|at| *at -= 31 * DAY),
        "change_number" => return change(world, user, number, args),
        "identity_changed" => return identity(world, user, number),
        _ => return Ok(json!({"id": system(world, user, number, args["system"].clone(), args)})),
    }
    world.note("actor", json!({"act": act, "user": user, "args": args}));
    Ok(json!({"ok": true}))
}

/// A new phone: new wa_id, new business-scoped ids, and the linkage in the form a switch asks for.
fn change(world: &mut World, user: &str, number: &str, args: &Value) -> Done {
    let phone = args["phone"].as_str().ok_or("phone is the new number's digits")?.to_owned();
    let portfolio = world.portfolio_of(number);
    let old = (world.users[user].wa_id.clone(), world.bsuid(user, &portfolio));
    let mut message = frame(world, user, number, "system");
    world.rotate_ids(user);
    let new_id = world.bsuid(user, &portfolio);
    if let Some(person) = world.users.get_mut(user) {
        (person.phone, person.wa_id) = (phone.clone(), canonical(&phone));
    }
    let new_wa_id = canonical(&phone);
    let visible = args["visible"].as_bool().unwrap_or_else(|| world.users[user].username.is_none());
    let name = world.users[user].name.clone();
    let mut system = json!({"body": format!("User {name} changed from {} to {new_wa_id}", old.0),
        "type": if visible { "user_changed_number" } else { "user_changed_user_id" }, "user_id": new_id});
    if visible {
        system["wa_id"] = json!(new_wa_id);
    }
    match args["legacy"].as_str() {
        Some("customer_changed_number") => {
            system = json!({"type": "customer_changed_number", "body": system["body"], "customer": old.0, "new_wa_id": new_wa_id});
        }
        _ if world.switches.rotation_link == "previous_user_id" => system["previous_user_id"] = json!(old.1),
        _ => link(world, number, &old.1, &new_id, visible.then_some(&new_wa_id), &name),
    }
    if !visible {
        message.as_object_mut().map(|map| map.remove("from"));
    }
    message["system"] = system;
    Ok(json!({"id": hear(world, user, number, message), "user_id": new_id, "previous_user_id": old.1}))
}

/// The field that linked old and new ids for some months of 2026.
fn link(world: &mut World, number: &str, old: &str, new: &str, wa_id: Option<&String>, name: &str) {
    let waba = world.waba_of(number).map(|waba| waba.id.clone()).unwrap_or_default();
    let mut contact = json!({"profile": {"name": name}, "user_id": new});
    let mut item = json!({"detail": format!("User id changed from {old} to {new}"), "user_id": {"previous": old, "current": new},
        "timestamp": world.now() / 1000});
    if let Some(wa_id) = wa_id {
        (item["wa_id"], contact["wa_id"]) = (json!(wa_id), json!(wa_id));
    }
    let keys = json!({"contacts": [contact], "user_id_update": [item]});
    let now = world.now();
    let update = Update::of(&waba, number, "user_id_update", Part::Keys(keys));
    world.agenda.at(now, Deed::Emit(Box::new(update)));
}

fn identity(world: &mut World, user: &str, number: &str) -> Done {
    let hash = world.dice.letters(16);
    let (seconds, name) = (world.now() / 1000, world.users[user].name.clone());
    let mut message = frame(world, user, number, "system");
    let from = world.users[user].wa_id.clone();
    message["system"] = json!({"type": "customer_identity_changed", "body": format!("{name} changed their identity"),
        "identity": hash, "customer": from, "wa_id": from});
    message["identity"] = json!({"acknowledged": false, "created_timestamp": seconds.to_string(), "hash": hash});
    world.users.get_mut(user).into_iter().for_each(|person| person.identity_hash = hash.clone());
    Ok(json!({"id": hear(world, user, number, message), "hash": hash}))
}

/// Any system message.
fn system(world: &mut World, user: &str, number: &str, body: Value, args: &Value) -> String {
    let mut message = frame(world, user, number, "system");
    message["system"] = body;
    if args["identity"].is_object() {
        message["identity"] = args["identity"].clone();
    }
    hear(world, user, number, message)
}

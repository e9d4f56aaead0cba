//! Pushes that are too large, poisoned, for several at once, or odd as a whole.

use serde_json::{Value, json};

use super::{message, number_of, text, user_of};
use crate::Dice;
use crate::webhook::{Part, Update, deliver_bytes, envelope, targets, write};
use crate::world::World;

pub(super) fn batches(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let (number, user) = (number_of(world, args)?, user_of(world, args)?);
    let bytes = match name {
        "F10.too_large" => 3_100_000,
        "F10.large" if args["items"].is_null() => args["bytes"].as_u64().unwrap_or(2_900_000) as usize,
        _ => 0,
    };
    let items = args["items"].as_u64().unwrap_or(if name == "F11.poisoned" { 100 } else { 1000 }) as usize;
    let waba = world.numbers[&number].waba.clone();
    // what a message weighs without its filler
    let empty = message(world, &user, &number, "Batch 1000 ").1;
    let frame = write(&empty, &world.switches.wire.clone(), None).len() + 1;
    let share = (bytes / items).saturating_sub(frame);
    let (mut messages, mut ids) = (Vec::new(), Vec::new());
    for at in 0..items {
        let filler = "x".repeat(share);
        let (id, message) = message(world, &user, &number, &format!("Batch {at} {filler}"));
        ids.push(id);
        messages.push(message);
    }
    if name == "F11.poisoned" {
        let at = items / 2;
        ids.remove(at);
        messages[at] = args["poison"].clone();
    }
    let contacts = json!([world.card(&user, &number)]);
    let keys = json!({"contacts": contacts, "messages": messages});
    let size = now(world, Update::of(&waba, &number, "messages", Part::Keys(keys)));
    Ok(json!({"ids": ids, "bytes": size}))
}

/// Sends an update in a push of its own, whatever its size.
fn now(world: &mut World, update: Update) -> usize {
    let document = envelope(world, std::slice::from_ref(&update));
    send_document(world, &update, &document)
}

fn send_document(world: &mut World, route: &Update, document: &Value) -> usize {
    let form = world.switches.wire.clone();
    let body = write(document, &form, Some(Dice::new(world.dice.throw())));
    let size = body.len();
    for target in targets(world, route) {
        deliver_bytes(world, &target, body.clone());
    }
    size
}

pub(super) fn numbers(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let (number, user) = (number_of(world, args)?, user_of(world, args)?);
    let route = Update::of(&world.numbers[&number].waba, &number, "messages", Part::Keys(json!({})));
    if name == "F12.moved" {
        let waba =
            text(args, "waba").filter(|waba| world.wabas.contains_key(waba)).ok_or("waba is where it moves to")?;
        world.numbers.get_mut(&number).into_iter().for_each(|number| number.waba = waba.clone());
        return Ok(json!({"ok": true}));
    }
    let listed: Vec<String> =
        args["numbers"].as_array().into_iter().flatten().filter_map(|n| n.as_str().map(str::to_owned)).collect();
    let listed = match name {
        "F12.unknown_number" => vec!["999999999999999".to_owned()],
        _ if listed.is_empty() => world.numbers.keys().cloned().collect(),
        _ => listed,
    };
    let (mut updates, mut ids) = (Vec::new(), Vec::new());
    for each in &listed {
        let (id, message) = message(world, &user, each, &format!("For {each}"));
        let waba = world.numbers.get(each).map_or("888888888888888", |number| number.waba.as_str()).to_owned();
        let contact = Some(world.card(&user, each));
        updates.push(Update::of(&waba, each, "messages", Part::Message { contact, message }));
        ids.push(id);
    }
    let document = envelope(world, &updates);
    send_document(world, &route, &document);
    Ok(json!({"ids": ids}))
}

pub(super) fn oddities(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let number = number_of(world, args)?;
    let waba = world.numbers[&number].waba.clone();
    let (field, keys, ids) = match name {
        "F13.unknown_field" => ("unheard_of_field", json!({"surprise": {"n": 1}}), json!([])),
        "F13.nulls" => {
            ("messages", json!({"contacts": null, "messages": null, "statuses": null, "errors": null}), json!([]))
        }
        "F13.contacts_turned" => {
            let people: Vec<_> = world.users.keys().take(2).cloned().collect();
            let mut said: Vec<_> =
                people.iter().map(|user| message(world, user, &number, &format!("From {user}"))).collect();
            let contacts: Vec<_> = people.iter().rev().map(|user| world.card(user, &number)).collect();
            let ids: Vec<_> = said.iter().map(|(id, _)| id.clone()).collect();
            let messages: Vec<_> = said.drain(..).map(|(_, message)| message).collect();
            ("messages", json!({"contacts": contacts, "messages": messages}), json!(ids))
        }
        _ => return Err(format!("{name} is no scene: it is planted, not played")),
    };
    now(world, Update::of(&waba, &number, field, Part::Keys(keys)));
    Ok(json!({"ids": ids}))
}

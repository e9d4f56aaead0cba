//! Scenes: faults that are a story and are played at once.

use serde_json::{Value, json};

use super::kind;
use crate::actor;
use crate::webhook::{Part, Update, envelope, targets};
use crate::world::{HOUR, SECOND, World};
use crate::{Deed, Dice};

/// Plays a scene.
pub fn play(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    kind(name).ok_or_else(|| format!("there is no fault {name}"))?;
    world.note("fault", json!({"kind": name, "args": args}));
    match name.split('.').next().unwrap_or_default() {
        "F7" => credentials(world, name, args),
        "F10" | "F11" => batches(world, name, args),
        "F12" => numbers(world, name, args),
        "F13" => oddities(world, name, args),
        "F14" => number_change(world, args),
        "F16" => template(world, name, args),
        "F17" => echo(world),
        "F18" => flood(world, args),
        "F19" => down(world, name, args),
        "F20" => account(world, name, args),
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

fn credentials(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let (now, app, token) = (world.now(), text(args, "app"), text(args, "token"));
    if name == "F7.secret_rotated" {
        let fresh = text(args, "secret").unwrap_or_else(|| world.dice.letters(32));
        let app = app.or_else(|| world.apps.keys().next().cloned()).ok_or("there is no app")?;
        world.apps.get_mut(&app).ok_or("there is no such app")?.secret = fresh.clone();
        return Ok(json!({"secret": fresh}));
    }
    let fits = |known: &&mut crate::world::Token| {
        app.as_ref().is_none_or(|app| *app == known.app) && token.as_ref().is_none_or(|token| *token == known.token)
    };
    for known in world.tokens.values_mut().filter(fits) {
        match (name, text(args, "scope")) {
            ("F7.token_expired", _) => known.expires = now,
            (_, Some(scope)) => drop(known.scopes.remove(&scope)),
            _ => known.targets = std::iter::once("0".to_owned()).collect(),
        }
    }
    Ok(json!({"ok": true}))
}

fn batches(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
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
    let frame = crate::webhook::write(&empty, &world.switches.wire.clone(), None).len() + 1;
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

/// A text message that is not yet told.
fn message(world: &mut World, user: &str, number: &str, words: &str) -> (String, Value) {
    let card = world.card(user, number);
    let from = card["wa_id"].as_str().unwrap_or_default().to_owned();
    let id = crate::world::wamid(&mut world.dice, &from, crate::world::Direction::In);
    let message = json!({"from": from, "from_user_id": card["user_id"], "id": id, "timestamp": world.stamp(), "type": "text",
        "text": {"body": words}});
    (id, message)
}

/// Sends an update in a push of its own, whatever its size.
fn now(world: &mut World, update: Update) -> usize {
    let document = envelope(world, std::slice::from_ref(&update));
    send_document(world, &update, &document)
}

fn send_document(world: &mut World, route: &Update, document: &Value) -> usize {
    let form = world.switches.wire.clone();
    let body = crate::webhook::write(document, &form, Some(Dice::new(world.dice.throw())));
    let size = body.len();
    for target in targets(world, route) {
        crate::webhook::deliver_bytes(world, &target, body.clone());
    }
    size
}

fn numbers(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
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

fn oddities(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
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

fn number_change(world: &mut World, args: &Value) -> Result<Value, String> {
    let (number, user) = (number_of(world, args)?, user_of(world, args)?);
    let with = |more: Value| {
        let mut all = args.clone();
        let pairs = more.as_object().cloned().unwrap_or_default();
        all["number"] = json!(number);
        pairs.into_iter().for_each(|(key, value)| all[key.as_str()] = value);
        all
    };
    let phone = text(args, "phone").unwrap_or_else(|| format!("1650{}", world.dice.digits(7)));
    let before = actor::act(world, &user, "send", &with(json!({"text": "From the old number"})))?;
    let (late_id, mut late) = message(world, &user, &number, "Sent before, arrives after");
    let contact = world.card(&user, &number);
    let change = actor::act(world, &user, "change_number", &with(json!({"phone": phone})))?;
    let after = actor::act(world, &user, "send", &with(json!({"text": "From the new number"})))?;
    late["timestamp"] = world.stamp();
    let waba = world.numbers[&number].waba.clone();
    let update = Update::of(&waba, &number, "messages", Part::Message { contact: Some(contact), message: late });
    let due = world.now() + SECOND;
    world.agenda.at(due, Deed::Emit(Box::new(update)));
    Ok(json!({"before": before["id"], "change": change["id"], "after": after["id"], "late": late_id, "phone": phone}))
}

fn template(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let wanted = text(args, "name").ok_or("name is the template's")?;
    let found: Vec<_> = world.templates.values().filter(|t| t.name == wanted).map(|t| t.id.clone()).collect();
    let change = match name {
        "F16.category" => json!({"category": text(args, "category").unwrap_or("MARKETING".to_owned())}),
        _ => json!({"status": text(args, "status").unwrap_or("PAUSED".to_owned())}),
    };
    found.iter().for_each(|id| actor::template_status(world, id, &change));
    Ok(json!({"templates": found}))
}

fn echo(world: &mut World) -> Result<Value, String> {
    let last = world.sent.values().max_by_key(|sent| sent.at).map(|sent| sent.id.clone()).ok_or("nothing was sent")?;
    actor::echo_of(world, &last);
    Ok(json!({"id": last}))
}

fn flood(world: &mut World, args: &Value) -> Result<Value, String> {
    let number = number_of(world, args)?;
    let count = args["messages"].as_u64().unwrap_or(50_000);
    actor::history(world, &number, &json!({"messages": count, "chunk": args["chunk"], "media": args["media"]}));
    Ok(json!({"messages": count}))
}

fn down(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let url = text(args, "url").unwrap_or_default();
    let until = world.now() + (args["hours"].as_f64().unwrap_or(2.0) * HOUR as f64) as i64;
    world.faults.down.push((url.clone(), until));
    if name == "F19.storm" {
        world.faults.storms.push((url, until));
    }
    Ok(json!({"until": until}))
}

fn account(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let waba = text(args, "waba").or_else(|| world.wabas.keys().next().cloned()).ok_or("there is no account")?;
    let event = match name {
        "F20.restriction" => "ACCOUNT_RESTRICTION",
        "F20.ban" => "DISABLED_UPDATE",
        "F20.violation" => "ACCOUNT_VIOLATION",
        "F20.partner_removed" => "PARTNER_REMOVED",
        "F20.deleted" => "ACCOUNT_DELETED",
        _ => "ACCOUNT_RECONNECTED",
    };
    actor::account_act(world, &waba, "account_update", &json!({"event": event, "more": args["more"]}))
}

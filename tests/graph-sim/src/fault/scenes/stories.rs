//! Stories: credentials end, numbers change, templates pause, history floods, accounts are banned.

use serde_json::{Value, json};

use super::{message, number_of, text, user_of};
use crate::webhook::{Part, Update};
use crate::world::{HOUR, SECOND, World};
use crate::{Deed, actor};

pub(super) fn credentials(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
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

pub(super) fn number_change(world: &mut World, args: &Value) -> Result<Value, String> {
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

pub(super) fn template(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let wanted = text(args, "name").ok_or("name is the template's")?;
    let found: Vec<_> = world.templates.values().filter(|t| t.name == wanted).map(|t| t.id.clone()).collect();
    let change = match name {
        "F16.category" => json!({"category": text(args, "category").unwrap_or("MARKETING".to_owned())}),
        _ => json!({"status": text(args, "status").unwrap_or("PAUSED".to_owned())}),
    };
    found.iter().for_each(|id| actor::template_status(world, id, &change));
    Ok(json!({"templates": found}))
}

pub(super) fn echo(world: &mut World) -> Result<Value, String> {
    let last = world.sent.values().max_by_key(|sent| sent.at).map(|sent| sent.id.clone()).ok_or("nothing was sent")?;
    actor::echo_of(world, &last);
    Ok(json!({"id": last}))
}

pub(super) fn flood(world: &mut World, args: &Value) -> Result<Value, String> {
    let number = number_of(world, args)?;
    let count = args["messages"].as_u64().unwrap_or(50_000);
    actor::history(world, &number, &json!({"messages": count, "chunk": args["chunk"], "media": args["media"]}));
    Ok(json!({"messages": count}))
}

pub(super) fn down(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
    let url = text(args, "url").unwrap_or_default();
    let until = world.now() + (args["hours"].as_f64().unwrap_or(2.0) * HOUR as f64) as i64;
    world.faults.down.push((url.clone(), until));
    if name == "F19.storm" {
        world.faults.storms.push((url, until));
    }
    Ok(json!({"until": until}))
}

pub(super) fn account(world: &mut World, name: &str, args: &Value) -> Result<Value, String> {
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

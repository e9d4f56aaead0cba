//! Apps, accounts, numbers, tokens, users, templates: listing them, adding one, changing one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::world::{App, Token, Waba, World};

/// Lists a kind of thing, or adds or changes one by its id.
pub(super) fn things(world: &mut World, thing: &str, write: bool, body: &Value) -> Result<Value, String> {
    if !write {
        return listed(world, thing);
    }
    let id = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
    match thing {
        "apps" => keep(&mut world.apps, with_id(&mut world.dice, "id", 15, body), "id", App::default()),
        "wabas" => keep(&mut world.wabas, with_id(&mut world.dice, "id", 15, body), "id", Waba::default()),
        "tokens" => keep(&mut world.tokens, body.clone(), "token", Token::default()),
        "numbers" => {
            let known = world.numbers.get(&id("id")).cloned().unwrap_or_default();
            Ok(json!(world.add_number(merged(known, body)?)))
        }
        "templates" => {
            let known = world.templates.get(&id("id")).cloned().unwrap_or_default();
            Ok(json!(world.add_template(merged(known, body)?)))
        }
        "users" => {
            let name = if id("key").is_empty() { id("phone") } else { id("key") };
            let known = world.user(&name).cloned().unwrap_or_default();
            Ok(json!(world.add_user(merged(known, body)?)))
        }
        other => Err(format!("there is no such thing as {other}")),
    }
}

fn listed(world: &World, thing: &str) -> Result<Value, String> {
    Ok(match thing {
        "apps" => json!(world.apps.values().collect::<Vec<_>>()),
        "wabas" => json!(world.wabas.values().collect::<Vec<_>>()),
        "numbers" => json!(world.numbers.values().collect::<Vec<_>>()),
        "tokens" => json!(world.tokens.values().collect::<Vec<_>>()),
        "users" => json!(world.users.values().collect::<Vec<_>>()),
        "templates" => json!(world.templates.values().collect::<Vec<_>>()),
        other => return Err(format!("there is no such thing as {other}")),
    })
}

fn with_id(dice: &mut crate::Dice, key: &str, digits: usize, body: &Value) -> Value {
    let mut body = body.clone();
    if body[key].is_null() {
        body[key] = json!(dice.digits(digits));
    }
    body
}

fn keep<T: Serialize + DeserializeOwned + Clone>(
    all: &mut std::collections::BTreeMap<String, T>,
    body: Value,
    key: &str,
    usual: T,
) -> Result<Value, String> {
    let id = body[key].as_str().filter(|id| !id.is_empty()).ok_or_else(|| format!("{key} is missing"))?.to_owned();
    let thing = merged(all.get(&id).cloned().unwrap_or(usual), &body)?;
    all.insert(id, thing.clone());
    serde_json::to_value(thing).map_err(|error| error.to_string())
}

fn merged<T: Serialize + DeserializeOwned>(known: T, body: &Value) -> Result<T, String> {
    let mut whole = serde_json::to_value(known).map_err(|error| error.to_string())?;
    for (key, value) in body.as_object().ok_or("a thing is an object")? {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).map_err(|error| error.to_string())
}

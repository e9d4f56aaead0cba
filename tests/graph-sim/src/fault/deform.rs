//! Deforming a value as its update is marked.

use serde_json::{Value, json};

use crate::webhook::Update;
use crate::world::World;

/// Applies the marks of an update to the value that holds it alone.
pub fn deform(world: &mut World, value: &mut Value, key: &str, update: &Update) {
    for (mark, args) in &update.marks {
        match mark.as_str() {
            "F13.no_contacts" => drop(value.as_object_mut().and_then(|map| map.remove("contacts"))),
            "F13.no_wa_id" => phones(value, &None),
            "F13.empty_wa_id" => phones(value, &Some(String::new())),
            "F13.bsuid_wa_id" => phones(value, &scoped(value, key)),
            "F13.milliseconds" => stamps(value, key, |seconds| json!(format!("{seconds}000"))),
            "F13.integers" => stamps(value, key, |seconds| json!(seconds)),
            "F15.skew" => {
                let off = args["seconds"].as_i64().unwrap_or(90);
                stamps(value, key, |seconds| json!((seconds + off).to_string()));
            }
            "F13.unknown_type" => each(value, key, unheard_of),
            "F13.id_missing" => each(value, key, |item| drop(item.as_object_mut().and_then(|map| map.remove("id")))),
            "F8.wrong_hash" => {
                let hash = data_encoding::BASE64.encode(&crate::world::sha256(&world.dice.throw().to_be_bytes()));
                each(value, key, |item| rehash(item, &hash));
            }
            _ => {}
        }
    }
}

fn each(value: &mut Value, key: &str, change: impl FnMut(&mut Value)) {
    value[key].as_array_mut().into_iter().flatten().for_each(change);
}

fn stamps(value: &mut Value, key: &str, new: impl Fn(i64) -> Value) {
    each(value, key, |item| {
        let seconds = item["timestamp"].as_str().and_then(|text| text.parse().ok());
        item["timestamp"] = new(seconds.unwrap_or_default());
    });
}

fn scoped(value: &Value, key: &str) -> Option<String> {
    let item = &value[key][0];
    let id = item["from_user_id"].as_str().or_else(|| item["recipient_user_id"].as_str())?;
    Some(id.to_owned())
}

fn phones(value: &mut Value, new: &Option<String>) {
    for (list, name) in [("contacts", "wa_id"), ("messages", "from"), ("statuses", "recipient_id")] {
        for item in value.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(map) = item.as_object_mut() else { continue };
            match new {
                Some(new) => drop(map.insert(name.to_owned(), json!(new))),
                None => drop(map.remove(name)),
            }
        }
    }
}

fn unheard_of(item: &mut Value) {
    item["type"] = json!("hologram");
    item["hologram"] = json!({"depth": 3});
}

fn rehash(item: &mut Value, hash: &str) {
    let kind = item["type"].as_str().unwrap_or_default().to_owned();
    if item[&kind]["sha256"].is_string() {
        item[&kind]["sha256"] = json!(hash);
    }
}

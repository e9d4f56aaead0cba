//! From updates to the one JSON document that carries them.

use serde_json::{Map, Value, json};

use super::{Part, Update};
use crate::fault;
use crate::world::World;

/// The document: entries by account, changes by field and number, in the order the updates came.
pub fn envelope(world: &mut World, updates: &[Update]) -> Value {
    let mut entries: Vec<(String, Vec<Change>)> = Vec::new();
    for update in updates {
        let at = entries.iter().position(|(waba, _)| *waba == update.waba).unwrap_or_else(|| {
            entries.push((update.waba.clone(), Vec::new()));
            entries.len() - 1
        });
        Change::take(world, &mut entries[at].1, update);
    }
    let seconds = world.now() / 1000;
    let entries: Vec<_> = entries.into_iter().map(|(waba, changes)| entry(&waba, changes, seconds)).collect();
    json!({"object": "whatsapp_business_account", "entry": entries})
}

fn entry(waba: &str, changes: Vec<Change>, seconds: i64) -> Value {
    let mut entry = json!({"id": waba});
    if changes.iter().any(|change| change.number.is_none()) {
        entry["time"] = json!(seconds);
    }
    entry["changes"] =
        changes.into_iter().map(|change| json!({"value": change.value, "field": change.field})).collect();
    entry
}

struct Change {
    field: String,
    number: Option<String>,
    key: &'static str,
    value: Value,
}

impl Change {
    /// Puts an update into the last change that can hold it, or into a new one.
    fn take(world: &mut World, changes: &mut Vec<Self>, update: &Update) {
        let (key, contact, item) = match &update.part {
            Part::Message { contact, message } => ("messages", contact.clone(), message.clone()),
            Part::Status { contact, status } => ("statuses", contact.clone(), status.clone()),
            Part::Keys(keys) => return changes.push(Self::keys(world, update, keys)),
            Part::Whole(value) => return changes.push(Self::new(update, "", value.clone())),
        };
        let fits = |change: &Self| change.field == update.field && change.number == update.number;
        let mixes = world.switches.mix;
        let holds = |change: &Self| fits(change) && (change.key == key || (mixes && !change.key.is_empty()));
        let at = changes.iter().rposition(holds).filter(|_| update.marks.is_empty()).unwrap_or_else(|| {
            changes.push(Self::new(update, key, head(world, update)));
            changes.len() - 1
        });
        let value = &mut changes[at].value;
        contact.into_iter().for_each(|contact| push_once(value, "contacts", contact));
        push(value, key, item);
        fault::deform(world, value, key, update);
    }

    fn new(update: &Update, key: &'static str, value: Value) -> Self {
        Self { field: update.field.clone(), number: update.number.clone(), key, value }
    }

    fn keys(world: &World, update: &Update, keys: &Value) -> Self {
        let mut value = head(world, update);
        if let (Some(value), Some(keys)) = (value.as_object_mut(), keys.as_object()) {
            value.extend(keys.clone());
        }
        Self::new(update, "", value)
    }
}

/// `messaging_product` and `metadata`.
fn head(world: &World, update: &Update) -> Value {
    let number = update.number.as_ref().and_then(|number| world.numbers.get(number));
    let display = number.map(|number| match world.switches.display_number.as_str() {
        "formatted" => number.formatted(),
        _ => number.digits.clone(),
    });
    let display = display.unwrap_or_else(|| "15550009999".to_owned());
    let metadata = json!({"display_phone_number": display, "phone_number_id": update.number});
    json!({"messaging_product": "whatsapp", "metadata": metadata})
}

fn push(value: &mut Value, key: &str, item: Value) {
    let list = value.as_object_mut().map(|map: &mut Map<_, _>| map.entry(key).or_insert_with(|| json!([])));
    if let Some(Value::Array(list)) = list {
        list.push(item);
    }
}

fn push_once(value: &mut Value, key: &str, item: Value) {
    let known = value[key].as_array().is_some_and(|list| list.contains(&item));
    if !known {
        push(value, key, item);
    }
}

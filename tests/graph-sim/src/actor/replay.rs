//! Any payload again, with its ids rewritten to ones that exist here.

use serde_json::{Value, json};

use super::Done;
use crate::Deed;
use crate::webhook::{Part, Update};
use crate::world::{Direction, World, wamid};

/// `{payload, number?, keep_ids?}`: every change of the payload is pushed for one of our numbers.
pub fn replay(world: &mut World, args: &Value) -> Done {
    let named =
        args["number"].as_str().map(str::to_owned).or_else(|| world.first_number().map(|number| number.id.clone()));
    let number = named.and_then(|id| world.numbers.get(&id)).cloned().ok_or("there is no such number")?;
    let entries = args["payload"]["entry"].as_array().cloned().ok_or("payload is a webhook document")?;
    let mut count = 0;
    for change in entries.iter().flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default()) {
        let mut value = change["value"].clone();
        if value["metadata"].is_object() {
            value["metadata"] = json!({"display_phone_number": number.digits, "phone_number_id": number.id});
        }
        if args["keep_ids"] != true {
            fresh(world, &mut value);
        }
        let field = change["field"].as_str().unwrap_or("messages").to_owned();
        let own = value["metadata"].is_object().then(|| number.id.clone());
        let update =
            Update { waba: number.waba.clone(), number: own, field, part: Part::Whole(value), marks: Vec::new() };
        let now = world.now();
        world.agenda.at(now, Deed::Emit(Box::new(update)));
        count += 1;
    }
    Ok(json!({"changes": count}))
}

/// New ids for messages and echoes; states keep theirs, they point at something.
fn fresh(world: &mut World, value: &mut Value) {
    for list in ["messages", "message_echoes"] {
        for message in value.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let phone = message["from"].as_str().unwrap_or("10000000000").to_owned();
            message["id"] = json!(wamid(&mut world.dice, &phone, Direction::In));
        }
    }
}

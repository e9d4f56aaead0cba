//! The list of people a number does not hear from.

use serde_json::{Value, json};

use super::{Answered, GraphError, bearer, fields};
use crate::http::{Answer, Call};
use crate::world::World;

/// Meta's longest list.
const MOST: usize = 64_000;

pub(super) fn blocks(world: &mut World, call: &Call, number: &str) -> Answered {
    bearer::sender(world, call, number)?;
    if call.method == "GET" {
        let blocked = world.numbers.get(number).map(|number| number.blocked.clone()).unwrap_or_default();
        let people = blocked.iter().filter_map(|key| world.users.get(key));
        let list = people
            .map(|user| json!({"messaging_product": "whatsapp", "input": user.wa_id, "wa_id": user.wa_id}))
            .collect();
        return Ok(Answer::ok(&fields::page(call, &world.base, list)));
    }
    let body = call.json().unwrap_or_default();
    let named = body["block_users"].as_array().cloned().unwrap_or_default();
    if named.is_empty() {
        return Err(GraphError::new(131_008, "block_users is required."));
    }
    change(world, number, &named, call.method == "POST")
}

fn change(world: &mut World, number: &str, named: &[Value], block: bool) -> Answered {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for item in named {
        let input = item["user"].as_str().or_else(|| item["user_id"].as_str()).unwrap_or_default();
        let user = world.dialled(input.trim_start_matches('+')).or_else(|| world.user(input)).cloned();
        let full = world.numbers.get(number).is_some_and(|number| block && number.blocked.len() >= MOST);
        match user.filter(|_| !full) {
            Some(user) => {
                let list = world.numbers.get_mut(number).map(|number| &mut number.blocked);
                let _ =
                    list.is_some_and(|list| if block { list.insert(user.key.clone()) } else { list.remove(&user.key) });
                done.push(json!({"input": input, "wa_id": user.wa_id}));
            }
            None => {
                let code = if full { 139_101 } else { 131_026 };
                let error =
                    json!({"message": super::title(code), "code": code, "error_data": {"details": "Not possible."}});
                failed.push(json!({"input": input, "errors": [error]}));
            }
        }
    }
    let mut answer = json!({"messaging_product": "whatsapp", "block_users": {if block { "added_users" } else { "removed_users" }: done}});
    if failed.is_empty() {
        return Ok(Answer::ok(&answer));
    }
    answer["block_users"]["failed_users"] = json!(failed);
    answer["error"] = json!({"message": "(#139100) Failed to block some users", "type": "OAuthException", "code": 139_100,
        "error_data": {"details": "Failed to block or unblock some users."}});
    Ok(Answer::json(400, &answer))
}

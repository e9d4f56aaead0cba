//! Which control a path means.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{acts, chat, clock, faults, journal, things, told};
use crate::core::Core;
use crate::drive;
use crate::http::{Answer, Call};
use crate::switch::ledger;
use crate::{actor, phone};

/// Answers a control call.
pub(crate) async fn serve(core: &Arc<Core>, call: &Call) -> Answer {
    let Some(body) = call.json() else { return told(Err("the body is not JSON".to_owned())) };
    let path: Vec<&str> = call.path.iter().skip(1).map(String::as_str).collect();
    let write = call.method != "GET";
    match path.as_slice() {
        [] => Answer::ok(&core.peek(|world| acts::overview(world))),
        ["phone"] => phone::page(),
        ["ledger"] => Answer::ok(&json!(core.peek(|world| ledger(&world.switches)))),
        ["reset"] => {
            core.with(|world| world.reset(body["seed"].as_u64()));
            Answer::success()
        }
        ["settle"] => Answer::ok(&json!({"settled": drive::settle(core).await})),
        ["clock"] => clock::clock(core, write, &body).await,
        ["switches"] => told(switches(core, write, &body)),
        ["journal"] => journal::journal(core, call).await,
        ["replay"] => told(core.with(|world| actor::replay(world, &body))),
        ["faults", rest @ ..] => told(core.with(|world| faults::faults(world, &call.method, rest, &body))),
        ["users", user, "chat"] => chat::chat(core, call, user).await,
        ["media", id] => chat::media(core, id),
        _ => told(core.with(|world| rest(world, call, &path, &body))),
    }
}

fn rest(world: &mut crate::World, call: &Call, path: &[&str], body: &Value) -> Result<Value, String> {
    match (call.method.as_str(), path) {
        ("POST", ["users", user, act]) => actor::act(world, user, act, body),
        ("POST", ["numbers", number, act]) => actor::business_act(world, number, act, body),
        ("POST", ["wabas", waba, act]) => actor::account_act(world, waba, act, body),
        ("POST", ["templates", id, "status"]) => {
            actor::template_status(world, id, body);
            Ok(json!({"ok": true}))
        }
        ("POST", ["codes"]) => acts::code(world, body),
        ("GET", ["kinds"]) => Ok(json!({"kinds": actor::KINDS.as_slice(), "acts": actor::ACTS.as_slice()})),
        ("GET", ["sent"]) => Ok(json!(world.sent.values().collect::<Vec<_>>())),
        (method, [thing]) => things::things(world, thing, method != "GET", body),
        _ => Err("there is no such control".to_owned()),
    }
}

fn switches(core: &Core, write: bool, body: &Value) -> Result<Value, String> {
    core.with(|world| {
        if write {
            world.switches = world.switches.patched(body)?;
        }
        serde_json::to_value(&world.switches).map_err(|error| error.to_string())
    })
}

//! `POST /{number}/messages`: sending, marking as read, typing.

use serde_json::json;

use super::{Answered, GraphError, bearer};
use crate::http::{Answer, Call};
use crate::send;
use crate::world::World;

pub(super) fn send(world: &mut World, call: &Call, number: &str) -> Answered {
    let caller = bearer::sender(world, call, number)?;
    let body = call.json().filter(serde_json::Value::is_object);
    let body = body.ok_or_else(|| GraphError::new(100, "The request body is not valid JSON."))?;
    let answer =
        if body["status"].is_null() { send::send(world, number, &body)? } else { send::receipt(world, number, &body)? };
    let waba = world.numbers.get(number).map(|number| number.waba.clone()).unwrap_or_default();
    Ok(usage(world, &caller.app, &waba, Answer::ok(&answer)))
}

/// The header that says how much of the hour's budget is used.
fn usage(world: &mut World, app: &str, waba: &str, answer: Answer) -> Answer {
    let (now, budget) = (world.now(), world.switches.calls_an_hour);
    let percent = world.limits.used(app, waba, now, budget);
    let usage = json!({waba: [{"type": "whatsapp", "call_count": percent, "total_cputime": 1, "total_time": 1,
        "estimated_time_to_regain_access": 0}]});
    answer.header("x-business-use-case-usage", usage.to_string())
}

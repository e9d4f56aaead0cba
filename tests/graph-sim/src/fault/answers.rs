//! Answers of the API that are errors, no JSON, late, or none.

use std::time::Duration;

use serde_json::json;

use super::{Fault, Place, Point};
use crate::data::GraphError;
use crate::http::Answer;
use crate::world::World;

/// A fault that bites at an API call, and the answer if the call is not even worked on.
pub fn api(world: &mut World, place: &Place) -> Option<(Fault, Option<Answer>)> {
    let fault = world.bite(Point::Api, place)?;
    let answer = instead(world, &fault);
    Some((fault, answer))
}

fn instead(world: &mut World, fault: &Fault) -> Option<Answer> {
    let code = fault.args["code"].as_u64().unwrap_or(131_000) as u32;
    let details = fault.args["details"].as_str().unwrap_or("Injected by the simulator.").to_owned();
    let subcode = fault.args["subcode"].as_u64().map(|code| code as u32);
    let error = GraphError { code, subcode, details };
    let mut answer = match fault.kind.as_str() {
        "F6.code" => error.answer(world),
        "F6.empty_429" => Answer::bytes(429, "text/plain", Vec::new()),
        "F6.html" => {
            let page = b"<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>";
            Answer::bytes(503, "text/html; charset=utf-8", page.to_vec())
        }
        "F6.reset" => Answer { status: 200, cut: Some(0), ..Answer::default() },
        "F6.truncated" => Answer::bytes(
            200,
            "application/json; charset=UTF-8",
            b"{\"messaging_product\":\"whatsapp\",\"contacts\":[{\"inp".to_vec(),
        ),
        "F6.ok_with_error" => Answer { status: 200, ..error.answer(world) },
        "F6.text_data" => {
            let mut body = error.answer(world).value();
            body["error"]["error_data"] = json!("Something went wrong, as a string");
            Answer::json(400, &body)
        }
        "F15.window_sync" => GraphError::new(131_047, "More than 24 hours have passed.").answer(world),
        _ => return None,
    };
    answer.status = fault.args["status"].as_u64().map_or(answer.status, |status| status as u16);
    Some(answer)
}

/// What becomes of the answer of a call that was worked on.
pub fn tamper(fault: &Fault, mut answer: Answer) -> Answer {
    match fault.kind.as_str() {
        "F4.lost_response" => answer.cut = Some(0),
        "F6.slow" => answer.delay = Duration::from_millis(fault.args["ms"].as_u64().unwrap_or(30_000)),
        _ => {}
    }
    answer
}

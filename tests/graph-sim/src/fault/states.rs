//! States in the wrong order, too often, never, or against each other.

use serde_json::json;

use super::{Fault, Place, Point};
use crate::send::{RANK, Recipient, Sent, Step};
use crate::webhook::{Part, Update};
use crate::world::{Direction, World, wamid};
use crate::{Deed, data};

type Steps = Vec<(i64, Step)>;

/// Lets the planted faults at the states of a message.
pub fn script(world: &mut World, sent: &Sent, mut steps: Steps) -> Steps {
    let user = if let Recipient::User(user) = &sent.to { user.clone() } else { String::new() };
    let place = Place { number: sent.number.clone(), user: vec![user], route: sent.kind.clone(), ..Place::default() };
    for fault in world.bites(Point::States, &place, false) {
        steps = bent(world, sent, steps, &fault);
    }
    steps
}

fn bent(world: &mut World, sent: &Sent, steps: Steps, fault: &Fault) -> Steps {
    let id = sent.id.as_str();
    let code = fault.args["code"].as_u64().unwrap_or(131_026) as u32;
    let all = |order: &[&str]| ordered(id, order, code);
    match fault.kind.as_str() {
        "F3.order" => {
            let order = fault.args["order"].as_array().into_iter().flatten().filter_map(|state| state.as_str());
            all(&order.collect::<Vec<_>>())
        }
        "F3.repeat" => {
            let n = fault.args["n"].as_u64().unwrap_or(2) as usize;
            let again = |(at, step): (i64, Step)| std::iter::repeat_n((at, Step { forced: true, ..step }), n);
            steps.into_iter().flat_map(again).collect()
        }
        "F3.no_delivered" => all(&["sent", "read"]),
        "F3.read_first" => all(&["read", "delivered", "sent"]),
        "F3.no_sent" => steps.into_iter().filter(|(_, step)| step.state != "sent").collect(),
        "F3.no_read" => steps.into_iter().filter(|(_, step)| step.state != "read").collect(),
        "F5.failed_after_sent" => all(&["sent", "failed"]),
        "F5.sent_after_failed" => all(&["failed", "sent"]),
        "F5.failed_after_delivered" => all(&["sent", "delivered", "failed"]),
        "F15.window_closed" => ordered(id, &["failed"], 131_047),
        "F4.unknown_wamid" | "F13.unknown_status" => {
            besides(world, sent, &fault.kind);
            steps
        }
        _ => steps,
    }
}

fn ordered(id: &str, order: &[&str], code: u32) -> Steps {
    let error = |state: &str| (state == "failed").then(|| (code, data::title(code).to_owned()));
    let step = |(at, state): (usize, &&str)| {
        (300 + 300 * at as i64, Step { error: error(state), forced: true, ..Step::new(id, state) })
    };
    order.iter().enumerate().map(step).collect()
}

/// A push of its own beside the states.
fn besides(world: &mut World, sent: &Sent, kind: &str) {
    let Some(mut update) = stranger(world, &sent.number) else { return };
    if let Part::Status { status, .. } = &mut update.part
        && kind == "F13.unknown_status"
    {
        (status["id"], status["status"]) = (json!(sent.id), json!("levitating"));
    }
    let due = world.now() + 200;
    world.agenda.at(due, Deed::Emit(Box::new(update)));
}

/// A status of a message that was not sent through this API.
pub(super) fn stranger(world: &mut World, number: &str) -> Option<Update> {
    let waba = world.numbers.get(number)?.waba.clone();
    let id = wamid(&mut world.dice, "15559990000", Direction::Out);
    let status = json!({"id": id, "status": RANK[1], "timestamp": world.stamp(), "recipient_id": "15559990000"});
    Some(Update::of(&waba, number, "messages", Part::Status { contact: None, status }))
}

//! The states that follow an acceptance: sent, delivered, read, played, or failed.

use serde_json::Value;

use super::{Recipient, Sent};
use crate::agenda::Deed;
use crate::fault;
use crate::webhook::{Part, Update};
use crate::world::{World, preview};

/// The states in the order in which they may be reached.
pub const RANK: [&str; 5] = ["accepted", "sent", "delivered", "read", "played"];

/// One state of one message.
#[derive(Clone, Debug)]
pub struct Step {
    /// The message.
    pub id: String,
    /// The state.
    pub state: String,
    /// Why it failed.
    pub error: Option<(u32, String)>,
    /// Told even when it makes no sense: a fault wants it so.
    pub forced: bool,
}

impl Step {
    /// A state of a message.
    pub fn new(id: &str, state: &str) -> Self {
        Self { id: id.to_owned(), state: state.to_owned(), error: None, forced: false }
    }
}

/// Plans the states of an accepted message.
pub fn plan(world: &mut World, id: &str, fails: Option<(u32, String)>) {
    let Some(sent) = world.sent.get(id).cloned() else { return };
    let steps = match (&fails, &sent.to) {
        (_, Recipient::Void) => Vec::new(),
        (Some(_), _) => failing(world, id, fails.clone()),
        (None, Recipient::User(user)) => passing(world, &sent, user),
        (None, _) => vec![(300, Step::new(id, "sent")), (900, Step::new(id, "delivered"))],
    };
    let now = world.now();
    for (after, step) in fault::script(world, &sent, steps) {
        world.agenda.at(now + after, Deed::Status(Box::new(step)));
    }
}

fn failing(world: &World, id: &str, error: Option<(u32, String)>) -> Vec<(i64, Step)> {
    let before: &[&str] = match world.switches.failed_after.as_str() {
        "sent" => &["sent"],
        "delivered" => &["sent", "delivered"],
        _ => &[],
    };
    let steps = before.iter().enumerate().map(|(at, state)| (200 + 200 * at as i64, Step::new(id, state)));
    steps.chain([(800, Step { error, ..Step::new(id, "failed") })]).collect()
}

fn passing(world: &mut World, sent: &Sent, user: &str) -> Vec<(i64, Step)> {
    let id = sent.id.as_str();
    let mut steps = vec![(300, Step::new(id, "sent"))];
    if sent.kind == "reaction" {
        return steps;
    }
    let (open, receipts) =
        world.users.get(user).map_or((false, false), |u| (u.open.contains(&sent.number), u.receipts));
    let skip = world.switches.delivered_skip;
    if !(open && receipts && world.dice.chance(skip)) {
        steps.push((700, Step::new(id, "delivered")));
    }
    if open && receipts {
        steps.push((1500, Step::new(id, "read")));
    }
    steps
}

/// Takes a step: the phone shows it and the business is told.
pub fn step(world: &mut World, step: Step) {
    let Some(sent) = world.sent.get(&step.id).cloned() else { return };
    let user = if let Recipient::User(user) = &sent.to { Some(user.clone()) } else { None };
    let now = world.now();
    let away = user.as_ref().and_then(|user| world.users.get(user)).map_or(0, |user| user.offline_until);
    let waits = away > now && matches!(step.state.as_str(), "delivered" | "read");
    if !step.forced && waits {
        return world.agenda.at(away, Deed::Status(Box::new(step)));
    }
    if !step.forced && (sent.reached.contains(&step.state) || is_past(&sent, &step.state)) {
        return;
    }
    if let Some(user) = &user {
        mark(world, &sent, user, &step.state);
    }
    tell(world, &sent, &step);
}

/// Read was told, so delivered is told no more.
fn is_past(sent: &Sent, state: &str) -> bool {
    let rank = |state: &str| RANK.iter().position(|known| *known == state);
    sent.reached.iter().filter_map(|reached| rank(reached)).max() > rank(state) && rank(state).is_some()
}

fn mark(world: &mut World, sent: &Sent, user: &str, state: &str) {
    let thread = world.thread(&sent.number, user);
    if let Some(bubble) = thread.bubble(&sent.id) {
        bubble.state = state.to_owned();
    }
    let what = serde_json::json!({"act": "receives", "user": user, "id": sent.id, "state": state,
        "words": preview(&sent.kind, &sent.content)});
    world.note("actor", what);
}

fn tell(world: &mut World, sent: &Sent, step: &Step) {
    let (contact, status): (Option<Value>, Value) = super::status(world, sent, step);
    if let Some(sent) = world.sent.get_mut(&step.id) {
        sent.reached.insert(step.state.clone());
    }
    let waba = world.numbers.get(&sent.number).map(|number| number.waba.clone()).unwrap_or_default();
    let now = world.now();
    let update = Update::of(&waba, &sent.number, "messages", Part::Status { contact, status });
    world.agenda.at(now, Deed::Emit(Box::new(update)));
}

/// The phone is on again: what waited arrives.
pub fn deliver_waiting(world: &mut World, user: &str, state: &str, number: Option<&str>) {
    let mine = |sent: &&Sent| sent.to == Recipient::User(user.to_owned()) && number.is_none_or(|n| n == sent.number);
    let alive =
        |sent: &&Sent| sent.reached.contains("sent") && !sent.reached.contains("failed") && sent.kind != "reaction";
    let waiting: Vec<_> =
        world.sent.values().filter(mine).filter(alive).map(|sent| (sent.at, sent.id.clone())).collect();
    let now = world.now();
    let mut waiting = waiting;
    waiting.sort();
    for (_, id) in waiting {
        world.agenda.at(now, Deed::Status(Box::new(Step::new(&id, state))));
    }
}

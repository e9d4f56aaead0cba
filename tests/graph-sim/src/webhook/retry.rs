//! Again: at once, then ever more seldom, for seven days or thirty-six hours.

use serde_json::json;

use super::batch::{bytes, dispatch, fresh};
use super::{Delivery, targets};
use crate::agenda::Deed;
use crate::fault;
use crate::world::{DAY, HOUR, SECOND, World};

const MINUTE: i64 = 60 * SECOND;

/// Pauses between the attempts; after the last, every 12 h.
pub fn delays() -> [i64; 9] {
    [0, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
}

/// How long something is tried.
pub fn horizon(world: &World) -> i64 {
    if world.switches.retry_horizon == "36h" { 36 * HOUR } else { 7 * DAY }
}

/// Plans the next attempt, or gives up and says so.
pub(super) fn again(world: &mut World, delivery: &Delivery) {
    let pause = delays().get(delivery.attempts - 1).copied().unwrap_or(12 * HOUR);
    let due = world.now() + pause;
    if due - delivery.began > horizon(world) {
        world.outbox.deliveries.remove(&delivery.id);
        let what = json!({"why": "gave_up", "delivery": delivery.id, "url": delivery.target.url, "attempts": delivery.attempts});
        return world.note("dropped", what);
    }
    if world.switches.retry_all_apps {
        repeat_elsewhere(world, delivery, pause);
    }
    let storm = fault::storm(world, &delivery.target, delivery.id);
    if world.switches.retry_rebatch && delivery.forged.is_none() {
        return rebatch(world, delivery, storm.unwrap_or(due));
    }
    world.agenda.at(storm.unwrap_or(due), Deed::Deliver(delivery.id));
}

/// The other apps of the account get it again too, whatever they had answered.
fn repeat_elsewhere(world: &mut World, delivery: &Delivery, pause: i64) {
    let Some(first) = delivery.updates.first() else { return };
    for target in targets(world, first).into_iter().filter(|target| target.app != delivery.target.app) {
        let body = bytes(world, &delivery.updates);
        dispatch(world, pause, Delivery { body, once: true, ..fresh(&target, delivery.updates.clone()) });
    }
}

/// The same things in other company: everything of this target that waits for its next attempt goes as one.
fn rebatch(world: &mut World, delivery: &Delivery, due: i64) {
    let mut updates = delivery.updates.clone();
    let waiting = world.outbox.deliveries.values();
    let others: Vec<_> = waiting
        .filter(|other| other.id != delivery.id && other.target == delivery.target)
        .filter(|other| other.attempts > 0 && other.forged.is_none() && !other.once)
        .filter(|other| !world.outbox.ready.contains(&other.id))
        .map(|other| other.id)
        .collect();
    for id in others {
        updates.extend(world.outbox.deliveries.remove(&id).into_iter().flat_map(|other| other.updates));
    }
    world.dice.shuffle(&mut updates);
    let body = bytes(world, &updates);
    world.outbox.deliveries.insert(delivery.id, Delivery { updates, body, ..delivery.clone() });
    world.agenda.at(due, Deed::Deliver(delivery.id));
}

//! Gathering updates into batches, and closing a batch into a delivery.

use serde_json::{Value, json};

use super::{Delivery, Part, Target, Update, envelope, targets, write};
use crate::agenda::Deed;
use crate::fault;
use crate::world::{App, World};

/// Meta's largest body.
const MOST_BYTES: usize = 3_000_000;
/// Meta's largest batch.
const MOST_ITEMS: usize = 1000;

/// Puts an update into the batch of everybody who subscribes to it.
pub fn emit(world: &mut World, update: Update) {
    let Some(update) = fault::touch(world, update) else { return };
    let targets = targets(world, &update);
    if targets.is_empty() {
        world.note("dropped", json!({"why": "nobody_subscribes", "field": update.field, "waba": update.waba}));
    }
    for target in targets {
        let update = as_versioned(world, &target, update.clone());
        join(world, &target, update);
    }
}

/// From v24 on a status carries no conversation, except in a free-entry-point window.
fn as_versioned(world: &World, target: &Target, mut update: Update) -> Update {
    let old = world.apps.get(&target.app).is_some_and(App::has_conversation);
    if let Part::Status { status: Value::Object(status), .. } = &mut update.part {
        let free_entry = status.get("conversation").is_some_and(|c| c["origin"]["type"] == "referral_conversion");
        if !old && !free_entry {
            status.remove("conversation");
        }
    }
    update
}

fn join(world: &mut World, target: &Target, update: Update) {
    let batch = world.outbox.batches.entry(target.clone()).or_default();
    batch.push(update);
    let (count, most) = (batch.len(), world.switches.batch_items.clamp(1, MOST_ITEMS));
    let due = world.now() + world.switches.batch_ms;
    if count >= most {
        flush(world, target);
    } else if count == 1 {
        world.agenda.at(due, Deed::Flush(target.clone()));
    }
}

/// Closes a batch; what is above 3 MB goes in halves.
pub fn flush(world: &mut World, target: &Target) {
    let updates = world.outbox.batches.remove(target).unwrap_or_default();
    if !updates.is_empty() {
        pack(world, target, updates);
    }
}

fn pack(world: &mut World, target: &Target, mut updates: Vec<Update>) {
    let body = bytes(world, &updates);
    if body.len() > MOST_BYTES && updates.len() > 1 {
        let rest = updates.split_off(updates.len() / 2);
        pack(world, target, updates);
        return pack(world, target, rest);
    }
    let marks: Vec<_> = updates.iter().flat_map(|update| update.marks.clone()).collect();
    for (after, body, forged) in fault::copies(world, target, &updates, &marks, body) {
        dispatch(world, after, Delivery { body, forged, ..fresh(target, updates.clone()) });
    }
}

/// A delivery in whose place nothing is known yet.
pub(super) fn fresh(target: &Target, updates: Vec<Update>) -> Delivery {
    let (target, body) = (target.clone(), Vec::new());
    Delivery { id: 0, target, updates, body, forged: None, attempts: 0, began: 0, once: false }
}

/// Gives a delivery its number and its time.
pub(crate) fn dispatch(world: &mut World, after: i64, mut delivery: Delivery) {
    world.outbox.last += 1;
    delivery.id = world.outbox.last;
    delivery.began = world.now() + after;
    world.agenda.at(delivery.began, Deed::Deliver(delivery.id));
    world.outbox.deliveries.insert(delivery.id, delivery);
}

/// The bytes of a batch as the switches say.
pub(super) fn bytes(world: &mut World, updates: &[Update]) -> Vec<u8> {
    let document = envelope(world, updates);
    let form = world.switches.wire.clone();
    let order = (world.switches.key_order == "shuffled").then(|| crate::Dice::new(world.dice.throw()));
    write(&document, &form, order)
}

/// Finished bytes leave as they are.
pub fn deliver_bytes(world: &mut World, target: &Target, body: Vec<u8>) {
    dispatch(world, 0, Delivery { body, ..fresh(target, Vec::new()) });
}

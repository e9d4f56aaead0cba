//! Faults that mark an update on its way, and the one that changes its time.

use serde_json::Value;

use super::{Place, Point};
use crate::webhook::{Part, Update};
use crate::world::World;

/// Lets the planted faults at an update.
pub fn touch(world: &mut World, mut update: Update) -> Option<Update> {
    let mut place = place(world, &update);
    if let Part::Status { .. } = update.part {
        place.route = "statuses".to_owned();
    }
    for fault in world.bites(Point::Update, &place, false) {
        update = update.marked(&fault.kind, fault.args);
    }
    // whole pushes go wrong by what is in them
    for point in [Point::Copies, Point::Forge] {
        for fault in world.bites(point, &place, false) {
            update = update.marked(&fault.kind, fault.args);
        }
    }
    strip_hidden(&mut update);
    Some(update)
}

fn place(world: &World, update: &Update) -> Place {
    let user = update.person().and_then(|person| world.user(person));
    let mut names: Vec<_> = update.person().map(str::to_owned).into_iter().collect();
    names.extend(user.into_iter().flat_map(|user| [user.key.clone(), user.phone.clone(), user.wa_id.clone()]));
    Place {
        app: String::new(),
        number: update.number.clone().unwrap_or_default(),
        user: names,
        route: update.field.clone(),
    }
}

/// Keys that only carry notes between parts of the simulator never leave it.
fn strip_hidden(update: &mut Update) {
    if let Part::Message { message: Value::Object(map), .. } = &mut update.part {
        map.remove("_note");
    }
}

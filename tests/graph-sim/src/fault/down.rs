//! Endpoints that are away.

use crate::webhook::Target;
use crate::world::{SECOND, World};

/// Whether a target is away now.
pub fn is_down(world: &World, target: &Target) -> bool {
    let now = world.now();
    world.faults.down.iter().any(|(url, until)| target.url.contains(url.as_str()) && now < *until)
}

/// When a retry comes instead, if everything is to come together afterwards: within a second, the newest first.
pub fn storm(world: &mut World, target: &Target, due: i64) -> Option<i64> {
    let now = world.now();
    let (_, at) = world.faults.storms.iter().find(|(url, at)| target.url.contains(url.as_str()) && now < *at)?;
    let newest_first = (at - due.min(*at)).rem_euclid(SECOND);
    Some(at + newest_first)
}

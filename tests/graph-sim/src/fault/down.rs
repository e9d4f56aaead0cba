//! Endpoints that are away.

use crate::webhook::Target;
use crate::world::{SECOND, World};

/// Whether a target is away now.
pub fn is_down(world: &World, target: &Target) -> bool {
    let now = world.now();
    world.faults.down.iter().any(|(url, until)| target.url.contains(url.as_str()) && now < *until)
}

/// When a delivery comes instead, if everything is to come together afterwards: within a second, the newest first.
pub fn storm(world: &mut World, target: &Target, delivery: u64) -> Option<i64> {
    let now = world.now();
    let (_, at) = world.faults.storms.iter().find(|(url, at)| target.url.contains(url.as_str()) && now < *at)?;
    Some(at + SECOND - (delivery % 1000) as i64)
}

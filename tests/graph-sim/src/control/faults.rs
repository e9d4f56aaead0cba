//! Planting, playing, listing and pulling out faults.

use serde_json::{Value, json};

use crate::fault::{Fault, KINDS, Point, kind, play};
use crate::world::World;

/// `GET`, `POST {kind, on?, times?, probability?, skip?, args?}`, `DELETE`, and `/kinds`.
pub(super) fn faults(world: &mut World, method: &str, rest: &[&str], body: &Value) -> Result<Value, String> {
    match (method, rest) {
        ("GET", ["kinds"]) => Ok(json!(KINDS.as_slice())),
        ("GET", []) => Ok(json!(world.faults.list)),
        ("DELETE", []) => {
            world.faults = Default::default();
            Ok(json!({"ok": true}))
        }
        ("DELETE", [id]) => {
            world.faults.list.retain(|fault| fault.id.to_string() != *id);
            Ok(json!({"ok": true}))
        }
        ("POST", []) => set(world, body),
        _ => Err("faults are listed, planted, played or pulled out".to_owned()),
    }
}

/// Plants a fault, or plays it when it is a scene.
fn set(world: &mut World, body: &Value) -> Result<Value, String> {
    let name = body["kind"].as_str().unwrap_or_default();
    if kind(name).is_some_and(|kind| kind.point == Point::Scene) {
        return play(world, name, &body["args"]);
    }
    let fault: Fault = serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
    Ok(json!({"id": world.faults.plant(fault)?}))
}

//! The same again, in the same clothes or in others.

use serde_json::Value;

use super::forge::forge;
use crate::Dice;
use crate::webhook::{Target, Update, envelope, write};
use crate::world::{DAY, SECOND, World};

/// One push: after how long, which bytes, and its headers if they are not honest.
pub type Copy = (i64, Vec<u8>, Option<Vec<(String, Vec<u8>)>>);

/// What leaves for one batch: usually the body once.
pub fn copies(
    world: &mut World,
    target: &Target,
    updates: &[Update],
    marks: &[(String, Value)],
    body: Vec<u8>,
) -> Vec<Copy> {
    let (body, forged) = forge(world, target, updates, marks, body);
    let mut all = vec![(0, body.clone(), forged)];
    for (mark, args) in marks {
        let count = args["n"].as_i64().unwrap_or(2).max(1);
        match mark.as_str() {
            "F1.serial" => all.extend((1..count).map(|at| (at * SECOND, body.clone(), None))),
            "F1.concurrent" => all.extend((1..count).map(|_| (0, body.clone(), None))),
            "F1.later" => {
                let days = args["days"].as_f64().unwrap_or(3.0);
                all.push(((days * DAY as f64) as i64, body.clone(), None));
            }
            "F2.key_order" => all.push((0, rewritten(world, updates, "meta"), None)),
            "F2.escaping" => all.push((0, rewritten(world, updates, "utf8"), None)),
            "F2.batch" => all.push((SECOND, in_company(world, updates), None)),
            _ => {}
        }
    }
    all
}

fn rewritten(world: &mut World, updates: &[Update], form: &str) -> Vec<u8> {
    let document = envelope(world, &plain(updates));
    write(&document, form, Some(Dice::new(world.dice.throw())))
}

/// Together with a status nobody waits for.
fn in_company(world: &mut World, updates: &[Update]) -> Vec<u8> {
    let mut updates = plain(updates);
    let extra = updates.first().and_then(|update| super::states::stranger(world, update.number.as_deref()?));
    updates.splice(0..0, extra);
    let document = envelope(world, &updates);
    let form = world.switches.wire.clone();
    write(&document, &form, Some(Dice::new(world.dice.throw())))
}

fn plain(updates: &[Update]) -> Vec<Update> {
    let unmarked = |update: &Update| Update { marks: Vec::new(), ..update.clone() };
    updates.iter().map(unmarked).collect()
}

//! From a request to a message on a phone: the checks in Meta's order, the acceptance, and the states that follow.

mod accept;
mod draft;
mod fetch;
mod files;
mod limits;
mod price;
mod reach;
mod receipt;
mod recipient;
mod script;
mod shape;
mod status;
mod templates;
mod window;

use serde_json::Value;

use crate::data::GraphError;
use crate::world::World;

pub use draft::{Draft, Recipient, Sent};
pub use fetch::{Fetch, fetch};
pub use limits::Limits;
pub use receipt::receipt;
pub use script::{RANK, Step, deliver_waiting, plan, step};
pub use status::status;

/// Steps 5 to 13 of the pipeline; 1 to 4 (token, number, registration, call budget) are asked before.
pub fn send(world: &mut World, number: &str, body: &Value) -> Result<Value, GraphError> {
    shape::check(body)?;
    let mut draft = Draft::of(number, body);
    recipient::find(world, &mut draft)?;
    limits::throughput(world, &draft)?;
    limits::pair(world, &draft)?;
    templates::check(world, &mut draft)?;
    files::check(world, &mut draft)?;
    window::check(world, &mut draft)?;
    reach::check(world, &mut draft)?;
    Ok(accept::accept(world, draft))
}

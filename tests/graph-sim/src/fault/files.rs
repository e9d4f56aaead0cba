//! Files that are not there, not whole, or not what they were said to be.

use std::time::Duration;

use super::{Place, Point};
use crate::data::GraphError;
use crate::http::Answer;
use crate::world::World;

/// Looking up an address.
pub fn lookup(world: &mut World, number: &str) -> Option<Answer> {
    let place = Place { number: number.to_owned(), route: "media".to_owned(), ..Place::default() };
    let fault = world.bite(Point::Lookup, &place)?;
    match fault.kind.as_str() {
        "F8.lookup_503" => Some(Answer::bytes(503, "text/html", b"<html>Service Unavailable</html>".to_vec())),
        "F8.id_expired" => Some(GraphError::gone("media").answer(world)),
        _ => None,
    }
}

/// Fetching the bytes.
pub fn address(world: &mut World, number: &str, mut whole: Answer) -> Answer {
    let place = Place { number: number.to_owned(), route: "file".to_owned(), ..Place::default() };
    let Some(fault) = world.bite(Point::File, &place) else { return whole };
    let plain = |status: u16| Answer::bytes(status, "text/plain", Vec::new());
    match fault.kind.as_str() {
        "F8.gone" => return plain(404),
        "F8.unauthorised" => return plain(401),
        "F8.forbidden" => return plain(403),
        "F8.redirect" => {
            return plain(302).header("location", fault.args["to"].as_str().unwrap_or("https://example.com/"));
        }
        "F8.slow" => whole.delay = Duration::from_millis(fault.args["ms"].as_u64().unwrap_or(30_000)),
        "F8.short" => whole.cut = Some(whole.body.len() / 2),
        "F8.other_bytes" => whole.body.iter_mut().for_each(|byte| *byte ^= 0x55),
        "F8.wrong_type" => whole = whole.header("content-type", fault.args["type"].as_str().unwrap_or("text/html")),
        "F8.empty" => whole.body.clear(),
        "F8.huge" => whole.body = vec![0; fault.args["bytes"].as_u64().unwrap_or(105 * 1024 * 1024) as usize],
        _ => {}
    }
    whole
}

//! The media host: bytes by an address that lives five minutes, with the same bearer.

use super::bearer;
use crate::fault;
use crate::http::{Answer, Call};
use crate::world::World;

/// `GET /_media/{token}`
pub(super) fn serve(world: &mut World, call: &Call) -> Answer {
    let empty = |status: u16| Answer::bytes(status, "text/plain", Vec::new());
    let Ok(caller) = bearer::caller(world, call) else { return empty(401) };
    let (token, now) = (call.path.get(1).cloned().unwrap_or_default(), world.now());
    let lives = |(known, ends): &(String, i64)| *known == token && now < *ends;
    let Some(media) = world.media.values().find(|media| media.addresses.iter().any(lives)).cloned() else {
        return empty(404);
    };
    let waba = world.waba_of(&media.number).map(|waba| waba.id.clone()).unwrap_or_default();
    if !caller.token.is_some_and(|token| token.reaches(&waba)) {
        return empty(403);
    }
    let whole = Answer::bytes(200, &media.mime, media.bytes.clone());
    fault::address(world, &media.number, whole)
}

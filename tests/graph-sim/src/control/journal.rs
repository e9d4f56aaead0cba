//! Reading what happened, and waiting for it.

use std::time::Duration;

use serde_json::json;

use crate::core::Core;
use crate::http::{Answer, Call};
use crate::journal::Entry;

/// `?after=&kind=&limit=&wait_ms=`: with `wait_ms` it answers when there is something to tell.
pub(super) async fn journal(core: &Core, call: &Call) -> Answer {
    let number = |name: &str| call.get(name).and_then(|value| value.parse::<u64>().ok());
    let (after, limit) = (number("after").unwrap_or(0), number("limit").unwrap_or(1000) as usize);
    let kind = call.query.get("kind").map(String::as_str);
    let read = |world: &mut crate::World| {
        let found: Vec<Entry> = world.journal.after(after, kind).take(limit).cloned().collect();
        (!found.is_empty()).then_some(found)
    };
    let patience = Duration::from_millis(number("wait_ms").unwrap_or(0).min(60_000));
    let found = core.until(patience, read).await.unwrap_or_default();
    let last = found.last().map_or(after, |entry| entry.n);
    Answer::ok(&json!({"entries": found, "last": last}))
}

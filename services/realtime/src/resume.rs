//! Catching up: read back what was missed, in order and once, while the world goes on.
//!
//! The connection is registered before the first read. Newer events wait in it; what it cannot keep is read back as
//! well. It goes live when nothing lies between the last event read and the first one kept, so there is no moment in
//! which an event could slip through.

use kernel::{Position, Result, Stamped};

use crate::audience;
use crate::connection::{Connection, Frame};
use crate::product::{Missed, Product};

/// One read.
pub(crate) enum Step {
    /// Frames for this bearer; everything up to `upto` is known now, and when `is_end`, nothing newer existed.
    Read { frames: Vec<Frame>, upto: i64, is_end: bool },
    /// The position is from another life of the data or too old.
    TooOld,
}

/// Reads the next page after `from`.
pub(crate) async fn step(product: &Product, connection: &Connection, from: Position, limit: u64) -> Result<Step> {
    // asked before the read: everything up to here is visible to it
    let head = product.head(connection.tenant);
    if from == head {
        return Ok(Step::Read { frames: Vec::new(), upto: from.n, is_end: true });
    }
    let events = match product.missed(connection.tenant, from, limit).await? {
        Missed::Events(events) => events,
        Missed::TooOld => return Ok(Step::TooOld),
    };
    let is_end = (events.len() as u64) < limit;
    let last = events.last().map_or(from.n, |event| event.position.n);
    let upto = if is_end { last.max(head.n) } else { last };
    Ok(Step::Read { frames: frames_for(connection, &events), upto, is_end })
}

fn frames_for(connection: &Connection, events: &[Stamped]) -> Vec<Frame> {
    connection.with_scope(|scope| {
        let heard = events.iter().filter(|event| audience::may_hear(scope, event));
        heard.map(|event| Frame { n: Some(event.position.n), text: event.frame().into() }).collect()
    })
}

//! After a restore: whatever waited to leave may have left since. It waits two minutes for a state that carries its mark,
//! is then shown as failed with *unknown*, and is never sent again by itself.

use chat::inbox;
use kernel::{Result, Timestamp};
use serde_json::json;
use store::{Conn, NewJob, copies};

use crate::letters;
use crate::send::PATIENCE;
use crate::tables::restored;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Calls nobody knows the end of.
    pub unknown: u64,
    /// Letters that waited, and are dead letters now.
    pub letters: u64,
}

/// Doubts every call that waited, and keeps letters back.
pub async fn settle_restored(conn: &impl Conn, now: Timestamp) -> Result<Restored> {
    let until = now.plus(PATIENCE);
    let unknown = restored::doubt(conn, now, until).await?;
    restored::free_turns(conn).await?;
    for (tenant, channel) in restored::channels(conn).await? {
        let payload = json!({ "channel": channel });
        let job = NewJob { kind: inbox::SEND, tenant: Some(tenant), payload, run_at: until, unique_key: None };
        copies::leave_job(conn, &job).await?;
    }
    let letters = copies::cut_off(conn, &[letters::GATHER, letters::SEND], now).await?;
    Ok(Restored { unknown, letters })
}

//! After a restore: what must not be done twice is not done again by itself.

use kernel::{Result, Timestamp};
use store::{Conn, copies};

use super::tables::restored;
use crate::{domains, identity};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Sessions that ended: their people log in again.
    pub sessions: u64,
    /// Letters that waited, and are dead letters now: they may have been sent.
    pub letters: u64,
}

/// Ends sessions and keeps letters back.
pub async fn settle_restored(conn: &impl Conn, now: Timestamp) -> Result<Restored> {
    let sessions = restored::end_sessions(conn, now).await?;
    let kinds = [[identity::LETTER].as_slice(), domains::LETTERS.as_slice()].concat();
    let letters = copies::cut_off(conn, &kinds, now).await?;
    Ok(Restored { sessions, letters })
}

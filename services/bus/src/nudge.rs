//! Hints from other processes, for whoever reads the database. Never believed: a nudge says look, not what is there.

use tokio::sync::broadcast::{self, error::RecvError};

/// Nudges a reader may be behind before it looks at everything once.
pub(crate) const DEPTH: usize = 1024;

/// Why to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    /// Somebody says a shard of events has come this far.
    Head {
        /// Which shard.
        shard: u16,
        /// How far.
        n: i64,
    },
    /// Somebody left jobs.
    Jobs,
    /// Nudges were missed: anything may have happened.
    Everything,
}

/// A reader of nudges.
pub struct Nudges(pub(crate) broadcast::Receiver<Nudge>);

impl Nudges {
    /// Waits for the next one; nothing when the bus is gone. Safe to cancel.
    pub async fn next(&mut self) -> Option<Nudge> {
        match self.0.recv().await {
            Ok(nudge) => Some(nudge),
            Err(RecvError::Lagged(_)) => Some(Nudge::Everything),
            Err(RecvError::Closed) => None,
        }
    }
}

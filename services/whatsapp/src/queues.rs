//! The queues in and out, in numbers, over all tenants.

use chat::Ctx;
use kernel::{Result, Timestamp};

use crate::tables;

/// How the queues stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queues {
    /// Messages on their way out, by state; a state without any is there too.
    pub outgoing: Vec<(&'static str, i64)>,
    /// Since when the oldest message that is due waits.
    pub outgoing_due_since: Option<Timestamp>,
    /// Deliveries nobody has worked on.
    pub inbound: i64,
    /// Since when the oldest of them waits.
    pub inbound_since: Option<Timestamp>,
    /// Numbers nothing is sent from.
    pub halted: i64,
}

/// Looks at them.
pub async fn queues(ctx: &Ctx, now: Timestamp) -> Result<Queues> {
    let conn = ctx.db.platform();
    let (inbound, inbound_since) = tables::queues::inbound(conn).await?;
    Ok(Queues {
        outgoing: tables::queues::outgoing(conn).await?,
        outgoing_due_since: tables::queues::due_since(conn, now).await?,
        inbound,
        inbound_since,
        halted: tables::queues::halted(conn).await?,
    })
}

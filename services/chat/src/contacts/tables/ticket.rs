//! Tickets that were used, until they would have ended by themselves.

use kernel::{Result, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

use crate::contacts::ticket::Ticket;

/// Writes a ticket down as used; `false` when it was before.
pub async fn spend(conn: &impl ConnectionTrait, hash: &str, ticket: &Ticket, until: Timestamp) -> Result<bool> {
    let text = "insert into ticket (hash, tenant_id, widget_id, origin, expires_at) values (?, ?, ?, ?, ?) on conflict do nothing";
    let values = [hash.into(), ticket.tenant.into(), ticket.widget.into(), ticket.origin.as_str().into(), until.into()];
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

/// Forgets tickets that ended before `now`.
pub async fn forget(conn: &impl ConnectionTrait, now: Timestamp) -> Result<()> {
    let text = "delete from ticket where expires_at < ?";
    conn.execute_raw(sql(conn.get_database_backend(), text, [now.into()])).await.map(|_| ()).map_err(fault)
}

//! Calls that waited when a copy of the database was taken.

use kernel::{Result, TenantId, Timestamp};
use store::{Conn, fault, sql};
use uuid::Uuid;

/// Everything that was to leave may have left: it is *unknown* from now on.
pub async fn doubt(conn: &impl Conn, now: Timestamp, until: Timestamp) -> Result<u64> {
    let text = "update outgoing set state = 'unknown', leased_until = null, called_at = coalesce(called_at, ?), \
                next_at = ?, updated_at = ? where state in ('new', 'ready', 'leased', 'unknown')";
    let asked = sql(conn.get_database_backend(), text, [now.into(), until.into(), now.into()]);
    Ok(conn.execute_raw(asked).await.map_err(fault)?.rows_affected())
}

/// Nobody has a number's turn.
pub async fn free_turns(conn: &impl Conn) -> Result<()> {
    let text = "update wa_turn set holder = null, until = null, wake_at = null";
    conn.execute_raw(sql(conn.get_database_backend(), text, [])).await.map(drop).map_err(fault)
}

/// Numbers that have such calls.
pub async fn channels(conn: &impl Conn) -> Result<Vec<(TenantId, Uuid)>> {
    let text = "select distinct tenant_id, channel_id from outgoing where state = 'unknown'";
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?)))
        .collect()
}

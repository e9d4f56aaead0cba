//! How much waits, over all tenants.

use kernel::{Result, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use store::{fault, sql};

/// States in which a row is still on its way.
const UNDER_WAY: [&str; 4] = ["new", "ready", "leased", "unknown"];

/// Messages on their way out.
pub async fn outgoing(conn: &impl ConnectionTrait) -> Result<Vec<(&'static str, i64)>> {
    let text =
        "select state, count(*) from outgoing where state in ('new', 'ready', 'leased', 'unknown') group by state";
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)?;
    let mut all = UNDER_WAY.map(|state| (state, 0)).to_vec();
    for row in rows {
        let state: String = row.try_get_by_index(0).map_err(fault)?;
        let number: i64 = row.try_get_by_index(1).map_err(fault)?;
        all.iter_mut().filter(|(word, _)| *word == state).for_each(|one| one.1 = number);
    }
    Ok(all)
}

/// Since when the oldest that may go now waits.
pub async fn due_since(conn: &impl ConnectionTrait, now: Timestamp) -> Result<Option<Timestamp>> {
    let text = "select min(next_at) from outgoing where state in ('new', 'ready') and next_at <= ?";
    let row = one(conn, text, vec![now.into()]).await?;
    row.map_or(Ok(None), |row| row.try_get_by_index(0).map_err(fault))
}

/// Deliveries nobody has worked on, and since when the oldest waits.
pub async fn inbound(conn: &impl ConnectionTrait) -> Result<(i64, Option<Timestamp>)> {
    let row = one(conn, "select count(*), min(received_at) from wa_delivery where state = 'new'", vec![]).await?;
    let Some(row) = row else { return Ok((0, None)) };
    Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?))
}

/// Numbers nothing is sent from.
pub async fn halted(conn: &impl ConnectionTrait) -> Result<i64> {
    let row = one(conn, "select count(*) from wa_number where halted_at is not null", vec![]).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))
}

async fn one(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Option<QueryResult>> {
    conn.query_one_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)
}

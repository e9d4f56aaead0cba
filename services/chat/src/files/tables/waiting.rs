//! How many files wait for their verdict.

use kernel::{Result, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// Their number, and since when the oldest waits.
pub async fn checking(conn: &impl ConnectionTrait) -> Result<(i64, Option<Timestamp>)> {
    let text = "select count(*), min(updated_at) from file where state = 'checking'";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)?;
    let Some(row) = row else { return Ok((0, None)) };
    Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?))
}

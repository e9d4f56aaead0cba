//! How the machine is: counters and jobs, as `store` keeps them.

use kernel::{JobId, Result, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use store::{fault, sql};

use crate::operator::system::{DeadLetter, Head};

/// Which database engine, in one lower-case word.
pub fn engine(conn: &impl ConnectionTrait) -> String {
    format!("{:?}", conn.get_database_backend()).to_lowercase()
}

/// The newest event's number on every shard.
pub async fn heads(conn: &impl ConnectionTrait) -> Result<Vec<Head>> {
    let rows = all(conn, "select shard, head from outbox_shard order by shard").await?;
    rows.iter().map(|row| Ok(Head { shard: row.try_get_by_index(0).map_err(fault)?, head: get(row, 1)? })).collect()
}

/// How many jobs wait, and since when the oldest should have run.
pub async fn waiting(conn: &impl ConnectionTrait) -> Result<(i64, Option<Timestamp>)> {
    let rows = all(conn, "select count(*), min(run_at) from job where gave_up_at is null").await?;
    let Some(row) = rows.first() else { return Ok((0, None)) };
    Ok((get(row, 0)?, row.try_get_by_index(1).map_err(fault)?))
}

/// How many jobs gave up.
pub async fn dead(conn: &impl ConnectionTrait) -> Result<i64> {
    let rows = all(conn, "select count(*) from job where gave_up_at is not null").await?;
    rows.first().map_or(Ok(0), |row| get(row, 0))
}

/// The latest jobs that gave up.
pub async fn dead_letters(conn: &impl ConnectionTrait) -> Result<Vec<DeadLetter>> {
    let text = "select id, kind, attempts, last_error, gave_up_at from job where gave_up_at is not null order by gave_up_at desc limit 20";
    let rows = all(conn, text).await?;
    rows.iter()
        .map(|row| {
            let id: JobId = row.try_get_by_index(0).map_err(fault)?;
            Ok(DeadLetter {
                id,
                kind: row.try_get_by_index(1).map_err(fault)?,
                attempts: row.try_get_by_index(2).map_err(fault)?,
                reason: row.try_get_by_index(3).map_err(fault)?,
                at: row.try_get_by_index(4).map_err(fault)?,
            })
        })
        .collect()
}

async fn all(conn: &impl ConnectionTrait, text: &str) -> Result<Vec<QueryResult>> {
    conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)
}

fn get(row: &QueryResult, index: usize) -> Result<i64> {
    row.try_get_by_index(index).map_err(fault)
}

//! Leases: who works on what, until when.

use std::time::Duration;

use kernel::{Error, Result, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult};

use crate::jobs::Task;
use crate::{fault, sql};

/// A worker that has not finished by then is taken for dead and its job runs again.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// Leases up to `most` jobs that are due, oldest first.
pub(super) async fn claim(conn: &DatabaseConnection, now: Timestamp, most: i64) -> Result<Vec<Task>> {
    let backend = conn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for update skip locked" } else { "" };
    let text = format!(
        "update job set claimed_until = ?, attempts = attempts + 1 where id in (select id from job where gave_up_at is null \
         and run_at <= ? and (claimed_until is null or claimed_until < ?) order by run_at limit ? {lock}) \
         returning id, kind, tenant_id, payload, attempts"
    );
    let values = [now.plus(LEASE).into(), now.into(), now.into(), most.into()];
    let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
    rows.iter().map(task_of).collect()
}

fn task_of(row: &QueryResult) -> Result<Task> {
    let payload: String = row.try_get_by_index(3).map_err(fault)?;
    Ok(Task {
        id: row.try_get_by_index(0).map_err(fault)?,
        kind: row.try_get_by_index(1).map_err(fault)?,
        tenant: row.try_get_by_index(2).map_err(fault)?,
        payload: serde_json::from_str(&payload).map_err(Error::internal)?,
        attempts: row.try_get_by_index(4).map_err(fault)?,
    })
}

/// Makes a lease longer.
pub(super) async fn extend(conn: &DatabaseConnection, task: &Task, now: Timestamp) -> Result<()> {
    let text = "update job set claimed_until = ? where id = ? and claimed_until is not null";
    let values = [now.plus(LEASE).into(), task.id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

pub(super) async fn finish(conn: &DatabaseConnection, task: &Task) -> Result<()> {
    let text = "delete from job where id = ?";
    conn.execute_raw(sql(conn.get_database_backend(), text, [task.id.into()])).await.map_err(fault)?;
    Ok(())
}

/// Puts the job back for `run_at`; `fresh` forgets how often it was tried.
pub(super) async fn again(
    conn: &DatabaseConnection,
    task: &Task,
    run_at: Timestamp,
    fresh: bool,
    why: Option<&str>,
) -> Result<()> {
    let attempts = if fresh { 0 } else { task.attempts };
    let text = "update job set run_at = ?, claimed_until = null, attempts = ?, last_error = ? where id = ?";
    let values = [run_at.into(), attempts.into(), why.into(), task.id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// Keeps the job as a dead letter for a human to look at.
pub(super) async fn give_up(conn: &DatabaseConnection, task: &Task, now: Timestamp, why: &str) -> Result<()> {
    let text = "update job set gave_up_at = ?, claimed_until = null, unique_key = null, last_error = ? where id = ?";
    let values = [now.into(), why.into(), task.id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// When the next job is due, if any waits.
pub(super) async fn next_due(conn: &DatabaseConnection) -> Result<Option<Timestamp>> {
    let text = "select run_at from job where gave_up_at is null and claimed_until is null order by run_at limit 1";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

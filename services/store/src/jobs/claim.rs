//! Leases: who works on what, until when.

use std::time::Duration;

use kernel::trace::Place;
use kernel::{Error, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use uuid::Uuid;

use crate::jobs::Task;
use crate::jobs::turns::Owner;
use crate::patience::Pool;
use crate::{fault, sql};

/// A worker that has said nothing for so long is taken for dead and its job runs again.
pub(super) const LEASE: Duration = Duration::from_secs(20);
/// How often a worker says that it still works on a job: three may be lost.
pub(super) const BEAT: Duration = Duration::from_secs(LEASE.as_secs() / 4);

/// Owners found by one reading of the line.
const OWNERS: usize = 64;

/// What a worker can do, at a moment.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    /// Kinds it has handlers for; others' are for others, of a later release.
    pub kinds: &'a [&'static str],
    /// The moment.
    pub now: Timestamp,
}

impl Work<'_> {
    /// Due, in nobody's hands, and within its knowledge.
    fn is_free(&self) -> String {
        let kinds = places(self.kinds);
        format!(
            "gave_up_at is null and run_at <= ? and (claimed_until is null or claimed_until < ?) and kind in ({kinds})"
        )
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        [self.now.into(), self.now.into()].into_iter().chain(self.kinds.iter().map(|kind| Value::from(*kind)))
    }
}

/// Leases up to `most` jobs that are due, oldest first.
pub(super) async fn claim(conn: &Pool, work: Work<'_>, most: i64) -> Result<Vec<Task>> {
    let which = format!("select id from job where {} order by run_at limit ? {}", work.is_free(), lock(conn));
    lease(conn, work.now, &which, work.values().chain([most.into()]).collect()).await
}

/// Leases for each owner up to so many of its due jobs, oldest first. The index `job_of` finds them, however many others
/// wait.
pub(super) async fn claim_shares(conn: &Pool, work: Work<'_>, shares: &[(Owner, usize)]) -> Result<Vec<Task>> {
    let (mut arms, mut values, lock) = (Vec::new(), Vec::<Value>::new(), lock(conn));
    for (place, (owner, share)) in shares.iter().enumerate() {
        let whose = if owner.is_some() { "tenant_id = ?" } else { "tenant_id is null" };
        let one = format!("select id from job where {whose} and {} order by run_at limit ? {lock}", work.is_free());
        arms.push(format!("select id from ({one}) as share_{place}"));
        values.extend(owner.map(Value::from));
        values.extend(work.values());
        values.push(i64::try_from(*share).unwrap_or(1).into());
    }
    lease(conn, work.now, &arms.join(" union all "), values).await
}

async fn lease(conn: &Pool, now: Timestamp, which: &str, values: Vec<Value>) -> Result<Vec<Task>> {
    let text = format!(
        "update job set claimed_until = ?, attempts = attempts + 1 where id in ({which}) \
         returning id, kind, tenant_id, payload, attempts, trace"
    );
    let values = [now.plus(LEASE).into()].into_iter().chain(values);
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    rows.iter().map(task_of).collect()
}

fn lock(conn: &Pool) -> &'static str {
    if conn.get_database_backend() == DbBackend::Postgres { "for update skip locked" } else { "" }
}

/// Which tenants' jobs are due, those after `after` in order of their ids, and whether that were all. Jumps from one
/// tenant to the next in the index, so that a long pile costs no more than a short one.
pub(super) async fn owners(conn: &Pool, work: Work<'_>, after: Owner) -> Result<(Vec<Owner>, bool)> {
    let next = format!("tenant_id > {{}} and {} order by tenant_id limit 1", work.is_free());
    let (first, then) = (next.replace("{}", "?"), next.replace("{}", "line.tenant_id"));
    let text = format!(
        "with recursive line(tenant_id, place) as (select * from (select tenant_id, 1 from job where {first}) as head \
         union all select (select job.tenant_id from job where job.{then}), line.place + 1 from line \
         where line.tenant_id is not null and line.place < {OWNERS}) \
         select tenant_id from line where tenant_id is not null"
    );
    let after = after.unwrap_or_else(|| TenantId::from_uuid(Uuid::nil()));
    let values = [after.into()].into_iter().chain(work.values()).chain(work.values());
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    let owners: Vec<Owner> = rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect::<Result<_>>()?;
    let is_end = owners.len() < OWNERS;
    Ok((owners, is_end))
}

fn task_of(row: &QueryResult) -> Result<Task> {
    let payload: String = row.try_get_by_index(3).map_err(fault)?;
    let trace: Option<String> = row.try_get_by_index(5).map_err(fault)?;
    Ok(Task {
        id: row.try_get_by_index(0).map_err(fault)?,
        kind: row.try_get_by_index(1).map_err(fault)?,
        tenant: row.try_get_by_index(2).map_err(fault)?,
        payload: serde_json::from_str(&payload).map_err(Error::internal)?,
        attempts: row.try_get_by_index(4).map_err(fault)?,
        trace: trace.as_deref().and_then(Place::parse),
    })
}

fn places(kinds: &[&str]) -> String {
    vec!["?"; kinds.len()].join(", ")
}

/// Makes a lease longer; `false` when it is somebody else's by now. Every claim counts one attempt more, so the number
/// of attempts tells one claim of a job from the next: who was away too long (a stopped machine, a paused process) can
/// neither hold, finish nor put back what another has taken over.
pub(super) async fn extend(conn: &Pool, task: &Task, now: Timestamp) -> Result<bool> {
    let text = "update job set claimed_until = ? where id = ? and attempts = ? and claimed_until is not null";
    let values = [now.plus(LEASE).into(), task.id.into(), task.attempts.into()];
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn finish(conn: &Pool, task: &Task) -> Result<()> {
    let text = "delete from job where id = ? and attempts = ?";
    let values = [task.id.into(), task.attempts.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// Gives a lease back, as if the job had never been claimed: another worker takes it at once.
pub(super) async fn give_back(conn: &Pool, task: &Task) -> Result<()> {
    let text = "update job set claimed_until = null, attempts = attempts - 1 where id = ? and attempts = ?";
    let values = [task.id.into(), task.attempts.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// Puts the job back for `run_at`; `fresh` forgets how often it was tried.
pub(super) async fn again(conn: &Pool, task: &Task, run_at: Timestamp, fresh: bool, why: Option<&str>) -> Result<()> {
    let attempts = if fresh { 0 } else { task.attempts };
    // a schedule's next run was caused by nobody's request
    let begun = if fresh { ", trace = null" } else { "" };
    let text = &format!(
        "update job set run_at = ?, claimed_until = null, attempts = ?, last_error = ?{begun} where id = ? and attempts = ?"
    );
    let values = [run_at.into(), attempts.into(), why.into(), task.id.into(), task.attempts.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// Keeps the job as a dead letter for a human to look at.
pub(super) async fn give_up(conn: &Pool, task: &Task, now: Timestamp, why: &str) -> Result<()> {
    let text = "update job set gave_up_at = ?, claimed_until = null, unique_key = null, last_error = ? \
                where id = ? and attempts = ?";
    let values = [now.into(), why.into(), task.id.into(), task.attempts.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// When the next job of these kinds is due, if any waits.
pub(super) async fn next_due(conn: &Pool, kinds: &[&'static str]) -> Result<Option<Timestamp>> {
    let text = format!(
        "select run_at from job where gave_up_at is null and claimed_until is null and kind in ({}) \
         order by run_at limit 1",
        places(kinds)
    );
    let values = kinds.iter().map(|kind| Value::from(*kind));
    let row = conn.query_one_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

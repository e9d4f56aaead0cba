//! Work for later: stored with the rows that caused it, leased to a worker, safe to run twice.

mod bell;
mod claim;
mod leave;
mod runner;
mod told;
mod turns;

pub(crate) use bell::Bell;
pub use bell::Jobs;
pub use leave::{Leave, Leaving};
pub use runner::{Handler, Outcome, Runner};

use kernel::trace::{self, Place};
use kernel::{Clock, JobId, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;

use crate::{fault, sql};

/// Work to leave behind.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler does it.
    pub kind: &'static str,
    /// Whose work it is; `None` for the platform's.
    pub tenant: Option<TenantId>,
    /// Ids, not copies.
    pub payload: serde_json::Value,
    /// Not before.
    pub run_at: Timestamp,
    /// At most one waiting job has this key; a second one is dropped.
    pub unique_key: Option<String>,
}

/// Work that was claimed.
#[derive(Clone, Debug)]
pub struct Task {
    /// The job's id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// Whose work it is.
    pub tenant: Option<TenantId>,
    /// As it was left.
    pub payload: serde_json::Value,
    /// How often it was claimed, this time included.
    pub attempts: i32,
    /// Where in a trace it was left.
    pub trace: Option<Place>,
}

pub(crate) async fn store(tx: &impl ConnectionTrait, clock: &Clock, jobs: &[NewJob]) -> Result<()> {
    let text = "insert into job (id, tenant_id, kind, payload, unique_key, run_at, attempts, created_at, trace) values (?, ?, ?, ?, ?, ?, 0, ?, ?) on conflict do nothing";
    let from = if jobs.is_empty() { None } else { trace::here() };
    for job in jobs {
        let values = [
            JobId::new(clock).into(),
            job.tenant.into(),
            job.kind.into(),
            job.payload.to_string().into(),
            job.unique_key.clone().into(),
            job.run_at.into(),
            clock.now().into(),
            from.as_ref().map(Place::as_str).into(),
        ];
        tx.execute_raw(sql(tx.get_database_backend(), text, values)).await.map_err(fault)?;
    }
    Ok(())
}

//! How the machine is, for operators.

use kernel::{JobId, Result, Timestamp};

use super::staff::Staff;
use super::tables::system;
use crate::Ctx;

/// The newest event's number on a shard.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Which counter.
    pub shard: i32,
    /// Where it stands.
    pub head: i64,
}

/// A job that gave up.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    /// Id.
    pub id: JobId,
    /// Which handler tried.
    pub kind: String,
    /// How often.
    pub attempts: i32,
    /// What it said last.
    pub reason: Option<String>,
    /// When it gave up.
    pub at: Timestamp,
}

/// The state of the machine.
#[derive(Clone, Debug)]
pub struct System {
    /// Which database engine.
    pub engine: String,
    /// Counters of the event stream.
    pub heads: Vec<Head>,
    /// Jobs that wait.
    pub jobs_waiting: i64,
    /// Seconds by which the oldest of them is late.
    pub jobs_late_seconds: u64,
    /// Jobs that gave up.
    pub jobs_dead: i64,
    /// The latest of those.
    pub dead_letters: Vec<DeadLetter>,
}

/// Looks at the machine.
pub async fn system(ctx: &Ctx, _by: &Staff) -> Result<System> {
    let conn = ctx.db.platform();
    let (jobs_waiting, oldest) = system::waiting(conn).await?;
    let late = oldest.map(|at| ctx.clock().now().since(at).as_secs());
    Ok(System {
        engine: system::engine(conn),
        heads: system::heads(conn).await?,
        jobs_waiting,
        jobs_late_seconds: late.unwrap_or(0),
        jobs_dead: system::dead(conn).await?,
        dead_letters: system::dead_letters(conn).await?,
    })
}

//! The store in numbers: pools, the stream, jobs. Asked for every few seconds, never for a message.

use std::time::Duration;

use kernel::{Result, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::patience::Pool;
use crate::{Db, fault, outbox, sql};

/// How a pool stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// What it is for.
    pub name: &'static str,
    /// Connections that work.
    pub in_use: u32,
    /// Connections that wait for work.
    pub idle: u32,
    /// Most there may be.
    pub most: u32,
}

/// Jobs of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobsOf {
    /// Which handler does them.
    pub kind: String,
    /// Those in the line, schedules among them.
    pub waiting: i64,
    /// Those a worker has leased.
    pub running: i64,
    /// Those that failed and are tried again.
    pub failed: i64,
    /// Those that gave up.
    pub dead: i64,
    /// Since when the oldest that is due should have run.
    pub due_since: Option<Timestamp>,
}

impl Db {
    /// Every pool of this process.
    pub fn pools(&self) -> Vec<PoolUse> {
        let pools = &self.inner.pools;
        let mut all = vec![pool("write", &pools.writer), pool("read", &pools.reader)];
        if pools.backend == DbBackend::Postgres {
            all.push(pool("background", &pools.background));
        }
        all.extend(pools.replica.iter().map(|replica| pool("replica", replica)));
        all
    }

    /// Events that are committed and that this process has not handed on yet.
    pub async fn events_behind(&self) -> Result<i64> {
        let heads = outbox::shards(&self.inner.pools.reader).await?;
        Ok(heads.iter().map(|shard| (shard.head - self.inner.sequencer.seen(shard.number)).max(0)).sum())
    }

    /// How far the copy of the database is behind, if there is one; none inside when that is not known.
    pub fn replica_lag(&self) -> Option<Option<Duration>> {
        self.inner.pools.replica.as_ref().map(|_| self.inner.lag.now())
    }

    /// Jobs by kind.
    pub async fn jobs(&self, now: Timestamp) -> Result<Vec<JobsOf>> {
        let conn = self.platform();
        let text = "select kind, \
                    coalesce(sum(case when gave_up_at is null and (claimed_until is null or claimed_until < ?) then 1 else 0 end), 0), \
                    coalesce(sum(case when gave_up_at is null and claimed_until >= ? then 1 else 0 end), 0), \
                    coalesce(sum(case when gave_up_at is null and last_error is not null then 1 else 0 end), 0), \
                    coalesce(sum(case when gave_up_at is not null then 1 else 0 end), 0), \
                    min(case when gave_up_at is null and (claimed_until is null or claimed_until < ?) and run_at <= ? then run_at end) \
                    from job group by kind order by kind";
        let values = [now.into(), now.into(), now.into(), now.into()];
        let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
        let jobs = |row: &sea_orm::QueryResult| {
            Ok(JobsOf {
                kind: row.try_get_by_index(0).map_err(fault)?,
                waiting: row.try_get_by_index(1).map_err(fault)?,
                running: row.try_get_by_index(2).map_err(fault)?,
                failed: row.try_get_by_index(3).map_err(fault)?,
                dead: row.try_get_by_index(4).map_err(fault)?,
                due_since: row.try_get_by_index(5).map_err(fault)?,
            })
        };
        rows.iter().map(jobs).collect()
    }
}

fn pool(name: &'static str, conn: &Pool) -> PoolUse {
    let (open, idle, most) = if conn.get_database_backend() == DbBackend::Postgres {
        let pool = conn.inner().get_postgres_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = conn.inner().get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    let idle = u32::try_from(idle).unwrap_or(0).min(open);
    PoolUse { name, in_use: open - idle, idle, most }
}

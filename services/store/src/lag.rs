//! How far the copy of the database is behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::patience::Pool;

/// How often it is asked.
const ASK: Duration = Duration::from_secs(1);
/// A copy further behind is not read from, in milliseconds.
const MOST: u64 = 2_000;
/// Not known.
const LOST: u64 = u64::MAX;

/// Milliseconds the copy is behind, as it was said last.
pub(crate) struct Lag(Arc<AtomicU64>);

impl Lag {
    /// Keeps asking until it is dropped.
    pub fn watch(replica: Option<Pool>) -> Self {
        let behind = Arc::new(AtomicU64::new(LOST));
        if let Some(replica) = replica {
            let weak = Arc::downgrade(&behind);
            tokio::spawn(async move {
                while let Some(behind) = weak.upgrade() {
                    behind.store(ask(&replica).await, Ordering::Relaxed);
                    drop(behind);
                    tokio::time::sleep(ASK).await;
                }
            });
        }
        Self(behind)
    }

    /// As it was said last; none when it is not known.
    pub fn now(&self) -> Option<Duration> {
        Some(self.0.load(Ordering::Relaxed)).filter(|ms| *ms != LOST).map(Duration::from_millis)
    }

    pub fn is_small(&self) -> bool {
        self.0.load(Ordering::Relaxed) <= MOST
    }
}

/// How far a copy is behind; none when it does not say.
pub(crate) async fn behind(copy: &impl ConnectionTrait) -> Option<Duration> {
    Some(ask(copy).await).filter(|ms| *ms != LOST).map(Duration::from_millis)
}

/// A copy that is being sent to and has applied all it received is not behind, however long ago that was. One that is cut
/// off, or follows nobody any more, cannot say how far it is behind.
async fn ask(replica: &impl ConnectionTrait) -> u64 {
    let text = "select case when not pg_is_in_recovery() or not exists (select 1 from pg_stat_wal_receiver) then null \
                when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0 \
                else cast(extract(epoch from now() - pg_last_xact_replay_timestamp()) * 1000 as bigint) end";
    let row = replica.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await;
    let behind = row.ok().flatten().and_then(|row| row.try_get_by_index::<Option<i64>>(0).ok()).flatten();
    behind.and_then(|ms| u64::try_from(ms).ok()).unwrap_or(LOST)
}

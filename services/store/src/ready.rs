//! Whether a message could be acknowledged now.

use std::time::{Duration, Instant};

use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::commit::copy;
use crate::{Db, Whose, fault};

/// How long the last look is believed: anybody may ask, and each look costs a flush.
const BELIEVED: Duration = Duration::from_millis(500);
/// Whoever balances load has stopped waiting by then.
const PATIENCE: Duration = Duration::from_secs(3);

/// Changes nothing and is written all the same: SQLite does not touch a page for a row that stays as it is, and then has
/// nothing to flush.
const CHANGE: &str = "update outbox_shard set head = head + 1 where shard = 0; \
    update outbox_shard set head = head - 1 where shard = 0";

/// What the last look found.
#[derive(Default)]
pub(crate) struct Ready(Mutex<Option<(Instant, Result<()>)>>);

impl Db {
    /// Whether a message could be acknowledged now. Writes and commits, because a disk that is full or fails says so only
    /// then; those who ask together share one look.
    pub async fn is_ready(&self) -> Result<()> {
        let mut last = self.inner.ready.0.lock().await;
        if let Some((_, found)) = last.as_ref().filter(|(at, _)| at.elapsed() < BELIEVED) {
            return found.as_ref().copied().map_err(copy);
        }
        let found = timeout(PATIENCE, self.try_to_write()).await.unwrap_or_else(|_| Err(too_slow()));
        let told = found.as_ref().copied().map_err(copy);
        *last = Some((Instant::now(), found));
        told
    }

    async fn try_to_write(&self) -> Result<()> {
        let unit = self.write(Whose::Platform).await?;
        unit.conn().execute_unprepared(CHANGE).await.map_err(fault)?;
        unit.commit().await.map(|_| ())
    }
}

fn too_slow() -> Error {
    Error::unavailable("store_unavailable", "The database cannot be reached just now; try again in a moment.")
}

//! What files that are over leave in the store.

use std::time::Duration;

use blobs::Key;
use futures::future::BoxFuture;
use kernel::{FileId, Kind, Result, TenantId};
use store::{Outcome, Task, Whose};

use super::tables::life;
use crate::Ctx;

/// Job that deletes the objects of files that are over.
pub const ERASE: &str = "files.erase";

/// Files whose objects are deleted in one go.
const AT_ONCE: i64 = 100;
/// How long to leave a store alone that is away.
const AWAY: Duration = Duration::from_secs(60);

/// Runs [`ERASE`]. A store that is away is asked again until it is back: nothing may stay because it was.
pub(super) fn run(ctx: Ctx, _task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        match erase_ended(&ctx).await {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if error.kind() == Kind::Unavailable => {
                tracing::warn!(?error, "files that are over wait for their store");
                Ok(Outcome::Again(AWAY))
            }
            Err(error) => Err(error),
        }
    })
}

/// Deletes the objects of every file that is over; gives how many files. Objects go first: a row is forgotten only when
/// nothing is left of it.
pub async fn erase_ended(ctx: &Ctx) -> Result<u64> {
    let mut erased = 0;
    loop {
        let doomed = life::doomed(ctx.db.platform(), AT_ONCE).await?;
        if doomed.is_empty() {
            return Ok(erased);
        }
        let keys = doomed.iter().flat_map(|one| &one.keys).map(|key| key.parse()).collect::<Result<Vec<_>>>()?;
        ctx.files.blobs.delete(&keys).await?;
        let unit = ctx.db.write(Whose::Platform).await?;
        let ids: Vec<FileId> = doomed.into_iter().map(|one| one.id).collect();
        life::bury(unit.conn(), &ids).await?;
        unit.commit().await?;
        erased += ids.len() as u64;
        metrics::counter!("porchlight_files_erased_total").increment(ids.len() as u64);
    }
}

/// Deletes everything a tenant has in the store: what its rows know and what they do not.
pub async fn remove_objects_of(ctx: &Ctx, tenant: TenantId) -> Result<()> {
    let prefix = format!("{}/", tenant.uuid().as_simple());
    loop {
        let page = ctx.files.blobs.list(None, &prefix).await?;
        if page.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = page.into_iter().map(|listed| listed.key).collect();
        ctx.files.blobs.delete(&keys).await?;
    }
}

//! What was begun and not ended: cleared away once it is certain that nobody ends it any more.
//!
//! Every step is safe to run twice and beside itself: it takes rows that are still as it found them, and whoever was
//! late finds out when they come to write.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{FileId, Kind, Result, TenantId, Timestamp};
use store::{Outcome, Task, Whose};

use super::check::{self, Keys};
use super::objects::erase_ended;
use super::tables::file::Row;
use super::tables::{life, usage};
use super::verdict::{self, Found};
use super::{erase, scratch};
use crate::Ctx;

/// Job that sweeps.
pub const SWEEP: &str = "files.sweep";

const BETWEEN: Duration = Duration::from_secs(3_600);
/// How long to leave a store alone that is away.
const AWAY: Duration = Duration::from_secs(600);
/// Longer than any upload may take.
const UPLOAD: Duration = Duration::from_secs(3_600);
/// How long a file may wait for its message.
const LOOSE: Duration = Duration::from_secs(24 * 3_600);
/// A check that has not ended by then has perhaps lost its job.
const CHECK: Duration = Duration::from_secs(3_600);
/// A file nobody could look at in all this time is refused.
const UNCHECKED: Duration = Duration::from_secs(25 * 3_600);
/// Half-written objects of uploads that were cut off.
const UNFINISHED: Duration = Duration::from_secs(24 * 3_600);
/// Counters of uploads older than the longest limit.
const METERS: Duration = Duration::from_secs(48 * 3_600);
/// Rows in one write.
const AT_ONCE: i64 = 50;

/// What a sweep found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that never ended.
    pub uploads: u64,
    /// Files no message took.
    pub loose: u64,
    /// Files to be looked at again.
    pub unchecked: u64,
    /// Files that are over and whose objects were still there.
    pub ended: u64,
    /// Half-written objects.
    pub unfinished: u64,
}

/// Runs [`SWEEP`]. Comes back whatever happens: a sweep that gave up would be missed by nobody.
pub(super) fn run(ctx: Ctx, _task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        if let Err(error) = tokio::task::spawn_blocking(scratch::clear).await.map_err(std::io::Error::other).flatten() {
            tracing::warn!(%error, "folders of checks that were cut off could not be cleared");
        }
        match sweep(&ctx, ctx.clock().now()).await {
            Ok(swept) => {
                if swept != Swept::default() {
                    tracing::info!(?swept, "files swept");
                }
                Ok(Outcome::Again(BETWEEN))
            }
            Err(error) => {
                let kind = error.kind();
                tracing::warn!(?error, "the sweep of files will be tried again");
                Ok(Outcome::Again(if kind == Kind::Unavailable { AWAY } else { BETWEEN }))
            }
        }
    })
}

/// Clears away what nobody ends any more, as of `at`.
pub async fn sweep(ctx: &Ctx, at: Timestamp) -> Result<Swept> {
    let swept = Swept {
        uploads: uploads(ctx, at.minus(UPLOAD)).await?,
        loose: loose(ctx, at.minus(LOOSE)).await?,
        unchecked: unchecked(ctx, at).await?,
        ended: erase_ended(ctx).await?,
        unfinished: ctx.files.blobs.forget_unfinished(at.minus(UNFINISHED)).await?,
    };
    let unit = ctx.db.write(Whose::Platform).await?;
    life::forget_meters(unit.conn(), at.minus(METERS)).await?;
    unit.commit().await?;
    count(swept);
    Ok(swept)
}

fn count(swept: Swept) {
    let Swept { uploads, loose, unchecked, ended, unfinished } = swept;
    for (what, number) in
        [("uploads", uploads), ("loose", loose), ("unchecked", unchecked), ("ended", ended), ("unfinished", unfinished)]
    {
        metrics::counter!("porchlight_files_swept_total", "what" => what).increment(number);
    }
}

/// Takes back uploads whose bytes stopped coming; one that does come to its end finds no row that waits for it.
async fn uploads(ctx: &Ctx, before: Timestamp) -> Result<u64> {
    let mut all = 0;
    loop {
        match some_uploads(ctx, before).await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}

async fn some_uploads(ctx: &Ctx, before: Timestamp) -> Result<u64> {
    let unit = ctx.db.write(Whose::Platform).await?;
    let stuck = life::stuck(unit.conn(), before, AT_ONCE).await?;
    let mut by_tenant: BTreeMap<TenantId, Vec<FileId>> = BTreeMap::new();
    stuck.iter().for_each(|(tenant, id)| by_tenant.entry(*tenant).or_default().push(*id));
    for (tenant, ids) in by_tenant {
        usage::release(unit.conn(), tenant, &ids).await?;
        life::end(unit.conn(), &ids, "erased", ctx.clock().now()).await?;
        life::unname(unit.conn(), &ids).await?;
    }
    unit.commit().await?;
    Ok(stuck.len() as u64)
}

/// Erases files nobody sent.
async fn loose(ctx: &Ctx, before: Timestamp) -> Result<u64> {
    let mut all = 0;
    loop {
        match some_loose(ctx, before).await? {
            0 => return Ok(all),
            some => all += some,
        }
    }
}

async fn some_loose(ctx: &Ctx, before: Timestamp) -> Result<u64> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let loose = life::loose(unit.conn(), before, AT_ONCE).await?;
    let count = loose.len() as u64;
    let mut by_tenant: BTreeMap<TenantId, Vec<Row>> = BTreeMap::new();
    loose.into_iter().for_each(|row| by_tenant.entry(row.tenant).or_default().push(row));
    for rows in by_tenant.into_values() {
        let ids: Vec<FileId> = rows.iter().map(|row| row.file.id).collect();
        erase::end(ctx, &mut unit, rows, "erased").await?;
        life::unname(unit.conn(), &ids).await?;
    }
    unit.commit().await?;
    Ok(count)
}

/// Has files looked at again whose job is no more: it gave up, or came from a backup that did not have it.
async fn unchecked(ctx: &Ctx, at: Timestamp) -> Result<u64> {
    let rows = life::unchecked(ctx.db.platform(), at.minus(CHECK), AT_ONCE * 10).await?;
    let names: Vec<String> = rows.iter().map(|row| format!("{}:{}", check::KIND, row.file.id)).collect();
    let planned = life::planned(ctx.db.platform(), &names).await?;
    let mut found = 0;
    for (row, _) in rows.iter().zip(&names).filter(|(_, name)| !planned.contains(*name)) {
        again(ctx, row, at).await?;
        found += 1;
    }
    Ok(found)
}

async fn again(ctx: &Ctx, row: &Row, at: Timestamp) -> Result<()> {
    let object = row.object.as_deref().map(str::parse).transpose()?;
    match object {
        Some(from) if at.since(row.file.created_at) < UNCHECKED => {
            tracing::warn!(file.id = %row.file.id, "a file lost its check and is looked at again");
            // a check that gave up may have moved the bytes already: its successor looks where it put them
            let keys = check::given_up(ctx, row.tenant, row.file.id).await?;
            let keys = keys.unwrap_or_else(|| Keys { from, ..Keys::new(row.tenant) });
            let mut unit = ctx.db.write(Whose::Platform).await?;
            unit.enqueue(check::job(row.tenant, row.file.id, &keys, ctx.clock().now()));
            unit.commit().await.map(|_| ())
        }
        _ => {
            tracing::error!(file.id = %row.file.id, "a file could not be looked at and is refused");
            verdict::decide(ctx, row, Found::Refused("checker_failed")).await
        }
    }
}

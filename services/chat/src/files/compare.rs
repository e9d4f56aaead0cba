//! The store against the rows, both in the order of keys: a page of objects and the rows that lie in its stretch.
//!
//! What no row knows is deleted once it is a day old; a file whose object is missing is gone. Both ways the comparison
//! is careful with what looks like somebody's mistake: objects of tenants this database has never heard of are left
//! alone, and when many objects miss at once it is the store that is wrong.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use blobs::{Key, Listed};
use futures::future::BoxFuture;
use kernel::{Kind, Result, TenantId, Timestamp};
use serde_json::json;
use store::{NewJob, Outcome, Task, Whose};

use super::check;
use super::erase::{self, erasing};
use super::tables::file::{self, Row};
use super::tables::life;
use crate::Ctx;
use crate::identity::tables::tenant;

/// Job that compares, a stretch at a time.
pub const COMPARE: &str = "files.compare";

const BETWEEN: Duration = Duration::from_secs(24 * 3_600);
/// Pages in one run: well within a worker's lease.
const PAGES: usize = 10;
/// An object without a row may be about to get one; a row that just changed may be about to get another object.
const GRACE: Duration = Duration::from_secs(24 * 3_600);
/// More objects than this missing in one stretch are not lost: the store is not the one that was written to.
const MOST_LOST: usize = 20;
/// Rows compared in one go.
const AT_ONCE: i64 = 1_000;

/// What a comparison found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Objects without a row, deleted.
    pub orphans: u64,
    /// Objects of tenants nobody knows, left alone.
    pub foreign: u64,
    /// Files without an object, gone.
    pub lost: u64,
}

/// Runs [`COMPARE`] from where the last run ended. The run of the day comes back every day; what it does not manage it
/// leaves to jobs of their own.
pub(super) fn run(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let from = task.payload["after"].as_str().map(str::to_owned);
        let is_first = from.is_none();
        match stretch(&ctx, ctx.clock().now(), from).await {
            Ok((found, next)) => {
                tell(found);
                if let Some(next) = next {
                    go_on(&ctx, &next).await?;
                }
            }
            Err(error) if error.kind() == Kind::Unavailable && !is_first => {
                return Ok(Outcome::Again(Duration::from_secs(600)));
            }
            Err(error) if is_first => tracing::warn!(?error, "files were not compared today"),
            Err(error) => return Err(error),
        }
        Ok(if is_first { Outcome::Again(BETWEEN) } else { Outcome::Done })
    })
}

fn tell(found: Compared) {
    metrics::counter!("porchlight_files_orphans_total").increment(found.orphans);
    metrics::counter!("porchlight_files_lost_total").increment(found.lost);
    if found.foreign > 0 {
        tracing::warn!(
            count = found.foreign,
            "the store has objects of tenants this database does not know; left alone"
        );
    }
    if found != Compared::default() {
        tracing::info!(?found, "files compared");
    }
}

async fn go_on(ctx: &Ctx, after: &str) -> Result<()> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let (payload, unique_key) = (json!({ "after": after }), Some(format!("{COMPARE}:{after}")));
    unit.enqueue(NewJob { kind: COMPARE, tenant: None, payload, run_at: ctx.clock().now(), unique_key });
    unit.commit().await.map(|_| ())
}

/// Compares everything, as of `at`.
pub async fn compare(ctx: &Ctx, at: Timestamp) -> Result<Compared> {
    let (mut all, mut after) = (Compared::default(), None);
    loop {
        let (found, next) = stretch(ctx, at, after).await?;
        all.orphans += found.orphans;
        all.foreign += found.foreign;
        all.lost += found.lost;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

/// Compares some pages after a key; gives the last key, if there is more.
async fn stretch(ctx: &Ctx, at: Timestamp, mut after: Option<String>) -> Result<(Compared, Option<String>)> {
    let (mut found, before) = (Compared::default(), at.minus(GRACE));
    // before any row is read: a check that ends in between has its verdict in a row by then
    let planned = check::planned_keys(ctx).await?;
    for _ in 0..PAGES {
        let page = ctx.files.blobs.list(after.as_deref(), "").await?;
        let last = page.last().map(|listed| listed.key.to_string());
        found.lost += lost(ctx, after.as_deref().unwrap_or_default(), last.as_deref(), &page, before).await?;
        let (orphans, foreign) = orphans(ctx, page, before, &planned).await?;
        found.orphans += orphans;
        found.foreign += foreign;
        match last {
            Some(last) => after = Some(last),
            None => return Ok((found, None)),
        }
    }
    Ok((found, after))
}

/// Deletes objects of known tenants that are old and unknown to every row and every check. A check that was cut off
/// after it moved the bytes names them in its job alone, and a server may be down for longer than a day.
async fn orphans(ctx: &Ctx, page: Vec<Listed>, before: Timestamp, planned: &HashSet<Key>) -> Result<(u64, u64)> {
    let old = page.into_iter().filter(|one| one.modified < before && !planned.contains(&one.key));
    let old: Vec<Key> = old.map(|one| one.key).collect();
    let names: Vec<String> = old.iter().map(Key::to_string).collect();
    let known = life::known(ctx.db.platform(), &names).await?;
    let unknown: Vec<Key> =
        old.into_iter().zip(names).filter(|(_, name)| !known.contains(name)).map(|(key, _)| key).collect();
    let tenants: Vec<TenantId> = unknown.iter().map(Key::tenant).collect::<BTreeSet<_>>().into_iter().collect();
    let ours: HashSet<TenantId> =
        tenant::several(ctx.db.platform(), &tenants).await?.into_iter().map(|row| row.id).collect();
    let (orphans, foreign): (Vec<Key>, Vec<Key>) = unknown.into_iter().partition(|key| ours.contains(&key.tenant()));
    if !orphans.is_empty() {
        ctx.files.blobs.delete(&orphans).await?;
    }
    Ok((orphans.len() as u64, foreign.len() as u64))
}

/// Ends files that may be had and whose object lies neither in this page nor anywhere.
async fn lost(ctx: &Ctx, after: &str, last: Option<&str>, page: &[Listed], before: Timestamp) -> Result<u64> {
    let there: HashSet<String> = page.iter().map(|listed| listed.key.to_string()).collect();
    let (mut missing, mut after) = (Vec::new(), after.to_owned());
    loop {
        let rows = life::between(ctx.db.platform(), &after, last, before, AT_ONCE).await?;
        let Some(end) = rows.last().and_then(|row| row.object.clone()) else { break };
        after = end;
        missing.extend(rows.into_iter().filter(|row| row.object.as_ref().is_some_and(|key| !there.contains(key))));
        if missing.len() > MOST_LOST {
            metrics::counter!("porchlight_files_store_mistaken_total").increment(1);
            tracing::error!(
                count = missing.len(),
                "so many files miss their objects that the store must be another one; nothing was changed"
            );
            return Ok(0);
        }
    }
    let mut lost = 0;
    for row in missing {
        lost += u64::from(is_lost(ctx, row).await?);
    }
    Ok(lost)
}

/// Asks the store for this very object, then ends the file if it is still as it was.
async fn is_lost(ctx: &Ctx, row: Row) -> Result<bool> {
    let key: Key = row.object.as_deref().unwrap_or_default().parse()?;
    match ctx.files.blobs.read(&key, Some(0..1)).await {
        Err(error) if error.kind() == Kind::NotFound => (),
        Err(error) => return Err(error),
        Ok(_) => return Ok(false),
    }
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let now = file::lock(unit.conn(), row.tenant, &[row.file.id]).await?.pop();
    let Some(now) = now.filter(|now| now.object == row.object && now.file.state == row.file.state) else {
        unit.abandon().await?;
        return Ok(false);
    };
    tracing::error!(file.id = %row.file.id, tenant.id = %row.tenant, "a file lost its object");
    erase::end(ctx, &mut unit, vec![now], "lost").await?;
    unit.enqueue(erasing(ctx, row.tenant));
    unit.commit().await?;
    Ok(true)
}

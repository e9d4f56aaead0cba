//! How long files are kept: per tenant and channel, 90 days unless it says otherwise.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::wire::FileRetention;
use kernel::{ConversationId, Error, Result, Role, Scope, TenantId, Timestamp};
use store::{Outcome, Task};

use super::erase::{self, erasing};
use super::tables::file::Row;
use super::tables::{hold, life, retention, usage};
use crate::Ctx;

/// Job that ends files whose time is over.
pub const EXPIRE: &str = "files.expire";

/// A file leaves at most this much later than it may.
const BETWEEN: Duration = Duration::from_secs(6 * 3_600);
/// Tenants looked at in one go.
const TENANTS: i64 = 100;
/// Files ended in one write: short enough that messages do not notice.
const AT_ONCE: i64 = 50;

/// What the tenant decided. Admins and above.
pub async fn show_retention(ctx: &Ctx, scope: &Scope) -> Result<FileRetention> {
    scope.require(Role::Admin)?;
    retention::find(&ctx.db.read(scope), scope.tenant()).await
}

/// Decides how long files are kept; the next round of the job goes by it. Admins and above.
pub async fn set_retention(ctx: &Ctx, scope: &Scope, files: FileRetention) -> Result<FileRetention> {
    scope.require(Role::Admin)?;
    if [files.website, files.whatsapp].into_iter().flatten().any(|days| !(1..=3_650).contains(&days)) {
        return Err(Error::field(
            "files",
            "out_of_range",
            "Keep files for 1 to 3,650 days, or as long as the conversation.",
        ));
    }
    let unit = ctx.db.write(scope).await?;
    retention::save(unit.conn(), scope.tenant(), &files, ctx.clock().now()).await?;
    unit.commit().await?;
    Ok(files)
}

/// Runs [`EXPIRE`].
pub(super) fn run(ctx: Ctx, _task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let expired = expire(&ctx).await?;
        if expired > 0 {
            tracing::info!(count = expired, "files expired");
        }
        Ok(Outcome::Again(BETWEEN))
    })
}

/// Ends every file whose time is over and that nothing holds; gives how many. Several workers share the work: each
/// leaves alone what another one has.
pub async fn expire(ctx: &Ctx) -> Result<u64> {
    let (mut expired, mut after) = (0, None);
    loop {
        let tenants = usage::tenants(ctx.db.platform(), after, TENANTS).await?;
        for tenant in &tenants {
            expired += expire_tenant(ctx, *tenant).await?;
        }
        match tenants.last() {
            Some(last) => after = Some(*last),
            None => return Ok(expired),
        }
    }
}

async fn expire_tenant(ctx: &Ctx, tenant: TenantId) -> Result<u64> {
    let kept = retention::find(ctx.db.platform(), tenant).await?;
    let mut expired = 0;
    for (source, days) in [("website", kept.website), ("whatsapp", kept.whatsapp)] {
        let Some(days) = days.and_then(|days| u64::try_from(days).ok()) else { continue };
        let before = ctx.clock().now().minus(Duration::from_secs(days * 86_400));
        loop {
            match expire_some(ctx, tenant, source, before).await? {
                0 => break,
                some => expired += some,
            }
        }
    }
    Ok(expired)
}

/// One short write.
async fn expire_some(ctx: &Ctx, tenant: TenantId, source: &str, before: Timestamp) -> Result<u64> {
    let mut unit = ctx.db.write(tenant).await?;
    let due = life::due(unit.conn(), (tenant, source), before, AT_ONCE).await?;
    let due = without_held(&unit, due).await?;
    if due.is_empty() {
        unit.abandon().await?;
        return Ok(0);
    }
    let count = due.len() as u64;
    erase::end(ctx, &mut unit, due, "expired").await?;
    unit.enqueue(erasing(ctx, tenant));
    unit.commit().await?;
    metrics::counter!("porchlight_files_expired_total").increment(count);
    Ok(count)
}

/// Looks for holds again now that the rows are ours: one may have come while we waited for them.
async fn without_held(unit: &store::Unit, due: Vec<Row>) -> Result<Vec<Row>> {
    let conversations: Vec<ConversationId> = due.iter().filter_map(|row| row.place.map(|place| place.0)).collect();
    let held = hold::among(unit.conn(), &conversations).await?;
    Ok(due.into_iter().filter(|row| row.place.is_none_or(|(id, _)| !held.contains(&id))).collect())
}

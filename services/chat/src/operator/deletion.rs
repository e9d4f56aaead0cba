//! Deleting a tenant: seven days in which it is suspended and can be restored, then everything goes.
//!
//! Rows go table by table in short writes, objects with the tenant's prefix; only the audit trail keeps that there was
//! one. Every step may run twice, and by two workers at once.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::wire::TenantStatus;
use kernel::{Audience, Error, Event, Kind, Result, TenantId};
use serde_json::json;
use store::{NewJob, Outcome, Task, Whose};

use super::audit::{self, Deed};
use super::staff::Staff;
use super::status::{deleting, reasoned};
use super::tables::purge;
use super::tenants::{TenantSummary, one};
use crate::Ctx;
use crate::files;
use crate::identity::{self, tables::tenant};

/// Job that removes what a tenant left, when its time is over.
pub const PURGE: &str = "operator.purge";

/// How long somebody may think better of it.
const DELAY: Duration = Duration::from_secs(7 * 86_400);
/// Events younger than this stay a little: another process may still be waiting for their numbers.
const FRESH: Duration = Duration::from_secs(3_600);

/// What goes with a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Going {
    /// People of the tenant.
    pub people: i64,
    /// Conversations.
    pub conversations: i64,
    /// Files.
    pub files: i64,
    /// Bytes of all files.
    pub bytes: i64,
}

/// What would go with a tenant, counted now.
pub async fn preview_deletion(ctx: &Ctx, _by: &Staff, id: TenantId) -> Result<Going> {
    let summary = one(ctx, id).await?;
    let (bytes, files) = files::usage(ctx, id).await?;
    Ok(Going { people: summary.agents, conversations: summary.conversations, files, bytes })
}

/// Suspends a tenant and has it removed in seven days; the reason is kept for the staff.
pub async fn delete_tenant(ctx: &Ctx, by: &Staff, id: TenantId, reason: &str) -> Result<TenantSummary> {
    let reason = reasoned(reason)?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let mut row = tenant::lock(unit.conn(), id).await?;
    if row.status == TenantStatus::Deleting.word() {
        return Err(deleting());
    }
    let at = ctx.clock().now().plus(DELAY);
    if row.is_active() {
        unit.emit(id, Audience::Control, Event::TenantSuspended {});
    }
    row.status = TenantStatus::Deleting.word().to_owned();
    (row.delete_at, row.delete_reason) = (Some(at), Some(reason.to_owned()));
    tenant::save(unit.conn(), &row).await?;
    let detail = Some(reason.to_owned());
    let deed = Deed { action: "tenant_deletion_planned", tenant: Some(id), object: None, detail };
    audit::record(ctx, &unit, Some(by.id), deed).await?;
    unit.enqueue(NewJob {
        kind: PURGE,
        tenant: None,
        payload: json!({ "tenant": id }),
        run_at: at,
        unique_key: Some(format!("{PURGE}:{id}")),
    });
    unit.commit().await?;
    identity::forget_tenant(ctx, id);
    one(ctx, id).await
}

/// Takes a deletion back while there is time; a tenant that was suspended before is suspended again.
pub async fn restore_tenant(ctx: &Ctx, by: &Staff, id: TenantId) -> Result<TenantSummary> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let mut row = tenant::lock(unit.conn(), id).await?;
    if row.status != TenantStatus::Deleting.word() {
        return Err(Error::conflict("status_unchanged", "This tenant is not being deleted."));
    }
    if row.delete_at.is_some_and(|at| at <= ctx.clock().now()) {
        return Err(Error::conflict("deletion_begun", "The delay is over; this tenant's data is being removed."));
    }
    let status = if row.suspended_at.is_some() { TenantStatus::Suspended } else { TenantStatus::Active };
    row.status = status.word().to_owned();
    (row.delete_at, row.delete_reason) = (None, None);
    tenant::save(unit.conn(), &row).await?;
    if status == TenantStatus::Active {
        unit.emit(id, Audience::Control, Event::TenantResumed {});
    }
    let deed = Deed { action: "tenant_restored", tenant: Some(id), object: None, detail: None };
    audit::record(ctx, &unit, Some(by.id), deed).await?;
    unit.commit().await?;
    identity::forget_tenant(ctx, id);
    one(ctx, id).await
}

/// Runs [`PURGE`]. A store that is away is asked again until it is back.
pub(super) fn run(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let Ok(id) = serde_json::from_value::<TenantId>(task.payload["tenant"].clone()) else {
            return Ok(Outcome::GiveUp("the job names no tenant".to_owned()));
        };
        match remove(&ctx, id).await {
            Err(error) if error.kind() == Kind::Unavailable => {
                tracing::warn!(tenant.id = %id, ?error, "a tenant that is over waits for its store");
                Ok(Outcome::Again(Duration::from_secs(60)))
            }
            other => other,
        }
    })
}

async fn remove(ctx: &Ctx, id: TenantId) -> Result<Outcome> {
    let Some(row) = tenant::several(ctx.db.platform(), &[id]).await?.pop() else { return Ok(Outcome::Done) };
    let now = ctx.clock().now();
    match row.delete_at {
        None => return Ok(Outcome::Done),
        // restored and deleted again: the job of the first time is the one that waits
        Some(at) if at > now => return Ok(Outcome::Again(at.since(now))),
        Some(_) => (),
    }
    files::remove_objects_of(ctx, id).await?;
    remove_rows(ctx, id).await?;
    if purge::has_events(ctx.db.platform(), id).await? {
        return Ok(Outcome::Again(FRESH));
    }
    close(ctx, id, row.name).await
}

async fn remove_rows(ctx: &Ctx, id: TenantId) -> Result<()> {
    loop {
        let unit = ctx.db.write(Whose::Platform).await?;
        let removed = purge::conversations(unit.conn(), id).await?;
        unit.commit().await?;
        if removed == 0 {
            break;
        }
    }
    let unit = ctx.db.write(Whose::Platform).await?;
    purge::accounts(unit.conn(), id).await?;
    unit.commit().await?;
    let settled = ctx.clock().now().minus(FRESH);
    for table in purge::tables(ctx.db.platform()).await? {
        loop {
            let unit = ctx.db.write(Whose::Platform).await?;
            let removed = purge::some(unit.conn(), &table, id, settled).await?;
            unit.commit().await?;
            if removed == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// The last row and the trail's last line are one commit.
async fn close(ctx: &Ctx, id: TenantId, name: String) -> Result<Outcome> {
    let unit = ctx.db.write(Whose::Platform).await?;
    if purge::tenant(unit.conn(), id).await? {
        let deed = Deed { action: "tenant_deleted", tenant: Some(id), object: Some(name), detail: None };
        audit::record(ctx, &unit, None, deed).await?;
    }
    unit.commit().await?;
    identity::forget_tenant(ctx, id);
    tracing::info!(tenant.id = %id, "a tenant was removed");
    Ok(Outcome::Done)
}

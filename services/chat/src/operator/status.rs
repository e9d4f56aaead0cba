//! Suspending a tenant and letting it work again. Nothing is deleted; widgets go dark and people are signed out while
//! it lasts.

use kernel::wire::TenantStatus;
use kernel::{Audience, Error, Event, Result, TenantId};
use store::Whose;

use super::audit::{self, Deed};
use super::staff::Staff;
use super::tenants::{TenantSummary, show_tenant};
use crate::Ctx;
use crate::identity::{self, tables::tenant};

/// Suspends a tenant; the reason is kept for the staff.
pub async fn suspend(ctx: &Ctx, by: &Staff, id: TenantId, reason: &str) -> Result<TenantSummary> {
    change(ctx, by, id, TenantStatus::Suspended, Some(reasoned(reason)?)).await
}

/// A reason somebody can read later.
pub(super) fn reasoned(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 || reason.chars().any(char::is_control) {
        return Err(Error::field("reason", "invalid_reason", "Give a reason of 1 to 300 characters."));
    }
    Ok(reason)
}

/// Lets a suspended tenant work again.
pub async fn resume(ctx: &Ctx, by: &Staff, id: TenantId) -> Result<TenantSummary> {
    change(ctx, by, id, TenantStatus::Active, None).await
}

async fn change(ctx: &Ctx, by: &Staff, id: TenantId, to: TenantStatus, reason: Option<&str>) -> Result<TenantSummary> {
    let (word, action, event) = match to {
        TenantStatus::Active => ("active", "tenant_resumed", Event::TenantResumed {}),
        _ => ("suspended", "tenant_suspended", Event::TenantSuspended {}),
    };
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let mut row = tenant::lock(unit.conn(), id).await?;
    if row.status == TenantStatus::Deleting.word() {
        return Err(deleting());
    }
    if row.status == word {
        return Err(Error::conflict("status_unchanged", format!("This tenant is {word} already.")));
    }
    row.status = word.to_owned();
    row.reason = reason.map(str::to_owned);
    row.suspended_at = (to == TenantStatus::Suspended).then(|| ctx.clock().now());
    tenant::save(unit.conn(), &row).await?;
    let deed = Deed { action, tenant: Some(id), object: None, detail: reason.map(str::to_owned) };
    audit::record(ctx, &unit, Some(by.id), deed).await?;
    unit.emit(id, Audience::Control, event);
    unit.commit().await?;
    identity::forget_tenant(ctx, id);
    show_tenant(ctx, by, id).await.map(|(summary, _)| summary)
}

pub(super) fn deleting() -> Error {
    Error::conflict("tenant_deleting", "This tenant is being deleted. Restore it first, if there is still time.")
}

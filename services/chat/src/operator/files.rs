//! How much room a tenant's files have.

use kernel::{Error, Result, TenantId};
use store::Whose;

use super::audit::{self, Deed};
use super::staff::Staff;
use crate::Ctx;
use crate::files::{self, Room};
use crate::identity::tables::tenant;

/// The most that can be given: 10 TiB.
const MOST_QUOTA: i64 = 10 << 40;

/// A tenant's room and what it uses of it.
pub async fn show_room(ctx: &Ctx, _by: &Staff, id: TenantId) -> Result<Room> {
    tenant::find(ctx.db.platform(), id).await?;
    files::room(ctx, id).await
}

/// Gives a tenant more or less room; what it has already stays. `max_bytes` bounds one file below the platform's limit.
pub async fn change_room(
    ctx: &Ctx,
    by: &Staff,
    id: TenantId,
    quota_bytes: i64,
    max_bytes: Option<i64>,
) -> Result<Room> {
    if !(0..=MOST_QUOTA).contains(&quota_bytes) {
        return Err(Error::field("quota_bytes", "out_of_range", "Give 0 bytes to 10 TiB."));
    }
    let most = files::platform_max_bytes(ctx);
    if max_bytes.is_some_and(|bytes| !(1_024..=most).contains(&bytes)) {
        return Err(Error::field("max_bytes", "out_of_range", format!("One file may have 1024 to {most} bytes.")));
    }
    let unit = ctx.db.write(Whose::Platform).await?;
    tenant::lock(unit.conn(), id).await?;
    files::give_room(ctx, &unit, id, quota_bytes, max_bytes).await?;
    let detail = Some(format!("quota {quota_bytes} bytes, one file {}", max_bytes.unwrap_or(most)));
    audit::record(
        ctx,
        &unit,
        Some(by.id),
        Deed { action: "file_room_changed", tenant: Some(id), object: None, detail },
    )
    .await?;
    unit.commit().await?;
    files::room(ctx, id).await
}

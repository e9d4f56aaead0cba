//! What operators give a tenant: bytes of all files, bytes of one.

use kernel::{Result, TenantId};
use store::Unit;

use super::tables::{policy, room, usage};
use crate::Ctx;

/// A tenant's room and what it uses of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes of all files together.
    pub quota_bytes: i64,
    /// Bytes of one file, where the platform's limit is not meant.
    pub max_bytes: Option<i64>,
    /// Bytes used.
    pub used_bytes: i64,
}

/// A tenant's room.
pub async fn room(ctx: &Ctx, tenant: TenantId) -> Result<Room> {
    let row = policy::find(ctx.db.platform(), tenant).await?;
    let (used_bytes, _) = usage::of(ctx.db.platform(), tenant).await?;
    let quota_bytes = row.quota_bytes.unwrap_or(ctx.files.ceilings.tenant_quota_bytes);
    Ok(Room { quota_bytes, max_bytes: row.max_bytes, used_bytes })
}

/// Bytes and files a tenant uses.
pub async fn usage(ctx: &Ctx, tenant: TenantId) -> Result<(i64, i64)> {
    usage::of(ctx.db.platform(), tenant).await
}

/// Bytes one file may have anywhere here.
pub fn platform_max_bytes(ctx: &Ctx) -> i64 {
    ctx.files.ceilings.max_bytes
}

/// Changes a tenant's room within a unit.
pub async fn give_room(ctx: &Ctx, unit: &Unit, tenant: TenantId, quota: i64, max: Option<i64>) -> Result<()> {
    room::save(unit.conn(), tenant, quota, max, ctx.clock().now()).await
}

//! What tenants use and visitors send: counters that are moved by conditional updates alone, so that no two uploads
//! share the last free byte.

use kernel::{Result, TenantId};
use sea_orm::{ConnectionTrait, Value};
use store::{fault, sql};
use uuid::Uuid;

/// Takes `bytes` for one more file of the tenant; `false` when they would be more than `most` together. The tenant's
/// counter stays locked until the unit ends, so that whatever is read afterwards in it is fresh.
pub async fn reserve(conn: &impl ConnectionTrait, tenant: TenantId, bytes: i64, most: i64) -> Result<bool> {
    let none = "insert into file_usage (tenant_id, bytes, files) values (?, 0, 0) on conflict do nothing";
    run(conn, none, [tenant.into()]).await?;
    let text = "update file_usage set bytes = bytes + ?, files = files + 1 where tenant_id = ? and bytes + ? <= ?";
    Ok(run(conn, text, [bytes.into(), tenant.into(), bytes.into(), most.into()]).await? == 1)
}

/// Moves what a tenant uses; less by negative numbers.
pub async fn settle(conn: &impl ConnectionTrait, tenant: TenantId, bytes: i64, files: i64) -> Result<()> {
    let text = "update file_usage set bytes = bytes + ?, files = files + ? where tenant_id = ?";
    run(conn, text, [bytes.into(), files.into(), tenant.into()]).await.map(|_| ())
}

/// What a tenant uses.
pub async fn used(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<i64> {
    let text = "select bytes from file_usage where tenant_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [tenant.into()])).await.map_err(fault)?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))
}

/// What a visitor may send up.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Files in an hour.
    pub uploads_per_hour: i64,
    /// Bytes in a day.
    pub bytes_per_day: i64,
}

/// Counts one upload of `bytes` in this hour; `false` when it is one too many. Comes after [`reserve`], whose lock keeps
/// the tenant's other uploads out.
pub async fn count(
    conn: &impl ConnectionTrait,
    (tenant, owner): (TenantId, Uuid),
    hour: i64,
    bytes: i64,
    allowance: Allowance,
) -> Result<bool> {
    let none = "insert into file_meter (tenant_id, owner_id, hour, uploads, bytes) values (?, ?, ?, 0, 0) on conflict do nothing";
    run(conn, none, [tenant.into(), owner.into(), hour.into()]).await?;
    let text = "update file_meter set uploads = uploads + 1, bytes = bytes + ? where owner_id = ? and hour = ? and uploads < ? \
                and bytes + ? + (select cast(coalesce(sum(m.bytes), 0) as bigint) from file_meter m where m.owner_id = ? and m.hour > ? and m.hour < ?) <= ?";
    let values = [
        bytes.into(),
        owner.into(),
        hour.into(),
        allowance.uploads_per_hour.into(),
        bytes.into(),
        owner.into(),
        (hour - 24).into(),
        hour.into(),
        allowance.bytes_per_day.into(),
    ];
    Ok(run(conn, text, values).await? == 1)
}

/// Gives back what was counted too much.
pub async fn discount(conn: &impl ConnectionTrait, owner: Uuid, hour: i64, uploads: i64, bytes: i64) -> Result<()> {
    let text = "update file_meter set uploads = uploads - ?, bytes = bytes - ? where owner_id = ? and hour = ?";
    run(conn, text, [uploads.into(), bytes.into(), owner.into(), hour.into()]).await.map(|_| ())
}

async fn run(conn: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected())
}

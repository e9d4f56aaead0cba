//! What operators give a tenant.

use kernel::{Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// Writes down how much.
pub async fn save(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    quota_bytes: i64,
    max_bytes: Option<i64>,
    now: Timestamp,
) -> Result<()> {
    let text = "insert into file_policy (tenant_id, quota_bytes, max_bytes, updated_at) values (?, ?, ?, ?) \
                on conflict (tenant_id) do update set quota_bytes = excluded.quota_bytes, max_bytes = excluded.max_bytes, updated_at = excluded.updated_at";
    let values = [tenant.into(), quota_bytes.into(), max_bytes.into(), now.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

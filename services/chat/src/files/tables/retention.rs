//! How long tenants keep files.

use kernel::wire::FileRetention;
use kernel::{Error, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// What a tenant decided; the default when it did not.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<FileRetention> {
    let text = "select retention from file_policy where tenant_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [tenant.into()])).await.map_err(fault)?;
    let words: Option<String> = row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()?.flatten();
    words.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal).map(Option::unwrap_or_default)
}

/// Writes a decision down.
pub async fn save(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    retention: &FileRetention,
    now: Timestamp,
) -> Result<()> {
    let text = "insert into file_policy (tenant_id, retention, updated_at) values (?, ?, ?) \
                on conflict (tenant_id) do update set retention = excluded.retention, updated_at = excluded.updated_at";
    let words = serde_json::to_string(retention).map_err(Error::internal)?;
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), words.into(), now.into()]);
    conn.execute_raw(ask).await.map(|_| ()).map_err(fault)
}

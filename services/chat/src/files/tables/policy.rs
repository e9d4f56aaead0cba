//! What tenants and operators allow.

use kernel::wire::FilePolicy;
use kernel::{Error, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// What is written down for a tenant; nothing, unless somebody changed something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The tenant's own.
    pub policy: Option<FilePolicy>,
    /// The operator's: bytes of all files together.
    pub quota_bytes: Option<i64>,
    /// The operator's: bytes of one file.
    pub max_bytes: Option<i64>,
}

/// What is written down for a tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Row> {
    let text = "select policy, quota_bytes, max_bytes from file_policy where tenant_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [tenant.into()])).await.map_err(fault)?;
    let Some(row) = row else { return Ok(Row::default()) };
    let policy: Option<String> = row.try_get_by_index(0).map_err(fault)?;
    Ok(Row {
        policy: policy.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
        quota_bytes: row.try_get_by_index(1).map_err(fault)?,
        max_bytes: row.try_get_by_index(2).map_err(fault)?,
    })
}

/// Writes the tenant's own down.
pub async fn save(conn: &impl ConnectionTrait, tenant: TenantId, policy: &FilePolicy, now: Timestamp) -> Result<()> {
    let text = "insert into file_policy (tenant_id, policy, updated_at) values (?, ?, ?) \
                on conflict (tenant_id) do update set policy = excluded.policy, updated_at = excluded.updated_at";
    let words = serde_json::to_string(policy).map_err(Error::internal)?;
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), words.into(), now.into()]);
    conn.execute_raw(ask).await.map(|_| ()).map_err(fault)
}

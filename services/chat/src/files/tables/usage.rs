//! What tenants use, when files end: the counter is the sum of what the rows count.

use kernel::{FileId, Result, TenantId};
use sea_orm::ConnectionTrait;
use store::{fault, one_of, parts, sql};

/// Makes these files of a tenant, which the unit holds, count nothing any more.
pub async fn release(conn: &impl ConnectionTrait, tenant: TenantId, ids: &[FileId]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, ids) {
        let (these, values) = one_of(backend, "id", part.iter().map(FileId::uuid));
        let text = format!(
            "select cast(coalesce(sum(counted), 0) as bigint), count(*) from file where {these} and tenant_id = ? and counted > 0"
        );
        let asked = values.iter().cloned().chain([tenant.into()]);
        let Some(row) = conn.query_one_raw(sql(backend, &text, asked)).await.map_err(fault)? else { continue };
        let bytes: i64 = row.try_get_by_index(0).map_err(fault)?;
        let files: i64 = row.try_get_by_index(1).map_err(fault)?;
        let text = format!("update file set counted = 0 where {these} and tenant_id = ?");
        let values = values.into_iter().chain([tenant.into()]);
        conn.execute_raw(sql(backend, &text, values)).await.map_err(fault)?;
        let text = "update file_usage set bytes = bytes - ?, files = files - ? where tenant_id = ?";
        conn.execute_raw(sql(backend, text, [bytes.into(), files.into(), tenant.into()])).await.map_err(fault)?;
    }
    Ok(())
}

/// Tenants that have ever sent up a file, after this one, in the order of their ids.
pub async fn tenants(conn: &impl ConnectionTrait, after: Option<TenantId>, most: i64) -> Result<Vec<TenantId>> {
    let backend = conn.get_database_backend();
    let (bound, values) = match after {
        Some(after) => ("where tenant_id > ?", vec![after.into(), most.into()]),
        None => ("", vec![most.into()]),
    };
    let text = format!("select tenant_id from file_usage {bound} order by tenant_id limit ?");
    let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}

/// Bytes and files a tenant uses.
pub async fn of(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<(i64, i64)> {
    let text = "select bytes, files from file_usage where tenant_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [tenant.into()])).await.map_err(fault)?;
    let Some(row) = row else { return Ok((0, 0)) };
    Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?))
}

//! Who reads letters about claims.

use kernel::{Email, Result, TenantId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// Addresses of the tenant's owners. Reads a table of `identity`, which offers no such list; move it there with the
/// second slice that needs one.
pub async fn owners(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Email>> {
    let text = "select email from agent where tenant_id = ? and role = 'owner' and removed_at is null limit 20";
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [tenant.into()])).await.map_err(fault)?;
    rows.iter().map(|row| Email::parse(&row.try_get_by_index::<String>(0).map_err(fault)?)).collect()
}

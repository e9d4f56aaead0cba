//! Tenants that hold claims in the same registrable domain.

use kernel::{Result, TenantId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// Tenants other than `tenant` with a standing claim to `registrable` or a name below it. Not more than a hundred are
/// told: beyond that the name is a shared one and the letter says nothing.
pub async fn of(conn: &impl ConnectionTrait, tenant: TenantId, registrable: &str) -> Result<Vec<TenantId>> {
    let text = "select distinct tenant_id from domain_claim where tenant_id <> ? and (host = ? or host like ?) \
                and state in ('verified', 'grace', 'suspended') and scope <> 'test' limit 100";
    // a host holds no pattern characters: letters, digits, dots and hyphens only
    let below = format!("%.{registrable}");
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), registrable.into(), below.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}

//! Who reads letters about the tenant's own affairs.

use kernel::{Email, Result, Role, TenantId};
use store::Conn;

use super::tables::agent;

/// Addresses of the tenant's people from this role upwards, twenty at most.
pub async fn readers(conn: &impl Conn, tenant: TenantId, least: Role) -> Result<Vec<Email>> {
    let all = agent::from_role(conn, tenant, least, 20).await?;
    all.iter().map(|row| Email::parse(&row.email)).collect()
}

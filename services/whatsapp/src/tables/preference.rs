//! Who wants no marketing, by the names Meta says it under.

use kernel::{ContactId, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

use crate::alias::Alias;

/// Writes down what somebody wants; `false` when something newer is known.
pub async fn put(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    who: &Alias,
    wanted: bool,
    at: Timestamp,
) -> Result<bool> {
    let text = "insert into wa_preference (tenant_id, kind, value, wanted, at) values (?, ?, ?, ?, ?) \
                on conflict (tenant_id, kind, value) do update set wanted = excluded.wanted, at = excluded.at \
                where wa_preference.at <= excluded.at";
    let values = [tenant.into(), who.kind().into(), who.value().into(), wanted.into(), at.into()];
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

/// Whether a contact said under any of their names that they want no marketing, and did not take it back since.
pub async fn refused(conn: &impl ConnectionTrait, tenant: TenantId, contact: ContactId) -> Result<bool> {
    let text = "select p.wanted from wa_preference p join wa_alias a on a.tenant_id = p.tenant_id and a.kind = p.kind \
                and a.value = p.value where a.tenant_id = ? and a.contact_id = ? order by p.at desc limit 1";
    let asked = sql(conn.get_database_backend(), text, [tenant.into(), contact.into()]);
    let row = conn.query_one_raw(asked).await.map_err(fault)?;
    row.map_or(Ok(false), |row| row.try_get_by_index::<bool>(0).map(|wanted| !wanted).map_err(fault))
}

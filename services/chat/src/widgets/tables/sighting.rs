//! Page loads per widget, origin and outcome.

use kernel::{Result, TenantId, Timestamp, WidgetId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

use crate::widgets::sightings::{Key, Sighting};

/// Adds `count` loads.
pub async fn add(conn: &impl ConnectionTrait, key: &Key, count: i64, at: Timestamp) -> Result<()> {
    let text = "insert into widget_sighting (tenant_id, widget_id, origin, allowed, count, first_at, last_at) values (?, ?, ?, ?, ?, ?, ?) \
                on conflict (widget_id, origin, allowed) do update set count = widget_sighting.count + excluded.count, last_at = excluded.last_at";
    let (tenant, widget, origin, allowed) = key.clone();
    let values = [tenant.into(), widget.into(), origin.into(), allowed.into(), count.into(), at.into(), at.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// The hundred latest origins.
pub async fn list(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    widget: WidgetId,
    allowed: bool,
) -> Result<Vec<Sighting>> {
    let text = "select origin, count, first_at, last_at from widget_sighting where widget_id = ? and tenant_id = ? and allowed = ? \
                order by last_at desc limit 100";
    let ask = sql(conn.get_database_backend(), text, [widget.into(), tenant.into(), allowed.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            Ok(Sighting {
                origin: row.try_get_by_index(0).map_err(fault)?,
                loads: row.try_get_by_index(1).map_err(fault)?,
                first_at: row.try_get_by_index(2).map_err(fault)?,
                last_at: row.try_get_by_index(3).map_err(fault)?,
            })
        })
        .collect()
}

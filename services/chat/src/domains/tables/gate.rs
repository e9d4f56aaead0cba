//! Claims that open the gate, by widget alone: asked before anybody is known.

use kernel::wire::DomainScope;
use kernel::{Error, Result, Timestamp, WidgetId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// What the gate needs of a claim.
pub struct Row {
    pub host: String,
    pub reach: DomainScope,
    pub expires_at: Option<Timestamp>,
}

/// The widget's verified claims, those in grace included, oldest first.
pub async fn standing(conn: &impl ConnectionTrait, widget: WidgetId) -> Result<Vec<Row>> {
    let text = "select host, scope, expires_at from domain_claim where widget_id = ? and state in ('verified', 'grace') \
                order by created_at, id";
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [widget.into()])).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            let scope: String = row.try_get_by_index(1).map_err(fault)?;
            Ok(Row {
                host: row.try_get_by_index(0).map_err(fault)?,
                reach: serde_json::from_value(scope.into()).map_err(Error::internal)?,
                expires_at: row.try_get_by_index(2).map_err(fault)?,
            })
        })
        .collect()
}

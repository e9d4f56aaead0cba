//! One row per call of Meta's, sealed, for as long as Meta might repeat it and a day more.

use kernel::{Result, Timestamp, WaAppId, WaDeliveryId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use store::{Cast, Rows, fault, parts, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaDeliveryId,
    pub app_id: WaAppId,
    pub received_at: Timestamp,
    /// Sealed.
    pub body: String,
    /// Length of the body as it came.
    pub bytes: i64,
    /// `new`, `done` or `failed`: something in it failed.
    pub state: String,
    pub items: i32,
    pub failed_items: i32,
    /// How often it was taken apart.
    pub tried: i32,
    pub error: Option<String>,
    pub expires_at: Timestamp,
    /// Where it waits its turn.
    pub lane: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: &[Cast] = &[
    Cast::Uuid,
    Cast::Uuid,
    Cast::Big,
    Cast::Text,
    Cast::Big,
    Cast::Text,
    Cast::Int,
    Cast::Int,
    Cast::Int,
    Cast::Big,
    Cast::Text,
];

/// Adds rows in one statement.
pub async fn insert(conn: &impl ConnectionTrait, rows: &[&Model]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, rows) {
        let mut list = Rows::of(backend, COLUMNS, part.len());
        for row in part {
            list.push([
                row.id.into(),
                row.app_id.into(),
                row.received_at.into(),
                row.body.as_str().into(),
                row.bytes.into(),
                row.state.as_str().into(),
                row.items.into(),
                row.failed_items.into(),
                row.tried.into(),
                row.expires_at.into(),
                row.lane.as_str().into(),
            ]);
        }
        let before = "insert into wa_delivery (id, app_id, received_at, body, bytes, state, items, failed_items, tried, expires_at, lane)";
        conn.execute_raw(list.statement(before, "", [])).await.map_err(fault)?;
    }
    Ok(())
}

/// What waits in a lane, oldest first: at most so many, and after the first at most so many bytes.
pub async fn waiting(conn: &impl ConnectionTrait, lane: &str, most: u64, bytes: i64) -> Result<Vec<Model>> {
    // spelled out: an index that holds only these is of no use to a value that is bound
    let all = Entity::find().filter(Column::Lane.eq(lane)).filter(Expr::cust("state = 'new'"));
    let oldest = all.clone().order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id).limit(most);
    let sizes = oldest.select_only().column(Column::Id).column(Column::Bytes);
    let sizes: Vec<(WaDeliveryId, i64)> = sizes.into_tuple().all(conn).await.map_err(fault)?;
    let mut held = 0;
    let some = sizes.into_iter().enumerate().take_while(|(nth, (_, size))| {
        held += size;
        *nth == 0 || held <= bytes
    });
    let ids: Vec<WaDeliveryId> = some.map(|(_, (id, _))| id).collect();
    let ordered = all.filter(Column::Id.is_in(ids)).order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id);
    ordered.all(conn).await.map_err(fault)
}

/// Puts one back among those that wait, and gives its lane; `None` when it is not there any more.
pub async fn again(conn: &impl ConnectionTrait, id: WaDeliveryId) -> Result<Option<String>> {
    let text = "update wa_delivery set state = 'new' where id = ? returning lane";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [id.into()])).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Writes what became of it.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    // it never changes, and it is long
    changed.body = Unchanged(row.body.clone());
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Removes deliveries that are over with all their lines, but none that still holds what waits to be worked on; gives
/// how many.
pub async fn forget(conn: &impl ConnectionTrait, now: Timestamp, most: i64) -> Result<u64> {
    let backend = conn.get_database_backend();
    let over = "select d.id from wa_delivery d where d.expires_at < ? and not exists \
                (select 1 from wa_item i where i.delivery_id = d.id and i.state = 'waiting') order by d.expires_at limit ?";
    let lines = format!("delete from wa_item where delivery_id in ({over})");
    conn.execute_raw(sql(backend, &lines, [now.into(), most.into()])).await.map_err(fault)?;
    let text = format!("delete from wa_delivery where id in ({over})");
    let gone = conn.execute_raw(sql(backend, &text, [now.into(), most.into()])).await.map_err(fault)?;
    Ok(gone.rows_affected())
}

/// One delivery, if it was not forgotten.
pub async fn find(conn: &impl ConnectionTrait, id: WaDeliveryId) -> Result<Option<Model>> {
    Entity::find_by_id(id).one(conn).await.map_err(fault)
}

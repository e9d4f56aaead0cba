//! States of messages nobody here knows: kept for a while, in case the message becomes known.

use kernel::{Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder};
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_orphan")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    /// SHA-256 of Meta's id of the message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub state: String,
    /// What else was said, as [`crate::status::News`].
    pub body: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps a state; the same one again changes nothing.
pub async fn park(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let add = Entity::insert(row.clone().into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Takes the states of a message that has become known.
pub async fn take(conn: &impl ConnectionTrait, number: WaNumberId, hash: &str) -> Result<Vec<Model>> {
    let mine = || Entity::find().filter(Column::NumberId.eq(number)).filter(Column::Hash.eq(hash));
    let found = mine().order_by_asc(Column::At).all(conn).await.map_err(fault)?;
    if !found.is_empty() {
        let gone = Entity::delete_many().filter(Column::NumberId.eq(number)).filter(Column::Hash.eq(hash));
        gone.exec(conn).await.map_err(fault)?;
    }
    Ok(found)
}

/// Forgets states older than this; gives how many.
pub async fn forget(conn: &impl ConnectionTrait, before: Timestamp, most: i64) -> Result<u64> {
    let text = "delete from wa_orphan where (number_id, hash, state) in \
                (select number_id, hash, state from wa_orphan where at < ? order by at limit ?)";
    let ask = sql(conn.get_database_backend(), text, [before.into(), most.into()]);
    Ok(conn.execute_raw(ask).await.map_err(fault)?.rows_affected())
}

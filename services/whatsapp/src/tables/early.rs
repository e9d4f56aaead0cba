//! What was said about a message before the message itself came: Meta keeps no order.

use kernel::{Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{Condition, IntoActiveModel};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_early")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    /// Of the message that is missing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// `reaction` or `revoke`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The sign of a reaction; empty when it was taken away.
    pub body: String,
    /// When it was said, by Meta's clock.
    pub at: Timestamp,
    pub kept_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps what was said; of two of a kind the later one.
pub async fn put(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let later = Expr::cust("excluded.at >= wa_early.at");
    let or = OnConflict::columns([Column::NumberId, Column::Hash, Column::Kind])
        .update_columns([Column::Body, Column::At])
        .action_and_where(later)
        .to_owned();
    let put = Entity::insert(row.into_active_model()).on_conflict(or);
    put.exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Takes out what was said about a message that is there now.
pub async fn take(conn: &impl ConnectionTrait, number: WaNumberId, hash: &str) -> Result<Vec<Model>> {
    let about = || Condition::all().add(Column::NumberId.eq(number)).add(Column::Hash.eq(hash));
    let found = Entity::find().filter(about()).all(conn).await.map_err(fault)?;
    if !found.is_empty() {
        Entity::delete_many().filter(about()).exec(conn).await.map_err(fault)?;
    }
    Ok(found)
}

/// Removes what waited too long.
pub async fn forget(conn: &impl ConnectionTrait, before: Timestamp) -> Result<()> {
    Entity::delete_many().filter(Column::KeptAt.lt(before)).exec(conn).await.map(|_| ()).map_err(fault)
}

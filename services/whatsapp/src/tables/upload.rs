//! One row per file that Meta was given by a number, for as long as it keeps it.

use kernel::{FileId, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QuerySelect};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_upload")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: FileId,
    /// Meta's id of it.
    pub media_id: String,
    /// As what it may be sent.
    pub kind: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What Meta was given after this moment.
pub async fn find(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    (number, file): (WaNumberId, FileId),
    after: Timestamp,
) -> Result<Option<Model>> {
    let mine = Entity::find_by_id((number, file)).filter(Column::TenantId.eq(tenant)).filter(Column::At.gt(after));
    mine.one(conn).await.map_err(fault)
}

/// Writes down what Meta was given; the latest counts.
pub async fn put(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let same = OnConflict::columns([Column::NumberId, Column::FileId])
        .update_columns([Column::MediaId, Column::Kind, Column::At])
        .to_owned();
    let add = Entity::insert(row.clone().into_active_model()).on_conflict(same);
    add.exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Forgets one that Meta does not know any more.
pub async fn remove(conn: &impl ConnectionTrait, number: WaNumberId, file: FileId) -> Result<()> {
    Entity::delete_by_id((number, file)).exec(conn).await.map(|_| ()).map_err(fault)
}

/// Forgets some that were given before this; gives how many.
pub async fn forget(conn: &impl ConnectionTrait, before: Timestamp, most: u64) -> Result<u64> {
    let old = Entity::find().filter(Column::At.lt(before)).limit(most).all(conn).await.map_err(fault)?;
    for row in &old {
        remove(conn, row.number_id, row.file_id).await?;
    }
    Ok(old.len() as u64)
}

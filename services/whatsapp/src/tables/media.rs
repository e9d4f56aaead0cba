//! One row per file that came with a message, for as long as Meta has it.

use kernel::{ConversationId, Error, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{IntoActiveModel, QuerySelect};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_media")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub number_id: WaNumberId,
    /// What was said of it: id, hash, type, name.
    pub media: String,
    /// How often it was tried in vain.
    pub tries: i32,
    /// When its message came.
    pub asked_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Adds a row; one that is there stays.
pub async fn note(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let add = Entity::insert(row.clone().into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// The row of a message.
pub async fn find(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Model> {
    let mine = Entity::find_by_id((conversation, seq)).filter(Column::TenantId.eq(tenant));
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// Writes down how often it was tried.
pub async fn tried(conn: &impl ConnectionTrait, row: &Model, tries: i32) -> Result<()> {
    let change = Entity::update_many().col_expr(Column::Tries, Expr::value(tries));
    let mine = change.filter(Column::ConversationId.eq(row.conversation_id)).filter(Column::Seq.eq(row.seq));
    mine.exec(conn).await.map(|_| ()).map_err(fault)
}

/// Forgets some that came before this; gives how many.
pub async fn forget(conn: &impl ConnectionTrait, before: Timestamp, most: u64) -> Result<u64> {
    let old = Entity::find().filter(Column::AskedAt.lt(before)).limit(most).all(conn).await.map_err(fault)?;
    for row in &old {
        Entity::delete_by_id((row.conversation_id, row.seq)).exec(conn).await.map_err(fault)?;
    }
    Ok(old.len() as u64)
}

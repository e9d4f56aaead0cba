//! Conversations an advertisement led to and nobody has answered yet: an answer within 24 hours is free for 72.

use kernel::{ConversationId, Result, TenantId, Timestamp};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_entry")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// When they wrote, by Meta's clock.
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// They came by an advertisement.
pub async fn put(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let or = OnConflict::column(Column::ConversationId).update_column(Column::At).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(or).exec_without_returning(conn).await.map_err(fault)?;
    Ok(())
}

/// The business answered: when they had come, once.
pub async fn take(conn: &impl ConnectionTrait, id: ConversationId) -> Result<Option<Timestamp>> {
    let found = Entity::find_by_id(id).one(conn).await.map_err(fault)?;
    if found.is_some() {
        Entity::delete_by_id(id).exec(conn).await.map_err(fault)?;
    }
    Ok(found.map(|row| row.at))
}

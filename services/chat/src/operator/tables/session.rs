//! Operators' log-ins.

use kernel::{OperatorId, Result, SessionId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QuerySelect};
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "operator_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub operator_id: OperatorId,
    pub refresh_hash: String,
    pub previous_hash: Option<String>,
    pub rotated_at: Timestamp,
    pub device: String,
    pub ip: Option<String>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn alive(id: SessionId, now: Timestamp) -> Select<Entity> {
    Entity::find_by_id(id).filter(Column::EndedAt.is_null()).filter(Column::ExpiresAt.gt(now))
}

/// A session that is not over.
pub async fn find(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<Option<Model>> {
    alive(id, now).one(conn).await.map_err(fault)
}

/// A session that is not over, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<Option<Model>> {
    alive(id, now).lock_exclusive().one(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Puts the next refresh token in the place of the present one.
pub async fn rotate(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let text = "update operator_session set refresh_hash = ?, previous_hash = ?, rotated_at = ?, last_seen_at = ?, expires_at = ? where id = ?";
    let values = [
        row.refresh_hash.clone().into(),
        row.previous_hash.clone().into(),
        row.rotated_at.into(),
        row.last_seen_at.into(),
        row.expires_at.into(),
        row.id.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// Ends a session.
pub async fn end(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<()> {
    let text = "update operator_session set ended_at = ? where id = ? and ended_at is null";
    let end = sql(conn.get_database_backend(), text, [now.into(), id.into()]);
    conn.execute_raw(end).await.map(|_| ()).map_err(fault)
}

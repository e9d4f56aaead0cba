//! Businesses.

use kernel::wire::{self, TenantStatus};
use kernel::{Error, Result, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, IntoActiveModel, QuerySelect};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantId,
    pub name: String,
    pub status: String,
    pub reason: Option<String>,
    pub suspended_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When everything goes, once somebody decided so.
    pub delete_at: Option<Timestamp>,
    pub delete_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One tenant.
pub async fn find(conn: &impl ConnectionTrait, id: TenantId) -> Result<Model> {
    Entity::find_by_id(id).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// Whether the tenant exists and may work.
pub async fn is_active(conn: &impl ConnectionTrait, id: TenantId) -> Result<bool> {
    let row = Entity::find_by_id(id).one(conn).await.map_err(fault)?;
    Ok(row.is_some_and(|row| row.is_active()))
}

/// One tenant, held until the unit ends: whoever decides about its people queues here.
pub async fn lock(conn: &impl ConnectionTrait, id: TenantId) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// Several tenants.
pub async fn several(conn: &impl ConnectionTrait, ids: &[TenantId]) -> Result<Vec<Model>> {
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Writes what can change.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let changed = ActiveModel {
        id: Unchanged(row.id),
        name: Set(row.name.clone()),
        status: Set(row.status.clone()),
        reason: Set(row.reason.clone()),
        suspended_at: Set(row.suspended_at),
        delete_at: Set(row.delete_at),
        delete_reason: Set(row.delete_reason.clone()),
        ..Default::default()
    };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// Whether it may work.
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// As the wire shows it.
    pub fn wire(&self) -> wire::Tenant {
        let status = if self.is_active() { TenantStatus::Active } else { TenantStatus::Suspended };
        wire::Tenant { id: self.id, name: self.name.clone(), status, created_at: self.created_at }
    }
}

//! One row per widget.

use kernel::{Error, Result, TenantId, Timestamp, WidgetId, wire};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, IntoActiveModel, QueryOrder};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "widget")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WidgetId,
    pub name: String,
    pub display: String,
    pub active: bool,
    pub settings: String,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::DeletedAt.is_null())
}

/// The tenant's widgets, oldest first.
pub async fn all(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Model>> {
    of(tenant).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// One widget of the tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: WidgetId) -> Result<Model> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// A widget by its key alone, before anybody is known.
pub async fn by_key(conn: &impl ConnectionTrait, id: WidgetId) -> Result<Option<Model>> {
    Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(conn).await.map_err(fault)
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
        active: Set(row.active),
        settings: Set(row.settings.clone()),
        version: Set(row.version),
        updated_at: Set(row.updated_at),
        deleted_at: Set(row.deleted_at),
        ..Default::default()
    };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// As the wire shows it.
    pub fn wire(&self) -> Result<wire::Widget> {
        let display = serde_json::from_value(self.display.clone().into()).map_err(Error::internal)?;
        Ok(wire::Widget {
            id: self.id,
            name: self.name.clone(),
            display,
            active: self.active,
            settings: serde_json::from_str(&self.settings).map_err(Error::internal)?,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

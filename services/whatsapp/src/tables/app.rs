//! One row per Meta app that may call us.

use kernel::{Error, Result, TenantId, Timestamp, WaAppId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use store::{fault, is_conflict};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_app")]
pub struct Model {
    /// Whose it is; the platform's without.
    pub tenant_id: Option<TenantId>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaAppId,
    pub meta_app_id: String,
    pub name: String,
    /// Sealed.
    pub secret: Option<String>,
    pub secret_hint: Option<String>,
    /// Sealed; valid until `old_until`.
    pub old_secret: Option<String>,
    pub old_until: Option<Timestamp>,
    /// Sealed.
    pub verify_token: Option<String>,
    pub verify_hint: Option<String>,
    /// Meta's id of the Embedded Signup configuration.
    pub signup_config: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whoever owns apps: a tenant, or the platform.
fn owned(by: Option<TenantId>) -> Select<Entity> {
    match by {
        Some(tenant) => Entity::find().filter(Column::TenantId.eq(tenant)),
        None => Entity::find().filter(Column::TenantId.is_null()),
    }
}

/// The app whose address was called, whoever owns it.
pub async fn called(conn: &impl ConnectionTrait, id: WaAppId) -> Result<Option<Model>> {
    Entity::find_by_id(id).one(conn).await.map_err(fault)
}

/// Apps of one owner, oldest first.
pub async fn list(conn: &impl ConnectionTrait, by: Option<TenantId>) -> Result<Vec<Model>> {
    owned(by).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// An app the tenant may use: its own, or the platform's, for which it takes the platform's connection.
pub async fn usable(conn: &impl ConnectionTrait, tenant: TenantId, id: WaAppId) -> Result<Option<Model>> {
    let row = called(conn, id).await?;
    Ok(row.filter(|row| row.tenant_id.is_none_or(|owner| owner == tenant)))
}

/// An owner's app, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, by: Option<TenantId>, id: WaAppId) -> Result<Model> {
    let mine = owned(by).filter(Column::Id.eq(id)).lock_exclusive();
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// Adds a row; the same app twice is a conflict.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(|error| match is_conflict(&error) {
        true => Error::conflict("app_known", "This app is here already."),
        false => fault(error),
    })
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

//! One row per WhatsApp Business Account of a tenant.

use kernel::wire::{WhatsAppAccount, WhatsAppStanding};
use kernel::{Error, Result, TenantId, Timestamp, WaAccountId, WaAppId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use store::fault;

use super::read;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_account")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaAccountId,
    pub app_id: WaAppId,
    pub waba_id: String,
    pub name: String,
    /// Sealed.
    pub token: Option<String>,
    pub token_hint: Option<String>,
    pub state: String,
    pub problem: Option<String>,
    pub messaging_limit: Option<String>,
    /// How old the last news of each kind was.
    pub news: String,
    pub synced_at: Option<Timestamp>,
    /// What Meta warned of last, as JSON.
    pub alert: Option<String>,
    pub templates_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

/// A tenant's accounts, oldest first.
pub async fn list(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Model>> {
    of(tenant).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// One account of the tenant, or not found.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: WaAccountId) -> Result<Model> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The same, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: WaAccountId) -> Result<Model> {
    let mine = of(tenant).filter(Column::Id.eq(id)).lock_exclusive();
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The tenant's account with this id at Meta, held until the unit ends.
pub async fn same(conn: &impl ConnectionTrait, tenant: TenantId, waba: &str) -> Result<Option<Model>> {
    of(tenant).filter(Column::WabaId.eq(waba)).lock_exclusive().one(conn).await.map_err(fault)
}

/// Everybody's accounts with this id at Meta that this app may speak of.
pub async fn spoken_of(conn: &impl ConnectionTrait, app: WaAppId, waba: &str) -> Result<Vec<Model>> {
    let spoken = Entity::find().filter(Column::WabaId.eq(waba)).filter(Column::AppId.eq(app));
    spoken.order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// Everybody's accounts that have a token, after this one: what is looked at by itself.
pub async fn with_token(conn: &impl ConnectionTrait, after: Option<WaAccountId>, most: u64) -> Result<Vec<Model>> {
    let mut some = Entity::find().filter(Column::Token.is_not_null());
    if let Some(after) = after {
        some = some.filter(Column::Id.gt(after));
    }
    some.order_by_asc(Column::Id).limit(most).all(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// Whether it may be used.
    pub fn standing(&self) -> Result<WhatsAppStanding> {
        read(&self.state)
    }

    /// As the wire shows it.
    pub fn wire(&self) -> Result<WhatsAppAccount> {
        Ok(WhatsAppAccount {
            id: self.id,
            app_id: self.app_id,
            waba_id: self.waba_id.clone(),
            name: self.name.clone(),
            token_hint: self.token_hint.clone(),
            state: self.standing()?,
            problem: self.problem.clone(),
            alert: self.alert.as_deref().and_then(|alert| serde_json::from_str(alert).ok()),
            messaging_limit: self.messaging_limit.clone(),
            synced_at: self.synced_at,
            templates_at: self.templates_at,
            created_at: self.created_at,
        })
    }
}

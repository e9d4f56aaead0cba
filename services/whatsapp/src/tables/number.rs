//! One row per number. A number belongs to one tenant: `phone_number_id` is unique in the whole installation.

use chat::inbox::Channel;
use kernel::wire::{Source, WhatsAppNumber, WhatsAppSettings};
use kernel::{Error, Result, TenantId, Timestamp, WaAccountId, WaAppId, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use store::{fault, is_conflict};

use super::account;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_number")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaNumberId,
    pub account_id: WaAccountId,
    pub phone_number_id: String,
    pub display: String,
    pub verified_name: Option<String>,
    pub quality: Option<String>,
    pub tier: Option<String>,
    pub per_second: i32,
    pub name_status: Option<String>,
    pub state: Option<String>,
    pub coexistence: bool,
    /// The two-step PIN, sealed.
    pub pin: Option<String>,
    pub settings: String,
    pub halted_at: Option<Timestamp>,
    pub halted_reason: Option<String>,
    /// How old the last news of each kind was.
    pub news: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

/// A tenant's numbers, oldest first.
pub async fn list(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Model>> {
    of(tenant).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// One number of the tenant, or not found.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: WaNumberId) -> Result<Model> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The same, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: WaNumberId) -> Result<Model> {
    let mine = of(tenant).filter(Column::Id.eq(id)).lock_exclusive();
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The number with this id at Meta, whoever has it, held until the unit ends.
pub async fn same(conn: &impl ConnectionTrait, phone_number_id: &str) -> Result<Option<Model>> {
    let same = Entity::find().filter(Column::PhoneNumberId.eq(phone_number_id)).lock_exclusive();
    same.one(conn).await.map_err(fault)
}

/// The number a change is for, if this app may speak of it: an app's secret vouches for its own accounts' numbers and
/// for nobody else's.
pub async fn spoken_of(conn: &impl ConnectionTrait, app: WaAppId, phone_number_id: &str) -> Result<Option<Model>> {
    let found = Entity::find().filter(Column::PhoneNumberId.eq(phone_number_id)).one(conn).await.map_err(fault)?;
    let Some(row) = found else { return Ok(None) };
    let own = account::Entity::find_by_id(row.account_id).filter(account::Column::AppId.eq(app));
    Ok(own.one(conn).await.map_err(fault)?.map(|_| row))
}

/// An account's numbers, held until the unit ends.
pub async fn of_account(conn: &impl ConnectionTrait, tenant: TenantId, id: WaAccountId) -> Result<Vec<Model>> {
    let mine = of(tenant).filter(Column::AccountId.eq(id)).order_by_asc(Column::Id).lock_exclusive();
    mine.all(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await;
    inserted.map(|_| ()).map_err(|error| if is_conflict(&error) { taken() } else { fault(error) })
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// The refusal for a number that somebody else has.
pub fn taken() -> Error {
    Error::conflict(
        "number_taken",
        "A number of this account is connected elsewhere on this installation. Disconnect it there first, or ask support.",
    )
}

impl Model {
    /// What the inbox knows it as.
    pub fn channel(&self) -> Channel {
        Channel { tenant: self.tenant_id, id: self.id.uuid(), source: Source::Whatsapp }
    }

    /// What its tenant decided.
    pub fn decided(&self) -> WhatsAppSettings {
        serde_json::from_str(&self.settings).unwrap_or_default()
    }

    /// As the wire shows it.
    pub fn wire(&self) -> WhatsAppNumber {
        WhatsAppNumber {
            id: self.id,
            account_id: self.account_id,
            phone_number_id: self.phone_number_id.clone(),
            display: self.display.clone(),
            verified_name: self.verified_name.clone(),
            quality: self.quality.clone(),
            tier: self.tier.clone(),
            per_second: self.per_second,
            name_status: self.name_status.clone(),
            state: self.state.clone(),
            coexistence: self.coexistence,
            settings: self.decided(),
            halted_at: self.halted_at,
            halted_reason: self.halted_reason.clone(),
        }
    }
}

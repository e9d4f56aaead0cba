//! One row per number whose past was asked for or came.

use kernel::wire::{WhatsAppImport, WhatsAppImportState};
use kernel::{Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QuerySelect};
use store::fault;

use super::{read, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_import")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    pub state: String,
    /// Of 100, as the phone says.
    pub progress: i32,
    pub messages: i64,
    pub people: i64,
    /// Pieces that came, as JSON: their places.
    pub seen: String,
    pub problem: Option<String>,
    pub asked_at: Option<Timestamp>,
    /// When the last piece came.
    pub piece_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The row of a number, made now if there is none, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, number: WaNumberId, now: Timestamp) -> Result<Model> {
    let blank = Model::blank(tenant, number, now);
    let add = Entity::insert(blank.clone().into_active_model());
    add.on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(conn).await.map_err(fault)?;
    let found = Entity::find_by_id(number).lock_exclusive().one(conn).await.map_err(fault)?;
    Ok(found.unwrap_or(blank))
}

/// The row of a number of the tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, number: WaNumberId) -> Result<Option<Model>> {
    Entity::find_by_id(number).filter(Column::TenantId.eq(tenant)).one(conn).await.map_err(fault)
}

/// Numbers whose past is not written yet.
pub async fn unfinished(conn: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let unfinished = [word(WhatsAppImportState::Receiving)?, word(WhatsAppImportState::Writing)?];
    Entity::find().filter(Column::State.is_in(unfinished)).all(conn).await.map_err(fault)
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.number_id = Unchanged(row.number_id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// The row of a number nothing is known of.
    pub fn blank(tenant: TenantId, number: WaNumberId, now: Timestamp) -> Self {
        Self {
            tenant_id: tenant,
            number_id: number,
            state: "none".to_owned(),
            progress: 0,
            messages: 0,
            people: 0,
            seen: "[]".to_owned(),
            problem: None,
            asked_at: None,
            piece_at: None,
            updated_at: now,
        }
    }

    /// Where it stands.
    pub fn stands(&self) -> Result<WhatsAppImportState> {
        read(&self.state)
    }

    /// As the wire shows it.
    pub fn wire(&self) -> Result<WhatsAppImport> {
        Ok(WhatsAppImport {
            state: self.stands()?,
            progress: self.progress,
            messages: self.messages,
            people: self.people,
            problem: self.problem.clone(),
            asked_at: self.asked_at,
            updated_at: self.updated_at,
        })
    }
}

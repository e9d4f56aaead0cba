//! One row per two contacts who turned out to be one person.

use kernel::wire::{Author, ContactMerge};
use kernel::{ContactId, ContactMergeId, Error, Result, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, Condition, IntoActiveModel, QueryOrder, QuerySelect};
use store::fault;

/// Most that are listed: nobody is that many people.
const MOST: u64 = 200;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_merge")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactMergeId,
    pub kept_id: ContactId,
    pub gone_id: ContactId,
    /// What moved, as JSON of whoever moved it.
    pub moved: String,
    /// An author, as JSON.
    pub by_author: String,
    pub at: Timestamp,
    pub undone_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// One of the tenant's, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: ContactMergeId) -> Result<Model> {
    let mine = Entity::find_by_id(id).filter(Column::TenantId.eq(tenant)).lock_exclusive();
    mine.one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// Those a contact was part of, latest first.
pub async fn of_contact(conn: &impl ConnectionTrait, tenant: TenantId, contact: ContactId) -> Result<Vec<Model>> {
    let part = Condition::any().add(Column::KeptId.eq(contact)).add(Column::GoneId.eq(contact));
    let mine = Entity::find().filter(Column::TenantId.eq(tenant)).filter(part).limit(MOST);
    mine.order_by_desc(Column::At).order_by_desc(Column::Id).all(conn).await.map_err(fault)
}

/// Says that it was taken back.
pub async fn undo(conn: &impl ConnectionTrait, id: ContactMergeId, now: Timestamp) -> Result<()> {
    let changed = ActiveModel { id: Unchanged(id), undone_at: Set(Some(now)), ..Default::default() };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// As the wire shows it.
    pub fn wire(&self, gone_name: Option<String>, conversations: i64) -> Result<ContactMerge> {
        let by: Author = serde_json::from_str(&self.by_author).map_err(Error::internal)?;
        Ok(ContactMerge {
            id: self.id,
            kept_id: self.kept_id,
            gone_id: self.gone_id,
            gone_name,
            conversations,
            by,
            at: self.at,
            undone_at: self.undone_at,
        })
    }
}

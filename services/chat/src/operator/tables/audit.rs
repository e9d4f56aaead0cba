//! The audit trail: rows are added, never changed; the database refuses anything else.

use kernel::{Id, Result, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect};
use store::fault;

/// What an entry's id names.
pub enum Entry {}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub tenant_id: Option<TenantId>,
    pub actor: String,
    pub action: String,
    pub object: Option<String>,
    pub detail: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A fresh id.
pub fn new_id(clock: &kernel::Clock) -> Uuid {
    Id::<Entry>::new(clock).uuid()
}

/// Adds an entry.
pub async fn insert(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// A stretch of the trail, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    tenant: Option<TenantId>,
    before: Option<(Timestamp, Uuid)>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut ask = Entity::find().order_by_desc(Column::At).order_by_desc(Column::Id).limit(most);
    if let Some(tenant) = tenant {
        ask = ask.filter(Column::TenantId.eq(tenant));
    }
    if let Some((at, id)) = before {
        let same = Condition::all().add(Column::At.eq(at)).add(Column::Id.lt(id));
        ask = ask.filter(Condition::any().add(Column::At.lt(at)).add(same));
    }
    ask.all(conn).await.map_err(fault)
}

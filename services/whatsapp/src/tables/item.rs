//! One row per item of a delivery: the lines of the flight recorder.

use kernel::wire::{WhatsAppItem, WhatsAppItemState};
use kernel::{Result, TenantId, Timestamp, WaDeliveryId, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::{Cast, Rows, fault, parts};

use super::read;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_item")]
pub struct Model {
    /// Whose; nobody's when no tenant here has the number.
    pub tenant_id: Option<TenantId>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: WaDeliveryId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub nth: i32,
    pub number_id: Option<WaNumberId>,
    pub kind: String,
    pub what: String,
    pub state: String,
    pub error: Option<String>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

const COLUMNS: &[Cast] =
    &[Cast::Uuid, Cast::Uuid, Cast::Int, Cast::Uuid, Cast::Text, Cast::Text, Cast::Text, Cast::Text, Cast::Big];

/// Writes lines; one that was there is replaced.
pub async fn put(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, rows) {
        let mut list = Rows::of(backend, COLUMNS, part.len());
        for row in part {
            list.push([
                row.tenant_id.into(),
                row.delivery_id.into(),
                row.nth.into(),
                row.number_id.into(),
                row.kind.as_str().into(),
                row.what.as_str().into(),
                row.state.as_str().into(),
                row.error.as_deref().into(),
                row.at.into(),
            ]);
        }
        let before = "insert into wa_item (tenant_id, delivery_id, nth, number_id, kind, what, state, error, at)";
        let after = "on conflict (delivery_id, nth) do update set tenant_id = excluded.tenant_id, \
                     number_id = excluded.number_id, kind = excluded.kind, what = excluded.what, \
                     state = excluded.state, error = excluded.error";
        conn.execute_raw(list.statement(before, after, [])).await.map_err(fault)?;
    }
    Ok(())
}

/// Lines of some deliveries.
pub async fn of_deliveries(conn: &impl ConnectionTrait, ids: &[WaDeliveryId]) -> Result<Vec<Model>> {
    let theirs = Entity::find().filter(Column::DeliveryId.is_in(ids.iter().copied()));
    theirs.all(conn).await.map_err(fault)
}

/// The oldest piece of a number's past or of its phone's address book that waits.
pub async fn waiting_of_past(conn: &impl ConnectionTrait, number: WaNumberId) -> Result<Option<Model>> {
    let mine = Entity::find().filter(Column::NumberId.eq(number)).filter(Column::State.eq("waiting"));
    let pieces = mine.filter(Column::Kind.is_in(["history", "contacts"])).order_by_asc(Column::At);
    pieces.order_by_asc(Column::DeliveryId).order_by_asc(Column::Nth).limit(1).one(conn).await.map_err(fault)
}

/// Whether a delivery holds anything of the tenant's.
pub async fn concerns(conn: &impl ConnectionTrait, tenant: TenantId, id: WaDeliveryId) -> Result<bool> {
    let mine = Entity::find().filter(Column::DeliveryId.eq(id)).filter(Column::TenantId.eq(tenant));
    Ok(mine.limit(1).one(conn).await.map_err(fault)?.is_some())
}

/// Whether anything of this kind came for a number since.
pub async fn came_since(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    number: WaNumberId,
    kind: &str,
    since: Timestamp,
) -> Result<bool> {
    let mine = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::At.gte(since));
    let fit = mine.filter(Column::NumberId.eq(number)).filter(Column::Kind.eq(kind)).limit(1);
    Ok(fit.one(conn).await.map_err(fault)?.is_some())
}

/// When something last came for a number.
pub async fn last(conn: &impl ConnectionTrait, tenant: TenantId, number: WaNumberId) -> Result<Option<Timestamp>> {
    let mine = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::NumberId.eq(number));
    Ok(mine.order_by_desc(Column::At).limit(1).one(conn).await.map_err(fault)?.map(|row| row.at))
}

/// Where a page of lines begins: when, which delivery, which place.
pub type Mark = (i64, WaDeliveryId, i32);

/// A tenant's lines, latest first.
pub async fn page(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    state: Option<&str>,
    after: Option<Mark>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut mine = Entity::find().filter(Column::TenantId.eq(tenant));
    if let Some(state) = state {
        mine = mine.filter(Column::State.eq(state));
    }
    if let Some((at, delivery, nth)) = after {
        let at = Timestamp::from_millis(at);
        let same = Condition::all().add(Column::At.eq(at)).add(
            Condition::any()
                .add(Column::DeliveryId.gt(delivery))
                .add(Condition::all().add(Column::DeliveryId.eq(delivery)).add(Column::Nth.gt(nth))),
        );
        mine = mine.filter(Condition::any().add(Column::At.lt(at)).add(same));
    }
    let ordered = mine.order_by_desc(Column::At).order_by_asc(Column::DeliveryId).order_by_asc(Column::Nth);
    ordered.limit(most).all(conn).await.map_err(fault)
}

impl Model {
    /// What became of it.
    pub fn outcome(&self) -> Result<WhatsAppItemState> {
        read(&self.state)
    }

    /// As the wire shows it.
    pub fn wire(&self) -> Result<WhatsAppItem> {
        Ok(WhatsAppItem {
            delivery_id: self.delivery_id,
            nth: self.nth,
            number_id: self.number_id,
            kind: self.kind.clone(),
            what: self.what.clone(),
            state: self.outcome()?,
            error: self.error.clone(),
            at: self.at,
        })
    }
}

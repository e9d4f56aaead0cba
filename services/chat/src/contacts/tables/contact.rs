//! One row per person.

use kernel::{ContactId, Error, Result, TenantId, Timestamp, WidgetId, wire};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ActiveValue::Unchanged, Condition, IntoActiveModel, QueryOrder, QueryResult, QuerySelect,
};
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub widget_id: Option<WidgetId>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub verified: bool,
    pub external_id: Option<String>,
    pub attributes: String,
    pub page: Option<String>,
    pub locale: Option<String>,
    pub handle_hash: Option<String>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub blocked_at: Option<Timestamp>,
    /// Who took their place: they were one person.
    pub merged_into: Option<ContactId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

/// One person of the tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: ContactId) -> Result<Option<Model>> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)
}

/// Waits until nobody else changes this contact, and lets nobody until the unit ends. SQLite has one writer, which is
/// lock enough.
pub async fn hold(conn: &impl ConnectionTrait, tenant: TenantId, id: ContactId) -> Result<()> {
    of(tenant).filter(Column::Id.eq(id)).lock_exclusive().one(conn).await.map(|_| ()).map_err(fault)
}

/// Says who stands for a contact, or that they stand for themselves.
pub async fn stand_for(conn: &impl ConnectionTrait, id: ContactId, kept: Option<ContactId>) -> Result<()> {
    let changed = ActiveModel { id: Unchanged(id), merged_into: Set(kept), ..Default::default() };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// The visitor of a widget who holds a handle.
pub async fn by_handle(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    widget: WidgetId,
    hash: &str,
) -> Result<Option<Model>> {
    let asked = of(tenant).filter(Column::WidgetId.eq(widget)).filter(Column::HandleHash.eq(hash));
    asked.one(conn).await.map_err(fault)
}

/// The person the tenant's own signature names.
pub async fn by_external(conn: &impl ConnectionTrait, tenant: TenantId, external: &str) -> Result<Option<Model>> {
    of(tenant).filter(Column::ExternalId.eq(external)).one(conn).await.map_err(fault)
}

/// People whose name or address starts with `q`, latest first, before a key.
pub async fn page(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    q: Option<&str>,
    before: Option<(i64, ContactId)>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut asked = of(tenant).filter(Column::MergedInto.is_null());
    if let Some(q) = q {
        let start = format!("{}%", q.replace(['%', '_'], ""));
        asked = asked.filter(Condition::any().add(Column::Name.like(&start)).add(Column::Email.like(&start)));
    }
    if let Some((at, id)) = before {
        let at = Timestamp::from_millis(at);
        let earlier = Condition::all().add(Column::LastSeenAt.eq(at)).add(Column::Id.lt(id));
        asked = asked.filter(Condition::any().add(Column::LastSeenAt.lt(at)).add(earlier));
    }
    asked.order_by_desc(Column::LastSeenAt).order_by_desc(Column::Id).limit(most).all(conn).await.map_err(fault)
}

/// Adds a row; `false` when another tab of the same visitor was faster.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let add = Entity::insert(row.clone().into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|rows| rows == 1).map_err(fault)
}

/// Writes what can change.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let changed = ActiveModel {
        id: Unchanged(row.id),
        name: Set(row.name.clone()),
        email: Set(row.email.clone()),
        phone: Set(row.phone.clone()),
        verified: Set(row.verified),
        external_id: Set(row.external_id.clone()),
        attributes: Set(row.attributes.clone()),
        page: Set(row.page.clone()),
        locale: Set(row.locale.clone()),
        last_seen_at: Set(row.last_seen_at),
        ..Default::default()
    };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Columns of a person as `alias.column`, in the order [`of_row`] reads them. For the inbox's one join.
pub const COLUMNS: &str =
    "p.id, p.name, p.email, p.phone, p.verified, p.attributes, p.page, p.locale, p.created_at, p.last_seen_at";

/// Reads [`COLUMNS`] that start at `from`.
pub fn of_row(row: &QueryResult, from: usize) -> Result<wire::Contact> {
    let attributes: String = row.try_get_by_index(from + 5).map_err(fault)?;
    let page: Option<String> = row.try_get_by_index(from + 6).map_err(fault)?;
    Ok(wire::Contact {
        id: row.try_get_by_index(from).map_err(fault)?,
        name: row.try_get_by_index(from + 1).map_err(fault)?,
        email: row.try_get_by_index(from + 2).map_err(fault)?,
        phone: row.try_get_by_index(from + 3).map_err(fault)?,
        verified: row.try_get_by_index(from + 4).map_err(fault)?,
        attributes: serde_json::from_str(&attributes).map_err(Error::internal)?,
        page: page.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
        locale: row.try_get_by_index(from + 7).map_err(fault)?,
        created_at: row.try_get_by_index(from + 8).map_err(fault)?,
        last_seen_at: row.try_get_by_index(from + 9).map_err(fault)?,
    })
}

impl Model {
    /// As the wire shows it.
    pub fn wire(&self) -> Result<wire::Contact> {
        Ok(wire::Contact {
            id: self.id,
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            verified: self.verified,
            attributes: serde_json::from_str(&self.attributes).map_err(Error::internal)?,
            page: self.page.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
            locale: self.locale.clone(),
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        })
    }
}

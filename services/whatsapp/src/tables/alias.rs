//! One row per name of a person: which contact of the tenant it stands for.

use kernel::{ContactId, Result, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{Condition, IntoActiveModel, QueryOrder};
use store::fault;

use crate::alias::Alias;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    pub contact_id: ContactId,
    pub created_at: Timestamp,
    /// Since when they are not called so any more.
    pub former_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn named(tenant: TenantId, names: &[Alias]) -> Condition {
    let one = |name: &Alias| Condition::all().add(Column::Kind.eq(name.kind())).add(Column::Value.eq(name.value()));
    let any = names.iter().map(one).fold(Condition::any(), Condition::add);
    Condition::all().add(Column::TenantId.eq(tenant)).add(any)
}

/// Rows of these names.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, names: &[Alias]) -> Result<Vec<Model>> {
    match names.is_empty() {
        true => Ok(Vec::new()),
        false => Entity::find().filter(named(tenant, names)).all(conn).await.map_err(fault),
    }
}

/// Every name of a contact, oldest first.
pub async fn of_contact(conn: &impl ConnectionTrait, tenant: TenantId, contact: ContactId) -> Result<Vec<Model>> {
    let mine = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::ContactId.eq(contact));
    mine.order_by_asc(Column::CreatedAt).order_by_asc(Column::Kind).all(conn).await.map_err(fault)
}

/// Adds a name; `false` when somebody has it, perhaps since a moment ago.
pub async fn add(conn: &impl ConnectionTrait, row: Model) -> Result<bool> {
    let add = Entity::insert(row.into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|rows| rows == 1).map_err(fault)
}

/// Gives these names to a contact, as names they have now.
pub async fn give(conn: &impl ConnectionTrait, tenant: TenantId, names: &[Alias], to: ContactId) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let give = Entity::update_many()
        .col_expr(Column::ContactId, Expr::value(to))
        .col_expr(Column::FormerAt, Expr::value(None::<Timestamp>));
    give.filter(named(tenant, names)).exec(conn).await.map(|_| ()).map_err(fault)
}

/// Gives every name of a contact to another one.
pub async fn give_all(conn: &impl ConnectionTrait, tenant: TenantId, from: ContactId, to: ContactId) -> Result<()> {
    let give = Entity::update_many().col_expr(Column::ContactId, Expr::value(to));
    let theirs = give.filter(Column::TenantId.eq(tenant)).filter(Column::ContactId.eq(from));
    theirs.exec(conn).await.map(|_| ()).map_err(fault)
}

/// Gives those of these names that are still `from`'s to another contact.
pub async fn take_back(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    names: &[(String, String)],
    (from, to): (ContactId, ContactId),
) -> Result<()> {
    for (kind, value) in names {
        let give = Entity::update_many().col_expr(Column::ContactId, Expr::value(to));
        let one =
            Condition::all().add(Column::Kind.eq(kind)).add(Column::Value.eq(value)).add(Column::ContactId.eq(from));
        give.filter(Column::TenantId.eq(tenant)).filter(one).exec(conn).await.map_err(fault)?;
    }
    Ok(())
}

/// Says that these are names of the past.
pub async fn leave(conn: &impl ConnectionTrait, tenant: TenantId, names: &[Alias], at: Timestamp) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let leave = Entity::update_many().col_expr(Column::FormerAt, Expr::value(Some(at)));
    leave.filter(named(tenant, names)).exec(conn).await.map(|_| ()).map_err(fault)
}

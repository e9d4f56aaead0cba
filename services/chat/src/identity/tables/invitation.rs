//! Invitations to become one of a tenant's people.

use kernel::{AgentId, Error, InvitationId, Result, Role, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, QueryOrder, QuerySelect};
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub email: String,
    pub name: Option<String>,
    pub role: String,
    pub token_hash: String,
    /// `None`: an operator or the product itself.
    pub invited_by: Option<AgentId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant))
}

fn open(ask: Select<Entity>) -> Select<Entity> {
    ask.filter(Column::AcceptedAt.is_null()).filter(Column::RevokedAt.is_null())
}

/// One invitation of the tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: InvitationId) -> Result<Model> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)?.ok_or_else(Error::not_found)
}

/// The invitation a token belongs to.
pub async fn by_token(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>> {
    Entity::find().filter(Column::TokenHash.eq(hash)).one(conn).await.map_err(fault)
}

/// The tenant's invitation that still waits for this address.
pub async fn waiting_for(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    email: &str,
    now: Timestamp,
) -> Result<Option<Model>> {
    let ask = open(of(tenant)).filter(Column::Email.eq(email)).filter(Column::ExpiresAt.gt(now));
    ask.one(conn).await.map_err(fault)
}

/// A stretch of the tenant's invitations, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    before: Option<(Timestamp, InvitationId)>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut ask = of(tenant).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(most);
    if let Some((at, id)) = before {
        let same = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
        ask = ask.filter(Condition::any().add(Column::CreatedAt.lt(at)).add(same));
    }
    ask.all(conn).await.map_err(fault)
}

/// Open invitations somebody gave.
pub async fn given_by(conn: &impl ConnectionTrait, tenant: TenantId, agent: AgentId) -> Result<Vec<Model>> {
    open(of(tenant)).filter(Column::InvitedBy.eq(agent)).all(conn).await.map_err(fault)
}

/// The latest invitation of an owner, for the operator.
pub async fn of_owner(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Option<Model>> {
    let ask = of(tenant).filter(Column::Role.eq(Role::Owner.word())).filter(Column::InvitedBy.is_null());
    ask.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).one(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Gives an open invitation another token and end; `false` when it is not open any more.
pub async fn renew(conn: &impl ConnectionTrait, id: InvitationId, hash: &str, expires_at: Timestamp) -> Result<bool> {
    let text = "update invitation set token_hash = ?, expires_at = ? where id = ? and accepted_at is null and revoked_at is null";
    let renew = sql(conn.get_database_backend(), text, [hash.into(), expires_at.into(), id.into()]);
    conn.execute_raw(renew).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

/// Marks an open invitation as used; `false` when somebody was faster or the token is another by now.
pub async fn accept(conn: &impl ConnectionTrait, id: InvitationId, hash: &str, now: Timestamp) -> Result<bool> {
    let text = "update invitation set accepted_at = ? where id = ? and token_hash = ? and expires_at > ? \
                and accepted_at is null and revoked_at is null";
    let values = [now.into(), id.into(), hash.into(), now.into()];
    let accept = sql(conn.get_database_backend(), text, values);
    conn.execute_raw(accept).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

/// Takes an open invitation back; `false` when it is not open any more.
pub async fn revoke(conn: &impl ConnectionTrait, id: InvitationId, now: Timestamp) -> Result<bool> {
    let text = "update invitation set revoked_at = ? where id = ? and accepted_at is null and revoked_at is null";
    let revoke = sql(conn.get_database_backend(), text, [now.into(), id.into()]);
    conn.execute_raw(revoke).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

impl Model {
    /// What the invited may do once they joined.
    pub fn role(&self) -> Result<Role> {
        Role::from_word(&self.role).ok_or_else(|| Error::internal(format!("a role called {}", self.role)))
    }
}

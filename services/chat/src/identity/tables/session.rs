//! Log-ins on devices.

use kernel::{AccountId, AgentId, Error, Result, Role, SessionId, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};
use store::{fault, sql};

use crate::identity::live::Standing;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub agent_id: AgentId,
    pub account_id: AccountId,
    pub refresh_hash: String,
    pub previous_hash: Option<String>,
    pub rotated_at: Timestamp,
    pub device: String,
    pub ip: Option<String>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn alive(now: Timestamp) -> Select<Entity> {
    Entity::find().filter(Column::EndedAt.is_null()).filter(Column::ExpiresAt.gt(now))
}

/// A session that is not over, held until the unit ends: tabs that refresh at once queue here.
pub async fn lock(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<Option<Model>> {
    alive(now).filter(Column::Id.eq(id)).lock_exclusive().one(conn).await.map_err(fault)
}

/// Where an agent is logged in, latest first.
pub async fn of_agent(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    agent: AgentId,
    now: Timestamp,
) -> Result<Vec<Model>> {
    let ask = alive(now).filter(Column::TenantId.eq(tenant)).filter(Column::AgentId.eq(agent));
    ask.order_by_desc(Column::LastSeenAt).order_by_desc(Column::Id).limit(100).all(conn).await.map_err(fault)
}

/// Where an account is logged in, in every tenant.
pub async fn of_account(conn: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<Vec<Model>> {
    alive(now).filter(Column::AccountId.eq(account)).all(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Puts the next refresh token in the place of the present one.
pub async fn rotate(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let text = "update session set refresh_hash = ?, previous_hash = ?, rotated_at = ?, last_seen_at = ?, expires_at = ? where id = ?";
    let values = [
        row.refresh_hash.clone().into(),
        row.previous_hash.clone().into(),
        row.rotated_at.into(),
        row.last_seen_at.into(),
        row.expires_at.into(),
        row.id.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// Ends a session; `false` when it was over.
pub async fn end(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<bool> {
    let text = "update session set ended_at = ? where id = ? and ended_at is null";
    let end = sql(conn.get_database_backend(), text, [now.into(), id.into()]);
    conn.execute_raw(end).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

/// What holds of a session now; `None` when it is over or its person was removed.
pub async fn standing(conn: &impl ConnectionTrait, id: SessionId, now: Timestamp) -> Result<Option<Standing>> {
    let text = "select s.tenant_id, s.agent_id, a.role, t.status from session s \
                join agent a on a.id = s.agent_id join tenant t on t.id = s.tenant_id \
                where s.id = ? and s.ended_at is null and s.expires_at > ? and a.removed_at is null";
    let ask = sql(conn.get_database_backend(), text, [id.into(), now.into()]);
    let Some(row) = conn.query_one_raw(ask).await.map_err(fault)? else { return Ok(None) };
    let tenant: TenantId = row.try_get_by_index(0).map_err(fault)?;
    let agent: AgentId = row.try_get_by_index(1).map_err(fault)?;
    let role: String = row.try_get_by_index(2).map_err(fault)?;
    let status: String = row.try_get_by_index(3).map_err(fault)?;
    let role = Role::from_word(&role).ok_or_else(|| Error::internal(format!("a role called {role}")))?;
    Ok(Some(Standing { tenant, agent, role, active: status == "active" }))
}

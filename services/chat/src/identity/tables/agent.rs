//! A tenant's people.

use kernel::wire;
use kernel::{AccountId, AgentId, Error, Result, Role, TenantId, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, Condition, IntoActiveModel, QueryOrder, QuerySelect};
use store::{fault, sql};

use super::account;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "agent")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgentId,
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
    pub role: String,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    pub removed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::RemovedAt.is_null())
}

/// One of the tenant's people.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: AgentId) -> Result<Model> {
    peek(conn, tenant, id).await?.ok_or_else(Error::not_found)
}

/// One of the tenant's people, if they are.
pub async fn peek(conn: &impl ConnectionTrait, tenant: TenantId, id: AgentId) -> Result<Option<Model>> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)
}

/// The tenant's person with this address.
pub async fn by_email(conn: &impl ConnectionTrait, tenant: TenantId, email: &str) -> Result<Option<Model>> {
    of(tenant).filter(Column::Email.eq(email)).one(conn).await.map_err(fault)
}

/// Where an account works.
pub async fn of_account(conn: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>> {
    let mine = Entity::find().filter(Column::AccountId.eq(account)).filter(Column::RemovedAt.is_null());
    mine.order_by_asc(Column::CreatedAt).all(conn).await.map_err(fault)
}

/// A stretch of the tenant's people, in the order in which they joined.
pub async fn list(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    after: Option<(Timestamp, AgentId)>,
    most: u64,
) -> Result<Vec<Model>> {
    let mut ask = of(tenant).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(most);
    if let Some((at, id)) = after {
        let same = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.gt(id));
        ask = ask.filter(Condition::any().add(Column::CreatedAt.gt(at)).add(same));
    }
    ask.all(conn).await.map_err(fault)
}

/// Everybody who may be given a conversation, by name.
pub async fn who_answer(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Model>> {
    let ask = of(tenant).filter(Column::Role.ne(Role::Viewer.word()));
    ask.order_by_asc(Column::Name).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// The tenant's people from this role upwards, in the order in which they joined.
pub async fn from_role(conn: &impl ConnectionTrait, tenant: TenantId, least: Role, most: u64) -> Result<Vec<Model>> {
    let roles = [Role::Viewer, Role::Agent, Role::Supervisor, Role::Admin, Role::Owner];
    let words: Vec<_> = roles.into_iter().filter(|role| *role >= least).map(Role::word).collect();
    let ask = of(tenant).filter(Column::Role.is_in(words)).order_by_asc(Column::CreatedAt).limit(most);
    ask.all(conn).await.map_err(fault)
}

/// How many owners the tenant has.
pub async fn owners(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<u64> {
    of(tenant).filter(Column::Role.eq(Role::Owner.word())).count(conn).await.map_err(fault)
}

/// Adds a row; `false` when the account works there already.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    match Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await {
        Ok(_) => Ok(true),
        Err(error) if store::is_conflict(&error) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

/// Writes what can change.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let changed = ActiveModel {
        id: Unchanged(row.id),
        name: Set(row.name.clone()),
        role: Set(row.role.clone()),
        removed_at: Set(row.removed_at),
        ..Default::default()
    };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Notes that somebody was here.
pub async fn seen(conn: &impl ConnectionTrait, id: AgentId, at: Timestamp) -> Result<()> {
    let text = "update agent set last_seen_at = ? where id = ?";
    let note = sql(conn.get_database_backend(), text, [at.into(), id.into()]);
    conn.execute_raw(note).await.map(|_| ()).map_err(fault)
}

/// People as the wire shows them; their accounts are looked up together, for which it takes the platform's connection.
pub async fn wire(conn: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<wire::Agent>> {
    let accounts = rows.iter().map(|row| row.account_id).collect::<Vec<_>>();
    let with_factor = account::Entity::find()
        .filter(account::Column::Id.is_in(accounts))
        .filter(account::Column::TotpSecret.is_not_null());
    let with_factor: Vec<AccountId> =
        with_factor.all(conn).await.map_err(fault)?.into_iter().map(|account| account.id).collect();
    rows.into_iter().map(|row| row.wire(&with_factor)).collect()
}

/// One person as the wire shows them.
pub async fn wire_one(conn: &impl ConnectionTrait, row: Model) -> Result<wire::Agent> {
    wire(conn, vec![row]).await?.pop().ok_or_else(Error::not_found)
}

impl Model {
    /// What they may do.
    pub fn role(&self) -> Result<Role> {
        Role::from_word(&self.role).ok_or_else(|| Error::internal(format!("a role called {}", self.role)))
    }

    fn wire(self, with_factor: &[AccountId]) -> Result<wire::Agent> {
        Ok(wire::Agent {
            role: self.role()?,
            id: self.id,
            name: self.name,
            email: self.email,
            second_factor: with_factor.contains(&self.account_id),
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        })
    }
}

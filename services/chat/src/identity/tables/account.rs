//! Log-ins: one per address, for all tenants its owner works for.

use kernel::{AccountId, Result, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, IntoActiveModel};
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    /// The second factor that log-in asks for.
    pub totp_secret: Option<String>,
    /// One that waits for its first code.
    pub totp_pending: Option<String>,
    pub totp_last_step: Option<i64>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The log-in of an address.
pub async fn by_email(conn: &impl ConnectionTrait, email: &str) -> Result<Option<Model>> {
    Entity::find().filter(Column::Email.eq(email)).one(conn).await.map_err(fault)
}

/// One log-in.
pub async fn find(conn: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>> {
    Entity::find_by_id(id).one(conn).await.map_err(fault)
}

/// Adds a row; `false` when the address has one.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    match Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await {
        Ok(_) => Ok(true),
        Err(error) if store::is_conflict(&error) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

/// Writes a new password.
pub async fn set_password(conn: &impl ConnectionTrait, id: AccountId, hash: String) -> Result<()> {
    let changed = ActiveModel { id: Unchanged(id), password_hash: Set(hash), ..Default::default() };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Writes the second factor: the one that counts and the one that waits.
pub async fn set_factor(
    conn: &impl ConnectionTrait,
    id: AccountId,
    secret: Option<String>,
    pending: Option<String>,
) -> Result<()> {
    let changed =
        ActiveModel { id: Unchanged(id), totp_secret: Set(secret), totp_pending: Set(pending), ..Default::default() };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Marks a code's step as used; `false` when it, or a later one, was used before.
pub async fn spend_step(conn: &impl ConnectionTrait, id: AccountId, step: i64) -> Result<bool> {
    let text = "update account set totp_last_step = ? where id = ? and (totp_last_step is null or totp_last_step < ?)";
    let spend = sql(conn.get_database_backend(), text, [step.into(), id.into(), step.into()]);
    conn.execute_raw(spend).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

//! Platform staff.

use kernel::{OperatorId, Result, Timestamp};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, ActiveValue::Unchanged, IntoActiveModel};
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "operator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OperatorId,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub totp_secret: Option<String>,
    pub totp_pending: Option<String>,
    pub totp_last_step: Option<i64>,
    pub created_at: Timestamp,
    pub removed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The operator with this address.
pub async fn by_email(conn: &impl ConnectionTrait, email: &str) -> Result<Option<Model>> {
    let ask = Entity::find().filter(Column::Email.eq(email)).filter(Column::RemovedAt.is_null());
    ask.one(conn).await.map_err(fault)
}

/// One operator.
pub async fn find(conn: &impl ConnectionTrait, id: OperatorId) -> Result<Option<Model>> {
    Entity::find_by_id(id).filter(Column::RemovedAt.is_null()).one(conn).await.map_err(fault)
}

/// Several operators, also those who left.
pub async fn several(conn: &impl ConnectionTrait, ids: Vec<OperatorId>) -> Result<Vec<Model>> {
    Entity::find().filter(Column::Id.is_in(ids)).all(conn).await.map_err(fault)
}

/// Adds a row; `false` when the address is taken.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    match Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await {
        Ok(_) => Ok(true),
        Err(error) if store::is_conflict(&error) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

/// Writes the second factor: the one that counts and the one that waits.
pub async fn set_factor(
    conn: &impl ConnectionTrait,
    id: OperatorId,
    secret: Option<String>,
    pending: Option<String>,
) -> Result<()> {
    let changed =
        ActiveModel { id: Unchanged(id), totp_secret: Set(secret), totp_pending: Set(pending), ..Default::default() };
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

/// Marks a code's step as used; `false` when it, or a later one, was used before.
pub async fn spend_step(conn: &impl ConnectionTrait, id: OperatorId, step: i64) -> Result<bool> {
    let text = "update operator set totp_last_step = ? where id = ? and (totp_last_step is null or totp_last_step < ?)";
    let spend = sql(conn.get_database_backend(), text, [step.into(), id.into(), step.into()]);
    conn.execute_raw(spend).await.map(|done| done.rows_affected() == 1).map_err(fault)
}

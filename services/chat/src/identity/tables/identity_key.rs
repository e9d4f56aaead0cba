//! Keys with which tenants sign who their visitors are.

use kernel::{Error, IdentityKeyId, Result, TenantId, Timestamp, WidgetId};
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder};
use store::{fault, sql};

#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_key")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdentityKeyId,
    /// The one widget it is good for; `None`: all of the tenant.
    pub widget_id: Option<WidgetId>,
    pub name: String,
    pub algorithm: String,
    /// A public key in PEM, or for HS256 the shared secret: never shown again after creation.
    pub key_text: String,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

// a secret may be in it
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("identity_key").field("id", &self.id).finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

fn of(tenant: TenantId) -> Select<Entity> {
    Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::RevokedAt.is_null())
}

/// The tenant's keys, oldest first.
pub async fn all(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<Model>> {
    of(tenant).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(conn).await.map_err(fault)
}

/// One key of the tenant that was not revoked.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: IdentityKeyId) -> Result<Option<Model>> {
    of(tenant).filter(Column::Id.eq(id)).one(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Takes a key out of use and forgets what it was.
pub async fn revoke(conn: &impl ConnectionTrait, tenant: TenantId, id: IdentityKeyId, now: Timestamp) -> Result<()> {
    let text =
        "update identity_key set revoked_at = ?, key_text = '' where tenant_id = ? and id = ? and revoked_at is null";
    let revoke = sql(conn.get_database_backend(), text, [now.into(), tenant.into(), id.into()]);
    match conn.execute_raw(revoke).await.map_err(fault)?.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::not_found()),
    }
}

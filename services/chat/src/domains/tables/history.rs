//! What became of claims: rows are added and never changed, and outlive the claim.

use kernel::{ClaimId, Result, TenantId, Timestamp};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use store::fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "domain_history")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: ClaimId,
    pub state: String,
    pub problem: Option<String>,
    pub evidence: Option<String>,
    pub by_actor: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Adds an entry.
pub async fn add(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

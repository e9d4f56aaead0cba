//! Jobs of one tenant are found without looking at the others'.

use sea_orm_migration::prelude::*;

use crate::online;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// The index is built while others write, and that is no transaction.
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        online::index(manager, "job_of", "job (tenant_id, run_at) where gave_up_at is null").await
    }
}

//! Delayed and external effects, leased to workers.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }
}

const UP: &[&str] = &[
    "create table job (id {uuid} primary key, tenant_id {uuid}, kind text not null, payload text not null, unique_key text unique, run_at bigint not null, attempts integer not null, claimed_until bigint, last_error text, gave_up_at bigint, created_at bigint not null)",
    "create index job_due on job (run_at) where gave_up_at is null",
];

//! How files and tenants end: when a tenant goes, and what sweeps look files up by.

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
    "alter table tenant add column delete_at bigint",
    "alter table tenant add column delete_reason text",
    "create index tenant_to_delete on tenant (delete_at) where delete_at is not null",
    "create index file_to_erase on file (updated_at, id) where object is not null and state in ('gone', 'refused')",
    "create index file_ready_by_age on file (tenant_id, source, created_at) where state = 'ready'",
    "create index file_by_object on file (object {bytewise}) where object is not null",
    "create index file_by_small on file ({first_preview}) where previews <> '[]'",
    "create index file_by_large on file ({second_preview}) where previews <> '[]'",
];

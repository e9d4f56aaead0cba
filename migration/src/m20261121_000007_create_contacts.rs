//! People who write to a tenant.

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
    "create table contact (tenant_id {uuid} not null, id {uuid} primary key, widget_id {uuid}, name text, email text, phone text, verified {flag} not null, external_id text, attributes text not null, page text, locale text, handle_hash text unique, created_at bigint not null, last_seen_at bigint not null, blocked_at bigint)",
    "create index contact_by_tenant on contact (tenant_id, last_seen_at, id)",
    "create unique index contact_by_external on contact (tenant_id, external_id) where external_id is not null",
];

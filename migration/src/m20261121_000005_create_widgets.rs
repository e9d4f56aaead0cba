//! Widgets, where they were seen, and tickets.

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
    "create table widget (tenant_id {uuid} not null, id {uuid} primary key, name text not null, display text not null, active {flag} not null, settings text not null, version integer not null, created_at bigint not null, updated_at bigint not null, deleted_at bigint)",
    "create index widget_by_tenant on widget (tenant_id, created_at, id)",
    "create table widget_sighting (tenant_id {uuid} not null, widget_id {uuid} not null, origin text not null, allowed {flag} not null, count bigint not null, first_at bigint not null, last_at bigint not null, primary key (widget_id, origin, allowed))",
    "create table ticket (hash text primary key, tenant_id {uuid} not null, widget_id {uuid} not null, origin text not null, expires_at bigint not null)",
    "create index ticket_by_expiry on ticket (expires_at)",
];

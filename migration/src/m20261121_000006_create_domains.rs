//! Claims to hosts and their history.

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
    "create table domain_claim (tenant_id {uuid} not null, id {uuid} primary key, widget_id {uuid} not null, host text not null, scope text not null, method text not null, token text not null, generation integer not null, state text not null, problem text, verified_at bigint, last_ok_at bigint, checked_at bigint, next_check_at bigint, failing_since bigint, fail_kind text, fail_count integer not null, checks_day bigint, checks_today integer not null, evidence text, expires_at bigint, created_by {uuid}, created_at bigint not null, updated_at bigint not null)",
    "create unique index domain_claim_once on domain_claim (tenant_id, widget_id, host, scope)",
    "create index domain_claim_by_widget on domain_claim (widget_id)",
    "create index domain_claim_due on domain_claim (next_check_at)",
    "create index domain_claim_by_host on domain_claim (host)",
    "create table domain_history (tenant_id {uuid} not null, id {uuid} primary key, claim_id {uuid} not null, state text not null, problem text, evidence text, by_actor text not null, at bigint not null)",
    "create index domain_history_by_claim on domain_history (claim_id, at)",
];

//! Log-ins on devices, with rotating refresh tokens.

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
    "create table session (tenant_id {uuid} not null, id {uuid} primary key, agent_id {uuid} not null, account_id {uuid} not null, refresh_hash text not null unique, previous_hash text, rotated_at bigint not null, device text not null, ip text, created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null, ended_at bigint)",
    "create index session_by_agent on session (tenant_id, agent_id)",
    "create index session_by_account on session (account_id)",
    "create table identity_key (tenant_id {uuid} not null, id {uuid} primary key, widget_id {uuid}, name text not null, algorithm text not null, key_text text not null, created_at bigint not null, revoked_at bigint)",
    "create index identity_key_by_tenant on identity_key (tenant_id)",
];

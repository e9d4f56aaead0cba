//! Platform staff, their sessions and the audit trail.

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
    "create table operator (id {uuid} primary key, email text not null unique, name text not null, password_hash text not null, totp_secret text, totp_pending text, totp_last_step bigint, created_at bigint not null, removed_at bigint)",
    "create table operator_session (id {uuid} primary key, operator_id {uuid} not null, refresh_hash text not null unique, previous_hash text, rotated_at bigint not null, device text not null, ip text, created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null, ended_at bigint)",
    "create index operator_session_by_operator on operator_session (operator_id)",
    "create table audit (id {uuid} primary key, tenant_id {uuid}, actor text not null, action text not null, object text, detail text not null, at bigint not null)",
    "create index audit_by_time on audit (at, id)",
    "create index audit_by_tenant on audit (tenant_id, at)",
];

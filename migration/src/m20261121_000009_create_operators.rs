//! Platform staff, their sessions and the audit trail.

use sea_orm_migration::prelude::*;

use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::dialect::run;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, APPEND_ONLY_POSTGRES).await,
            _ => run(manager, APPEND_ONLY_SQLITE).await,
        }
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

// the trail only grows, whoever writes: a row is refused a change by the database itself
const APPEND_ONLY_SQLITE: &[&str] = &[
    "create trigger audit_no_update before update on audit begin select raise(abort, 'the audit trail is append-only'); end",
    "create trigger audit_no_delete before delete on audit begin select raise(abort, 'the audit trail is append-only'); end",
];
const APPEND_ONLY_POSTGRES: &[&str] = &[
    "create function audit_is_append_only() returns trigger language plpgsql as $$ begin raise exception 'the audit trail is append-only'; end $$",
    "create trigger audit_no_change before update or delete on audit for each row execute function audit_is_append_only()",
];

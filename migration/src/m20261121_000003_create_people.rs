//! Tenants, log-ins, agents and invitations.

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
    "create table tenant (id {uuid} primary key, name text not null, status text not null, reason text, suspended_at bigint, created_at bigint not null)",
    "create index tenant_by_created on tenant (created_at, id)",
    "create table account (id {uuid} primary key, email text not null unique, name text not null, password_hash text not null, totp_secret text, totp_pending text, totp_last_step bigint, created_at bigint not null)",
    "create table agent (tenant_id {uuid} not null, id {uuid} primary key, account_id {uuid} not null, name text not null, email text not null, role text not null, created_at bigint not null, last_seen_at bigint, removed_at bigint)",
    "create unique index agent_once_per_tenant on agent (tenant_id, account_id) where removed_at is null",
    "create index agent_by_account on agent (account_id)",
    "create table invitation (tenant_id {uuid} not null, id {uuid} primary key, email text not null, name text, role text not null, token_hash text not null unique, invited_by {uuid}, created_at bigint not null, expires_at bigint not null, accepted_at bigint, revoked_at bigint)",
    "create index invitation_by_tenant on invitation (tenant_id, created_at, id)",
];

//! Attachments: what is known of them, what tenants allow, how much they use, what must be kept.

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
    "alter table message add column files integer not null default 0",
    "create table file (tenant_id {uuid} not null, id {uuid} primary key, owner_kind text not null, owner_id {uuid} not null, source text not null, contact_id {uuid}, conversation_id {uuid}, seq bigint, place integer, note {flag} not null, name text not null, declared text not null, kind text not null, media_type text not null, bytes bigint not null, counted bigint not null, sha256 text, width integer, height integer, object text, previews text not null, state text not null, reason text, scan text, findings text not null, created_at bigint not null, updated_at bigint not null)",
    "create index file_by_message on file (conversation_id, seq, place) where conversation_id is not null",
    "create index file_unfinished on file (state, updated_at) where state in ('uploading', 'checking')",
    "create index file_loose on file (created_at) where conversation_id is null",
    "create index file_by_age on file (tenant_id, source, created_at)",
    "create table file_policy (tenant_id {uuid} primary key, policy text, retention text, quota_bytes bigint, max_bytes bigint, updated_at bigint not null)",
    "create table file_usage (tenant_id {uuid} primary key, bytes bigint not null, files bigint not null)",
    "create table file_meter (tenant_id {uuid} not null, owner_id {uuid} not null, hour bigint not null, uploads bigint not null, bytes bigint not null, primary key (owner_id, hour))",
    "create index file_meter_by_hour on file_meter (hour)",
    "create table file_hold (tenant_id {uuid} not null, conversation_id {uuid} primary key, reason text not null, by_name text not null, at bigint not null)",
];

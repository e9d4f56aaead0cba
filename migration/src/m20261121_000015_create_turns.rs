//! Sending through numbers: whose turn a number is, its pace, and what is remembered of each talk on it.

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

// `idle` is when a limit would be idle again, in microseconds
const UP: &[&str] = &[
    "create table wa_turn (tenant_id {uuid} not null, number_id {uuid} primary key, holder {uuid}, until bigint, idle bigint, paused_until bigint, wake_at bigint)",
    "create table wa_talk (tenant_id {uuid} not null, conversation_id {uuid} primary key, number_id {uuid} not null, idle bigint, read_seq bigint not null, typed_at bigint)",
    "create index outgoing_by_talk on outgoing (conversation_id, seq, part) where state in ('new', 'ready', 'leased')",
];

//! Conversations and messages: the hot tables. No foreign keys, few indexes.

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
    "create table conversation (tenant_id {uuid} not null, id {uuid} primary key, source text not null, status text not null, widget_id {uuid}, contact_id {uuid} not null, assignee_id {uuid}, preview text not null, last_author text not null, unread bigint not null, visitor_unread bigint not null, last_seq bigint not null, last_message_at bigint not null, visitor_delivered_seq bigint not null, visitor_read_seq bigint not null, agent_delivered_seq bigint not null, agent_read_seq bigint not null, context text, created_at bigint not null, updated_at bigint not null) {lean}",
    "create index conversation_by_status on conversation (tenant_id, status, last_message_at, id)",
    "create index conversation_by_contact on conversation (contact_id, created_at)",
    "create unique index conversation_once_active on conversation (contact_id, widget_id) where status in ('open', 'pending', 'snoozed')",
    "create index conversation_by_assignee on conversation (tenant_id, assignee_id, status, last_message_at, id) where assignee_id is not null",
    "create table message (tenant_id {uuid} not null, conversation_id {uuid} not null, seq bigint not null, id {uuid} not null, client_id text not null, author_kind text not null, author_id {uuid} not null, author_name text not null, body text not null, visibility text not null, reply_to {uuid}, created_at bigint not null, primary key (conversation_id, seq)) {clustered}",
    "create unique index message_once on message (conversation_id, author_id, client_id)",
];

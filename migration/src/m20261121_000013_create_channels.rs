//! Channels beside web pages: conversations and messages that come through them, people known by their names there,
//! what is on its way out.

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

// Meta's id of a message holds a phone number: rows are found by its hash, and the id itself rests sealed
const UP: &[&str] = &[
    "create table channel (tenant_id {uuid} not null, id {uuid} primary key, source text not null, name text not null, address text not null, updated_at bigint not null)",
    "alter table conversation add column channel_id {uuid}",
    "alter table conversation add column group_key text",
    "alter table conversation add column reply_window text",
    "create unique index conversation_once_on_channel on conversation (contact_id, channel_id) where status in ('open', 'pending', 'snoozed') and channel_id is not null",
    "alter table message add column extra text",
    "create table outgoing (tenant_id {uuid} not null, id {uuid} primary key, channel_id {uuid} not null, conversation_id {uuid} not null, seq bigint not null, part integer not null, again integer not null, kind text not null, state text not null, request text, wamid text, wamid_hash text, delivery text not null, failure text, attempts integer not null, next_at bigint not null, leased_until bigint, called_at bigint, created_at bigint not null, updated_at bigint not null)",
    "create unique index outgoing_once on outgoing (conversation_id, seq, kind, part, again)",
    "create index outgoing_due on outgoing (channel_id, next_at) where state in ('new', 'ready', 'leased', 'unknown')",
    "create index outgoing_by_wamid on outgoing (channel_id, wamid_hash) where wamid_hash is not null",
    "create table wa_alias (tenant_id {uuid} not null, kind text not null, value text not null, contact_id {uuid} not null, created_at bigint not null, primary key (tenant_id, kind, value))",
    "create index wa_alias_by_contact on wa_alias (tenant_id, contact_id)",
    "create table wa_message (tenant_id {uuid} not null, number_id {uuid} not null, hash text not null, wamid text not null, conversation_id {uuid}, seq bigint, way text not null, at bigint not null, primary key (number_id, hash))",
    "create index wa_message_by_place on wa_message (conversation_id, seq)",
    "create table wa_orphan (tenant_id {uuid} not null, number_id {uuid} not null, hash text not null, state text not null, body text not null, at bigint not null, primary key (number_id, hash, state))",
    "create index wa_orphan_by_age on wa_orphan (at)",
    "create table wa_template (tenant_id {uuid} not null, id {uuid} primary key, account_id {uuid} not null, meta_id text, name text not null, language text not null, category text not null, status text not null, quality text, reason text, named {flag} not null, components text not null, news text not null, updated_at bigint not null)",
    "create unique index wa_template_once on wa_template (account_id, name, language)",
    "create index wa_template_by_tenant on wa_template (tenant_id, name, language)",
    "create table wa_past (tenant_id {uuid} not null, number_id {uuid} not null, hash text not null, person text not null, body text not null, at bigint not null, received_at bigint not null, primary key (number_id, hash))",
];

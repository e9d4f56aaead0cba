//! People who turned out to be one, and what was written before a number was connected.

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

// an echo waits in `wa_echo` while it may be of a message of ours; `person` is a name of theirs until they are found, then their contact's id
const UP: &[&str] = &[
    "alter table contact add column merged_into {uuid}",
    "create table contact_merge (tenant_id {uuid} not null, id {uuid} primary key, kept_id {uuid} not null, gone_id {uuid} not null, moved text not null, by_author text not null, at bigint not null, undone_at bigint)",
    "create index contact_merge_by_kept on contact_merge (tenant_id, kept_id)",
    "create index contact_merge_by_gone on contact_merge (tenant_id, gone_id)",
    "create index wa_past_by_person on wa_past (number_id, person, at, hash)",
    "create table wa_past_thread (tenant_id {uuid} not null, number_id {uuid} not null, contact_id {uuid} not null, conversation_id {uuid} not null, primary key (number_id, contact_id))",
    "create table wa_import (tenant_id {uuid} not null, number_id {uuid} primary key, state text not null, progress integer not null, messages bigint not null, people bigint not null, seen text not null, problem text, asked_at bigint, piece_at bigint, updated_at bigint not null)",
    "create table wa_echo (tenant_id {uuid} not null, number_id {uuid} not null, hash text not null, body text not null, at bigint not null, primary key (number_id, hash))",
    "create index wa_item_of_past on wa_item (number_id, at, delivery_id, nth) where state = 'waiting' and kind in ('history', 'contacts')",
];

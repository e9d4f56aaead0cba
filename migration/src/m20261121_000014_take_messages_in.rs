//! WhatsApp: messages on their way into the inbox, each number's deliveries in a lane of their own.

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

// `former_at`: a number its person left; somebody else may have it by now. `wa_early`: what was said about a message
// that has not come yet. `wa_entry`: conversations an advertisement led to, until the business answers
const UP: &[&str] = &[
    "alter table wa_alias add column former_at bigint",
    "create table wa_early (tenant_id {uuid} not null, number_id {uuid} not null, hash text not null, kind text not null, body text not null, at bigint not null, kept_at bigint not null, primary key (number_id, hash, kind))",
    "create index wa_early_by_age on wa_early (kept_at)",
    "create table wa_entry (tenant_id {uuid} not null, conversation_id {uuid} primary key, at bigint not null)",
    "alter table wa_delivery add column lane text not null default ''",
    "create index wa_delivery_new on wa_delivery (lane, received_at, id) where state = 'new'",
    "create table wa_lane (lane text primary key, busy {flag} not null, touched_at bigint not null)",
];

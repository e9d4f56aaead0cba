//! Files that come after their messages, and those Meta was given for a while.

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

// both are forgotten with Meta's ids in them: after eight and after thirty days
const UP: &[&str] = &[
    "create table wa_media (tenant_id {uuid} not null, conversation_id {uuid} not null, seq bigint not null, number_id {uuid} not null, media text not null, tries integer not null, asked_at bigint not null, primary key (conversation_id, seq))",
    "create index wa_media_by_age on wa_media (asked_at)",
    "create table wa_upload (tenant_id {uuid} not null, number_id {uuid} not null, file_id {uuid} not null, media_id text not null, kind text not null, at bigint not null, primary key (number_id, file_id))",
    "create index wa_upload_by_age on wa_upload (at)",
];

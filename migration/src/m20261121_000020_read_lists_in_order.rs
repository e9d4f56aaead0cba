//! Indexes by which every list of the inbox is read in its order, and its unread ones counted.

use sea_orm_migration::prelude::*;

use crate::dialect::run;
use crate::online::index;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, on) in INDEXES {
            index(manager, name, on).await?;
        }
        run(manager, OLD).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

// a list is asked for by status and source, or by assignee, status and source, all equal, then in the order of time;
// "any" is several of them. PostgreSQL reads no order behind `is null`, so what is nobody's has an index of its own; a
// conversation is in one of the two
const INDEXES: &[(&str, &str)] = &[
    ("conversation_listed", "conversation (tenant_id, status, source, last_message_at, id)"),
    (
        "conversation_of_agent",
        "conversation (tenant_id, assignee_id, status, source, last_message_at, id) where assignee_id is not null",
    ),
    (
        "conversation_of_nobody",
        "conversation (tenant_id, status, source, last_message_at, id) where assignee_id is null",
    ),
    ("conversation_unread", "conversation (tenant_id, assignee_id) where status = 'open' and unread > 0"),
];

const OLD: &[&str] = &["drop index if exists conversation_by_status", "drop index if exists conversation_by_assignee"];

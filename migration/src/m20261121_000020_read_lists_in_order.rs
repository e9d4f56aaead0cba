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
// "any" is several of them. Whoever is nobody's is found by the second as well: it holds nulls
const INDEXES: &[(&str, &str)] = &[
    ("conversation_listed", "conversation (tenant_id, status, source, last_message_at, id)"),
    ("conversation_of_agent", "conversation (tenant_id, assignee_id, status, source, last_message_at, id)"),
    ("conversation_unread", "conversation (tenant_id, assignee_id) where status = 'open' and unread > 0"),
];

const OLD: &[&str] = &["drop index if exists conversation_by_status", "drop index if exists conversation_by_assignee"];

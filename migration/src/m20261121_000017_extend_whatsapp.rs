//! WhatsApp: Meta's last warning, when templates were compared, Embedded Signup's configuration, and who wants no
//! marketing.

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

// a wish about marketing is kept by the names Meta says it under: it may come before anything else of the person
const UP: &[&str] = &[
    "alter table wa_account add column alert text",
    "alter table wa_account add column templates_at bigint",
    "alter table wa_app add column signup_config text",
    "create table wa_preference (tenant_id {uuid} not null, kind text not null, value text not null, wanted {flag} not null, at bigint not null, primary key (tenant_id, kind, value))",
];

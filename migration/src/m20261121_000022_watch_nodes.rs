//! Who runs, and where a job's work began: a person at 3 a.m. asks for both.

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

// `trace` is a place in a trace as the header `traceparent` spells it: random numbers, nobody's name
const UP: &[&str] = &[
    "alter table job add column trace text",
    "create table node (id {uuid} primary key, roles text not null, version text not null, started_at bigint not null, seen_at bigint not null)",
];

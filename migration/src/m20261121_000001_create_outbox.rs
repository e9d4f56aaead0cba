//! The stream of events: counters without gaps, the events, and where followers stand.

use sea_orm_migration::prelude::*;

use crate::dialect::{is_written_down, one, run, shards};

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(clippy::disallowed_methods, reason = "an epoch only has to differ from the last one")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        // a plan is the same each time it is asked for
        let epoch = if is_written_down() { "{chance}".to_owned() } else { rand::random::<u32>().to_string() };
        for shard in 0..shards(manager) {
            let row = format!("insert into outbox_shard (shard, epoch, head) values ({shard}, {epoch}, 0)");
            one(manager, &row).await?;
        }
        Ok(())
    }
}

const UP: &[&str] = &[
    "create table outbox_shard (shard integer primary key, epoch bigint not null, head bigint not null) {lean}",
    "create table outbox (shard integer not null, n bigint not null, tenant_id {uuid} not null, audience integer not null, contact_id {uuid}, body text not null, at bigint not null, primary key (shard, n)) {clustered}",
    "create index outbox_by_tenant on outbox (tenant_id, n)",
    "create table follower (name text not null, shard integer not null, cursor bigint not null, primary key (name, shard))",
];

//! The schema, one change per file, for SQLite and PostgreSQL alike. Knows no entity. Forward only in production.
//!
//! Conventions: ids are `uuid`, times are `bigint` milliseconds since 1970, JSON and words are `text`,
//! every table of a tenant starts with `tenant_id`.

use sea_orm_migration::prelude::*;

mod dialect;
mod m20261121_000001_create_outbox;
mod m20261121_000002_create_jobs;
mod m20261121_000003_create_people;
mod m20261121_000004_create_sessions;
mod m20261121_000005_create_widgets;
mod m20261121_000006_create_domains;
mod m20261121_000007_create_contacts;
mod m20261121_000008_create_inbox;
mod m20261121_000009_create_operators;
mod m20261121_000010_create_files;
mod m20261121_000011_end_of_files;
mod m20261121_000012_create_whatsapp;
mod m20261121_000013_create_channels;
mod m20261121_000014_take_messages_in;
mod m20261121_000015_create_turns;
mod m20261121_000016_bring_media;
mod m20261121_000017_extend_whatsapp;
mod m20261121_000018_create_pasts;
mod m20261121_000020_make_searchable;
mod m20261121_000020_read_lists_in_order;
mod m20261121_000021_share_jobs;
mod m20261121_000022_watch_nodes;
mod m20261121_000023_mark_release;
pub mod online;
mod plan;
mod release;
mod run;
mod wall;

pub use plan::{Planned, plan, rehearse};
pub use release::{Fit, RELEASE, Release, fit, judge};
pub use run::{Migrated, migrate, migrate_as, pending, roles};
/// For lists of changes outside this crate: tests apply what a later release might.
pub use sea_orm_migration;

/// All changes, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_outbox::Migration),
            Box::new(m20261121_000002_create_jobs::Migration),
            Box::new(m20261121_000003_create_people::Migration),
            Box::new(m20261121_000004_create_sessions::Migration),
            Box::new(m20261121_000005_create_widgets::Migration),
            Box::new(m20261121_000006_create_domains::Migration),
            Box::new(m20261121_000007_create_contacts::Migration),
            Box::new(m20261121_000008_create_inbox::Migration),
            Box::new(m20261121_000009_create_operators::Migration),
            Box::new(m20261121_000010_create_files::Migration),
            Box::new(m20261121_000011_end_of_files::Migration),
            Box::new(m20261121_000012_create_whatsapp::Migration),
            Box::new(m20261121_000013_create_channels::Migration),
            Box::new(m20261121_000014_take_messages_in::Migration),
            Box::new(m20261121_000015_create_turns::Migration),
            Box::new(m20261121_000016_bring_media::Migration),
            Box::new(m20261121_000017_extend_whatsapp::Migration),
            Box::new(m20261121_000018_create_pasts::Migration),
            Box::new(m20261121_000020_make_searchable::Migration),
            Box::new(m20261121_000020_read_lists_in_order::Migration),
            Box::new(m20261121_000021_share_jobs::Migration),
            Box::new(m20261121_000022_watch_nodes::Migration),
            Box::new(m20261121_000023_mark_release::Migration),
        ]
    }
}

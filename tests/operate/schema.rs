//! REL-24: the schema changes while people write, and programs of two releases meet one schema.

use std::time::{Duration, Instant};

use harness::found;
use migration::sea_orm_migration::async_trait::async_trait;
use migration::sea_orm_migration::prelude::{DbErr, MigrationName, MigrationTrait, MigratorTrait, SchemaManager};
use migration::{Migrated, Migrator, Release, migrate_as, online};
use sea_orm::ConnectionTrait;
use store::{Db, StoreConfig};

use crate::place::Place;

/// What the next release might do: expand and fill in, nothing taken away.
struct Next;

#[async_trait]
impl MigratorTrait for Next {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = Migrator::migrations();
        all.push(Box::new(Expand));
        all
    }
}

struct Expand;

impl MigrationName for Expand {
    fn name(&self) -> &str {
        "m29991231_000001_only_in_tests"
    }
}

#[async_trait]
impl MigrationTrait for Expand {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        if !manager.has_column("contact", "length").await? {
            conn.execute_unprepared("alter table contact add column length integer").await?;
        }
        conn.execute_unprepared("create table if not exists only_in_tests (id integer primary key)").await?;
        online::index(manager, "contact_by_length", "contact (length)").await?;
        let fill =
            "update contact set length = 1 where id in (select id from contact where length is null limit {most})";
        online::fill(manager, fill).await.map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_24_the_running_and_the_restarted_old_program_serve_on_the_next_schema() {
    let place = Place::new().await;
    let running = place.start().await;
    let conn = Db::connect(&StoreConfig::at(&place.store_url, 2)).await.expect("a connection");
    let migrating = async {
        let next = Release { number: 2, oldest: 1 };
        let done = migrate_as::<Next>(&conn, next).await.expect("migrated");
        assert!(matches!(done, Migrated::Applied(names) if names.len() == 1));
    };
    let founding = async {
        let (until, mut slowest) = (Instant::now() + Duration::from_secs(2), Duration::ZERO);
        let mut count = 0;
        while Instant::now() < until {
            let began = Instant::now();
            found(&running.ctx, &format!("Shop {count}")).await;
            slowest = slowest.max(began.elapsed());
            count += 1;
        }
        println!("{count} tenants founded beside it, the slowest in {slowest:?}");
        count
    };
    let ((), count) = tokio::join!(migrating, founding);
    assert!(count > 0);
    running.stop().await;
    let running = place.start().await;
    found(&running.ctx, "After the restart").await;
    running.stop().await;
    let said = place.run(&["migrate"], &[]).await.well();
    assert!(said.contains("newer than this program, and suits it"), "{said}");
    conn.execute_unprepared("update schema_release set release = 3, oldest = 2").await.expect("written");
    let said = place.run(&["serve"], &[]).await.refused();
    assert!(said.contains("this program is of release 1") && said.lines().count() == 1, "{said}");
    conn.close().await.expect("closed");
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_says_everything_and_changes_nothing() {
    let place = Place::bare().await;
    let said = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert!(said.contains("create table conversation") && said.contains("-- "), "{said}");
    let again = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert_eq!(said, again, "nothing was changed");
    let said = place.run(&["config", "check"], &[("PORCHLIGHT__STORE__MIGRATE_ON_START", "false")]).await;
    assert!(said.is_well, "{}", said.err);
    let said = place.run(&["serve"], &[("PORCHLIGHT__STORE__MIGRATE_ON_START", "false")]).await.refused();
    assert!(said.contains("run `porchlight migrate`"), "{said}");
    place.run(&["migrate"], &[]).await.well();
    let said = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert!(said.contains("up to date"), "{said}");
    place.remove().await;
}

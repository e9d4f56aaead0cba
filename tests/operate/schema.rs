//! REL-24: the schema changes while people write, and programs of two releases meet one schema.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::{Agent, found};
use migration::sea_orm_migration::async_trait::async_trait;
use migration::sea_orm_migration::prelude::{DbErr, MigrationName, MigrationTrait, MigratorTrait, SchemaManager};
use migration::{Migrated, Migrator, Release, migrate_as, online};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use store::{Db, StoreConfig};

use crate::drill::{are_there, doors, widget, write, writes};
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

/// Rows the migration has to fill in: enough for many goes.
const ROWS: u32 = 20_000;

/// Contacts of a tenant, as many as that.
async fn crowd(conn: &DatabaseConnection) {
    let (id, numbers) = match conn.get_database_backend() {
        DbBackend::Postgres => ("gen_random_uuid()", format!("generate_series(1, {ROWS})")),
        _ => (
            "randomblob(16)",
            format!(
                "(with recursive n(i) as (select 1 union all select i + 1 from n where i < {ROWS}) select i from n)"
            ),
        ),
    };
    let text = format!(
        "insert into contact (tenant_id, id, verified, attributes, created_at, last_seen_at) \
         select (select id from tenant limit 1), {id}, false, '{{}}', 0, 0 from {numbers} as all_of_them"
    );
    conn.execute_unprepared(&text).await.expect("contacts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_24_the_schema_changes_beside_people_who_write_and_the_old_program_serves_on_it() {
    let place = Place::new().await;
    let running = place.start().await;
    let email = found(&running.ctx, "Acme").await;
    let owner = Agent::signs_in(&doors(&running), &email).await;
    let (widget, stop) = (widget(&owner).await, Arc::new(AtomicBool::new(false)));
    let conn = Db::connect(&StoreConfig::at(&place.store_url, 2)).await.expect("a connection");
    crowd(&conn).await;
    let people: Vec<_> = (0..3).map(|_| tokio::spawn(writes(doors(&running), widget.clone(), stop.clone()))).collect();
    write(&owner, 3, 2).await;
    let began = Instant::now();
    let next = Release { number: 2, oldest: 1 };
    let done = migrate_as::<Next>(&conn, next).await.expect("migrated");
    assert!(matches!(done, Migrated::Applied(names) if names.len() == 1));
    let ended = Instant::now();
    stop.store(true, Ordering::Release);
    let (mut acknowledged, mut slowest, mut beside) = (Vec::new(), Duration::ZERO, 0);
    for person in people {
        for (message, at, waited) in person.await.expect("every write was acknowledged") {
            if at > began && at < ended {
                (slowest, beside) = (slowest.max(waited), beside + 1);
            }
            acknowledged.push(message);
        }
    }
    println!("{ROWS} rows in {:?}, {beside} messages beside it, the slowest in {slowest:?}", ended - began);
    assert!(beside > 0, "the premise: people wrote meanwhile");
    running.stop().await;
    let running = place.start().await;
    let owner = Agent::signs_in(&doors(&running), &email).await;
    are_there(&owner, &acknowledged).await;
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
async fn a_dry_run_says_everything_a_trial_times_it_and_neither_changes_anything() {
    let place = Place::bare().await;
    let said = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert!(said.contains("create table conversation") && said.contains("-- "), "{said}");
    let again = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert_eq!(said, again, "nothing was changed");
    let tried = place.run(&["migrate", "--try"], &[]).await.well();
    assert!(tried.contains("create_inbox: ") && tried.contains(" ms\n") && tried.contains("Taken back"), "{tried}");
    let again = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert_eq!(said, again, "what was tried was taken back");
    let said = place.run(&["config", "check"], &[("PORCHLIGHT__STORE__MIGRATE_ON_START", "false")]).await;
    assert!(said.is_well, "{}", said.err);
    let said = place.run(&["serve"], &[("PORCHLIGHT__STORE__MIGRATE_ON_START", "false")]).await.refused();
    assert!(said.contains("run `porchlight migrate`"), "{said}");
    place.run(&["migrate"], &[]).await.well();
    let said = place.run(&["migrate", "--dry-run"], &[]).await.well();
    assert!(said.contains("up to date"), "{said}");
    let said = place.run(&["migrate", "--try"], &[]).await.well();
    assert!(said.contains("up to date"), "{said}");
    place.remove().await;
}

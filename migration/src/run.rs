//! Applies what is missing, one process at a time, without holding others up for long.
//!
//! On PostgreSQL a change waits two seconds for a lock at most: whatever queues behind a waiting `alter table` would wait
//! with it. It then gives way and tries again. Each change is a transaction of its own, or says that it is none.

use std::time::Duration;

use sea_orm_migration::prelude::{DbErr, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection};

use crate::release::{self, Fit, RELEASE, Release};
use crate::{Migrator, wall};

/// Any number; all our processes must use the same one.
const LOCK: i64 = 0x0070_6f72_6368;
/// How often a change that could not get its lock is tried.
pub(crate) const TRIES: u32 = 15;

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Migrated {
    /// These were applied, in order; none when it was up to date.
    Applied(Vec<String>),
    /// The schema belongs to the next release and still suits this one: nothing was done.
    Newer(Release),
}

/// Brings the schema up to date. Several processes may start on one empty PostgreSQL: the first migrates, the others wait.
/// `conn` is one connection: the lock between processes is its own.
pub async fn migrate(conn: &DatabaseConnection) -> Result<Migrated, DbErr> {
    migrate_as::<Migrator>(conn, RELEASE).await
}

/// The same for a list of changes and a release of one's own: tests apply what a later release might.
pub async fn migrate_as<M: MigratorTrait>(conn: &DatabaseConnection, as_release: Release) -> Result<Migrated, DbErr> {
    let is_postgres = conn.get_database_backend() == DatabaseBackend::Postgres;
    if is_postgres {
        // the one who waits here waits for another migration, however long that takes
        conn.execute_unprepared("set lock_timeout = 0; set statement_timeout = 0").await?;
        conn.execute_unprepared(&format!("select pg_advisory_lock({LOCK})")).await?;
        conn.execute_unprepared("set lock_timeout = '2s'").await?;
    }
    let done = apply::<M>(conn, as_release).await;
    if is_postgres {
        conn.execute_unprepared(&format!("select pg_advisory_unlock({LOCK}); reset lock_timeout")).await?;
    }
    done
}

async fn apply<M: MigratorTrait>(conn: &DatabaseConnection, ours: Release) -> Result<Migrated, DbErr> {
    if let Fit::Newer(theirs) = release::fit::<M>(conn, ours).await? {
        return Ok(Migrated::Newer(theirs));
    }
    let pending = M::get_pending_migrations(conn).await?;
    let names: Vec<String> = pending.iter().map(|one| one.name().to_owned()).collect();
    // before the first change: whoever starts meanwhile must know what it meets
    release::write(conn, ours).await?;
    for name in &names {
        one::<M>(conn, name).await?;
    }
    // whatever has to be true of all tables, new ones too, is seen to here
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        wall::stand(conn).await?;
    }
    release::write(conn, ours).await?;
    Ok(Migrated::Applied(names))
}

/// Applies the first change that is missing, as often as it takes to get its locks.
async fn one<M: MigratorTrait>(conn: &DatabaseConnection, name: &str) -> Result<(), DbErr> {
    for tried in 1.. {
        match M::up(conn, Some(1)).await {
            Err(error) if tried < TRIES && was_in_the_way(&error) => pause(tried).await,
            Err(error) => return Err(DbErr::Migration(format!("{name}: {error}"))),
            Ok(()) => break,
        }
    }
    Ok(())
}

/// Whether somebody else held what it needed.
pub(crate) fn was_in_the_way(error: &DbErr) -> bool {
    let text = error.to_string();
    ["lock timeout", "deadlock detected", "database is locked", "could not obtain lock"]
        .iter()
        .any(|sign| text.contains(sign))
}

/// Those who queued behind us get through first.
pub(crate) async fn pause(tried: u32) {
    tokio::time::sleep(Duration::from_millis(200 * u64::from(tried.min(10)))).await;
}

/// Makes sure of the roles a copy of the database speaks of, before there is a table.
pub async fn roles(conn: &DatabaseConnection) -> Result<(), DbErr> {
    match conn.get_database_backend() {
        DatabaseBackend::Postgres => wall::roles(conn).await,
        _ => Ok(()),
    }
}

/// What is missing, oldest first; reads only.
pub async fn pending(conn: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    match release::fit::<Migrator>(conn, RELEASE).await? {
        Fit::Newer(_) => Ok(Vec::new()),
        Fit::Ours => {
            let pending = Migrator::get_pending_migrations_read_only(conn).await?;
            Ok(pending.iter().map(|one| one.name().to_owned()).collect())
        }
    }
}

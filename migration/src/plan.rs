//! What a migration would do, written down without doing it, and tried without keeping it.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use sea_orm_migration::prelude::{DbErr, MigrationTrait, MigratorTrait, SchemaManager};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, TransactionTrait,
};

use crate::dialect::PAPER;
use crate::{Migrator, pending};

/// One change and what it runs.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its name.
    pub name: String,
    /// Each statement with what it keeps others from.
    pub statements: Vec<(String, &'static str)>,
}

/// Writes down what every missing change would run. Changes nothing: what a change does beside its statements is tried
/// in a transaction that may only read.
pub async fn plan(conn: &DatabaseConnection) -> Result<Vec<Planned>, DbErr> {
    let missing = pending(conn).await?;
    let backend = conn.get_database_backend();
    let only_read = match backend {
        DatabaseBackend::Postgres => "set transaction read only",
        _ => "pragma query_only = on",
    };
    let view = conn.begin().await?;
    view.execute_unprepared(only_read).await?;
    let mut planned = Vec::new();
    for change in Migrator::migrations().iter().filter(|change| missing.iter().any(|name| name == change.name())) {
        planned.push(Planned {
            name: change.name().to_owned(),
            statements: written(change.as_ref(), &view, backend).await,
        });
    }
    view.rollback().await?;
    if backend != DatabaseBackend::Postgres {
        conn.execute_unprepared("pragma query_only = off").await?;
    }
    Ok(planned)
}

async fn written(
    change: &dyn MigrationTrait,
    view: &DatabaseTransaction,
    backend: DatabaseBackend,
) -> Vec<(String, &'static str)> {
    let run = async {
        let done = change.up(&SchemaManager::new(view)).await;
        let paper = PAPER.with(|paper| paper.take());
        (paper, done)
    };
    let (paper, done) = PAPER.scope(RefCell::default(), run).await;
    let said = |text: String| (locks(&text, backend), text);
    let mut statements: Vec<_> = paper.into_iter().map(said).map(|(locks, text)| (text, locks)).collect();
    if let Err(error) = done {
        statements.push((format!("-- and more, which depends on what the others leave behind: {error}"), "not known"));
    }
    statements
}

/// Runs what is missing and takes it back; gives how long each took. A change that cannot be taken back is left out.
pub async fn rehearse(conn: &DatabaseConnection) -> Result<Vec<(String, Option<Duration>)>, DbErr> {
    let missing = pending(conn).await?;
    let all = conn.begin().await?;
    if conn.get_database_backend() == DatabaseBackend::Postgres {
        all.execute_unprepared("set local lock_timeout = '2s'; set local statement_timeout = 0").await?;
    }
    let mut tried = Vec::new();
    for change in Migrator::migrations().iter().filter(|change| missing.iter().any(|name| name == change.name())) {
        let took = match change.use_transaction() {
            Some(false) => None,
            _ => {
                let started = Instant::now();
                change.up(&SchemaManager::new(&all)).await?;
                Some(started.elapsed())
            }
        };
        tried.push((change.name().to_owned(), took));
    }
    all.rollback().await?;
    Ok(tried)
}

/// What a statement keeps others from while it runs; the first words say it.
fn locks(text: &str, backend: DatabaseBackend) -> &'static str {
    if backend != DatabaseBackend::Postgres {
        return "SQLite: other writers wait while it runs";
    }
    let text = text.trim_start().to_ascii_lowercase();
    let starts = |words: &str| text.starts_with(words);
    match () {
        () if starts("create index concurrently") || starts("create unique index concurrently") => {
            "nobody waits; it waits itself for transactions that are open"
        }
        () if starts("create index") || starts("create unique index") => "writers of the table wait while it is built",
        () if starts("create table") || starts("create function") || starts("create or replace function") => {
            "nobody waits: it is new"
        }
        () if starts("insert") || starts("update") || starts("delete") => "the rows it touches, until the change ends",
        () if starts("alter table") && text.contains(" add column ") && !text.contains(" stored") => {
            "everybody at the table waits for a moment; no row is rewritten"
        }
        () if starts("alter table") && text.contains("not valid") => "everybody at the table waits for a moment",
        () if starts("alter table") || starts("create trigger") || starts("create policy") || starts("drop ") => {
            "everybody at the table waits until the change ends"
        }
        () => "no table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_locks_is_said_by_its_first_words() {
        let of = |text| locks(text, DatabaseBackend::Postgres);
        assert!(of("create index concurrently x on y (z)").starts_with("nobody"));
        assert!(of("create unique index x on y (z)").starts_with("writers"));
        assert!(of("alter table y add column z text").contains("no row is rewritten"));
        assert!(of("alter table y drop column z").contains("until the change ends"));
        assert!(locks("create table t (a integer)", DatabaseBackend::Sqlite).contains("other writers"));
    }
}

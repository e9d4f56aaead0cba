//! Changes of big tables while people write to them: indexes that keep nobody waiting, rows filled in a few at a time.
//!
//! Whoever uses these says `use_transaction() -> Some(false)` and may be run twice: what is done already is done.

use std::time::{Duration, Instant};

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use crate::dialect::one;

/// Most rows in one go.
const MOST: u64 = 1_000;
/// How long one go may take.
const BUDGET: Duration = Duration::from_millis(50);

/// Builds an index while others write. One that a broken-off build left behind half done is taken away first.
pub async fn index(manager: &SchemaManager<'_>, name: &str, on: &str) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return one(manager, &format!("create index if not exists {name} on {on}")).await.map(|_| ());
    }
    let half = format!("select 1 from pg_index where indexrelid = to_regclass('{name}') and not indisvalid");
    if conn.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, half)).await?.is_some() {
        one(manager, &format!("drop index concurrently if exists {name}")).await?;
    }
    one(manager, &format!("create index concurrently if not exists {name} on {on}")).await.map(|_| ())
}

/// Runs a statement with `{most}` in it, each time by itself, until it changes nothing. The number shrinks when it takes
/// too long, and grows again when it does not; in between, others come first. Gives how many rows it changed.
pub async fn fill(manager: &SchemaManager<'_>, statement: &str) -> Result<u64, DbErr> {
    let (mut most, mut all) = (100, 0);
    loop {
        let started = Instant::now();
        let text = statement.replace("{most}", &most.to_string());
        let changed = one(manager, &text).await?;
        all += changed;
        if changed == 0 {
            return Ok(all);
        }
        let took = started.elapsed();
        most = next(most, took);
        tokio::time::sleep(took).await;
    }
}

/// How many next time.
fn next(most: u64, took: Duration) -> u64 {
    match took {
        took if took > BUDGET => (most / 2).max(1),
        took if took < BUDGET / 4 => (most * 2).min(MOST),
        _ => most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_go_that_takes_too_long_is_made_smaller_and_none_is_more_than_a_thousand() {
        assert_eq!(next(800, Duration::from_millis(51)), 400);
        assert_eq!(next(1, Duration::from_secs(1)), 1);
        assert_eq!(next(800, Duration::from_millis(5)), 1_000);
        assert_eq!(next(800, Duration::from_millis(30)), 800);
    }
}

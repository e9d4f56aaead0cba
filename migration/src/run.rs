//! Applies what is missing, one process at a time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseBackend, DatabaseConnection, TransactionTrait};

use crate::Migrator;

/// Any number; all our processes must use the same one.
const LOCK: i64 = 0x0070_6f72_6368;

/// Brings the schema up to date. Several processes may start on one empty PostgreSQL: the first migrates, the others wait.
pub async fn migrate(conn: &DatabaseConnection) -> Result<(), DbErr> {
    if conn.get_database_backend() != DatabaseBackend::Postgres {
        return Migrator::up(conn, None).await;
    }
    let transaction = conn.begin().await?;
    transaction.execute_unprepared(&format!("select pg_advisory_xact_lock({LOCK})")).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

//! Pools and pragmas. SQLite: one writer and several readers; PostgreSQL: a pool for writing and one for reading, so that
//! no acknowledgement waits behind lists; durable commits asserted.

use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde::Deserialize;

use crate::fault;

/// Where the data lives and how many connections it may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `sqlite://path` or `postgres://user:password@host:port/database`.
    pub url: String,
    /// Most connections for reading (SQLite) or at all (PostgreSQL).
    pub connections: u32,
    /// Days for which events are kept, and so the longest absence a client can resume from.
    pub events_days: u32,
}

pub(crate) struct Pools {
    pub writer: DatabaseConnection,
    pub reader: DatabaseConnection,
    pub backend: DbBackend,
}

/// Longest wait for a free connection: an interactive request gives up before its caller does.
const ACQUIRE: Duration = Duration::from_millis(1500);

pub(crate) async fn open(config: &StoreConfig) -> Result<Pools> {
    if config.url.starts_with("sqlite:") {
        return open_sqlite(config).await;
    }
    if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") {
        return open_postgres(config).await;
    }
    Err(Error::invalid("store_url", "store.url must start with sqlite:// or postgres://."))
}

async fn open_sqlite(config: &StoreConfig) -> Result<Pools> {
    let writer = Database::connect(sqlite_options(config, 1, true)).await.map_err(fault)?;
    let reader = Database::connect(sqlite_options(config, config.connections, false)).await.map_err(fault)?;
    Ok(Pools { writer, reader, backend: DbBackend::Sqlite })
}

fn sqlite_options(config: &StoreConfig, most: u32, create: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options.max_connections(most).min_connections(1).acquire_timeout(ACQUIRE * 4).sqlx_logging(false);
    options.idle_timeout(None).max_lifetime(None).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(create)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
            // FULL: an acknowledged commit survives a power cut; NORMAL would not promise that in WAL mode
            .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .foreign_keys(true)
            .statement_cache_capacity(200)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            // 64 MB of log before it is folded into the file: at 4 MB every second or third batch would pay for that
            .pragma("wal_autocheckpoint", "16384")
            .pragma("mmap_size", "268435456")
    });
    options
}

async fn open_postgres(config: &StoreConfig) -> Result<Pools> {
    let writers = (config.connections / 3).max(2);
    let readers = config.connections.saturating_sub(writers).max(1);
    let writer = Database::connect(postgres_options(config, writers, KEYED)).await.map_err(fault)?;
    let reader = Database::connect(postgres_options(config, readers, &[])).await.map_err(fault)?;
    assert_durable(&writer).await?;
    Ok(Pools { writer, reader, backend: DbBackend::Postgres })
}

/// Writes find every row by a key. The planner must not guess otherwise from the statistics of a table that was empty
/// when the statement was prepared.
const KEYED: &[(&str, &str)] = &[("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")];

fn postgres_options(config: &StoreConfig, most: u32, more: &'static [(&'static str, &'static str)]) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options.max_connections(most).min_connections(2.min(most)).acquire_timeout(ACQUIRE).sqlx_logging(false);
    options.connect_timeout(Duration::from_secs(3)).test_before_acquire(false);
    options.map_sqlx_postgres_opts(move |postgres| {
        postgres
            .options([
                ("statement_timeout", "5000"),
                ("lock_timeout", "2000"),
                ("idle_in_transaction_session_timeout", "10000"),
                // compiling a statement takes longer than any of ours runs
                ("jit", "off"),
            ])
            .options(more.iter().copied())
    });
    options
}

/// A database that acknowledges before it has written would make every promise of ours a lie.
async fn assert_durable(pool: &DatabaseConnection) -> Result<()> {
    let ask = Statement::from_string(
        DbBackend::Postgres,
        "select current_setting('synchronous_commit'), current_setting('fsync')",
    );
    let row = pool.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    let commit: String = row.try_get_by_index(0).map_err(fault)?;
    let fsync: String = row.try_get_by_index(1).map_err(fault)?;
    if commit == "off" || fsync == "off" {
        tracing::warn!(synchronous_commit = commit, fsync, "PostgreSQL is set to acknowledge before data is safe");
    }
    Ok(())
}

//! Pools and pragmas. SQLite: one writer and several readers. PostgreSQL: pools apart, so that no acknowledgement waits
//! behind lists and neither waits behind jobs; durable commits asserted.

use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::fault;
use crate::patience::{Patient, Pool};

/// Where the data lives and how many connections it may use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `sqlite://path` or `postgres://user:password@host:port/database`.
    pub url: String,
    /// The same database as the owner of its tables, for migrations; empty: `url`.
    pub owner_url: String,
    /// A copy of the database that follows it, for what may be a moment old; empty: there is none.
    pub replica_url: String,
    /// Whether a pooler that hands connections out by transaction stands between: nothing is then set per connection.
    pub pooler: bool,
    /// Whether a PostgreSQL that acknowledges before data is safe is put up with: for tests.
    pub unsafe_durability: bool,
    /// Whether a server brings the schema up to date when it starts.
    pub migrate_on_start: bool,
    /// Most connections for reading (SQLite) or at all (PostgreSQL).
    pub connections: u32,
    /// Days for which events are kept, and so the longest absence a client can resume from.
    pub events_days: u32,
}

impl StoreConfig {
    /// The database at `url`, as tests and tools take it.
    pub fn at(url: impl Into<String>, connections: u32) -> Self {
        let (owner_url, replica_url) = (String::new(), String::new());
        Self {
            url: url.into(),
            owner_url,
            replica_url,
            pooler: false,
            unsafe_durability: true,
            migrate_on_start: true,
            connections,
            events_days: 31,
        }
    }
}

pub(crate) struct Pools {
    /// Writes somebody waits for.
    pub writer: Pool,
    /// Reads somebody waits for.
    pub reader: Pool,
    /// What jobs read and write.
    pub background: Pool,
    /// Reads that may be a moment old.
    pub replica: Option<Pool>,
    pub backend: DbBackend,
}

/// Longest wait for a free connection: an interactive request gives up before its caller does.
const ACQUIRE: Duration = Duration::from_millis(1500);

/// Longest wait for an answer, a free connection and the database's own limit included, where somebody waits for it and
/// where nobody does. SQLite has no wire that could be dead.
const OF_PEOPLE: Duration = Duration::from_millis(6_500);
const OF_JOBS: Duration = Duration::from_secs(80);

pub(crate) async fn open(config: &StoreConfig) -> Result<Pools> {
    check(&config.url)?;
    if !config.replica_url.is_empty() {
        check(&config.replica_url)?;
    }
    match config.url.starts_with("sqlite:") {
        true => open_sqlite(config).await,
        false => open_postgres(config).await,
    }
}

/// Refuses an address before anybody who cannot read it repeats it, password and all.
fn check(url: &str) -> Result<()> {
    let is_postgres = url.starts_with("postgres:") || url.starts_with("postgresql:");
    if !is_postgres && !url.starts_with("sqlite:") {
        return Err(Error::invalid("store_url", "store.url must start with sqlite:// or postgres://."));
    }
    if is_postgres && url.parse::<PgConnectOptions>().is_err() {
        return Err(Error::invalid("store_url", "store.url must read postgres://user:password@host:port/database."));
    }
    Ok(())
}

/// One connection with the rights to change tables.
pub(crate) async fn owner(config: &StoreConfig) -> Result<DatabaseConnection> {
    let url = if config.owner_url.is_empty() { &config.url } else { &config.owner_url };
    check(url)?;
    let config = StoreConfig { url: url.clone(), ..config.clone() };
    let options = match config.url.starts_with("sqlite:") {
        true => sqlite_options(&config, 1, true),
        // a migration may take its time; what it must not do is hold others up, and that is said where it runs
        false => postgres_options(&config, 1, &[("statement_timeout", "0")]),
    };
    Database::connect(options).await.map_err(fault)
}

/// One connection as the product makes it, to a database that is there already.
pub(crate) async fn plain(config: &StoreConfig) -> Result<DatabaseConnection> {
    check(&config.url)?;
    let options = match config.url.starts_with("sqlite:") {
        true => sqlite_options(config, 1, false),
        false => postgres_options(config, 1, QUICK),
    };
    Database::connect(options).await.map_err(fault)
}

async fn open_sqlite(config: &StoreConfig) -> Result<Pools> {
    let open =
        |options| async { Database::connect(options).await.map_err(fault).map(|pool| Patient::new(pool, OF_JOBS)) };
    let writer = open(sqlite_options(config, 1, true)).await?;
    let reader = open(sqlite_options(config, config.connections, false)).await?;
    Ok(Pools { background: writer.clone(), writer, reader, replica: None, backend: DbBackend::Sqlite })
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
    options.map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|conn, _| Box::pin(is_at_rest(conn))));
    options
}

/// Whether a connection may be used again. A commit that failed (a flush, a full disk) has ended the transaction in SQLite
/// and not in the driver's count; what came next would be counted as a part of it, and its commit would be none. Such a
/// connection is closed.
async fn is_at_rest(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    // whatever was asked of it, a rollback too, is done when this is answered
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}

async fn open_postgres(config: &StoreConfig) -> Result<Pools> {
    let share = (config.connections / 3).max(2);
    let readers = config.connections.saturating_sub(2 * share).max(1);
    let open = |options, most| async move {
        Database::connect(options).await.map_err(fault).map(|pool| Patient::new(pool, most))
    };
    let writer = open(postgres_options(config, share, KEYED), OF_PEOPLE).await?;
    let reader = open(postgres_options(config, readers, QUICK), OF_PEOPLE).await?;
    let mut patient = postgres_options(config, share, PATIENT);
    // more jobs run at once than have a connection: nobody waits for them, so they wait
    patient.acquire_timeout(ACQUIRE * 10);
    let background = open(patient, OF_JOBS).await?;
    let replica = match config.replica_url.is_empty() {
        true => None,
        false => {
            let url = config.replica_url.clone();
            Some(open(postgres_options(&StoreConfig { url, ..config.clone() }, readers, QUICK), OF_PEOPLE).await?)
        }
    };
    assert_durable(&writer, config.unsafe_durability).await?;
    Ok(Pools { writer, reader, background, replica, backend: DbBackend::Postgres })
}

type Settings = &'static [(&'static str, &'static str)];

/// Writes find every row by a key. The planner must not guess otherwise from the statistics of a table that was empty
/// when the statement was prepared.
const KEYED: Settings = &[
    ("statement_timeout", "5000"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];
const QUICK: Settings = &[("statement_timeout", "5000")];
const PATIENT: Settings = &[("statement_timeout", "60000")];

fn postgres_options(config: &StoreConfig, most: u32, more: Settings) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options.max_connections(most).min_connections(2.min(most)).acquire_timeout(ACQUIRE).sqlx_logging(false);
    options.connect_timeout(Duration::from_secs(3)).test_before_acquire(false);
    let pooler = config.pooler;
    options.map_sqlx_postgres_opts(move |postgres| {
        if pooler {
            return postgres;
        }
        postgres
            .options([
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
async fn assert_durable(pool: &impl ConnectionTrait, is_put_up_with: bool) -> Result<()> {
    let ask = Statement::from_string(
        DbBackend::Postgres,
        "select current_setting('synchronous_commit'), current_setting('fsync')",
    );
    let row = pool.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    let commit: String = row.try_get_by_index(0).map_err(fault)?;
    let fsync: String = row.try_get_by_index(1).map_err(fault)?;
    if commit != "off" && fsync != "off" {
        return Ok(());
    }
    if !is_put_up_with {
        let words = format!(
            "PostgreSQL is set to acknowledge before data is safe (fsync={fsync}, synchronous_commit={commit}); turn both on, \
             or set store.unsafe_durability = true where losing messages does not matter."
        );
        return Err(Error::invalid("store_not_durable", words));
    }
    tracing::warn!(synchronous_commit = commit, fsync, "PostgreSQL is set to acknowledge before data is safe");
    Ok(())
}

//! The database as a doctor sees it. Changes nothing, and needs no table of ours to be there.

use kernel::Result;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement, TryGetable};

use crate::{StoreConfig, connect, fault, lag};

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// `PostgreSQL` or `SQLite`.
    pub engine: &'static str,
    /// Its version, as it says it.
    pub version: String,
    /// What durability hangs on: name, value, whether it is well.
    pub durability: Vec<(&'static str, String, bool)>,
    /// The database's clock, in milliseconds since 1970, if it has one of its own.
    pub clock_ms: Option<i64>,
    /// Seconds the longest transaction has been open.
    pub longest_seconds: i64,
    /// Tables with more dead rows than living ones: name, dead, living.
    pub bloated: Vec<(String, i64, i64)>,
    /// Bytes of the file that hold nothing, and bytes of it in all (SQLite).
    pub hollow: Option<(i64, i64)>,
    /// Whether the user we connect as is above every wall.
    pub is_super: bool,
    /// Tables of tenants without a wall (PostgreSQL).
    pub unwalled: Vec<String>,
    /// Connections in use at the server, and the most it allows.
    pub connections: Option<(i64, i64)>,
    /// Seconds the copy is behind, if one is configured; none inside when it does not say.
    pub replica_seconds: Option<Option<u64>>,
    /// Jobs that gave up, and since when the oldest that is due waits; none when there are no tables yet.
    pub jobs: Option<(i64, Option<i64>)>,
}

/// Looks at the database the configuration names.
pub async fn examine(config: &StoreConfig, now_ms: i64) -> Result<Examined> {
    let conn = connect::plain(config).await?;
    let mut found = match conn.get_database_backend() {
        DbBackend::Postgres => postgres(&conn).await?,
        _ => sqlite(&conn).await?,
    };
    found.jobs = jobs(&conn, now_ms).await.ok();
    if !config.replica_url.is_empty() {
        let copy = StoreConfig { url: config.replica_url.clone(), ..config.clone() };
        found.replica_seconds = Some(match connect::plain(&copy).await {
            Ok(conn) => lag::behind(&conn).await.map(|behind| behind.as_secs()),
            Err(_) => None,
        });
    }
    Ok(found)
}

async fn sqlite(conn: &DatabaseConnection) -> Result<Examined> {
    let journal: String = one(conn, "pragma journal_mode").await?;
    let synchronous: i64 = one(conn, "pragma synchronous").await?;
    let (pages, free, size): (i64, i64, i64) = (
        one(conn, "pragma page_count").await?,
        one(conn, "pragma freelist_count").await?,
        one(conn, "pragma page_size").await?,
    );
    Ok(Examined {
        engine: "SQLite",
        version: one(conn, "select sqlite_version()").await?,
        durability: vec![
            ("journal_mode", journal.clone(), journal == "wal"),
            ("synchronous", synchronous.to_string(), synchronous >= 2),
        ],
        hollow: Some((free * size, pages * size)),
        ..Examined::default()
    })
}

async fn postgres(conn: &DatabaseConnection) -> Result<Examined> {
    let mut durability = Vec::new();
    for name in ["synchronous_commit", "fsync", "full_page_writes"] {
        let value: String = one(conn, &format!("select current_setting('{name}')")).await?;
        durability.push((name, value.clone(), value != "off"));
    }
    Ok(Examined {
        engine: "PostgreSQL",
        version: one(conn, "select current_setting('server_version')").await?,
        durability,
        clock_ms: Some(one(conn, "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)").await?),
        longest_seconds: one(conn, LONGEST).await?,
        bloated: all(conn, BLOATED).await?.iter().map(bloated).collect::<Result<_>>()?,
        is_super: one(conn, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user").await?,
        unwalled: all(conn, UNWALLED).await?.iter().map(|row| get(row, 0)).collect::<Result<_>>()?,
        connections: Some((
            one(conn, USED).await?,
            one(conn, "select cast(current_setting('max_connections') as bigint)").await?,
        )),
        ..Examined::default()
    })
}

const LONGEST: &str = "select coalesce(max(cast(extract(epoch from now() - xact_start) as bigint)), 0) \
     from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
const USED: &str = "select count(*) from pg_stat_activity";
const BLOATED: &str = "select cast(relname as text), n_dead_tup, n_live_tup from pg_stat_user_tables \
     where n_dead_tup > 10000 and n_dead_tup > n_live_tup order by n_dead_tup desc limit 5";
const UNWALLED: &str = "select cast(c.relname as text) from pg_class c join pg_attribute a on a.attrelid = c.oid \
     where a.attname = 'tenant_id' and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition \
     and c.relnamespace = cast(current_schema() as regnamespace) \
     and not (c.relrowsecurity and c.relforcerowsecurity) order by 1";

fn bloated(row: &QueryResult) -> Result<(String, i64, i64)> {
    Ok((get(row, 0)?, get(row, 1)?, get(row, 2)?))
}

async fn jobs(conn: &DatabaseConnection, now_ms: i64) -> Result<(i64, Option<i64>)> {
    let text = format!(
        "select coalesce(sum(case when gave_up_at is not null then 1 else 0 end), 0), \
         min(case when gave_up_at is null and run_at <= {now_ms} and (claimed_until is null or claimed_until < {now_ms}) \
         then run_at end) from job"
    );
    let rows = all(conn, &text).await?;
    let Some(row) = rows.first() else { return Ok((0, None)) };
    Ok((get(row, 0)?, get(row, 1)?))
}

async fn one<T: TryGetable>(conn: &DatabaseConnection, text: &str) -> Result<T> {
    let row = all(conn, text).await?.into_iter().next().ok_or_else(kernel::Error::not_found)?;
    get(&row, 0)
}

async fn all(conn: &DatabaseConnection, text: &str) -> Result<Vec<QueryResult>> {
    conn.query_all_raw(Statement::from_string(conn.get_database_backend(), text)).await.map_err(fault)
}

fn get<T: TryGetable>(row: &QueryResult, place: usize) -> Result<T> {
    row.try_get_by_index(place).map_err(fault)
}

//! The whole database as one piece outside of it, and back.
//!
//! Promises:
//! - a copy is one moment of the database, taken while others write and without keeping them waiting;
//! - what the copy says of files is of the same moment;
//! - a restore puts nothing over data: what was there is moved aside, and comes back when the restore fails;
//! - a restored database has a new epoch, so nobody goes on from a position of the life before.

mod check;
mod postgres;
mod settle;
mod sqlite;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::Result;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde::{Deserialize, Serialize};

pub use postgres::Programs;
pub use settle::{Settled, as_platform, cut_off, leave_job, settle};

use crate::{Db, StoreConfig, fault};

/// What a copy holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Changes of the schema it has.
    pub migrations: Vec<String>,
    /// Release of the schema.
    pub release: i32,
    /// The oldest program that works with it.
    pub oldest: i32,
    /// Where each shard of the stream stood.
    pub shards: Vec<Place>,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
}

/// Where one shard stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its number.
    pub shard: i32,
    /// The life it was in.
    pub epoch: i64,
    /// Its last event.
    pub head: i64,
}

/// A copy that was taken.
#[derive(Debug)]
pub struct Copied {
    /// What it holds.
    pub contents: Contents,
    /// Keys of all objects its rows name, in order.
    pub objects: Vec<String>,
}

/// Which database a URL names, as a copy calls it.
pub fn engine(config: &StoreConfig) -> &'static str {
    if config.url.starts_with("sqlite:") { "sqlite" } else { "postgres" }
}

/// Copies the database into `file`, which is new.
pub async fn copy(config: &StoreConfig, programs: &Programs, file: &Path) -> Result<Copied> {
    match engine(config) {
        "sqlite" => sqlite::copy(config, file).await,
        _ => postgres::copy(config, programs, file).await,
    }
}

/// Where a copy is being put; ends with [`Restoring::finish`] or [`Restoring::undo`].
pub struct Restoring {
    target: Target,
    /// What was there before is called so now.
    pub aside: Option<String>,
}

enum Target {
    Sqlite { draft: PathBuf, place: PathBuf, aside: Option<PathBuf> },
    Postgres { config: Box<StoreConfig>, aside: Option<String> },
}

/// Whether the place holds no database yet.
pub async fn is_empty(config: &StoreConfig) -> Result<bool> {
    match engine(config) {
        "sqlite" => sqlite::is_empty(config),
        _ => postgres::is_empty(config).await,
    }
}

/// Puts a copy in place, moving aside what is there. Refuses while anybody is connected.
pub async fn restore(config: &StoreConfig, programs: &Programs, file: &Path, stamp: &str) -> Result<Restoring> {
    match engine(config) {
        "sqlite" => sqlite::restore(config, file, stamp).await,
        _ => postgres::restore(config, programs, file, stamp).await,
    }
}

impl Restoring {
    /// How to reach it before it is in place.
    pub async fn connect(&self, config: &StoreConfig) -> Result<DatabaseConnection> {
        match &self.target {
            Target::Sqlite { draft, .. } => {
                let url = format!("sqlite://{}", draft.display());
                Db::connect(&StoreConfig { url, owner_url: String::new(), ..config.clone() }).await
            }
            Target::Postgres { .. } => Db::connect(config).await,
        }
    }

    /// From here on it is the database.
    pub async fn finish(self) -> Result<()> {
        match self.target {
            Target::Sqlite { draft, place, aside } => sqlite::finish(&draft, &place, aside.as_deref()),
            Target::Postgres { config, .. } => postgres::finish(&config).await,
        }
    }

    /// Takes it back; what was there is there again.
    pub async fn undo(self) -> Result<()> {
        match self.target {
            Target::Sqlite { draft, .. } => sqlite::undo(&draft),
            Target::Postgres { config, aside } => postgres::undo(&config, aside.as_deref()).await,
        }
    }
}

/// What a database holds now; nobody writes to it.
pub async fn look(conn: &impl ConnectionTrait) -> Result<Contents> {
    match conn.get_database_backend() {
        DbBackend::Postgres => contents(conn, "postgres", &names(conn, postgres::TABLES).await?).await,
        _ => contents(conn, "sqlite", &names(conn, sqlite::TABLES).await?).await,
    }
}

/// Reads what a database or a copy holds, through a view that stands still.
async fn contents(conn: &impl ConnectionTrait, engine: &str, tables: &[String]) -> Result<Contents> {
    let ask = |text: &str| Statement::from_string(conn.get_database_backend(), text.to_owned());
    let mut found = Contents { engine: engine.to_owned(), ..Contents::default() };
    for row in conn.query_all_raw(ask("select version from seaql_migrations order by version")).await.map_err(fault)? {
        found.migrations.push(row.try_get_by_index(0).map_err(fault)?);
    }
    if let Some(row) = conn.query_one_raw(ask("select release, oldest from schema_release")).await.map_err(fault)? {
        found.release = row.try_get_by_index(0).map_err(fault)?;
        found.oldest = row.try_get_by_index(1).map_err(fault)?;
    }
    let shards = conn.query_all_raw(ask("select shard, epoch, head from outbox_shard order by shard")).await;
    for row in shards.map_err(fault)? {
        let shard = row.try_get_by_index(0).map_err(fault)?;
        let (epoch, head) = (row.try_get_by_index(1).map_err(fault)?, row.try_get_by_index(2).map_err(fault)?);
        found.shards.push(Place { shard, epoch, head });
    }
    for table in tables {
        let row = conn.query_one_raw(ask(&format!("select count(*) from \"{table}\""))).await.map_err(fault)?;
        let rows = row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))?;
        found.rows.insert(table.clone(), rows);
    }
    Ok(found)
}

async fn names(conn: &impl ConnectionTrait, text: &str) -> Result<Vec<String>> {
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), text.to_owned())).await;
    rows.map_err(fault)?.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}

/// Keys of all objects that rows name: the file itself and its previews.
async fn objects(conn: &impl ConnectionTrait) -> Result<Vec<String>> {
    let key = match conn.get_database_backend() {
        DbBackend::Postgres => {
            "select p ->> 'key' from file, json_array_elements(cast(previews as json)) p where previews <> '[]'"
        }
        _ => "select json_extract(p.value, '$.key') from file, json_each(previews) p where previews <> '[]'",
    };
    let mut all = names(conn, "select object from file where object is not null").await?;
    all.extend(names(conn, key).await?);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

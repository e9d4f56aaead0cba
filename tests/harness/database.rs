//! A fresh database for every test: a copy of a template that is migrated once per build.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use store::{Db, StoreConfig};

/// Which database the suite runs on.
#[derive(Clone, Debug)]
pub enum Engine {
    /// A file each.
    Sqlite,
    /// A database each, on this server.
    Postgres(String),
}

impl Engine {
    /// As `STORE_URL` says; SQLite when it is not set.
    pub fn chosen() -> Self {
        match std::env::var("STORE_URL") {
            Ok(url) if url.starts_with("postgres") => Self::Postgres(url),
            _ => Self::Sqlite,
        }
    }

    /// The URL of a fresh, migrated database; files go into `folder`.
    pub async fn fresh(&self, folder: &Path) -> String {
        let lock = locked(&scratch().join("lock"));
        let url = match self {
            Self::Sqlite => fresh_sqlite(folder).await,
            Self::Postgres(server) => fresh_postgres(server).await,
        };
        drop(lock);
        url
    }

    /// The URL of an empty database, for a server that migrates by itself.
    pub async fn empty(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite://{}", folder.join("porchlight.sqlite").display()),
            Self::Postgres(server) => {
                let name = unique_name();
                run(server, &format!("create database {name}")).await;
                database_url(server, &name)
            }
        }
    }

    /// Gives a database back; a file goes with its folder.
    pub async fn remove(&self, url: &str) {
        if let Self::Postgres(server) = self {
            let name = url.rsplit('/').next().unwrap_or_default();
            run(server, &format!("drop database if exists {name} with (force)")).await;
        }
    }
}

async fn fresh_sqlite(folder: &Path) -> String {
    let template = scratch().join("template.sqlite");
    if !template.exists() {
        let draft = scratch().join("draft.sqlite");
        migrate(&format!("sqlite://{}", draft.display())).await;
        std::fs::rename(&draft, &template).expect("the template can be put in place");
    }
    let copy = folder.join("porchlight.sqlite");
    std::fs::copy(&template, &copy).expect("the template can be copied");
    format!("sqlite://{}", copy.display())
}

async fn fresh_postgres(server: &str) -> String {
    let template = format!("template_{}", build());
    let conn = connect(server).await;
    let text = format!("select 1 from pg_database where datname = '{template}'");
    let ask = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, text);
    if conn.query_one_raw(ask).await.expect("the list of databases").is_none() {
        let draft = format!("{template}_draft");
        execute(&conn, &format!("drop database if exists {draft} with (force)")).await;
        execute(&conn, &format!("create database {draft}")).await;
        migrate(&database_url(server, &draft)).await;
        execute(&conn, &format!("alter database {draft} rename to {template}")).await;
    }
    let name = unique_name();
    execute(&conn, &format!("create database {name} template {template}")).await;
    conn.close().await.expect("closed");
    database_url(server, &name)
}

async fn migrate(url: &str) {
    let conn = connect(url).await;
    migration::migrate(&conn).await.expect("the migrations run");
    conn.close().await.expect("closed");
}

/// A connection of one's own.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let config = StoreConfig::at(url, 2);
    Db::connect(&config).await.expect("the database can be reached")
}

async fn run(server: &str, statement: &str) {
    let conn = connect(server).await;
    execute(&conn, statement).await;
    conn.close().await.expect("closed");
}

async fn execute(conn: &DatabaseConnection, statement: &str) {
    conn.execute_unprepared(statement).await.expect("the statement runs");
}

fn database_url(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{name}")
}

fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}_{}_{}", build(), std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A folder for this build's templates, made on first use.
fn scratch() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("porchlight-tests-{}", build()));
    std::fs::create_dir_all(&folder).expect("a folder for templates");
    folder
}

/// One word for this build of the tests: a changed migration is another build.
fn build() -> String {
    let file = std::env::current_exe().and_then(|path| path.metadata()).expect("our own file");
    let changed = file.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{:x}{:x}", changed.as_millis(), file.len())
}

/// One process at a time makes a template.
fn locked(path: &Path) -> File {
    let file = File::create(path).expect("a lock file");
    file.lock().expect("the lock");
    file
}
